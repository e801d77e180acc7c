import { sql } from "kysely";
import { contactFields, type ContactRow } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { Principal } from "../auth/principal.ts";
import { isCustomer } from "../auth/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { visibility } from "../policy/policy.ts";
import { and, oneOf } from "../query/filter.ts";
import { filterSql } from "../query/filter-sql.ts";
import { columnsOf, namedColumns } from "../query/rows.ts";

const names = {
  ...columnsOf(contactFields),
  rejectReason: "reject_reason",
  revision: "revision",
  position: "position",
};

export const contactColumns: readonly string[] = [...Object.values(names), "doubts"];

/** A row of `read.contact` as the caller sees it: what was doubted about a sender is the centre's business. */
export function contactRowFor(caller: Principal, row: Readonly<Record<string, unknown>>): ContactRow {
  const shown = namedColumns(row, names) as ContactRow;
  return isCustomer(caller) ? shown : { ...shown, doubts: (row["doubts"] as string[] | null) ?? [] };
}

/** One contact, if the caller may see it; throws `contact_not_found`. */
export async function readContact(db: Db, caller: Principal, contactId: string): Promise<Record<string, unknown>> {
  const filter = and(oneOf("contact_id", contactId), visibility(caller, "contact"));
  const columns = [...contactColumns, "text", "details"].map((column) => sql.ref(`t.${column}`));
  const result = await sql<
    Record<string, unknown>
  >`select ${sql.join(columns)} from read.contact as t where ${filterSql(filter, "t")}`.execute(db);
  const row = result.rows[0];
  if (row === undefined) throw new Refusal("contact_not_found");
  return row;
}

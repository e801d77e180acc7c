import { sql } from "kysely";
import { contactFields, type ContactRow } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { Principal } from "../auth/principal.ts";
import { isCustomer } from "../auth/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { visibility } from "../policy/policy.ts";
import { and, oneOf } from "../query/filter.ts";
import { filterSql } from "../query/filter-sql.ts";
import type { Moment } from "../query/moment.ts";
import { knownAt } from "../query/past.ts";
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

/** One contact, now or as it was at a moment, if the caller may see it; throws `contact_not_found`. */
export async function readContact(
  db: Db,
  caller: Principal,
  contactId: string,
  moment: Moment,
): Promise<Record<string, unknown>> {
  const filter = filterSql(and(oneOf("contact_id", contactId), visibility(caller, "contact")), "t");
  const columns = sql.join([...contactColumns, "text", "details"].map((column) => sql.ref(`t.${column}`)));
  const result = await sql<Record<string, unknown>>`${
    moment.pinned
      ? sql`select ${columns} from read.contact_history as t
          where ${filter} and t.revision = (select max(v.revision) from read.contact_version v where v.contact_id = ${contactId} and ${knownAt("v", moment)})`
      : sql`select ${columns} from read.contact as t where ${filter}`
  }`.execute(db);
  const row = result.rows[0];
  if (row === undefined) throw new Refusal("contact_not_found");
  return row;
}

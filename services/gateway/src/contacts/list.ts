import { sql } from "kysely";
import { contactFields, type ContactRow } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import { visibility } from "../policy/policy.ts";
import { and, oneOf, type Filter } from "../query/filter.ts";
import type { ListSpec } from "../query/list.ts";
import { contactColumns, contactRowFor } from "./find.ts";

const nullable: ReadonlySet<string> = new Set(["from_name", "from_email", "claimed_organization", "organization_id"]);

/** Contacts that wait for an operator: the intake queue, its counter and its frames. */
export const waitingContacts: Filter = oneOf("status", "received", "held", "verified");

export function contactList(caller: Principal, id: string, filter: Filter, defaultSort: string): ListSpec<ContactRow> {
  return {
    id,
    source: sql.table("read.contact"),
    columns: contactColumns,
    key: sql.ref("t.contact_id"),
    fields: contactFields,
    defaultSort,
    nullable,
    search: ["subject", "from_name", "from_email", "claimed_organization"],
    filter: and(visibility(caller, "contact"), filter),
    asOf: null,
    item: (row) => contactRowFor(caller, row),
  };
}

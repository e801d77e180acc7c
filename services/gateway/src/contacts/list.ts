import { sql, type RawBuilder } from "kysely";
import { contactFields, type ContactRow } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import { visibility } from "../policy/policy.ts";
import { and, oneOf, type Filter } from "../query/filter.ts";
import type { ListSpec } from "../query/list.ts";
import type { Asked, Moment } from "../query/moment.ts";
import { rowsAt } from "../query/past.ts";
import { contactColumns, contactRowFor } from "./find.ts";

const nullable: ReadonlySet<string> = new Set(["from_name", "from_email", "claimed_organization", "organization_id"]);

/** Contacts that wait for an operator: the intake queue, its counter and its frames. */
export const waitingContacts: Filter = oneOf("status", "received", "held", "verified");

/** All contacts, as of a moment. */
export const contactsAt = (moment: Moment): RawBuilder<unknown> =>
  rowsAt(
    {
      now: sql.table("read.contact"),
      versions: sql.table("read.contact_version"),
      at: (at) => sql`read.contacts_at(${at})`,
      kind: "contact",
      id: { column: "contact_id", type: "uuid" },
      thing: ["contact_id"],
      number: "revision",
    },
    contactColumns,
    moment,
  );

export function contactList(
  caller: Principal,
  id: string,
  asked: Asked,
  filter: Filter,
  defaultSort: string,
): ListSpec<ContactRow> {
  return {
    id,
    source: contactsAt,
    columns: contactColumns,
    key: sql.ref("t.contact_id"),
    fields: contactFields,
    defaultSort,
    nullable,
    search: ["subject", "from_name", "from_email", "claimed_organization"],
    filter: and(visibility(caller, "contact"), filter),
    asked,
    item: (row) => contactRowFor(caller, row),
  };
}

import type { Selectable } from "kysely";
import { ticketFields, type TicketQueue, type SavedView } from "@docket/api-contract";
import type { AppTables, Db } from "@docket/postgres";
import { isCustomer, type Principal } from "../../auth/principal.ts";
import { Refusal } from "../../http/refusal.ts";
import { can, mayUseField } from "../../policy/policy.ts";
import { filterOfQuery, type QueryValues } from "../../query/list-filter.ts";
import type { QueueQuery } from "../../live/sorted-spec.ts";

type Row = Selectable<AppTables["app.saved_views"]>;

/** A customer's people keep their own views; the staff's shared ones are all staff's. */
export async function readViews(db: Db, caller: Principal): Promise<Row[]> {
  let query = db.selectFrom("app.saved_views").selectAll().orderBy("name").orderBy("id");
  query = isCustomer(caller)
    ? query.where("account_id", "=", caller.accountId)
    : query.where((which) => which.or([which("account_id", "=", caller.accountId), which("shared", "=", true)]));
  return query.execute();
}

/** A view that the caller sees; throws `not_found`. */
export async function findView(db: Db, caller: Principal, viewId: string): Promise<Row> {
  const row = await db.selectFrom("app.saved_views").selectAll().where("id", "=", viewId).executeTakeFirst();
  if (row === undefined || (row.account_id !== caller.accountId && (!row.shared || isCustomer(caller))))
    throw new Refusal("not_found");
  return row;
}

/** Its owner may change it; of a shared one, those who look after the desk, too. */
export const mayEditView = (caller: Principal, { account_id, shared }: Pick<Row, "account_id" | "shared">): boolean =>
  account_id === caller.accountId || (shared && can(caller, { do: "editTemplates" }).ok);

export const shownView = (caller: Principal, row: Row): SavedView => ({
  viewId: row.id,
  name: row.name,
  queue: row.queue as TicketQueue,
  filter: row.filter,
  q: row.q,
  sort: row.sort,
  columns: row.columns,
  shared: row.shared,
  own: row.account_id === caller.accountId,
  editable: mayEditView(caller, row),
  owner: { accountId: row.account_id, name: row.account_name },
  revision: row.revision,
  updatedAt: row.updated_at.toISOString(),
});

/** What a saved view asks for, as a live view of the same conditions takes it. */
export const queryOfView = ({ queue, filter, q, sort }: Row): QueueQuery => ({
  queue: queue as TicketQueue,
  filters: filter,
  ...(q === null ? {} : { q }),
  ...(sort === null ? {} : { sort }),
});

/** A view may hold what its maker himself may filter by. Throws `unknown_field`. */
export function checkFilter(caller: Principal, filter: QueryValues): void {
  filterOfQuery(ticketFields, filter, (field) => mayUseField(caller, field));
}

import { contactFields, ticketFields, type ListField, type QueueView } from "@docket/api-contract";
import type { Clock } from "@docket/service-kit";
import { isCustomer, type Principal } from "../auth/principal.ts";
import { waitingContacts } from "../contacts/list.ts";
import type { Directory } from "../directory/directory.ts";
import { Refusal } from "../http/refusal.ts";
import { demand } from "../policy/enforce.ts";
import { mayUseField, visibility } from "../policy/policy.ts";
import { and } from "../query/filter.ts";
import { filterOfQuery, ticketSearch, type QueryValues } from "../query/list-filter.ts";
import { movesWithTime, queueFilter, staffOnlyViews } from "../tickets/queue-views.ts";
import { searchedTicketColumns } from "../tickets/rows.ts";
import { mostSorted, type SortedSpec } from "./sorted-views.ts";

/** A queue with further conditions, as an address or a frame names it. */
export interface QueueQuery {
  readonly queue: QueueView;
  readonly q?: string | undefined;
  readonly filters: QueryValues;
  /** as lists take it: `-priority` */
  readonly sort?: string | undefined;
}

/** The sorted view that a reader means: the same conditions as the queries of the same names. */
export async function sortedSpecOf(
  { queue, q, filters, sort }: QueueQuery,
  caller: Principal,
  parts: { readonly directory: Directory; readonly clock: Clock },
): Promise<SortedSpec> {
  if (queue === "intake") return intakeSpec(filters, sort, caller);
  demand(caller, { do: "see", what: "ticket" });
  if (isCustomer(caller) && staffOnlyViews.has(queue)) throw new Refusal("forbidden");
  const sees = visibility(caller, "ticket");
  const own = and(
    filterOfQuery(ticketFields, filters, (field) => mayUseField(caller, field)),
    ticketSearch(searchedTicketColumns, q),
  );
  const { groupIds, lines } = await parts.directory.groupsOf(caller.staffId, null);
  const order = sortOf(ticketFields, caller, sort ?? defaultSort(queue, caller));
  const me = queue === "mine" ? [caller.staffId, caller.personId] : queue === "my-line" ? [groupIds, lines] : null;
  return {
    key: JSON.stringify([queue, order, sees, own, me]),
    rows: "tickets",
    table: queue === "closed" ? "read.ticket" : "read.queue",
    sees,
    holds: () => and(queueFilter(queue, { caller, groupIds, lines, now: parts.clock.now() }), own),
    sort: order,
    most: mostSorted(queue),
    movesWithTime: movesWithTime(queue),
    ofGroups: queue === "my-line",
  };
}

function intakeSpec(filters: QueryValues, sort: string | undefined, caller: Principal): SortedSpec {
  demand(caller, { do: "see", what: "contact" });
  const unknown = Object.keys(filters).find((name) => filters[name] !== undefined);
  if (unknown !== undefined) throw new Refusal("unknown_field", { field: unknown, params: { name: unknown } });
  const sees = visibility(caller, "contact");
  const order = sortOf(contactFields, caller, sort ?? "receivedAt");
  return {
    key: JSON.stringify(["intake", order, sees]),
    rows: "contacts",
    table: "read.contact",
    sees,
    holds: () => waitingContacts,
    sort: order,
    most: mostSorted("intake"),
    movesWithTime: false,
    ofGroups: false,
  };
}

function defaultSort(queue: QueueView, caller: Principal): string {
  if (queue === "closed") return "-closedAt";
  return isCustomer(caller) ? "-registeredAt" : "nextDeadline";
}

function sortOf(
  fields: Readonly<Record<string, ListField>>,
  caller: Principal,
  wish: string,
): { column: string; descending: boolean } {
  const descending = wish.startsWith("-");
  const field = fields[descending ? wish.slice(1) : wish];
  if (field === undefined || !field.sort || !mayUseField(caller, field))
    throw new Refusal("not_allowed", { field: "sort" });
  return { column: field.column, descending };
}

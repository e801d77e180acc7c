import { ticketFields } from "@docket/api-contract";
import type { Clock } from "@docket/service-kit";
import type { Principal } from "../auth/principal.ts";
import { isCustomer } from "../auth/principal.ts";
import { waitingContacts } from "../contacts/list.ts";
import type { Directory } from "../directory/directory.ts";
import { Refusal } from "../http/refusal.ts";
import { demand } from "../policy/enforce.ts";
import { mayUseField, visibility } from "../policy/policy.ts";
import { and, oneOf } from "../query/filter.ts";
import { filterOfQuery, ticketSearch } from "../query/list-filter.ts";
import { searchedTicketColumns } from "../tickets/rows.ts";
import { queueFilter, staffOnlyViews } from "../tickets/queue-views.ts";
import type { RowFrame, ViewSpec } from "./subscription.ts";

/** What a subscription shows to this reader: the same conditions as the queries of the same names. */
export async function viewOf(
  frame: RowFrame,
  caller: Principal,
  parts: { readonly directory: Directory; readonly clock: Clock },
): Promise<ViewSpec> {
  if (frame.view === "contacts") {
    demand(caller, { do: "see", what: "contact" });
    const filter = frame.filter.status === undefined ? waitingContacts : oneOf("status", ...frame.filter.status);
    return {
      kind: "contacts",
      sees: visibility(caller, "contact"),
      holds: () => filter,
      ticketId: undefined,
      queue: undefined,
    };
  }
  demand(caller, { do: "see", what: "ticket" });
  const sees = visibility(caller, "ticket");
  if (frame.view === "ticket") {
    const filter = oneOf("ticket_id", frame.filter.ticketId);
    return { kind: "ticket", sees, holds: () => filter, ticketId: frame.filter.ticketId, queue: undefined };
  }
  const { queue, q, ...filters } = frame.filter;
  if (isCustomer(caller) && staffOnlyViews.has(queue)) throw new Refusal("forbidden");
  const own = and(
    filterOfQuery(ticketFields, filters, (field) => mayUseField(caller, field)),
    ticketSearch(searchedTicketColumns, q),
  );
  const { groupIds, lines } = await parts.directory.groupsOf(caller.staffId, null);
  const holds = () => and(queueFilter(queue, { caller, groupIds, lines, now: parts.clock.now() }), own);
  return { kind: "queue", sees, holds, ticketId: undefined, queue };
}

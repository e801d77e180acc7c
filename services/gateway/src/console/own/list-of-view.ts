import type { TicketQueue, TicketRow } from "@docket/api-contract";
import { isCustomer, type Principal } from "../../auth/principal.ts";
import type { Directory } from "../../directory/directory.ts";
import type { Serving } from "../../http/serve.ts";
import { never } from "../../query/filter.ts";
import { answerList, type ListAnswer } from "../../query/list.ts";
import type { QueryValues } from "../../query/list-filter.ts";
import { askedFor } from "../../query/moment.ts";
import { queueFilter, staffOnlyViews } from "../../tickets/queue-views.ts";
import { ticketList } from "../../tickets/routes.ts";
import { allTickets, openTickets } from "../../tickets/source.ts";
import type { findView } from "./saved-views.ts";

/** The tickets of a saved view, as a list of the same conditions would show them to this caller, now or as of a past moment. */
export async function listOfView(
  serving: Serving,
  directory: Directory,
  caller: Principal,
  view: Awaited<ReturnType<typeof findView>>,
  query: QueryValues,
): Promise<ListAnswer<TicketRow>> {
  const queue = view.queue as TicketQueue;
  const now = serving.deps.clock.now();
  const asked = askedFor(query, now);
  const { groupIds, lines } = await directory.groupsOf(caller.staffId, asked.asOf);
  const filter =
    isCustomer(caller) && staffOnlyViews.has(queue)
      ? never
      : queueFilter(queue, { caller, groupIds, lines, now: asked.asOf ?? now });
  const spec = ticketList(caller, `queue:${queue}`, asked, filter, queue === "closed" ? allTickets : openTickets);
  const { q, sort } = view;
  const wishes = { ...view.filter, ...(q === null ? {} : { q }), ...(sort === null ? {} : { sort }) };
  return answerList(serving, caller, { ...query, ...wishes }, { ...spec, id: `view:${view.id}:${view.revision}` });
}

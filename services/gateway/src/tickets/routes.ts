import type { FastifyInstance } from "fastify";
import { ticketFields, ticketRoutes, type QueueView, type TicketQueue, type TicketRow } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import { isCustomer } from "../auth/principal.ts";
import { waitingContacts } from "../contacts/list.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { visibility } from "../policy/policy.ts";
import { and, always, type Filter } from "../query/filter.ts";
import { answerList, type ListSpec } from "../query/list.ts";
import { momentOf } from "../query/moment.ts";
import { countRows } from "../query/page.ts";
import type { Directory } from "../directory/directory.ts";
import { readTicket, type TicketFinder } from "./find.ts";
import { nullableTicketColumns, searchedTicketColumns, ticketColumns, ticketKey, ticketRowFor } from "./rows.ts";
import { queueFilter, queueNames, staffOnlyViews } from "./queue-views.ts";
import { readTimeline } from "./timeline.ts";
import { ticketViewFor } from "./view.ts";

/** Reading tickets: lists, one ticket, its timeline, and the stock views. */
export function serveTickets(app: FastifyInstance, serving: Serving, parts: { readonly finder: TicketFinder; readonly directory: Directory }): void {
  const { deps, serve } = serving;
  const { db, clock } = deps;
  const { finder, directory } = parts;

  serve(app, ticketRoutes.list, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "ticket" });
    const asOf = momentOf(query["asOf"], clock.now());
    return answerList(serving, caller, query, ticketList(caller, "tickets", asOf, always, asOf === null ? "read.ticket" : "read.ticket_history"));
  });

  serve(app, ticketRoutes.get, {}, async ({ caller, params, query, reply }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await finder.resolve(caller, params.ticket);
    const row = await readTicket(db, caller, ticketId, momentOf(query.asOf, clock.now()));
    if (query.asOf === undefined) reply.header("etag", `"${row["revision"]}"`);
    return ticketViewFor(caller, row);
  });

  serve(app, ticketRoutes.timeline, {}, async ({ caller, params, query }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await finder.resolve(caller, params.ticket);
    const asOf = momentOf(query.asOf, clock.now());
    const { items, nextRevision } = await readTimeline(db, caller, ticketId, { from: query.from ?? 0, limit: query.limit, asOf });
    return { ticketId, items, nextRevision, asOf: asOf?.toISOString() ?? null };
  });

  serve(app, ticketRoutes.queue, {}, async ({ caller, params, query }) => {
    const asOf = momentOf(query["asOf"], clock.now());
    demand(caller, { do: "see", what: "ticket" });
    const filter = await viewFilter(caller, params.view, asOf);
    const spec = ticketList(caller, `queue:${params.view}`, asOf, filter, queueTable(params.view, asOf));
    return answerList(serving, caller, query, spec);
  });

  serve(app, ticketRoutes.queues, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "ticket" });
    const asOf = momentOf(query.asOf, clock.now());
    const position = serving.readSide.position();
    const views = queueNames.filter((view) => !isCustomer(caller) || !staffOnlyViews.has(view));
    const counters = await Promise.all(
      views.map(async (view) => {
        const filter = and(visibility(caller, "ticket"), validity(asOf), await viewFilter(caller, view, asOf));
        const { total, capped } = await countRows(db, queueTable(view, asOf), filter);
        return { view: view as QueueView, count: total, capped };
      }),
    );
    if (!isCustomer(caller) && asOf === null) {
      const { total, capped } = await countRows(db, "read.contact", and(visibility(caller, "contact"), waitingContacts));
      counters.unshift({ view: "intake", count: total, capped });
    }
    return { counters, asOf: asOf?.toISOString() ?? null, position };
  });

  async function viewFilter(caller: Principal, view: TicketQueue, asOf: Date | null): Promise<Filter> {
    if (isCustomer(caller) && staffOnlyViews.has(view)) return { op: "never" };
    const { groupIds, lines } = await directory.groupsOf(caller.staffId, asOf);
    return queueFilter(view, { caller, groupIds, lines, now: asOf ?? clock.now() });
  }
}

const validity = (asOf: Date | null): Filter => (asOf === null ? always : { op: "validAt", at: asOf });

/** Open tickets have a small table of their own; closed ones are among all tickets. */
function queueTable(view: TicketQueue, asOf: Date | null): string {
  if (view === "closed") return asOf === null ? "read.ticket" : "read.ticket_history";
  return asOf === null ? "read.queue" : "read.queue_history";
}

function ticketList(caller: Principal, id: string, asOf: Date | null, filter: Filter, table: string): ListSpec<TicketRow> {
  return {
    id,
    table,
    columns: ticketColumns,
    key: ticketKey,
    fields: ticketFields,
    defaultSort: defaultSort(caller, id),
    nullable: nullableTicketColumns,
    search: searchedTicketColumns,
    filter: and(visibility(caller, "ticket"), validity(asOf), filter),
    asOf,
    item: (row) => ticketRowFor(caller, row),
  };
}

function defaultSort(caller: Principal, id: string): string {
  if (id === "queue:closed") return "-closedAt";
  return id.startsWith("queue:") && !isCustomer(caller) ? "nextDeadline" : "-registeredAt";
}

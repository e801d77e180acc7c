import type { FastifyInstance } from "fastify";
import { sql, type RawBuilder } from "kysely";
import type { Db } from "@docket/postgres";
import { ticketFields, ticketRoutes, type QueueView, type TicketQueue, type TicketRow } from "@docket/api-contract";
import type { Principal } from "../auth/principal.ts";
import { isCustomer } from "../auth/principal.ts";
import { contactsAt, waitingContacts } from "../contacts/list.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { visibility } from "../policy/policy.ts";
import { and, always, type Filter } from "../query/filter.ts";
import { answerList, type ListSpec } from "../query/list.ts";
import { askedFor, toldAsOf, type Asked, type Moment } from "../query/moment.ts";
import { countCap, countRows } from "../query/page.ts";
import { filterSql } from "../query/filter-sql.ts";
import type { Directory } from "../directory/directory.ts";
import { readTicket, type TicketFinder } from "./find.ts";
import { nullableTicketColumns, searchedTicketColumns, ticketColumns, ticketKey, ticketRowFor } from "./rows.ts";
import { allTickets, openTickets } from "./source.ts";
import { queueFilter, queueNames, staffOnlyViews } from "./queue-views.ts";
import { readTimeline } from "./timeline.ts";
import { ticketViewFor } from "./view.ts";

/** Reading tickets: lists, one ticket, its timeline, and the stock views. */
export function serveTickets(
  app: FastifyInstance,
  serving: Serving,
  parts: { readonly finder: TicketFinder; readonly directory: Directory },
): void {
  const { deps, serve } = serving;
  const { db, clock } = deps;
  const { finder, directory } = parts;

  serve(app, ticketRoutes.list, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "ticket" });
    const asked = askedFor(query, clock.now());
    return answerList(serving, caller, query, ticketList(caller, "tickets", asked, always, allTickets));
  });

  serve(app, ticketRoutes.get, {}, async ({ caller, params, query, reply }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await finder.resolve(caller, params.ticket);
    const moment = await serving.moment(query, reply);
    const row = await readTicket(db, caller, ticketId, moment);
    if (!moment.pinned) reply.header("etag", `"${String(row["revision"])}"`);
    return { ...ticketViewFor(caller, row), asOf: toldAsOf(moment) };
  });

  serve(app, ticketRoutes.timeline, {}, async ({ caller, params, query, reply }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await finder.resolve(caller, params.ticket);
    const moment = await serving.moment(query, reply);
    const { items, nextRevision } = await readTimeline(deps, caller, ticketId, {
      from: query.from ?? 0,
      limit: query.limit,
      moment,
    });
    return { ticketId, items, nextRevision, asOf: toldAsOf(moment), position: moment.position };
  });

  serve(app, ticketRoutes.queue, {}, async ({ caller, params, query }) => {
    const asked = askedFor(query, clock.now());
    demand(caller, { do: "see", what: "ticket" });
    const filter = await viewFilter(caller, params.view, asked.asOf);
    const source = params.view === "closed" ? allTickets : openTickets;
    return answerList(serving, caller, query, ticketList(caller, `queue:${params.view}`, asked, filter, source));
  });

  serve(app, ticketRoutes.queues, {}, async ({ caller, query, reply }) => {
    demand(caller, { do: "see", what: "ticket" });
    const moment = await serving.moment(query, reply);
    const views = queueNames.filter((view) => !isCustomer(caller) || !staffOnlyViews.has(view));
    const filters = new Map(
      await Promise.all(views.map(async (view) => [view, await viewFilter(caller, view, moment.at)] as const)),
    );
    const open = await countEach(
      db,
      openTickets(moment),
      visibility(caller, "ticket"),
      [...filters].filter(([view]) => view !== "closed"),
    );
    const closed = await countRows(
      db,
      allTickets(moment),
      and(visibility(caller, "ticket"), filters.get("closed") ?? always),
    );
    const counters: { view: QueueView; count: number; capped: boolean }[] = [
      ...open,
      { view: "closed", count: closed.total, capped: closed.capped },
    ];
    if (!isCustomer(caller)) {
      const { total, capped } = await countRows(
        db,
        contactsAt(moment),
        and(visibility(caller, "contact"), waitingContacts),
      );
      counters.unshift({ view: "intake", count: total, capped });
    }
    return { counters, asOf: toldAsOf(moment), position: moment.position };
  });

  async function viewFilter(caller: Principal, view: TicketQueue, asOf: Date | null): Promise<Filter> {
    if (isCustomer(caller) && staffOnlyViews.has(view)) return { op: "never" };
    const { groupIds, lines } = await directory.groupsOf(caller.staffId, asOf);
    return queueFilter(view, { caller, groupIds, lines, now: asOf ?? clock.now() });
  }
}

/** Counts several views in one walk over the open tickets. */
async function countEach(
  db: Db,
  source: RawBuilder<unknown>,
  seen: Filter,
  views: readonly (readonly [QueueView, Filter])[],
) {
  const counts = views.map(
    ([, filter], index) => sql`count(*) filter (where ${filterSql(filter, "t")}) as ${sql.ref(`n${index}`)}`,
  );
  const result = await sql<
    Record<string, string>
  >`select ${sql.join(counts)} from ${source} as t where ${filterSql(seen, "t")}`.execute(db);
  const row = result.rows[0] ?? {};
  return views.map(([view], index) => {
    const count = Number(row[`n${index}`] ?? 0);
    return { view, count: Math.min(count, countCap), capped: count > countCap };
  });
}

/** A list of tickets in a caller's sight. */
export function ticketList(
  caller: Principal,
  id: string,
  asked: Asked,
  filter: Filter,
  source: (moment: Moment) => RawBuilder<unknown>,
): ListSpec<TicketRow> {
  return {
    id,
    source,
    columns: ticketColumns,
    key: ticketKey,
    fields: ticketFields,
    defaultSort: defaultSort(caller, id),
    nullable: nullableTicketColumns,
    search: searchedTicketColumns,
    searchIndexed: true,
    filter: and(visibility(caller, "ticket"), filter),
    asked,
    item: (row) => ticketRowFor(caller, row),
  };
}

function defaultSort(caller: Principal, id: string): string {
  if (id === "queue:closed") return "-closedAt";
  return id.startsWith("queue:") && !isCustomer(caller) ? "nextDeadline" : "-registeredAt";
}

import { sql } from "kysely";
import type { FastifyInstance } from "fastify";
import { consoleRoutes, preferenceLimits, type TicketQueue } from "@docket/api-contract";
import type { Principal } from "../../auth/principal.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Serving } from "../../http/serve.ts";
import { sortedSpecOf } from "../../live/sorted-spec.ts";
import { demand } from "../../policy/enforce.ts";
import type { Directory } from "../../directory/directory.ts";
import { listOfView } from "./list-of-view.ts";
import { ticketIdsOf } from "./ids.ts";
import { mergePreferences, shownPreferences } from "./preferences.ts";
import { checkFilter, findView, mayEditView, readViews, shownView } from "./saved-views.ts";

/** Saved views, preferences, and what somebody has seen: each account's own. */
export function serveOwnSettings(
  app: FastifyInstance,
  serving: Serving,
  parts: { readonly directory: Directory },
): void {
  const { deps, serve, sessions } = serving;
  const { db, clock } = deps;

  serve(app, consoleRoutes.views, {}, async ({ caller }) => {
    demand(caller, { do: "ownSettings" });
    return { items: (await readViews(db, caller)).map((row) => shownView(caller, row)) };
  });

  serve(app, consoleRoutes.createView, {}, async ({ caller, body, idFor }) => {
    demand(caller, { do: "ownSettings" });
    if (body.shared) demand(caller, { do: "shareView" });
    await check(caller, body.queue, body.filter, body.sort);
    const own = await db
      .selectFrom("app.saved_views")
      .select(({ fn }) => fn.countAll<string>().as("n"))
      .where("account_id", "=", caller.accountId)
      .executeTakeFirstOrThrow();
    if (Number(own.n) >= preferenceLimits.views)
      throw new Refusal("too_many_views", { params: { limit: preferenceLimits.views } });
    const now = clock.now();
    const id = idFor("view");
    await db
      .insertInto("app.saved_views")
      .values({
        id,
        account_id: caller.accountId,
        account_name: caller.name,
        name: body.name,
        queue: body.queue,
        filter: JSON.stringify(body.filter),
        q: body.q,
        sort: body.sort,
        columns: body.columns === null ? null : JSON.stringify(body.columns),
        shared: body.shared,
        created_at: now,
        updated_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return shownView(caller, await findView(db, caller, id));
  });

  serve(app, consoleRoutes.changeView, {}, async ({ caller, params, body }) => {
    demand(caller, { do: "ownSettings" });
    const row = await findView(db, caller, params.viewId);
    if (!mayEditView(caller, row)) throw new Refusal("forbidden");
    if (body.shared === true) demand(caller, { do: "shareView" });
    const { revision, filter, columns, ...rest } = body;
    await check(caller, rest.queue ?? (row.queue as TicketQueue), filter ?? row.filter, rest.sort ?? row.sort);
    const changed = await db
      .updateTable("app.saved_views")
      .set({
        ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
        ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
        ...(columns === undefined ? {} : { columns: columns === null ? null : JSON.stringify(columns) }),
        revision: revision + 1,
        updated_at: clock.now(),
      })
      .where("id", "=", params.viewId)
      .where("revision", "=", revision)
      .returning("id")
      .executeTakeFirst();
    if (changed === undefined) throw new Refusal("changed_meanwhile", { params: { currentRevision: row.revision } });
    return shownView(caller, await findView(db, caller, params.viewId));
  });

  serve(app, consoleRoutes.deleteView, {}, async ({ caller, params }) => {
    demand(caller, { do: "ownSettings" });
    if (!mayEditView(caller, await findView(db, caller, params.viewId))) throw new Refusal("forbidden");
    await db.deleteFrom("app.saved_views").where("id", "=", params.viewId).execute();
    return undefined;
  });

  serve(app, consoleRoutes.viewTickets, {}, async ({ caller, params, query }) => {
    demand(caller, { do: "see", what: "ticket" });
    const row = await findView(db, caller, params.viewId);
    return listOfView(serving, parts.directory, caller, row, query);
  });

  serve(app, consoleRoutes.preferences, {}, async ({ caller }) => {
    demand(caller, { do: "ownSettings" });
    return shownPreferences(caller, await readPreferences(caller));
  });

  serve(app, consoleRoutes.changePreferences, {}, async ({ caller, body }) => {
    demand(caller, { do: "ownSettings" });
    // two windows of one person may change different things at the same time: each takes the row first
    const saved = await db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended(${`preferences ${caller.accountId}`}, 0))`.execute(tx);
      const before = await tx
        .selectFrom("app.preferences")
        .select(["data", "revision"])
        .where("account_id", "=", caller.accountId)
        .executeTakeFirst();
      const data = mergePreferences(before?.data ?? {}, body);
      const row = { data: JSON.stringify(data), revision: (before?.revision ?? -1) + 1, updated_at: clock.now() };
      await tx
        .insertInto("app.preferences")
        .values({ account_id: caller.accountId, ...row })
        .onConflict((conflict) => conflict.column("account_id").doUpdateSet(row))
        .execute();
      // mails and refusals speak the account's language
      if (body.language !== undefined && caller.kind === "session")
        await tx
          .updateTable("app.accounts")
          .set({ language: body.language })
          .where("id", "=", caller.accountId)
          .execute();
      return { data, revision: row.revision };
    });
    if (body.language !== undefined) sessions.forget(caller.accountId);
    return shownPreferences(caller, saved);
  });

  serve(app, consoleRoutes.marks, {}, async ({ caller, query }) => {
    demand(caller, { do: "ownSettings" });
    const rows = await db
      .selectFrom("app.seen_marks")
      .select(["ticket_id", "revision", "seen_at"])
      .where("account_id", "=", caller.accountId)
      .where("ticket_id", "in", ticketIdsOf(query.tickets, preferenceLimits.marks))
      .execute();
    return {
      items: rows.map((row) => ({
        ticketId: row.ticket_id,
        revision: row.revision,
        at: row.seen_at.toISOString(),
      })),
    };
  });

  serve(app, consoleRoutes.markSeen, {}, async ({ caller, body }) => {
    demand(caller, { do: "ownSettings" });
    const newest = new Map<string, number>();
    for (const { ticketId, revision } of body.items)
      newest.set(ticketId, Math.max(revision, newest.get(ticketId) ?? 0));
    await db
      .insertInto("app.seen_marks")
      .values(
        [...newest].map(([ticketId, revision]) => ({
          account_id: caller.accountId,
          ticket_id: ticketId,
          revision,
          seen_at: clock.now(),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(["account_id", "ticket_id"])
          .doUpdateSet({ revision: sql`excluded.revision`, seen_at: sql`excluded.seen_at` })
          // a window that is behind takes nothing back
          .where(sql<boolean>`seen_marks.revision < excluded.revision`),
      )
      .execute();
    return undefined;
  });

  async function readPreferences(caller: Principal) {
    return db
      .selectFrom("app.preferences")
      .select(["data", "revision"])
      .where("account_id", "=", caller.accountId)
      .executeTakeFirst();
  }

  /** A view is held against the same rules as the live view that it will become. */
  async function check(
    caller: Principal,
    queue: TicketQueue,
    filter: Record<string, unknown>,
    sort: string | null,
  ): Promise<void> {
    checkFilter(caller, filter);
    await sortedSpecOf({ queue, filters: filter, ...(sort === null ? {} : { sort }) }, caller, {
      directory: parts.directory,
      clock,
    });
  }
}

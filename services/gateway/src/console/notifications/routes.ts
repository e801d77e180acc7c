import { sql } from "kysely";
import type { FastifyInstance } from "fastify";
import { consoleRoutes } from "@docket/api-contract";
import type { Principal } from "../../auth/principal.ts";
import type { Directory } from "../../directory/directory.ts";
import { languageFor } from "../../http/language.ts";
import type { Serving } from "../../http/serve.ts";
import { demand } from "../../policy/enforce.ts";
import type { TicketFinder } from "../../tickets/find.ts";
import type { Bus } from "../bus.ts";
import { countUnread, readNotifications } from "./read.ts";

/** What happened and concerns the caller, what of it he has read, and which tickets he follows beyond his own. */
export function serveNotifications(
  app: FastifyInstance,
  serving: Serving,
  parts: { readonly finder: TicketFinder; readonly directory: Directory; readonly bus: Bus },
): void {
  const { deps, serve } = serving;
  const { db, clock } = deps;

  serve(app, consoleRoutes.notifications, {}, async ({ caller, query, request }) => {
    demand(caller, { do: "ownSettings" });
    const groupIds = await groupsOf(caller);
    const now = clock.now();
    const [items, unread] = await Promise.all([
      readNotifications({ db, directory: parts.directory.now(), now }, caller, groupIds, languageFor(request, caller), {
        unread: query.unread === "true",
        before: query.before,
        limit: query.limit,
      }),
      countUnread({ db, now }, caller, groupIds),
    ]);
    return { items, unread, nextPage: items.length < query.limit ? null : (items.at(-1)?.position ?? null) };
  });

  serve(app, consoleRoutes.readNotifications, {}, async ({ caller, body }) => {
    demand(caller, { do: "ownSettings" });
    const account_id = caller.accountId;
    if ("upTo" in body) {
      await sql`insert into app.notification_marks (account_id, up_to) values (${account_id}, ${body.upTo}::bigint)
        on conflict (account_id) do update set up_to = greatest(notification_marks.up_to, excluded.up_to)`.execute(db);
      await sql`delete from app.notifications_read where account_id = ${account_id} and position <= ${body.upTo}::bigint`.execute(
        db,
      );
    } else
      await sql`insert into app.notifications_read (account_id, notification_id, position)
        select distinct ${account_id}, n.notification_id, n.position from read.notification n
        where n.notification_id in (${sql.join(body.ids)}) on conflict do nothing`.execute(db);
    parts.bus.tell({ kind: "notifications", accountId: account_id });
    return { unread: await countUnread({ db, now: clock.now() }, caller, await groupsOf(caller)) };
  });

  serve(app, consoleRoutes.follow, {}, async ({ caller, params }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await parts.finder.resolve(caller, params.ticket);
    await db
      .insertInto("app.watched_tickets")
      .values({ account_id: caller.accountId, ticket_id: ticketId, since: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    parts.bus.tell({ kind: "notifications", accountId: caller.accountId });
    return undefined;
  });

  serve(app, consoleRoutes.unfollow, {}, async ({ caller, params }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await parts.finder.resolve(caller, params.ticket);
    await db
      .deleteFrom("app.watched_tickets")
      .where("account_id", "=", caller.accountId)
      .where("ticket_id", "=", ticketId)
      .execute();
    parts.bus.tell({ kind: "notifications", accountId: caller.accountId });
    return undefined;
  });

  const groupsOf = async (caller: Principal): Promise<readonly string[]> =>
    (await parts.directory.groupsOf(caller.staffId, null)).groupIds;
}

import type { FastifyInstance } from "fastify";
import { ticketRoutes } from "@docket/api-contract";
import { findGroup, findStaff, route, type Priority, type TicketType } from "@docket/domain";
import type { Directory } from "../directory/directory.ts";
import type { EngineerLoad } from "../directory/load.ts";
import { languageOf } from "../http/language.ts";
import { Refusal } from "../http/refusal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { toldAsOf } from "../query/moment.ts";
import { explainTicketClocks } from "./clocks.ts";
import { metaFor } from "./command-meta.ts";
import { readTicket, type TicketFinder } from "./find.ts";
import { accepted, replyTo } from "./outcome.ts";

interface Parts {
  readonly finder: TicketFinder;
  readonly directory: Directory;
  readonly load: EngineerLoad;
}

/** A ticket's clocks explained, where the rules would send it; its rating. */
export function serveTicketExtras(app: FastifyInstance, serving: Serving, { finder, directory, load }: Parts): void {
  const { deps, serve } = serving;
  const { db, clock, store, desk } = deps;

  serve(app, ticketRoutes.clocks, {}, async ({ caller, params, query, request, reply }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await finder.resolve(caller, params.ticket);
    const moment = await serving.moment(query, reply);
    const at = moment.at ?? clock.now();
    const language = languageOf(request.headers["accept-language"]) ?? caller.language;
    const items = await explainTicketClocks(
      { db, store, directory: directory.now() },
      caller,
      ticketId,
      { moment, at: at.getTime() },
      language,
    );
    return { ticketId, asOf: toldAsOf(moment), at: at.toISOString(), position: moment.position, items };
  });

  serve(app, ticketRoutes.routing, {}, async ({ caller, params, reply }) => {
    demand(caller, { do: "seeRouting" });
    const { ticketId } = await finder.resolve(caller, params.ticket);
    const row = await readTicket(db, caller, ticketId, await serving.moment({}, reply));
    const { description } = row["details"] as { description?: string };
    const state = directory.now();
    const found = route(
      state,
      {
        type: row["type"] as TicketType,
        priority: row["priority"] as Priority,
        product: row["product"] as string | null,
        organizationId: row["organization_id"] as string,
        region: row["region"] as string | null,
        subject: row["subject"] as string,
        description: description ?? "",
      },
      load.of,
    );
    const group = found === null ? null : findGroup(state, found.groupId);
    if (found === null || group === null) throw new Refusal("no_routing_rules");
    const engineer = found.engineerId === null ? null : findStaff(state, found.engineerId);
    return {
      groupId: found.groupId,
      line: group.line,
      engineerId: found.engineerId,
      engineerName: engineer?.name ?? null,
      rule: found.routedBy,
    };
  });

  serve(app, ticketRoutes.rate, {}, async ({ caller, params, body, idFor, reply }) => {
    demand(caller, { do: "rate" });
    const { ticketId } = await finder.resolve(caller, params.ticket);
    const command = { type: "RateTicket", data: { ticketId, score: body.score, comment: body.comment } } as const;
    return replyTo(
      reply,
      accepted(await desk.execute(command, metaFor(caller, { commandId: idFor("command") })), caller.language),
      ticketId,
    );
  });
}

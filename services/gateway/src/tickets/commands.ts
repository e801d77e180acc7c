import type { FastifyInstance } from "fastify";
import { ticketCommandRoutes, type TicketCommandKey } from "@docket/api-contract";
import { ticketCommands, type AnyCommand } from "@docket/domain";
import { isCustomer, type Principal } from "../auth/principal.ts";
import type { Directory } from "../directory/directory.ts";
import type { Call, Serving } from "../http/serve.ts";
import { languageOf } from "../http/language.ts";
import { demand } from "../policy/enforce.ts";
import { factFor } from "../policy/redaction.ts";
import { completer } from "./complete.ts";
import { metaFor } from "./command-meta.ts";
import type { TicketFinder } from "./find.ts";
import { seenRevision } from "./if-match.ts";
import { accepted, replyTo } from "./outcome.ts";

type Body = Record<string, unknown>;
type CommandCall = Call<{ ticket: string }, undefined, Body>;

interface Parts {
  readonly finder: TicketFinder;
  readonly directory: Directory;
}

/** POST /tickets/{ticket}/commands/{name}: every command that a person may send. */
export function serveTicketCommands(app: FastifyInstance, serving: Serving, parts: Parts): void {
  const { deps, serve } = serving;
  const complete = completer(deps, parts);

  for (const [key, route] of ticketCommandRoutes) {
    serve(app, route, {}, async (call) => carryOut(key, call as unknown as CommandCall));
  }

  async function carryOut(key: TicketCommandKey, call: CommandCall): Promise<unknown> {
    const { caller, params, request, reply } = call;
    demand(caller, { do: "command", key });
    const { ticketId } = await parts.finder.resolve(caller, params.ticket, { trustId: true });
    const { occurredAt, ...body } = call.body as Body & { occurredAt?: string };
    const data = { ...(await complete(key, body, ticketId, call)), ticketId };
    const command = { type: ticketCommands[key].type, data } as AnyCommand;
    const meta = metaFor(caller, { commandId: call.idFor("command"), occurredAt, ifRevision: seenRevision(request) });
    const language = languageOf(request.headers["accept-language"]) ?? caller.language;
    const result = replyTo(reply, accepted(await deps.desk.execute(command, meta), language), ticketId);
    if (!isCustomer(caller)) return result;
    return { ...result, events: result.events.flatMap((event) => shownEvent(caller, event)) };
  }

  function shownEvent<E extends { type: string; data: Record<string, unknown> }>(caller: Principal, event: E): E[] {
    const data = factFor(caller, event.type, event.data);
    return data === undefined ? [] : [{ ...event, data }];
  }
}

import type { FastifyInstance } from "fastify";
import { consoleRoutes } from "@docket/api-contract";
import type { Directory } from "../../directory/directory.ts";
import type { EngineerLoad } from "../../directory/load.ts";
import { languageFor } from "../../http/language.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Serving } from "../../http/serve.ts";
import { demand } from "../../policy/enforce.ts";
import type { TicketFinder } from "../../tickets/find.ts";
import { actionsOf } from "./actions.ts";

/** GET /tickets/{ticket}/actions: what the caller may do to a ticket now, and if not, why. */
export function serveActions(
  app: FastifyInstance,
  { deps, serve }: Serving,
  parts: { readonly finder: TicketFinder; readonly directory: Directory; readonly load: EngineerLoad },
): void {
  serve(app, consoleRoutes.actions, {}, async ({ caller, params, request, reply }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await parts.finder.resolve(caller, params.ticket);
    const state = await deps.desk.ticket(ticketId);
    if (state === null) throw new Refusal("ticket_not_found");
    reply.header("etag", `"${state.revision}"`);
    return actionsOf({
      caller,
      state,
      directory: parts.directory.now(),
      now: deps.clock.now().getTime(),
      load: parts.load.of,
      language: languageFor(request, caller),
    });
  });
}

import type { FastifyInstance } from "fastify";
import type { Directory } from "../directory/directory.ts";
import type { EngineerLoad } from "../directory/load.ts";
import type { Serving } from "../http/serve.ts";
import type { TicketFinder } from "../tickets/find.ts";
import { serveActions } from "./actions/routes.ts";
import { serveRibbons } from "./ribbons/routes.ts";

export interface ConsoleParts {
  readonly finder: TicketFinder;
  readonly directory: Directory;
  readonly load: EngineerLoad;
}

/** The addresses that the web console needs beyond lists, tickets and commands. */
export function serveConsole(app: FastifyInstance, serving: Serving, parts: ConsoleParts): void {
  serveActions(app, serving, parts);
  serveRibbons(app, serving, parts);
}

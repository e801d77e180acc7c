import type { FastifyInstance } from "fastify";
import type { Directory } from "../directory/directory.ts";
import type { EngineerLoad } from "../directory/load.ts";
import type { Serving } from "../http/serve.ts";
import type { MoreViews } from "../live/connection.ts";
import type { Hub } from "../live/hub.ts";
import { completer } from "../tickets/complete.ts";
import type { TicketFinder } from "../tickets/find.ts";
import { serveActions } from "./actions/routes.ts";
import { serveAdministration } from "./administration/routes.ts";
import { serveAround } from "./around/routes.ts";
import { serveBulk } from "./bulk/routes.ts";
import { startBulkWorker } from "./bulk/worker.ts";
import { openBus } from "./bus.ts";
import { serveLetters } from "./letters/routes.ts";
import { serveMail } from "./mail/routes.ts";
import { serveNotifications } from "./notifications/routes.ts";
import { serveOperations } from "./operations/routes.ts";
import { serveOwnSettings } from "./own/routes.ts";
import { serveSavedScreens } from "./own/saved-screens.ts";
import { createPresenceBoard } from "./presence/board.ts";
import { serveRibbons } from "./ribbons/routes.ts";
import { serveTemplates } from "./templates/routes.ts";
import { moreViews } from "./views-on.ts";

export interface ConsoleParts {
  readonly finder: TicketFinder;
  readonly directory: Directory;
  readonly load: EngineerLoad;
}

export interface ConsoleSide {
  viewsOn(hub: Hub): MoreViews;
  stop(): Promise<void>;
}

/** The addresses and live views that the web console needs beyond lists, tickets and commands. */
export function serveConsole(app: FastifyInstance, serving: Serving, parts: ConsoleParts): ConsoleSide {
  const { db, clock, logger, settings } = serving.deps;
  const bus = openBus({ db, databaseUrl: settings.DATABASE_URL, logger });
  const board = createPresenceBoard(bus, clock);
  serveActions(app, serving, parts);
  serveRibbons(app, serving, parts);
  serveOwnSettings(app, serving, parts);
  serveSavedScreens(app, serving);
  serveTemplates(app, serving, parts);
  serveNotifications(app, serving, { ...parts, bus });
  serveAround(app, serving, parts);
  serveMail(app, serving);
  serveOperations(app, serving);
  serveAdministration(app, serving, parts);
  serveLetters(app, serving, parts);
  const complete = completer(serving.deps, parts);
  const worker = startBulkWorker({ deps: serving.deps, finder: parts.finder, complete, bus });
  serveBulk(app, serving, { ...parts, complete, bus, kick: worker.kick });
  return {
    viewsOn: (hub) => moreViews({ db, clock, logger, hub, bus, board, directory: parts.directory }),
    async stop() {
      await worker.stop();
      board.stop();
      await bus.stop();
    },
  };
}

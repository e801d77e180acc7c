import type { FastifyInstance } from "fastify";
import { consoleRoutes, ribbonLimits } from "@docket/api-contract";
import type { Directory } from "../../directory/directory.ts";
import type { Serving } from "../../http/serve.ts";
import { demand } from "../../policy/enforce.ts";
import { toldAsOf } from "../../query/moment.ts";
import { ticketIdsOf } from "../own/ids.ts";
import { readRibbons } from "./ribbons.ts";

/** GET /sla/ribbons: the clocks of the tickets that a list shows, ready to be drawn and to tick by themselves. */
export function serveRibbons(
  app: FastifyInstance,
  serving: Serving,
  { directory }: { readonly directory: Directory },
): void {
  const { deps, serve } = serving;
  serve(app, consoleRoutes.ribbons, {}, async ({ caller, query, reply }) => {
    demand(caller, { do: "see", what: "clock" });
    const tickets = ticketIdsOf(query.tickets, ribbonLimits.tickets);
    const moment = await serving.moment(query, reply);
    const at = moment.at ?? deps.clock.now();
    const found = await readRibbons({ db: deps.db, directory: directory.now() }, caller, tickets, {
      moment,
      at: at.getTime(),
    });
    return { at: at.toISOString(), asOf: toldAsOf(moment), position: moment.position, ...found };
  });
}

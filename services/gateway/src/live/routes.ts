import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";
import { Gauge, metricsRegistry } from "@docket/service-kit";
import { liveLimits } from "@docket/api-contract";
import { authenticate, sessionCookieName } from "../auth/authenticate.ts";
import type { Directory } from "../directory/directory.ts";
import { languageOf } from "../http/language.ts";
import { Refusal } from "../http/refusal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { Connection, type MoreViews } from "./connection.ts";
import { createHub, type Hub } from "./hub.ts";

export const livePath = "/api/v1/live";
const recheckMs = 3_000;

const openSockets = new Gauge({ name: "docket_live_connections", help: "Open sockets", registers: [metricsRegistry] });

let open = 0;
/** How many sockets this process has open. */
export const openSocketCount = (): number => open;

/** The socket: who may open one, and how its rights are looked after while it stands. */
export async function serveLive(
  app: FastifyInstance,
  serving: Serving,
  directory: Directory,
  /** opens the views beyond rows by key, on the hub that all share */
  viewsOn: (hub: Hub) => MoreViews,
): Promise<void> {
  const { deps, sessions, readSide, secure } = serving;
  const { db, store, clock, logger } = deps;
  const hub = createHub({ db, store, clock, readSide, logger });
  const more = viewsOn(hub);
  const connections = new Set<Connection>();
  const publicHost = new URL(deps.settings.DOCKET_PUBLIC_URL).host;

  let checking = false;
  const timer = setInterval(() => {
    if (checking) return;
    checking = true;
    void recheckAll().finally(() => (checking = false));
  }, recheckMs);

  await app.register(websocket, {
    options: { maxPayload: liveLimits.frameBytes, perMessageDeflate: false },
    preClose(this: FastifyInstance, done: () => void) {
      clearInterval(timer);
      for (const connection of connections) connection.close(1001, "going_away");
      hub.stop();
      this.websocketServer.close();
      done();
    },
  });

  app.route({
    method: "GET",
    url: livePath,
    onRequest: async (request) => {
      const principal = await authenticate(request, sessions, "signed-in", sessionCookieName(secure));
      // A cookie travels with whatever page opens the socket; only our own may.
      if (principal?.kind === "session" && !isOwnOrigin(request.headers.origin, [request.host, publicHost]))
        throw new Refusal("origin_refused");
      if (principal !== null) demand(principal, { do: "see", what: "ticket" });
      request.principal = principal;
      const mine = [...connections].filter(({ caller }) => caller.accountId === principal?.accountId).length;
      if (mine >= liveLimits.connectionsPerAccount) throw new Refusal("too_many_connections");
    },
    handler: async () => {
      throw new Refusal("bad_request");
    },
    wsHandler: (socket, request) => {
      const principal = request.principal;
      if (principal === null) return socket.close();
      const language = languageOf(request.headers["accept-language"]) ?? principal.language;
      const connection = new Connection(socket, principal, language, {
        db,
        store,
        clock,
        logger,
        hub,
        readSide,
        directory,
        more,
      });
      connections.add(connection);
      openSockets.set((open = connections.size));
      socket.on("close", () => {
        connections.delete(connection);
        openSockets.set((open = connections.size));
      });
    },
  });

  sessions.onEnded((credential) => {
    for (const connection of connections) if (connection.caller.credential === credential) connection.endSession();
  });

  async function recheckAll(): Promise<void> {
    for (const connection of connections) {
      try {
        connection.recheck(await sessions.again(connection.caller));
      } catch (error) {
        // While the database is away nothing new is shown anyway.
        logger.debug({ err: error }, "rights could not be looked up");
        return;
      }
    }
  }
}

/** One of our own hosts is what a browser says its page came from. Programs say nothing. */
function isOwnOrigin(origin: string | undefined, hosts: readonly string[]): boolean {
  if (origin === undefined) return true;
  try {
    return hosts.includes(new URL(origin).host);
  } catch {
    return false;
  }
}

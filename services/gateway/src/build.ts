import { join } from "node:path";
import cookie from "@fastify/cookie";
import rateLimit from "@fastify/rate-limit";
import fastify, { LogController, type FastifyInstance } from "fastify";
import { allRoutes } from "@docket/api-contract";
import { createHash, randomBytes } from "node:crypto";
import { createAccessRecorder, createRightsMover } from "@docket/audit";
import { addMetrics } from "@docket/service-kit";
import { serveAdmin } from "./admin/routes.ts";
import { serveAttachments } from "./attachments/routes.ts";
import { forgetOldAttempts } from "./auth/lockout.ts";
import { openSessions } from "./auth/sessions.ts";
import { isCurrent } from "./policy/current.ts";
import { serveSessions } from "./auth/routes.ts";
import { serveConsole } from "./console/serve.ts";
import { serveIntake } from "./contacts/intake.ts";
import { serveContacts } from "./contacts/routes.ts";
import { startContactSweep } from "./contacts/sweep.ts";
import type { GatewayDeps } from "./deps.ts";
import { createDirectory } from "./directory/directory.ts";
import { serveDirectory } from "./directory/routes.ts";
import { serveForecast } from "./forecast/routes.ts";
import { witness } from "./evidence/access.ts";
import { serveEvidence } from "./evidence/routes.ts";
import { serveRights } from "./evidence/rights.ts";
import { idempotencyHeader } from "./http/idempotency.ts";
import { parseJsonBody } from "./http/json-body.ts";
import { sendProblem } from "./http/problem-reply.ts";
import { Refusal } from "./http/refusal.ts";
import { addSecurityHeaders } from "./http/security-headers.ts";
import { createServing } from "./http/serve.ts";
import { serveImports } from "./import/routes.ts";
import { serveJournal } from "./journal/routes.ts";
import { readPosition } from "./live/read.ts";
import { livePath, serveLive } from "./live/routes.ts";
import { createGauges } from "./ops/gauges.ts";
import { serveOps } from "./ops/routes.ts";
import { demandScraper } from "./ops/who-may-scrape.ts";
import { serveDocs } from "./pages/docs.ts";
import { serveConsolePages } from "./pages/console.ts";
import { serveDemoLogins } from "./pages/demo-logins.ts";
import { sweepImportCopies } from "./privacy/import-copies.ts";
import { servePrivacy } from "./privacy/routes.ts";
import { watchReadSide } from "./read-side.ts";
import { serveReplay } from "./replay/routes.ts";
import { serveReports } from "./reports/routes.ts";
import { serveSla } from "./sla/routes.ts";
import { serveTicketCommands } from "./tickets/commands.ts";
import { createTicketFinder } from "./tickets/find.ts";
import { serveTicketExtras } from "./tickets/more-routes.ts";
import { serveTickets } from "./tickets/routes.ts";
import { serveWhatIf } from "./what-if/routes.ts";

/** Builds the front door on its parts; `app.listen` opens it, `app.close` shuts it and everything that it started. */
export async function buildGateway(deps: GatewayDeps): Promise<FastifyInstance> {
  const { settings, db, clock, store, logger, health } = deps;
  const instance = randomBytes(4).toString("hex");
  let requests = 0;
  const app = fastify({
    loggerInstance: logger as never,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: settings.GATEWAY_TRUST_PROXY,
    genReqId: () => `${instance}-${(++requests).toString(36)}`,
    requestIdHeader: false,
    return503OnClosing: true,
    requestTimeout: 60_000,
    schemaController: { compilersFactory: { buildValidator: noSchema, buildSerializer: noSchema } },
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply as never),
  }) as unknown as FastifyInstance;

  app.decorateRequest("principal", null);
  app.decorateRequest("bodyHash", null);
  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  addSecurityHeaders(app, settings.DOCKET_PUBLIC_URL.startsWith("https:"));
  takeOnlyJson(app);
  await app.register(cookie);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.max(1, Math.ceil(ttl / 1000));
      return new Refusal("rate_limited", { params: { seconds }, headers: { "retry-after": String(seconds) } });
    },
  });

  const readSide = await watchReadSide({ db, store, databaseUrl: settings.DATABASE_URL, logger });
  const sessions = openSessions(db, clock, (principal) => isCurrent(deps.directory(), principal));
  const forgetting = deps.privacy.vault.onForgotten(() => sessions.forgetAll());
  app.addHook("onClose", async () => forgetting());
  const recorder = createAccessRecorder({
    pool: deps.pool,
    store,
    clock,
    onError: (error) => logger.debug({ err: error }, "accesses wait for the event store"),
  });
  const rights = createRightsMover({
    pool: deps.pool,
    store,
    clock,
    onError: (error) => logger.debug({ err: error }, "changes of rights wait for the event store"),
  });
  const serving = createServing(
    deps,
    sessions,
    readSide,
    witness(recorder, (error) => logger.warn({ err: error }, "an export's end was not recorded")),
  );
  const finder = createTicketFinder(db, store);
  const directory = createDirectory(db, deps.directory, readSide);

  const gauges = createGauges({ pool: deps.pool, clock, readSide });
  app.addHook("onClose", addMetrics(gauges.text));
  serveOps(app, health, (request) => demandScraper(request, sessions, serving.secure));
  serveSessions(app, serving);
  serveIntake(app, serving, { finder });
  serveContacts(app, serving, { finder });
  serveTickets(app, serving, { finder, directory });
  serveTicketCommands(app, serving, { finder, directory });
  serveTicketExtras(app, serving, { finder, directory, load: deps.load });
  const consoleSide = serveConsole(app, serving, { finder, directory, load: deps.load });
  serveDirectory(app, serving);
  serveSla(app, serving);
  serveReplay(app, serving, { finder });
  serveJournal(app, serving, { finder });
  const stopEvidence = serveEvidence(app, serving, { finder });
  serveReports(app, serving);
  serveForecast(app, serving);
  const whatIfs = serveWhatIf(app, serving);
  serveAttachments(app, serving, finder);
  serveRights(app, serving);
  serveAdmin(app, serving, rights);
  serveImports(app, serving);
  servePrivacy(app, serving);
  const stopCopies = sweepImportCopies({
    folder: join(settings.DOCKET_DATA, "imports"),
    vault: deps.privacy.vault,
    logger,
  });
  await serveLive(app, serving, directory, consoleSide.viewsOn);
  await serveDocs(app, settings.DOCKET_PUBLIC_URL);
  serveDemoLogins(app, serving);
  const pages = serveConsolePages(app, settings.DOCKET_CONSOLE);
  app.setNotFoundHandler(
    (request, reply) =>
      pages.navigation(request, reply) ?? sendProblem(missing(request.method, request.url), request, reply),
  );

  health.addReadiness("read side", async () => {
    await readPosition(db);
    return `position ${readSide.position()}, ${readSide.lagMs()} ms behind`;
  });
  health.addReadiness("event store", () => store.ping());
  const sweep = startContactSweep({ intake: deps.intake, db, clock, logger });
  const tidy = setInterval(
    () => void tidyUp().catch((error: unknown) => logger.debug({ err: error }, "not tidied")),
    600_000,
  ).unref();
  app.addHook("onClose", async () => {
    sweep.stop();
    await consoleSide.stop();
    clearInterval(tidy);
    await whatIfs.close();
    await stopEvidence();
    await stopCopies();
    await recorder.stop();
    await rights.stop();
    await readSide.stop();
  });
  return app;

  /** Drops what has run out: sessions, counted attempts, and answers kept for repetitions (a week is more than anybody retries). */
  async function tidyUp(): Promise<void> {
    const now = clock.now();
    await forgetOldAttempts(db, now);
    const week = 7 * 86_400_000;
    await db
      .deleteFrom("app.uploads")
      .where("uploaded_at", "<", new Date(now.getTime() - week))
      .execute();
    await deps.privacy.files.dropStaged(new Date(Date.now() - week));
    await db.deleteFrom("app.sessions").where("expires_at", "<", now).execute();
    await db
      .deleteFrom("app.idempotency_keys")
      .where("created_at", "<", new Date(Date.now() - 7 * 86_400_000))
      .execute();
  }
}

/** Every route is held against its zod schema (serve.ts); what compiles JSON schemas need not even be loaded. */
function noSchema(): never {
  throw new Error("a route has a JSON schema");
}

/** JSON and nothing else, checked before it is read; its hash is kept where a repetition may be held against it. */
function takeOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    try {
      if (request.headers[idempotencyHeader] !== undefined)
        request.bodyHash = createHash("sha256").update(body).digest();
      done(null, parseJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

const known = [
  ...allRoutes.map(({ method, path }) => ({ method: method as string, path })),
  { method: "GET", path: livePath },
].map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}/?$`),
}));

/** An address that is there for another method says so. */
function missing(method: string, url: string): Refusal {
  const path = url.split("?")[0] ?? "";
  const allowed = [...new Set(known.flatMap((route) => (route.pattern.test(path) ? [route.method] : [])))];
  if (allowed.length === 0 || allowed.includes(method)) return new Refusal("route_not_found");
  return new Refusal("method_not_allowed", { headers: { allow: allowed.join(", ") } });
}

import { createHash, randomBytes } from "node:crypto";
import { createDesk, createDirectoryView, createIntake } from "@docket/command-handling";
import { createTicketNumbers, openEventStore } from "@docket/event-store";
import { createPool, openDb, tellOfProcess } from "@docket/postgres";
import { openPrivacy, whoseOf } from "@docket/privacy";
import { loadConfig, productVersion, runService } from "@docket/service-kit";
import { buildGateway } from "./build.ts";
import { gatewaySettings } from "./config.ts";
import { watchLoad } from "./directory/load.ts";

runService("gateway", async ({ logger, clock, health, onStop }) => {
  const settings = loadConfig(gatewaySettings);
  const pool = createPool(settings.DATABASE_URL, {
    max: settings.GATEWAY_POOL,
    name: "docket gateway",
    statementTimeout: 30_000,
    onError: (error) => logger.warn({ err: error }, "an idle database connection broke"),
  });
  const db = openDb(pool);
  onStop(() => db.destroy());
  onStop(tellOfProcess(pool, { name: "gateway", version: productVersion }));
  const privacy = openPrivacy(settings, {
    onError: (error) => logger.warn({ err: error }, "the key store is away"),
  });
  onStop(() => privacy.close());
  const store = openEventStore(settings.EVENTSTORE_URL, { codec: privacy.codec });
  onStop(() => store.close());
  const directory = createDirectoryView(store, {
    onError: (error) => logger.warn({ err: error }, "the directory is not followed; it will be again"),
  });
  onStop(() => directory.close());
  const load = watchLoad(db, logger);
  onStop(() => load.stop());
  const desk = createDesk({ store, clock, directory, load: load.of });
  const intake = createIntake({ desk, store, directory, numbers: createTicketNumbers(store, clock) });

  if (settings.DOCKET_SECRET === undefined) logger.warn("DOCKET_SECRET is not set: page tokens end with this process");
  const secret = createHash("sha256")
    .update("gateway")
    .update(settings.DOCKET_SECRET ?? randomBytes(32))
    .digest();
  const app = await buildGateway({
    settings,
    logger,
    clock,
    health,
    desk,
    store,
    pool,
    db,
    secret,
    load,
    intake,
    privacy,
    whose: whoseOf(store, privacy.vault, privacy.codec),
    directory: () => directory.current(),
  });
  onStop(() => app.close());
  await app.listen({ port: settings.GATEWAY_PORT, host: settings.GATEWAY_HOST });
  const address = app.server.address();
  return { port: typeof address === "object" && address !== null ? address.port : settings.GATEWAY_PORT };
});

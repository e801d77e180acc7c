import { createDesk, createDirectoryView, createIntake } from "@docket/command-handling";
import { signingKeys, signingSettings } from "@docket/audit";
import { createTicketNumbers, openEventStore } from "@docket/event-store";
import { createPool, tellOfProcess } from "@docket/postgres";
import { openPrivacy, privacySettings } from "@docket/privacy";
import { commonSettings, Gauge, loadConfig, metricsRegistry, productVersion, runService } from "@docket/service-kit";
import { z } from "zod";
import { type ClockworkStatus, runClockwork } from "./clockwork.ts";
import { createWorkload } from "./routing.ts";

runService("clockwork", async ({ signal, logger, clock, health, onStop }) => {
  const config = loadConfig(
    z.object({
      ...commonSettings,
      ...privacySettings,
      ...signingSettings,
      /** minutes between two checkpoints; 0: only when asked for */
      DOCKET_CHECKPOINT_MINUTES: z.coerce.number().min(0).default(60),
    }),
  );
  const every = config.DOCKET_CHECKPOINT_MINUTES;
  const privacy = openPrivacy(config, {
    onError: (error) => logger.warn({ err: error }, "the key store is away"),
  });
  onStop(() => privacy.close());
  const store = openEventStore(config.EVENTSTORE_URL, { codec: privacy.codec });
  onStop(() => store.close());
  const pool = createPool(config.DATABASE_URL, {
    name: "docket clockwork",
    max: 8,
    onError: (error) => logger.warn({ err: error }, "idle connection lost"),
  });
  onStop(() => pool.end());
  onStop(tellOfProcess(pool, { name: "clockwork", version: productVersion }));
  const directory = createDirectoryView(store, {
    onError: (error) => logger.error({ err: error }, "the directory is not followed"),
  });
  onStop(() => directory.close());
  await directory.ready;

  const workload = createWorkload(pool, logger);
  const desk = createDesk({ store, clock, directory, load: (staffId) => workload.of(staffId) });
  const numbers = createTicketNumbers(store, clock);
  const intake = createIntake({ desk, store, directory, numbers });
  let status: ClockworkStatus = {
    time: "standing_by",
    intake: "standing_by",
    routing: "standing_by",
    parked: { intake: 0, routing: 0 },
  };
  const running = runClockwork(
    {
      databaseUrl: config.DATABASE_URL,
      pool,
      store,
      desk,
      directory,
      numbers,
      intake,
      clock,
      logger,
      workload,
      ...(every === 0
        ? {}
        : { checkpoints: { keys: () => signingKeys(config, { make: true }), everyMs: every * 60_000 } }),
    },
    signal,
    (next) => (status = { ...next }),
  );
  onStop(() => running);

  for (const part of ["time", "intake", "routing"] as const) {
    health.addReadiness(part, () => {
      if (status[part] === "backing_off")
        throw new Error(`${part} is backing off: ${String(status.timeError ?? "see the log")}`);
      const parked = part === "time" ? 0 : status.parked[part];
      return parked === 0 ? status[part] : `${status[part]}, ${parked} streams parked`;
    });
  }
  health.addReadiness("checkpoints", () => {
    if (status.checkpointError !== undefined)
      throw new Error(`no checkpoint could be made: ${String(status.checkpointError)}`);
    return every === 0 ? "when asked for" : `every ${every} minutes`;
  });
  metricsRegistry.registerMetric(
    new Gauge({
      name: "docket_moments_due",
      help: "Deadlines, reminders and plans whose time has come and that stand on the list still",
      registers: [],
      async collect() {
        // Metrics are told with Postgres away as well; then this one is not a number.
        const known = await pool
          .query<{ count: string }>("select count(*) from read.deadline where next_due <= $1 and due_at <= $1", [
            clock.now(),
          ])
          .catch(() => undefined);
        this.set(Number(known?.rows[0]?.count ?? Number.NaN));
      },
    }),
  );
});

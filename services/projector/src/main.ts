import { openEventStore } from "@docket/event-store";
import { createPool, tellOfProcess } from "@docket/postgres";
import { isLayoutComplete, type ProjectorStatus, readStreams, runProjector } from "@docket/projection-engine";
import { keepErasures, openPrivacy, privacySettings } from "@docket/privacy";
import { commonSettings, loadConfig, productVersion, runService, sleep } from "@docket/service-kit";
import { z } from "zod";
import { showStatus } from "./metrics.ts";
import { readModels } from "./read-models.ts";
import { carryOutRequests } from "./requests.ts";

/*
 * Keeps the read models in Postgres at the end of the event store's log. Any number of instances may run: one leads, the others
 * stand by. Ready means: leading with all tables made, or standing by. Stuck or parked shows in readiness, metrics and tables.
 */

runService("projector", async ({ signal, logger, clock, health, onStop, fail }) => {
  const config = loadConfig(z.object({ ...commonSettings, ...privacySettings }));
  const { EVENTSTORE_URL, DATABASE_URL } = config;
  const privacy = openPrivacy(config, {
    onError: (error) => logger.warn({ err: error }, "the key store is away"),
    lazy: true,
  });
  onStop(() => privacy.close());
  const store = openEventStore(EVENTSTORE_URL, { codec: privacy.codec });
  onStop(() => store.close());

  let status: ProjectorStatus | undefined;
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
  const running = runProjector({
    url: DATABASE_URL,
    store,
    projections: readModels,
    signal,
    log: logger,
    decode: (events) => store.facts(events),
    upkeep: (line, leading) => {
      const refold = (streams: readonly string[]) =>
        line.refold(streams, async () => (streams.length === 0 ? [] : readStreams(privacy.vault.pool, streams)));
      return keepErasures({ privacy, store, databaseUrl: DATABASE_URL, clock, logger }, { refold }, leading);
    },
    program: new URL("./program.ts", import.meta.url).href,
    onStatus: (next) => {
      status = next;
      showStatus(next);
      if (next.state === "following") settle();
    },
  });
  running.catch(fail);
  onStop(() => running);
  const requests = createPool(DATABASE_URL, { max: 1, name: "docket projector requests" });
  const asked = carryOutRequests({ db: requests, logger, signal });
  const silence = tellOfProcess(requests, { name: "projector", version: productVersion });
  onStop(async () => {
    await asked;
    await silence();
    await requests.end();
  });

  health.addReadiness("projector", () => {
    if (!status || status.state === "preparing") throw new Error("the tables are being made");
    if (status.state === "stuck")
      throw new Error(`stuck at ${status.position.commit}: ${status.stuckBecause ?? "see engine.status"}`);
    return `${status.state} at ${status.position.commit}${status.live ? ", at the end of the log" : ""}`;
  });
  health.addReadiness("parked", () => {
    if (status && status.parked > 0) throw new Error(`${status.parked} streams are parked: see engine.parked`);
  });
  // the first to start makes the views that the others read; one that stands by has nothing to wait for once they are there
  await Promise.race([settled, running, tablesMade(DATABASE_URL, signal)]);
});

async function tablesMade(url: string, signal: AbortSignal): Promise<void> {
  const pool = createPool(url, { max: 1, name: "docket projector start" });
  try {
    while (!(await isLayoutComplete(pool, readModels).catch(() => false))) await sleep(100, signal);
  } finally {
    await pool.end();
  }
}

import { join } from "node:path";
import { createDirectoryView } from "@docket/command-handling";
import { openEventStore } from "@docket/event-store";
import { mailSettings, mailTokens } from "@docket/mail";
import { createPool, tellOfProcess } from "@docket/postgres";
import { runOutbox, runReactor, type ReactorState } from "@docket/process-engine";
import { openPrivacy, privacySettings, whoseOf } from "@docket/privacy";
import {
  commonSettings,
  loadConfig,
  metricsRegistry,
  Gauge,
  productVersion,
  runService,
  setting,
} from "@docket/service-kit";
import { z } from "zod";
import { dropForgotten, folderSender, smtpSender } from "./deliver.ts";
import { notifier } from "./notify.ts";

/** A mail may wait so long for others, to be written with them in one transaction. */
const REST_MS = 50;

runService("notifier", async ({ signal, logger, clock, health, onStop }) => {
  const config = loadConfig(
    z.object({
      ...commonSettings,
      ...privacySettings,
      DOCKET_SECRET: z.string().min(16),
      DOCKET_SUPPORT_ADDRESS: z.string().default("support@docket.example"),
      /** where mail goes out; without it mails stay in the local outbox */
      SMTP_URL: setting.url("smtp", "smtps").optional(),
    }),
  );
  const privacy = openPrivacy(config, {
    onError: (error) => logger.warn({ err: error }, "the key store is away"),
  });
  onStop(() => privacy.close());
  const store = openEventStore(config.EVENTSTORE_URL, { codec: privacy.codec });
  onStop(() => store.close());
  const pool = createPool(config.DATABASE_URL, {
    name: "docket notifier",
    max: 6,
    onError: (error) => logger.warn({ err: error }, "idle connection lost"),
  });
  onStop(() => pool.end());
  onStop(tellOfProcess(pool, { name: "notifier", version: productVersion }));
  const directory = createDirectoryView(store, {
    onError: (error) => logger.error({ err: error }, "directory is not followed"),
  });
  onStop(() => directory.close());
  await directory.ready;

  const mail = mailSettings(config.DOCKET_SUPPORT_ADDRESS);
  const sender =
    config.SMTP_URL === undefined
      ? folderSender(join(config.DOCKET_DATA, "outbox"), mail.addresses[0])
      : smtpSender(config.SMTP_URL, mail.addresses[0]);
  onStop(() => sender.close());
  // Mails in the local folder go with the keys of those of whom they tell; also when we were away at that moment.
  const tidy = (): void =>
    void dropForgotten(join(config.DOCKET_DATA, "outbox"), async (ids) => {
      const { rows } = await pool.query<{ id: string }>(
        "select id from app.outbox where id = any($1::uuid[]) and (sealed is not null or parties = '{}')",
        [ids],
      );
      return new Set(rows.map(({ id }) => id));
    }).catch((error: unknown) => logger.warn({ err: error }, "mails of somebody forgotten are still in the folder"));
  onStop(store.onForgotten(tidy));
  tidy();
  const notify = notifier({
    store,
    directory: () => directory.current(),
    tokens: mailTokens(config.DOCKET_SECRET, mail.idHost),
    mail,
    publicUrl: config.DOCKET_PUBLIC_URL,
    seals: privacy.boxes,
    whose: whoseOf(store, privacy.vault, privacy.codec),
  });

  let state: ReactorState = { phase: "standing_by", position: null, parked: 0, attempt: 0 };
  const reacting = runReactor({
    name: "notifier",
    store,
    databaseUrl: config.DATABASE_URL,
    pool,
    logger,
    signal,
    prefixes: ["ticket-"],
    startFrom: "beginning",
    restMs: REST_MS,
    onState: (next) => (state = next),
    // a mail must not tell under a new key of somebody who was erased while it was written
    onFacts: (facts, tx) => privacy.vault.since(undefined, () => notify(facts, tx)),
  });
  const sending = runOutbox({
    databaseUrl: config.DATABASE_URL,
    pool,
    logger,
    signal,
    now: () => clock.now(),
    send: sender.send,
    seals: privacy.boxes,
  });
  onStop(() => Promise.all([reacting, sending]));

  health.addReadiness("reactor", () => {
    if (state.phase === "backing_off") throw new Error(String(state.lastError));
    return `${state.phase} at ${state.position?.commit ?? 0}${state.parked > 0 ? `, ${state.parked} streams parked` : ""}`;
  });
  new Gauge({
    name: "docket_outbox_mails",
    help: "Mails in the outbox by status",
    labelNames: ["status"],
    registers: [metricsRegistry],
    async collect() {
      const { rows } = await pool.query<{ status: string; count: string }>(
        "select status, count(*) from app.outbox group by status",
      );
      this.reset();
      for (const row of rows) this.set({ status: row.status }, Number(row.count));
    },
  });
});

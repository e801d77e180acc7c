import { createDesk, createDirectoryView, createIntake } from "@docket/command-handling";
import { createTicketNumbers, openEventStore } from "@docket/event-store";
import { mailSettings, mailTokens } from "@docket/mail";
import { createPool, openDb, tellOfProcess } from "@docket/postgres";
import { openPrivacy, privacySettings, whoseOf } from "@docket/privacy";
import { commonSettings, loadConfig, productVersion, runService, setting } from "@docket/service-kit";
import { z } from "zod";
import { threadLookup } from "./lookup.ts";
import { startSmtp } from "./smtp.ts";
import { takeMail, type MailroomDeps } from "./take-mail.ts";

runService("mailroom", async ({ signal, logger, clock, health, onStop }) => {
  const config = loadConfig(
    z.object({
      ...commonSettings,
      ...privacySettings,
      DOCKET_SECRET: z.string().min(16),
      DOCKET_SUPPORT_ADDRESS: z.string().default("support@docket.example"),
      MAILROOM_HOST: z.string().default("127.0.0.1"),
      MAILROOM_PORT: setting.port(2525),
      /** a mailbox to empty: imaps://user:password@host/INBOX */
      IMAP_URL: setting.url("imap", "imaps").optional(),
    }),
  );
  const privacy = openPrivacy(config, {
    onError: (error) => logger.warn({ err: error }, "the key store is away"),
  });
  onStop(() => privacy.close());
  const store = openEventStore(config.EVENTSTORE_URL, { codec: privacy.codec });
  onStop(() => store.close());
  const pool = createPool(config.DATABASE_URL, {
    name: "docket mailroom",
    max: 8,
    onError: (error) => logger.warn({ err: error }, "idle connection lost"),
  });
  const db = openDb(pool);
  onStop(() => db.destroy());
  onStop(tellOfProcess(pool, { name: "mailroom", version: productVersion }));
  const directory = createDirectoryView(store, {
    onError: (error) => logger.error({ err: error }, "directory is not followed"),
  });
  onStop(() => directory.close());
  await directory.ready;
  const desk = createDesk({ store, clock, directory });
  const intake = createIntake({ desk, store, directory, numbers: createTicketNumbers(store, clock) });
  const mail = mailSettings(config.DOCKET_SUPPORT_ADDRESS);

  const whose = whoseOf(store, privacy.vault, privacy.codec);
  const deps: MailroomDeps = {
    desk,
    clock,
    tokens: mailTokens(config.DOCKET_SECRET, mail.idHost),
    keep: (bytes, mediaType, owner) => privacy.files.put(owner, bytes, mediaType),
    ownerOf: whose.contact,
    lookup: threadLookup({ store, db, directory: () => directory.current() }),
    ownAddresses: mail.addresses,
    ownIdHost: mail.idHost,
    // The sender has his 250 by now. What fails here is finished by the intake reactor.
    advance: (contactId, facts) =>
      void intake
        .settle(contactId, facts)
        .catch((error: unknown) => logger.warn({ err: error, contactId }, "contact waits for the intake reactor")),
  };
  const smtp = await startSmtp({
    host: config.MAILROOM_HOST,
    port: config.MAILROOM_PORT,
    addresses: mail.addresses,
    take: (raw, from) => takeMail(raw, from, deps),
    logger,
  });
  onStop(() => smtp.close());
  if (config.IMAP_URL !== undefined) {
    // Loaded only where there is a mailbox: it is a good part of what this process takes.
    const { followMailbox } = await import("./imap.ts");
    const following = followMailbox({ url: config.IMAP_URL, take: (raw) => takeMail(raw, null, deps), logger, signal });
    onStop(() => following);
  }
  health.addReadiness("event store", () => store.ping());
  health.addReadiness("postgres", async () => void (await pool.query("select 1")));
  return { port: smtp.port };
});

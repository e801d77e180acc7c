import { type EventStore, openEventStore } from "@docket/event-store";
import { openPrivacy, type Privacy, privacySettings } from "@docket/privacy";
import { commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";

/**
 * The event store as the environment names it, opened for people: with the keys of personal data where a database is named.
 * Without one the facts show what is stored: references and ciphertext.
 */
export function openStoreForPeople(env: NodeJS.ProcessEnv = process.env): {
  readonly store: EventStore;
  /** undefined where no database is named */
  readonly privacy: Privacy | undefined;
  readonly close: () => Promise<void>;
} {
  const { EVENTSTORE_URL, DOCKET_DATA, DATABASE_URL } = commonSettings;
  const settings = z.object({ EVENTSTORE_URL, DOCKET_DATA, DATABASE_URL: DATABASE_URL.optional(), ...privacySettings });
  const config = loadConfig(settings, env);
  const privacy =
    config.DATABASE_URL === undefined ? undefined : openPrivacy({ ...config, DATABASE_URL: config.DATABASE_URL });
  const store = openEventStore(config.EVENTSTORE_URL, privacy === undefined ? {} : { codec: privacy.codec });
  return {
    store,
    privacy,
    async close() {
      await store.close();
      await privacy?.close();
    },
  };
}

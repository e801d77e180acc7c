import { openEventStore } from "@docket/event-store";
import { contact } from "@docket/projection-contact";
import { directory } from "@docket/projection-directory";
import { readStreams, runProjector } from "@docket/projection-engine";
import { journal } from "@docket/projection-journal";
import { search } from "@docket/projection-search";
import { ticket } from "@docket/projection-ticket";
import { systemClock } from "@docket/service-kit";
import { keepErasures } from "../src/keep-erasures.ts";
import { openPrivacy } from "../src/privacy.ts";
import type { ErasureStep } from "../src/erasure.ts";

/*
 * A projector as a process of its own, that dies at a place when it is told to: a step, and whether before or after it is noted. What it
 * does is the real thing; only death is arranged, by kill -9 of itself.
 */

const { STORE = "", DATABASE = "", MASTER = "" } = process.env;
let dieAt = "";
process.on("message", (place) => {
  dieAt = String(place);
  process.send?.("told");
});
const die = (at: string): void => {
  if (at === dieAt) process.kill(process.pid, "SIGKILL");
};

const privacy = openPrivacy({ DATABASE_URL: DATABASE, DOCKET_DATA: "", DOCKET_MASTER_KEY: MASTER }, { lazy: true });
const { pool } = privacy.vault;
const query = pool.query.bind(pool) as (text: string, values?: unknown[]) => Promise<unknown>;
(pool as { query: unknown }).query = async (text: string, values?: unknown[]) => {
  const step = text.startsWith("update vault.erasure set step") ? (values?.[1] as ErasureStep) : undefined;
  if (step !== undefined) die(`before ${step}`);
  const result = await query(text, values);
  if (step !== undefined) die(`after ${step}`);
  return result;
};
const store = openEventStore(STORE, { codec: privacy.codec });
await runProjector({
  url: DATABASE,
  store,
  projections: [journal, ticket, contact, directory, search],
  decode: (events) => store.facts(events),
  signal: new AbortController().signal,
  leadTtl: 2_000,
  upkeep: (line, leading) =>
    keepErasures(
      {
        privacy,
        store: {
          ...store,
          append: async (...args) => {
            die("before append");
            const result = await store.append(...args);
            die("after append");
            return result;
          },
        },
        databaseUrl: DATABASE,
        clock: systemClock(),
        logger: { info: () => undefined, warn: () => undefined } as never,
      },
      {
        refold: async (streams) => {
          if (streams.length > 0) die("before refold");
          await line.refold(streams, async () => (streams.length === 0 ? [] : readStreams(pool, streams)));
          if (streams.length > 0) die("after refold");
        },
      },
      leading,
    ),
});

import { derivedId, type EventStore } from "@docket/event-store";
import { connectionConfig } from "@docket/postgres";
import { backoffMs, type Clock, type Logger, sleep } from "@docket/service-kit";
import pg from "pg";
import {
  clearAgain,
  clearOldForms,
  clearRestored,
  type Erasure,
  eraseAgain,
  noteStep,
  scrubKeys,
  unfinishedErasures,
} from "./erasure.ts";
import type { Privacy } from "./privacy.ts";
import { streamsOf } from "./subject.ts";

export interface ErasureKeeperParts {
  readonly privacy: Pick<Privacy, "vault">;
  readonly store: EventStore;
  readonly databaseUrl: string;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** The projector's part: it alone writes read models. */
export interface Refolding {
  /** Folds streams anew in every read model that holds personal data; with none, resolves when all that was folded before is in the tables. */
  refold(streams: readonly string[]): Promise<void>;
}

const lookEveryMs = 500;
/** Streams folded anew at a time; live events wait so long. */
const chunk = 100;

/**
 * Finishes erasures of personal data whose keys were destroyed: has the read models show blanks, records the erasure in the log,
 * scrubs. Runs in the leading projector, the only one that writes read models; each step is noted, and done again after a crash.
 * When it begins it holds the log's records against the keys: a key store set back to a backup must not bring anybody back.
 *
 * States: *checking* (once) -> *waiting* (a look twice a second) -> *finishing* (one erasure, step by step) -> waiting; any error
 * -> *backing off* -> the same again. Ends with the signal.
 */
export async function keepErasures(parts: ErasureKeeperParts, line: Refolding, signal: AbortSignal): Promise<void> {
  const { privacy, logger } = parts;
  let checked = false;
  for (let failures = 0; !signal.aborted;) {
    try {
      if (!checked) await checkRecords(parts);
      checked = true;
      for (const erasure of await unfinishedErasures(privacy.vault)) {
        signal.throwIfAborted();
        await finish(parts, line, erasure, signal);
        logger.info({ erasureId: erasure.erasureId }, "personal data were erased");
      }
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures++;
      logger.warn({ err: error, failures }, "an erasure could not be finished; it will be tried again");
    }
    await sleep(failures === 0 ? lookEveryMs : backoffMs(failures, { firstMs: 200, maxMs: 10_000 }), signal).catch(
      () => undefined,
    );
  }
}

async function finish(
  parts: ErasureKeeperParts,
  line: Refolding,
  { erasureId, ...erasure }: Erasure,
  signal: AbortSignal,
): Promise<void> {
  const { privacy, store, clock } = parts;
  const { vault } = privacy;
  const { subjects } = erasure;
  let { step, streams } = erasure;
  if (step === "keys_destroyed") {
    streams = await withoutRebuild(parts.databaseUrl, signal, async () => {
      // nothing is folded with the old keys from here on, and what was is in the tables
      await vault.look();
      await line.refold([]);
      const touched = await streamsOf(vault.pool, subjects);
      for (let from = 0; from < touched.length; from += chunk) {
        signal.throwIfAborted();
        const some = touched.slice(from, from + chunk);
        await line.refold(some);
      }
      await clearOldForms(vault, subjects, touched);
      await clearAgain(vault, { erasureId, ...erasure });
      return touched;
    });
    await noteStep(vault, erasureId, (step = "blanked"), streams);
  }
  if (step === "blanked") {
    const { kind, actor, reason, requestedAt } = erasure;
    const commandId = derivedId("erasure", erasureId);
    // The record ends the blanking: who follows the log reads everything anew when he sees it. There is one only.
    await store.append(
      `erasure-${erasureId}`,
      "none",
      [
        {
          type: "SubjectErased",
          data: {
            erasureId,
            kind,
            subjects: [...subjects],
            reason,
            requestedAt: requestedAt.toISOString(),
            streams: streams?.length ?? 0,
          },
          occurredAt: requestedAt.toISOString(),
        },
      ],
      {
        commandId,
        correlationId: commandId,
        causationId: null,
        actor: { id: actor.id, role: actor.role as "admin" },
        channel: "console",
        recordedAt: new Date(Math.max(clock.now().getTime(), requestedAt.getTime())).toISOString(),
      },
    );
    await noteStep(vault, erasureId, (step = "recorded"));
  }
  if (step === "recorded") {
    await clearAgain(vault, { erasureId, ...erasure });
    await scrubKeys(vault);
    await noteStep(vault, erasureId, "done");
  }
}

async function checkRecords({ privacy, store, logger }: ErasureKeeperParts): Promise<void> {
  const subjects: string[] = [];
  for await (const event of store.readAll({ prefixes: ["erasure-"] }))
    subjects.push(...((event.data as { subjects?: string[] }).subjects ?? []));
  const again = await eraseAgain(privacy.vault, subjects);
  if (again > 0) logger.warn({ subjects: again }, "keys that had been destroyed were back, and were destroyed again");
  const accounts = await clearRestored(privacy.vault);
  if (accounts > 0) logger.warn({ accounts }, "accounts that had been blanked were back, and were blanked again");
}

/** Rebuilds hold this lock: what they fold with keys of before would be switched to after we are done. */
async function withoutRebuild<T>(url: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client(connectionConfig(url, { name: "docket erasure" }));
  client.on("error", () => undefined);
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query<{ mine: boolean }>(
        "select pg_try_advisory_lock(hashtext('docket rebuild')) as mine",
      );
      if (rows[0]?.mine === true) break;
      await sleep(lookEveryMs, signal);
    }
    return await work();
  } finally {
    await client.end().catch(() => undefined);
  }
}

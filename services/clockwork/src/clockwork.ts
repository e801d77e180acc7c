import { standForLead } from "@docket/postgres";
import { type ReactorOptions, type ReactorState, runReactor } from "@docket/process-engine";
import { backoffMs, sleep } from "@docket/service-kit";
import { keepCheckpoints } from "./checkpoints.ts";
import { watchDeadlines } from "./deadlines.ts";
import type { Parts } from "./parts.ts";
import { keepClocksCurrent } from "./recompute.ts";
import { routeClassified, unroutedIn, type Workload } from "./routing.ts";
import { together } from "./side-by-side.ts";
import { settleReceived, sweepContacts, unfinishedIn } from "./unfinished.ts";

/** What the parts of the clockwork are doing, for health. */
export interface ClockworkStatus {
  time: "standing_by" | "working" | "backing_off";
  timeError?: unknown;
  /** why the last checkpoint could not be made; undefined when it could */
  checkpointError?: unknown;
  intake: ReactorState["phase"];
  routing: ReactorState["phase"];
  /** streams whose events a reactor could not deal with */
  parked: { intake: number; routing: number };
}

/** In busy moments what came within so many milliseconds is looked at together. */
const REST_MS = 20;

/**
 * The clockwork: what happens without anybody's doing. Three parts, each led by one instance at a time, so that two
 * instances run safely: time (deadlines, plans, new versions of policies and calendars, contacts left half-way), the
 * completion of contacts, and the routing of classified tickets. Whatever a part does is a command with an id derived from
 * its cause, so that doing it again after a crash, or by two at once, does nothing.
 *
 * States of the time part: standing_by (another instance leads, or there are no read models yet) -> working -> backing_off (the store or Postgres is away, or the
 * lead was lost) -> standing_by. Resolves when the signal aborts and what was in hand is done.
 */
export async function runClockwork(
  parts: Parts & { readonly workload: Workload },
  signal: AbortSignal,
  onStatus: (status: ClockworkStatus) => void = () => undefined,
): Promise<void> {
  const status: ClockworkStatus = {
    time: "standing_by",
    intake: "standing_by",
    routing: "standing_by",
    parked: { intake: 0, routing: 0 },
  };
  const tell = (change: Partial<ClockworkStatus>): void => onStatus(Object.assign(status, change));
  const reactor = (
    name: "intake" | "routing",
    prefix: string,
    { concerns, onFacts }: Required<Pick<ReactorOptions, "concerns" | "onFacts">>,
  ): Promise<void> =>
    runReactor({
      ...parts,
      name,
      signal,
      prefixes: [prefix],
      startFrom: "beginning",
      restMs: REST_MS,
      concerns,
      onFacts,
      onState: ({ phase, parked }) => tell({ [name]: phase, parked: { ...status.parked, [name]: parked } }),
    });
  await Promise.all([
    keepTime(parts, signal, tell),
    reactor("intake", "contact-", { concerns: unfinishedIn, onFacts: (facts) => settleReceived(parts, facts) }),
    reactor("routing", "ticket-", {
      concerns: unroutedIn,
      onFacts: (facts) => routeClassified(parts, parts.workload, facts),
    }),
  ]);
}

/** On a new machine the projector makes the read models in its first second. */
async function readModelsMade(pool: Parts["pool"], signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await pool.query<{ made: boolean }>(
      "select bool_and(to_regclass(name) is not null) as made from unnest(array['read.deadline', 'read.deadline_owner', 'read.queue', 'read.clock', 'read.contact']) name",
    );
    if (rows[0]?.made === true) return;
    await sleep(100, signal);
  }
}

async function keepTime(
  parts: Parts,
  signal: AbortSignal,
  tell: (change: Partial<ClockworkStatus>) => void,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    tell({ time: "standing_by" });
    try {
      const lead = await standForLead({ url: parts.databaseUrl, name: "clockwork", signal });
      try {
        await readModelsMade(parts.pool, AbortSignal.any([signal, lead.lost]));
        tell({ time: "working" });
        const began = performance.now();
        await together(AbortSignal.any([signal, lead.lost]), [
          (until) => watchDeadlines(parts, until),
          (until) => keepClocksCurrent(parts, until),
          (until) => sweepContacts(parts, until),
          (until) => keepCheckpoints(parts, until, (checkpointError) => tell({ checkpointError })),
        ]).finally(() => {
          if (performance.now() - began > 10_000) attempt = 1;
        });
      } finally {
        await lead.release();
      }
    } catch (error) {
      if (signal.aborted) return;
      parts.logger.warn({ err: error, attempt }, "the clockwork stopped, trying again");
      tell({ time: "backing_off", timeError: error });
      await sleep(backoffMs(attempt), signal).catch(() => undefined);
    }
  }
}

import { calendarVersionAt, type Directory, findCalendar, findContract, policyAt, valuesOf } from "@docket/domain";
import { derivedId } from "@docket/event-store";
import { sleep } from "@docket/service-kit";
import { engineMeta, type Parts } from "./parts.ts";
import { sideBySide } from "./side-by-side.ts";

/** A ticket may have been registered under the old version by a process that had not heard of the new one yet. */
const LOOK_AGAIN_MS = 30_000;
const SETTLE_MS = 200;
const SIDE_BY_SIDE = 8;

interface OpenClock {
  readonly ticket_id: string;
  readonly contract_id: string;
  readonly policy_version: number;
  readonly calendar_id: string;
  readonly calendar_version: number;
}

/**
 * Has the clocks of open tickets computed anew when another version of their policy or calendar comes into force (domain.md,
 * Decisions): compares the versions that clocks were last computed with to those in force now. It looks when the directory
 * changes, when a version's effective time comes, and from time to time; so it needs no memory of what it has done, and
 * finds after any crash what is left to do. Resolves when the signal aborts.
 */
export async function keepClocksCurrent(parts: Parts, signal: AbortSignal): Promise<void> {
  /** tried and found to change nothing (the new version says nothing of that clock) */
  const tried = new Set<string>();
  while (!signal.aborted) {
    const changed = Promise.withResolvers<void>();
    const stopListening = parts.directory.onChange(() => changed.resolve());
    try {
      await recompute(parts, tried);
      await somethingNew(parts, changed.promise, signal);
    } finally {
      stopListening();
    }
  }
}

async function recompute({ pool, desk, directory, clock, logger }: Parts, tried: Set<string>): Promise<void> {
  const { rows } = await pool.query<OpenClock>(
    `select distinct q.ticket_id, c.contract_id, c.policy_version, c.calendar_id, c.calendar_version
     from read.queue q join read.clock c on c.ticket_id = q.ticket_id
     where c.valid_to = 'infinity' and (c.stopped_at is null or q.status = 'result_confirmation')`,
  );
  const now = clock.now().getTime();
  const present = directory.current();
  const stale = new Map<string, { ticketId: string; because: "policy" | "calendar"; key: string }>();
  for (const row of rows) {
    const found = staleness(present, row, now);
    if (found === undefined || tried.has(found.key)) continue;
    // A new policy is the wider change: it brings its calendar along.
    if (stale.get(row.ticket_id)?.because !== "policy") stale.set(row.ticket_id, { ticketId: row.ticket_id, ...found });
  }
  await sideBySide([...stale.values()], SIDE_BY_SIDE, async ({ ticketId, because, key }) => {
    const result = await desk.execute(
      { type: "RecomputeClocks", data: { ticketId, because } },
      engineMeta(derivedId("recompute", key)),
    );
    tried.add(key);
    if (!result.ok) logger.warn({ ticketId, because, code: result.error.code }, "clocks could not be computed anew");
  });
}

/** Whether a clock was last computed with versions that are not in force now, and a name for that finding. */
function staleness(
  directory: Directory,
  clock: OpenClock,
  now: number,
): { because: "policy" | "calendar"; key: string } | undefined {
  const contract = findContract(directory, clock.contract_id);
  const calendar = findCalendar(directory, clock.calendar_id);
  if (contract === null || calendar === null) return undefined;
  const policy = policyAt(contract, now).version;
  const version = calendarVersionAt(calendar, now);
  if (clock.policy_version !== policy)
    return { because: "policy", key: `${clock.ticket_id} policy ${clock.policy_version} ${policy}` };
  if (clock.calendar_version !== version)
    return { because: "calendar", key: `${clock.ticket_id} ${clock.calendar_id} ${clock.calendar_version} ${version}` };
  return undefined;
}

/** Waits until the directory has changed, a version comes into force, or some time has passed. */
async function somethingNew({ directory, clock }: Parts, changed: Promise<void>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const next = nextEffective(directory.current(), clock.now().getTime());
  const waits = [
    changed,
    sleep(LOOK_AGAIN_MS, both),
    ...(next === undefined ? [] : [clock.until(new Date(next), both)]),
  ];
  await Promise.race(waits).catch(() => undefined);
  over.abort();
  await Promise.allSettled(waits.slice(1));
  // A change is often one of many, and the read models have to hear of tickets first.
  await sleep(SETTLE_MS, signal).catch(() => undefined);
}

/** The next time at which a version of any policy or calendar comes into force; undefined when none is to come. */
function nextEffective({ contracts, calendars }: Directory, now: number): number | undefined {
  const times = [
    ...valuesOf(contracts).flatMap(({ policies }) => policies),
    ...valuesOf(calendars).flatMap(({ versions }) => versions),
  ];
  return times.reduce<number | undefined>(
    (earliest, { effectiveFrom }) =>
      effectiveFrom > now && effectiveFrom < (earliest ?? Infinity) ? effectiveFrom : earliest,
    undefined,
  );
}

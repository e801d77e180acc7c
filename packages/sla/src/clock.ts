import type { ClockInput, ClockPause, ClockRun, ClockSnapshot, ClockState } from "./clock-model.ts";
import type { WorkingCalendar } from "./working-calendar.ts";
import { countedDays, deadlineFor } from "./working-days.ts";
import { workingTimeBetween } from "./working-time.ts";

/**
 * A clock's states. It is born running. A pause that holds at the moment makes it paused, its end running again. A stop
 * makes it met (done) or cancelled. Reaching the deadline makes it missed, from whatever state, and it stays so: a
 * late stop is recorded beside the miss. At the deadline's own instant a clock still running is missed, and a stop at
 * that very instant is in time. A cancelled or met clock ignores everything later; returning to work opens a new cycle.
 */

/** The clock's whole history as of a moment: what was not yet known then is left out. */
export interface ClockHistory {
  /** Start of the first cycle. */
  readonly start: number;
  /** The moment, or the stop where it came before. */
  readonly end: number;
  /** Pauses of all cycles and the time between cycles; open ones end in null. Not merged, in order of `from`. */
  readonly pauses: readonly ClockPause[];
  readonly stop: { readonly at: number; readonly outcome: "done" | "cancelled" } | null;
}

/** The clock's periods as they were known at `now` (milliseconds): later pauses, ends and stops do not exist yet. */
export function historyAsOf(input: ClockInput, now: number): ClockHistory {
  const stop = input.stoppedAt && input.stoppedAt.at <= now ? input.stoppedAt : null;
  const end = stop?.at ?? now;
  const earlier = input.earlier ?? [];
  const pauses: ClockPause[] = [];
  earlier.forEach((run, i) => {
    for (const pause of run.pauses) {
      pauses.push({ ...pause, to: Math.min(pause.to ?? Infinity, run.stoppedAt) });
    }
    const next = earlier[i + 1]?.startedAt ?? input.startedAt;
    pauses.push({ from: run.stoppedAt, to: next, reason: "confirmation" });
  });
  for (const pause of input.pauses) {
    if (pause.from > now || (stop && pause.from >= stop.at)) continue;
    const to = pause.to !== null && pause.to <= now ? pause.to : null;
    pauses.push({ ...pause, to: stop ? Math.min(to ?? Infinity, stop.at) : to });
  }
  pauses.sort((a, b) => a.from - b.from);
  return { start: earlier[0]?.startedAt ?? input.startedAt, end, pauses, stop };
}

/** The pause that is open and began before an instant. */
function openPause(pauses: readonly ClockPause[], before: number): ClockPause | undefined {
  return pauses.find((pause) => pause.to === null && pause.from < before);
}

/** The deadline of a history; null when it never comes or is unknown because a pause is open. */
export function deadlineOf(input: ClockInput, history: ClockHistory, calendar: WorkingCalendar): number | null {
  const agreed = input.override ?? null;
  if (agreed !== null) return openPause(history.pauses, agreed) ? null : agreed;
  const { target } = input;
  if (target.kind === "working_days") return deadlineFor(target, history.start, history.pauses, calendar);
  const seconds = target.seconds - (input.carriedSeconds ?? 0);
  // Everything was used up before: the new cycle begins at its own deadline.
  if (seconds <= 0) return input.startedAt;
  return deadlineFor({ kind: "duration", seconds }, history.start, history.pauses, calendar);
}

/** Versions of the calendar in force between two instants, in order. */
function versionsBetween(calendar: WorkingCalendar, from: number, to: number): number[] {
  const versions: number[] = [];
  let piece = calendar.pieceAt(from);
  versions.push(piece.version);
  while (piece.to <= to) {
    piece = calendar.pieceAt(piece.to);
    versions.push(piece.version);
  }
  return versions;
}

/**
 * A clock as it stood at `now`. Takes the clock's facts, its calendar (one or versioned) and an instant in
 * milliseconds; gives a snapshot. Nothing after `now` has any influence, so any past moment can be asked about.
 *
 * @example evaluateClock(input, compileCalendar(calendar), Date.parse("2026-03-17T12:00:00Z")).state
 */
export function evaluateClock(input: ClockInput, calendar: WorkingCalendar, now: number): ClockSnapshot {
  const history = historyAsOf(input, now);
  const { start, end, pauses, stop } = history;
  const deadline = deadlineOf(input, history, calendar);
  const used = workingTimeBetween(calendar, start, end, pauses);
  const usedSeconds = Math.floor(used / 1_000) + (input.carriedSeconds ?? 0);

  const passed = deadline !== null && (stop ? stop.at > deadline : now >= deadline);
  const recorded = input.missRecordedAt ?? null;
  const missedAt = recorded !== null && recorded <= now ? recorded : passed ? deadline : null;
  const open = stop ? undefined : pauses.find((pause) => pause.to === null);

  let state: ClockState = "running";
  if (missedAt !== null) state = "missed";
  else if (stop) state = stop.outcome === "done" ? "met" : "cancelled";
  else if (open) state = "paused";

  return {
    kind: input.kind,
    cycle: input.cycle,
    line: input.line ?? null,
    state,
    startedAt: input.startedAt,
    target: input.target,
    deadline,
    extended: (input.override ?? null) !== null,
    usedSeconds,
    remainingSeconds: remainingSeconds(input, calendar, deadline, end, pauses, usedSeconds, missedAt !== null),
    remainingDays: remainingDays(input, calendar, history, missedAt !== null),
    pausedReason: state === "paused" && open ? open.reason : null,
    policyVersion: input.policyVersion,
    calendarVersions: versionsBetween(calendar, start, Math.max(start, end)),
    stoppedAt: stop,
    missedAt,
  };
}

function remainingSeconds(
  input: ClockInput,
  calendar: WorkingCalendar,
  deadline: number | null,
  end: number,
  pauses: readonly ClockPause[],
  usedSeconds: number,
  missed: boolean,
): number | null {
  if (missed) return 0;
  const agreed = input.override ?? null;
  if (input.target.kind === "duration" && agreed === null) return Math.max(0, input.target.seconds - usedSeconds);
  const until = agreed ?? deadline;
  if (until === null) return null;
  // What an open pause takes is not known; what was left when it began is.
  const from = Math.min(end, openPause(pauses, until)?.from ?? end);
  const known = pauses.filter((pause) => pause.to !== null);
  return Math.floor(workingTimeBetween(calendar, from, until, known) / 1_000);
}

function remainingDays(
  input: ClockInput,
  calendar: WorkingCalendar,
  history: ClockHistory,
  missed: boolean,
): number | null {
  if (input.target.kind !== "working_days") return null;
  if (missed) return 0;
  let done = 0;
  for (const day of countedDays(calendar, history.start, history.pauses)) {
    if (day.end > history.end || done >= input.target.days) break;
    done++;
  }
  return input.target.days - done;
}

/**
 * The clock of the next cycle after the customer returned the ticket: it goes on with what the earlier cycles used.
 * Takes a stopped clock and the instant of the return; gives the new cycle's facts, the old ones kept in `earlier`. An
 * agreed deadline and a recorded miss go along.
 */
export function nextCycle(stopped: ClockInput, returnedAt: number): ClockInput {
  const run: ClockRun = {
    startedAt: stopped.startedAt,
    pauses: stopped.pauses,
    stoppedAt: stopped.stoppedAt?.at ?? returnedAt,
  };
  return {
    ...stopped,
    cycle: stopped.cycle + 1,
    startedAt: returnedAt,
    pauses: [],
    stoppedAt: null,
    earlier: [...(stopped.earlier ?? []), run],
  };
}

/**
 * The same clock under another target (priority or type changed mid-flight): same start, same pauses, and the new
 * target and policy version over the whole history. Recorded warnings and misses stay recorded.
 */
export function retarget(
  clock: ClockInput,
  change: Pick<ClockInput, "target" | "policyVersion"> & Partial<Pick<ClockInput, "calendarId" | "override">>,
): ClockInput {
  return { ...clock, ...change };
}

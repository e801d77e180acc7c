import type { WorkingCalendar, WorkingInterval } from "./working-calendar.ts";
import { mergePauses } from "./pauses.ts";
import type { Pause } from "./pauses.ts";

/**
 * The deadline: the earliest instant at which the working time elapsed since `start`, outside the pauses, reaches
 * `amount`. Takes instants and amount in milliseconds (amount >= 0); gives an instant, or null when it never comes.
 * An amount of 0 is `start` itself; an amount that is used up at the close of business is that instant, not the next
 * opening; a pause that begins at the deadline does not move it. (domain.md, Decisions.)
 *
 * @example addWorkingTime(moscow, Date.parse("2026-03-16T06:00:00Z"), 4 * 3_600_000)
 */
export function addWorkingTime(
  calendar: WorkingCalendar,
  start: number,
  amount: number,
  pauses: readonly Pause[] = [],
): number | null {
  if (amount <= 0) return start;
  let current = start;
  let left = amount;
  if (pauses.length > 0) {
    for (const pause of mergePauses(pauses)) {
      if (pause.to <= current) continue;
      if (pause.from > current) {
        const before = calendar.worked(pause.from) - calendar.worked(current);
        if (before >= left) break;
        left -= before;
      }
      if (pause.to === Infinity) return null;
      current = pause.to;
    }
  }
  return calendar.reach(calendar.worked(current) + left, current);
}

/**
 * Working time between two instants, outside the pauses. Milliseconds; 0 where the end is not after the start.
 */
export function workingTimeBetween(
  calendar: WorkingCalendar,
  start: number,
  end: number,
  pauses: readonly Pause[] = [],
): number {
  if (end <= start) return 0;
  let total = calendar.worked(end) - calendar.worked(start);
  if (pauses.length > 0) {
    for (const pause of mergePauses(pauses)) {
      const from = Math.max(start, pause.from);
      const to = Math.min(end, pause.to);
      if (to > from) total -= calendar.worked(to) - calendar.worked(from);
    }
  }
  return total;
}

/** Whether an instant lies in working time. */
export function isWorkingAt(calendar: WorkingCalendar, t: number): boolean {
  return calendar.worked(t + 1) > calendar.worked(t);
}

/**
 * Working stretches from an instant on, without end: empty years are leapt over. Stops when no working time is left.
 */
export function* workingIntervalsFrom(calendar: WorkingCalendar, start: number): Generator<WorkingInterval> {
  let current = start;
  for (;;) {
    const next = calendar.reach(calendar.worked(current) + 1, current);
    if (next === null) return;
    // The stretch's first millisecond ends at `next`; a month of stretches at a time bounds the look-ahead.
    const from = next - 1;
    const to = from + 31 * 86_400_000;
    yield* calendar.intervals(from, to);
    current = to;
  }
}

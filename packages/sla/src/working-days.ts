import { DAY_MS, MINUTE_MS } from "./civil.ts";
import type { CompiledCalendar, WorkingCalendar } from "./working-calendar.ts";
import { mergePauses } from "./pauses.ts";
import type { Pause, Span } from "./pauses.ts";
import type { Target } from "./target.ts";
import { addWorkingTime, isWorkingAt, workingIntervalsFrom } from "./working-time.ts";

/** A working day that counts. */
export interface CountedDay {
  /** Epoch day of its local date. */
  readonly day: number;
  /** The first moment of its hours (after the pauses, where they cut it). */
  readonly opening: number;
  /** Its 24:00 local time. */
  readonly end: number;
  readonly compiled: CompiledCalendar;
  readonly version: number;
}

/** A pause longer than this is leapt over instead of walked through. */
const LEAP_MS = 62 * DAY_MS;

/** The first moment of [from, to) outside the spans, or the span that swallows all of it. */
function firstFree(from: number, to: number, spans: readonly Span[]): number | Span {
  let free = from;
  for (const span of spans) {
    if (span.to <= free) continue;
    if (span.from > free) break;
    if (span.to >= to) return span;
    free = span.to;
  }
  return free;
}

/**
 * The working days after the day on which `start` lies, one by one. A date is a working day when working time starts on
 * it (a night shift belongs to the date it starts on). It counts when the clock ran at any moment of its hours before
 * its 24:00, outside the pauses: days that lie wholly in pauses are not counted. A date that the zone skipped
 * altogether (Apia, 2011-12-30) is no day. Ends when no further day can come.
 */
export function* countedDays(
  calendar: WorkingCalendar,
  start: number,
  pauses: readonly Pause[] = [],
): Generator<CountedDay> {
  const spans = mergePauses(pauses);
  let last = calendar.pieceAt(start).compiled.zone.localDay(start);
  let resume: number | null = start;
  while (resume !== null) {
    const from: number = resume;
    resume = null;
    for (const interval of workingIntervalsFrom(calendar, from)) {
      if (interval.day <= last) continue;
      const { zone } = interval.compiled;
      const end = zone.toUtc((interval.day + 1) * DAY_MS);
      const to = Math.min(interval.to, end);
      // Past its date's 24:00 already; or the zone left that date out, and its hours were moved behind it.
      if (to <= interval.from) continue;
      const free = firstFree(interval.from, to, spans);
      if (typeof free === "number") {
        last = interval.day;
        yield { day: interval.day, opening: free, end, compiled: interval.compiled, version: interval.version };
      } else if (free.to === Infinity) {
        return;
      } else if (free.to - interval.from > LEAP_MS) {
        resume = free.to;
        break;
      }
    }
  }
}

/**
 * The deadline of a target. Durations: `addWorkingTime`. Working days: 24:00 local time of the n-th working day that
 * counts (`countedDays`); where the clock stands still at that very moment, 24:00 of the next counted day at which it
 * does not, so a deadline never falls inside a pause. Null when it never comes. (domain.md, Decisions, "Targets".)
 */
export function deadlineFor(
  target: Target,
  start: number,
  pauses: readonly Pause[],
  calendar: WorkingCalendar,
): number | null {
  if (target.kind === "duration") return addWorkingTime(calendar, start, target.seconds * 1_000, pauses);
  const spans = mergePauses(pauses);
  let count = 0;
  for (const day of countedDays(calendar, start, pauses)) {
    count++;
    if (count < target.days) continue;
    if (!spans.some((span) => span.from < day.end && day.end <= span.to)) return day.end;
  }
  return null;
}

/**
 * When a resolved ticket closes by itself: the end (24:00 local) of the n-th working day after the day of the
 * resolution. Null on a calendar without working days. (domain.md, Decisions, "Auto-close".)
 */
export function autoCloseAt(calendar: WorkingCalendar, resolvedAt: number, workingDays = 5): number | null {
  return deadlineFor({ kind: "working_days", days: workingDays }, resolvedAt, [], calendar);
}

export interface ReminderOptions {
  /** Minutes after 00:00 at which a day that opens at midnight (24x7) counts as opened; 09:00 unless given. */
  readonly midnightOpening?: number;
}

/**
 * When the requester is reminded to confirm: for each n, on the n-th working day after the day of the resolution, at
 * that day's opening of hours, so a reminder always goes out in working hours (R §4.2). A day that opens at 00:00
 * (24x7) would wake people: there 09:00 local time is taken, or what the policy says. Null where that day never comes.
 */
export function reminderTimes(
  calendar: WorkingCalendar,
  resolvedAt: number,
  afterWorkingDays: readonly number[],
  options: ReminderOptions = {},
): (number | null)[] {
  const times = new Map<number, number>();
  const furthest = Math.max(0, ...afterWorkingDays);
  let count = 0;
  if (furthest > 0) {
    for (const { day, opening, compiled } of countedDays(calendar, resolvedAt)) {
      count++;
      const midnight = compiled.zone.toUtc(day * DAY_MS);
      const civil = compiled.zone.toUtc(day * DAY_MS + (options.midnightOpening ?? 540) * MINUTE_MS);
      times.set(count, opening === midnight && isWorkingAt(calendar, civil) ? civil : opening);
      if (count >= furthest) break;
    }
  }
  return afterWorkingDays.map((n) => times.get(n) ?? null);
}

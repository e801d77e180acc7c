import { DAY_MS, dateOf } from "./civil.ts";
import { deadlineOf, evaluateClock, historyAsOf } from "./clock.ts";
import type { ClockInput, ClockPause, ClockState } from "./clock-model.ts";
import { isRussianZone, russianDayName } from "./ru-calendar.ts";
import type { Target } from "./target.ts";
import type { Text } from "./texts.ts";
import type { CalendarPiece, WorkingCalendar } from "./working-calendar.ts";
import { countedDays } from "./working-days.ts";

/** Why a stretch of time counted, or did not. Texts: `whyText`. */
export const whyCodes = [
  "working_hours",
  "working_day_declared",
  "outside_hours",
  "day_off",
  "holiday",
  "shortened_day",
  "paused_customer",
  "paused_approval",
  "paused_confirmation",
] as const;
export type WhyCode = (typeof whyCodes)[number];

/** One stretch of a clock's life. Instants in milliseconds; half-open. */
export interface ExplainedInterval {
  readonly from: number;
  readonly to: number;
  readonly counted: boolean;
  readonly why: WhyCode;
  /** First and last local date ("YYYY-MM-DD") it is about; equal for most. */
  readonly date: string;
  readonly lastDate: string;
  /** The holiday or the decree behind it, where known. */
  readonly dayName: Text | null;
  /** Counted seconds; 0 where nothing counts. All of them add up to the time used, to the second. */
  readonly seconds: number;
  readonly calendarVersion: number;
  readonly policyVersion: number;
}

/** Why a clock stands where it does and its deadline is when it is. */
export interface ClockExplanation {
  readonly state: ClockState;
  readonly target: Target;
  readonly contractId: string;
  readonly calendarId: string;
  readonly policyVersion: number;
  /** From the first start to the moment asked about (or the stop), without gaps or overlaps. */
  readonly intervals: readonly ExplainedInterval[];
  /** From there to the deadline as it is foreseen; empty where it is past or unknown. */
  readonly ahead: readonly ExplainedInterval[];
  /** Working days that count for a target in days, up to the deadline, or to the moment where there is none. */
  readonly days: readonly { readonly date: string; readonly end: number; readonly calendarVersion: number }[];
  /** Equals `carriedSeconds` and the counted seconds of `intervals` together. */
  readonly usedSeconds: number;
  /** Used before, in cycles whose periods were not given. */
  readonly carriedSeconds: number;
  readonly deadline: number | null;
  /** Whether the deadline was agreed with the customer instead of computed. */
  readonly extended: boolean;
}

type Tile = Omit<ExplainedInterval, "seconds" | "policyVersion">;

/** The Russian name of a date, for calendars of a Russian zone. */
function nameOf(piece: CalendarPiece, date: string): Text | null {
  return isRussianZone(piece.compiled.zone.name) ? russianDayName(date) : null;
}

/** Time in which the calendar does not work, cut at local midnights and at the edges of what shortened days lost. */
function* idleTiles(piece: CalendarPiece, from: number, to: number): Generator<Tile> {
  const { compiled, version } = piece;
  const { zone } = compiled;
  let current = from;
  while (current < to) {
    const day = zone.localDay(current);
    const midnight = zone.toUtc((day + 1) * DAY_MS);
    // A midnight inside an overlap comes twice; after its first pass the offset in force says when the second comes.
    let end = Math.min(to, midnight > current ? midnight : (day + 1) * DAY_MS - zone.offsetAt(current));
    let why: WhyCode | null = null;
    let about = day;
    for (const owner of [day - 1, day]) {
      for (const [cutFrom, cutTo] of compiled.cutOf(owner)) {
        if (cutTo <= current || cutFrom >= end) continue;
        if (cutFrom > current) {
          end = cutFrom;
        } else {
          end = Math.min(end, cutTo);
          why = "shortened_day";
          about = owner;
        }
      }
    }
    const kind = compiled.dayKind(day);
    why ??= kind === "holiday" || kind === "day_off" ? kind : "outside_hours";
    const date = dateOf(about);
    const dayName = why === "holiday" ? nameOf(piece, date) : null;
    yield { from: current, to: end, counted: false, why, date, lastDate: date, dayName, calendarVersion: version };
    current = end;
  }
}

/** Unpaused time of one version, as the calendar sees it. */
function* calendarTiles(piece: CalendarPiece, from: number, to: number): Generator<Tile> {
  let current = from;
  for (const interval of piece.compiled.intervals(from, to)) {
    if (interval.from > current) yield* idleTiles(piece, current, interval.from);
    const date = dateOf(interval.day);
    const declared = piece.compiled.dayKind(interval.day) === "declared";
    yield {
      from: interval.from,
      to: interval.to,
      counted: true,
      why: declared ? "working_day_declared" : "working_hours",
      date,
      lastDate: date,
      dayName: declared ? nameOf(piece, date) : null,
      calendarVersion: piece.version,
    };
    current = interval.to;
  }
  if (current < to) yield* idleTiles(piece, current, to);
}

/** All of [from, to): pauses first, the calendar where there is none, cut where a version of it ends. */
function* tilesBetween(
  calendar: WorkingCalendar,
  from: number,
  to: number,
  pauses: readonly ClockPause[],
): Generator<Tile> {
  const paused = pauses.filter((pause) => (pause.to ?? Infinity) > pause.from);
  let current = from;
  while (current < to) {
    const piece = calendar.pieceAt(current);
    const moment = current;
    // They are in order of their beginnings: of overlapping ones the first to begin gives the reason.
    const pause = paused.find(({ to: end }) => end === null || end > moment);
    const limit = Math.min(to, piece.to);
    if (!pause || pause.from > current) {
      const end = Math.min(limit, pause?.from ?? Infinity);
      yield* calendarTiles(piece, current, end);
      current = end;
    } else {
      const end = Math.min(limit, pause.to ?? Infinity);
      const { zone } = piece.compiled;
      yield {
        from: current,
        to: end,
        counted: false,
        why: `paused_${pause.reason}`,
        date: dateOf(zone.localDay(current)),
        lastDate: dateOf(zone.localDay(end - 1)),
        dayName: null,
        calendarVersion: piece.version,
      };
      current = end;
    }
  }
}

const sameName = (a: Text | null, b: Text | null): boolean => a?.en === b?.en;

/** Joins neighbours that say the same, and gives each counted one its whole seconds. */
function finish(tiles: Iterable<Tile>, policyVersion: number): ExplainedInterval[] {
  const joined: Tile[] = [];
  for (const tile of tiles) {
    const last = joined.at(-1);
    const same =
      last !== undefined &&
      last.why === tile.why &&
      last.calendarVersion === tile.calendarVersion &&
      sameName(last.dayName, tile.dayName);
    if (same) joined[joined.length - 1] = { ...last, to: tile.to, lastDate: tile.lastDate };
    else joined.push(tile);
  }
  // Rounding the running total, not each stretch, keeps the sum exact.
  let counted = 0;
  return joined.map((tile) => {
    const before = Math.floor(counted / 1_000);
    if (tile.counted) counted += tile.to - tile.from;
    return { ...tile, seconds: Math.floor(counted / 1_000) - before, policyVersion };
  });
}

/**
 * Explains a clock as it stood at `now` (milliseconds): every stretch from its first start, counted or not, why, and by
 * which version of the calendar and the policy; then what lies ahead up to the deadline. `intervals` tile their span
 * without gap or overlap, and their counted seconds and `carriedSeconds` are `usedSeconds`. (domain.md, SLA clocks:
 * "the product can print why".)
 */
export function explainClock(input: ClockInput, calendar: WorkingCalendar, now: number): ClockExplanation {
  const history = historyAsOf(input, now);
  const snapshot = evaluateClock(input, calendar, now);
  const { start, end, pauses } = history;
  const deadline = deadlineOf(input, history, calendar);
  const intervals = end > start ? finish(tilesBetween(calendar, start, end, pauses), input.policyVersion) : [];
  const ahead =
    deadline !== null && deadline > end
      ? finish(tilesBetween(calendar, Math.max(start, end), deadline, pauses), input.policyVersion)
      : [];
  const days: { date: string; end: number; calendarVersion: number }[] = [];
  if (input.target.kind === "working_days") {
    for (const day of countedDays(calendar, start, pauses)) {
      if (deadline === null ? day.opening >= end : day.end > deadline) break;
      days.push({ date: dateOf(day.day), end: day.end, calendarVersion: day.version });
    }
  }
  return {
    state: snapshot.state,
    target: input.target,
    contractId: input.contractId,
    calendarId: input.calendarId,
    policyVersion: input.policyVersion,
    intervals,
    ahead,
    days,
    usedSeconds: snapshot.usedSeconds,
    carriedSeconds: input.carriedSeconds ?? 0,
    deadline,
    extended: snapshot.extended,
  };
}

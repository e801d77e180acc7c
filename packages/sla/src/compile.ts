import { minutesOfHours, weekdays } from "./calendar.ts";
import type { Calendar, Hours } from "./calendar.ts";
import { DAY_MS, MINUTE_MS, epochDayOf, weekdayOf } from "./civil.ts";
import { BLOCK_DAYS, BLOCK_MS, CYCLE_BLOCKS, HEAD_BLOCK, TAIL_BLOCK, zoneOf } from "./zone.ts";
import type { Zone } from "./zone.ts";

/** Minutes from a date's 00:00: pairs [start, end), sorted, never overlapping. */
type DayMinutes = readonly (readonly [number, number])[];

/** The working time of one block of 27 weeks; instants are milliseconds from the block's start. */
interface Block {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Working milliseconds of the block before interval i; one longer than the intervals. */
  readonly sums: Float64Array;
  /** The local date each interval belongs to, as days from the block's first day. */
  readonly owners: Int16Array;
}

/** How a date came by its hours. */
export type DayKind = "weekly" | "declared" | "day_off" | "holiday";

/** One stretch of working time. */
export interface WorkingInterval {
  /** Instants, milliseconds; half-open. */
  readonly from: number;
  readonly to: number;
  /** Epoch day of the local date it started on: the day this shift belongs to. */
  readonly day: number;
  /** The version of the calendar that gave it. */
  readonly version: number;
  readonly compiled: CompiledCalendar;
}

/** The span over which one version of a calendar is in force. */
export interface CalendarPiece {
  readonly version: number;
  /** Instants; -Infinity and Infinity where nothing precedes or follows. */
  readonly from: number;
  readonly to: number;
  readonly compiled: CompiledCalendar;
}

/**
 * What all arithmetic of this package runs on: one compiled calendar, or several versions one after another.
 * `worked(t)` is the working time between an arbitrary fixed origin and t: the one function all sums come from.
 */
export interface WorkingCalendar {
  /** Working milliseconds from the origin to an instant (negative before it). Never falls as t rises. */
  worked(t: number): number;
  /** The earliest instant, not before `from`, at which `worked` reaches a value; null when it never does. */
  reach(value: number, from: number): number | null;
  /** The working stretches that meet [from, to), clipped to it, in order. */
  intervals(from: number, to: number): Generator<WorkingInterval>;
  /** The version in force at an instant. */
  pieceAt(t: number): CalendarPiece;
}

/** A calendar made ready for arithmetic. Immutable for its callers; inside, blocks are worked out when first asked for. */
export interface CompiledCalendar extends WorkingCalendar {
  readonly calendar: Calendar;
  readonly zone: Zone;
  /** What sort of date it is by this calendar. */
  dayKind(epochDay: number): DayKind;
  /** Minutes cut from that date's end; 0 where it is not a shortened day. */
  shortenedBy(epochDay: number): number;
}

/** Blocks kept once worked out, from 1970 on; others are worked out again when asked for. */
const KEPT_BLOCKS = 512;

/** The last instant a JavaScript date can hold. */
export const MAX_INSTANT = 8.64e15;

function toMinutes(hours: readonly Hours[]): DayMinutes {
  return hours.map(minutesOfHours).sort((a, b) => a[0] - b[0]);
}

/** Cuts working minutes from a day's end, through as many intervals as they take. */
function cutFromEnd(day: DayMinutes, minutes: number): DayMinutes {
  const kept: (readonly [number, number])[] = [];
  let left = minutes;
  for (let i = day.length - 1; i >= 0; i--) {
    const [start, end] = day[i]!;
    const cut = Math.min(left, end - start);
    left -= cut;
    if (end - cut > start) kept.unshift([start, end - cut]);
  }
  return kept;
}

const byObject = new WeakMap<Calendar, CompiledCalendar>();
const byContent = new Map<string, CompiledCalendar>();
const CONTENT_CACHE = 256;

/**
 * Compiles a calendar, or gives the compiled one again: by identity at no cost, by equal content among the 256 last
 * used. Takes a valid calendar (`parseCalendar`).
 */
export function compileCalendar(calendar: Calendar): CompiledCalendar {
  const known = byObject.get(calendar);
  if (known) return known;
  const key = JSON.stringify(calendar);
  const compiled = byContent.get(key) ?? compile(calendar);
  byContent.delete(key);
  byContent.set(key, compiled);
  if (byContent.size > CONTENT_CACHE) byContent.delete(byContent.keys().next().value!);
  byObject.set(calendar, compiled);
  return compiled;
}

function compile(calendar: Calendar): CompiledCalendar {
  const zone = zoneOf(calendar.tz ?? "UTC");
  const always = calendar["24x7"] === true;
  const wholeDay: DayMinutes = [[0, 1440]];
  const weekly = weekdays.map((day) => (always ? wholeDay : toMinutes(calendar.weeklyHours?.[day] ?? [])));

  const off = new Set((calendar.nonWorkingDates ?? []).map((date) => epochDayOf(date)!));
  const declared = new Map((calendar.workingDates ?? []).map((day) => [epochDayOf(day.date)!, toMinutes(day.hours)]));
  const cuts = new Map((calendar.shortened ?? []).map((day) => [epochDayOf(day.date)!, day.minutes]));

  const uncut = (day: number): DayMinutes => declared.get(day) ?? (off.has(day) ? [] : weekly[weekdayOf(day)]!);
  const special = new Map<number, DayMinutes>();
  for (const day of [...off, ...declared.keys(), ...cuts.keys()]) {
    special.set(day, cutFromEnd(uncut(day), cuts.get(day) ?? 0));
  }

  const continuous = always && special.size === 0;
  const weekIsEmpty = weekly.every((day) => day.length === 0);
  const specialBlocks = [...special.keys()].map((day) => Math.floor(day / BLOCK_DAYS));
  const firstSpecial = specialBlocks.reduce((a, b) => Math.min(a, b), Infinity);
  const lastSpecial = specialBlocks.reduce((a, b) => Math.max(a, b), -Infinity);
  // From `tail` on, and before `head`, every block equals the one a cycle further out. A week without hours needs no
  // zone rules to know that: nothing happens beyond its dates.
  const tail = Math.max(weekIsEmpty ? 1 : TAIL_BLOCK, lastSpecial + 2);
  const head = Math.min(weekIsEmpty ? -1 : HEAD_BLOCK, firstSpecial - 2);
  const tailEnd = weekIsEmpty ? tail : tail + CYCLE_BLOCKS;
  const headStart = weekIsEmpty ? head : head - CYCLE_BLOCKS;

  const blocks: (Block | undefined)[] = [];
  let far: { readonly index: number; readonly block: Block } | null = null;
  /** ahead[k]: working time of blocks 0..k-1; behind[k]: of blocks -k..-1. */
  const ahead: number[] = [0];
  const behind: number[] = [0];

  /** The block that has the same working time as `index`, inside the part that is worked out. */
  function canonical(index: number): number {
    if (index >= tail && tailEnd === tail) return tail;
    if (index < head && headStart === head) return head - 1;
    if (index >= tailEnd) return tail + ((index - tail) % CYCLE_BLOCKS);
    if (index < headStart) return head - 1 - ((head - 1 - index) % CYCLE_BLOCKS);
    return index;
  }

  function blockAt(index: number): Block {
    const near = blocks[index];
    if (near) return near;
    const same = canonical(index);
    if (far?.index === same) return far.block;
    const kept = blocks[same];
    if (kept) return kept;
    const block = build(same);
    if (same >= 0 && same < KEPT_BLOCKS) blocks[same] = block;
    else far = { index: same, block };
    return block;
  }

  function build(index: number): Block {
    const from = index * BLOCK_MS;
    const firstDay = index * BLOCK_DAYS;
    const found: { start: number; end: number; day: number }[] = [];
    let sorted = true;
    // Three days back: a shift may end on the second date after its own start in UTC terms, in any zone.
    for (let day = firstDay - 3; day <= firstDay + BLOCK_DAYS + 1; day++) {
      for (const [startMinute, endMinute] of special.get(day) ?? weekly[weekdayOf(day)]!) {
        const start = zone.toUtc(day * DAY_MS + startMinute * MINUTE_MS);
        const end = zone.toUtc(day * DAY_MS + endMinute * MINUTE_MS);
        if (end <= start) continue;
        if (found.length > 0 && found[found.length - 1]!.start > start) sorted = false;
        found.push({ start, end, day });
      }
    }
    if (!sorted) found.sort((a, b) => a.start - b.start || a.day - b.day);
    const kept: { start: number; end: number; day: number }[] = [];
    let reached = from;
    for (const { start, end, day } of found) {
      const clippedStart = Math.max(start, reached);
      const clippedEnd = Math.min(end, from + BLOCK_MS);
      if (clippedEnd <= clippedStart) continue;
      kept.push({ start: clippedStart - from, end: clippedEnd - from, day });
      reached = clippedEnd;
    }
    const sums = new Float64Array(kept.length + 1);
    kept.forEach(({ start, end }, i) => {
      sums[i + 1] = sums[i]! + end - start;
    });
    return {
      starts: Float64Array.from(kept, (interval) => interval.start),
      ends: Float64Array.from(kept, (interval) => interval.end),
      sums,
      owners: Int16Array.from(kept, (interval) => interval.day - firstDay),
    };
  }

  const totalOf = (block: Block): number => block.sums[block.sums.length - 1]!;

  /** Working time from the origin to the start of a block inside [headStart, tailEnd]. */
  function sumNear(index: number): number {
    if (index >= 0) {
      for (let k = ahead.length; k <= index; k++) ahead.push(ahead[k - 1]! + totalOf(blockAt(k - 1)));
      return ahead[index]!;
    }
    for (let k = behind.length; k <= -index; k++) behind.push(behind[k - 1]! + totalOf(blockAt(-k)));
    return -behind[-index]!;
  }

  function sumBefore(index: number): number {
    if (index > tailEnd) {
      if (tailEnd === tail) return sumNear(tail);
      const cycles = Math.ceil((index - tailEnd) / CYCLE_BLOCKS);
      return sumNear(index - cycles * CYCLE_BLOCKS) + cycles * (sumNear(tailEnd) - sumNear(tail));
    }
    if (index < headStart) {
      if (headStart === head) return sumNear(head);
      const cycles = Math.ceil((headStart - index) / CYCLE_BLOCKS);
      return sumNear(index + cycles * CYCLE_BLOCKS) - cycles * (sumNear(head) - sumNear(headStart));
    }
    return sumNear(index);
  }

  /** Number of the block's intervals that start at or before an instant. */
  function countStarted(block: Block, relative: number): number {
    let low = 0;
    let high = block.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (block.starts[middle]! <= relative) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function worked(t: number): number {
    if (continuous) return t;
    const index = Math.floor(t / BLOCK_MS);
    const block = blockAt(index);
    const relative = t - index * BLOCK_MS;
    const i = countStarted(block, relative) - 1;
    const within = i < 0 ? 0 : block.sums[i]! + Math.min(relative, block.ends[i]!) - block.starts[i]!;
    return sumBefore(index) + within;
  }

  /** The instant inside a block at which its own working time reaches `wanted` (above 0, at most its total). */
  function reachWithin(index: number, wanted: number): number {
    const { starts, sums } = blockAt(index);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle + 1]! >= wanted) high = middle;
      else low = middle + 1;
    }
    return index * BLOCK_MS + starts[low]! + wanted - sums[low]!;
  }

  function reach(value: number, from: number): number | null {
    if (continuous) return value <= MAX_INSTANT ? Math.max(value, from) : null;
    if (value <= worked(from)) return from;
    let below = Math.floor(from / BLOCK_MS);
    let above = below + 1;
    let step = 1;
    while (sumBefore(above) < value) {
      if (above >= tailEnd) {
        const cycle = tailEnd === tail ? 0 : sumNear(tailEnd) - sumNear(tail);
        if (cycle === 0) return null;
        const cycles = Math.ceil((value - sumBefore(above)) / cycle) - 1;
        below = above + cycles * CYCLE_BLOCKS;
        above = below + CYCLE_BLOCKS;
        if (below * BLOCK_MS > MAX_INSTANT) return null;
        continue;
      }
      below = above;
      above = Math.min(above + step, Math.max(tailEnd, above + 1));
      step *= 2;
    }
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      if (sumBefore(middle) >= value) above = middle;
      else below = middle;
    }
    const instant = reachWithin(below, value - sumBefore(below));
    return instant <= MAX_INSTANT ? instant : null;
  }

  function* intervals(from: number, to: number): Generator<WorkingInterval> {
    for (let index = Math.floor(from / BLOCK_MS); index * BLOCK_MS < to; index++) {
      const start = index * BLOCK_MS;
      const block = blockAt(index);
      for (let i = Math.max(0, countStarted(block, from - start) - 1); i < block.starts.length; i++) {
        const clippedFrom = Math.max(from, start + block.starts[i]!);
        const clippedTo = Math.min(to, start + block.ends[i]!);
        if (clippedFrom >= to) return;
        if (clippedTo > clippedFrom) {
          const day = index * BLOCK_DAYS + block.owners[i]!;
          yield { from: clippedFrom, to: clippedTo, day, version: 1, compiled };
        }
      }
    }
  }

  const compiled: CompiledCalendar = {
    calendar,
    zone,
    worked,
    reach,
    intervals,
    dayKind(day) {
      if (declared.has(day)) return "declared";
      if (off.has(day)) return "holiday";
      return weekly[weekdayOf(day)]!.length > 0 ? "weekly" : "day_off";
    },
    shortenedBy: (day) => cuts.get(day) ?? 0,
    pieceAt: () => piece,
  };
  const piece: CalendarPiece = { version: 1, from: -Infinity, to: Infinity, compiled };
  return compiled;
}

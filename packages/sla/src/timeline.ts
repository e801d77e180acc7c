import { DAY_MS, MINUTE_MS } from "./civil.ts";
import type { DayRules } from "./day-rules.ts";
import { item } from "./item.ts";
import { BLOCK_DAYS, BLOCK_MS, CYCLE_BLOCKS, HEAD_BLOCK, TAIL_BLOCK } from "./zone.ts";
import type { Zone } from "./zone.ts";

/** The last instant a JavaScript date can hold. */
export const MAX_INSTANT = 8.64e15;

/** Blocks kept once worked out, from 1970 on; others are worked out again when asked for. */
const KEPT_BLOCKS = 512;

/** The working time of one block of 27 weeks; instants are milliseconds from the block's start. */
interface Block {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Working milliseconds of the block before interval i; one longer than the intervals. */
  readonly sums: Float64Array;
  /** The local date each interval belongs to, as days from the block's first day. */
  readonly owners: Int16Array;
  readonly total: number;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly day: number;
}

/** Working time as a function of time. See `WorkingCalendar` for what each member promises. */
export interface Timeline {
  readonly worked: (t: number) => number;
  readonly reach: (value: number, from: number) => number | null;
  readonly stretches: (from: number, to: number) => Generator<Stretch>;
}

/**
 * Lays a calendar's rules over a zone. Time is cut into blocks (see `zone.ts`); each block's stretches and its total
 * are worked out when first needed, so a question costs two binary searches, whatever years lie between its bounds.
 * Beyond the last special date and the last year with zone rules of its own, blocks repeat after 400 years.
 */
export function timelineOf(rules: DayRules, zone: Zone): Timeline {
  // From `tail` on, and before `head`, every block equals the one a cycle further out. A week without hours needs no
  // zone rules to know that: nothing happens beyond its dates.
  const empty = rules.weekIsEmpty;
  const tail = Math.max(empty ? 1 : TAIL_BLOCK, Math.floor(rules.lastSpecial / BLOCK_DAYS) + 2);
  const head = Math.min(empty ? -1 : HEAD_BLOCK, Math.floor(rules.firstSpecial / BLOCK_DAYS) - 2);
  const tailEnd = empty ? tail : tail + CYCLE_BLOCKS;
  const headStart = empty ? head : head - CYCLE_BLOCKS;

  const blocks: (Block | undefined)[] = [];
  let far: { readonly index: number; readonly block: Block } | null = null;
  /** The block from which sums are counted: the first one asked about, so that no years before it are worked out. */
  let origin: number | null = null;
  /** ahead[k]: working time of the k blocks from the origin on; behind[k]: of the k blocks before it. */
  const ahead: number[] = [0];
  const behind: number[] = [0];

  /** The block that has the same working time as `index`, inside the part that is worked out. */
  function canonical(index: number): number {
    if (index >= tail && empty) return tail;
    if (index < head && empty) return head - 1;
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
    // Three days back: in UTC terms a shift may end on the third date after its own, in any zone.
    for (let day = firstDay - 3; day <= firstDay + BLOCK_DAYS + 1; day++) {
      for (const [startMinute, endMinute] of rules.hoursOf(day)) {
        const start = zone.toUtc(day * DAY_MS + startMinute * MINUTE_MS);
        const end = zone.toUtc(day * DAY_MS + endMinute * MINUTE_MS);
        if (end <= start) continue;
        if (found.length > 0 && item(found, -1).start > start) sorted = false;
        found.push({ start, end, day });
      }
    }
    if (!sorted) found.sort((a, b) => a.start - b.start || a.day - b.day);

    // Stretches that meet (a shift running into the next day's hours, bounds moved by a gap) share their time once.
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
    let total = 0;
    kept.forEach(({ start, end }, i) => {
      total += end - start;
      sums[i + 1] = total;
    });
    return {
      starts: Float64Array.from(kept, (interval) => interval.start),
      ends: Float64Array.from(kept, (interval) => interval.end),
      sums,
      owners: Int16Array.from(kept, (interval) => interval.day - firstDay),
      total,
    };
  }

  /** Working time from the origin to the start of a block inside [headStart, tailEnd]. */
  function sumNear(index: number): number {
    origin ??= Math.min(Math.max(index, head), tail);
    const k = index - origin;
    if (k >= 0) {
      for (let i = ahead.length; i <= k; i++) ahead.push(item(ahead, i - 1) + blockAt(origin + i - 1).total);
      return ahead[k] as number;
    }
    for (let i = behind.length; i <= -k; i++) behind.push(item(behind, i - 1) + blockAt(origin - i).total);
    return -(behind[-k] as number);
  }

  /** Working time from the origin to the start of any block. */
  function sumBefore(index: number): number {
    if (index > tailEnd) {
      if (empty) return sumNear(tail);
      const cycles = Math.ceil((index - tailEnd) / CYCLE_BLOCKS);
      return sumNear(index - cycles * CYCLE_BLOCKS) + cycles * (sumNear(tailEnd) - sumNear(tail));
    }
    if (index < headStart) {
      if (empty) return sumNear(head);
      const cycles = Math.ceil((headStart - index) / CYCLE_BLOCKS);
      return sumNear(index + cycles * CYCLE_BLOCKS) - cycles * (sumNear(head) - sumNear(headStart));
    }
    return sumNear(index);
  }

  /** Number of the block's stretches that start at or before a moment of it. */
  function countStarted(starts: Float64Array, relative: number): number {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] as number) <= relative) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function worked(t: number): number {
    if (rules.continuous) return t;
    const index = Math.floor(t / BLOCK_MS);
    const { starts, ends, sums } = blockAt(index);
    const relative = t - index * BLOCK_MS;
    const i = countStarted(starts, relative) - 1;
    if (i < 0) return sumBefore(index);
    const end = ends[i] as number;
    return sumBefore(index) + (sums[i] as number) + (relative < end ? relative : end) - (starts[i] as number);
  }

  /** The instant inside a block at which its own working time reaches `wanted` (above 0, at most its total). */
  function reachWithin(index: number, wanted: number): number {
    const { starts, sums } = blockAt(index);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle + 1] as number) >= wanted) high = middle;
      else low = middle + 1;
    }
    return index * BLOCK_MS + (starts[low] as number) + wanted - (sums[low] as number);
  }

  function reach(value: number, from: number): number | null {
    if (rules.continuous) return value <= MAX_INSTANT ? Math.max(value, from) : null;
    if (value <= worked(from)) return from;
    // Invariant: the sum before `below` is less than the value. First find an `above` that is not.
    let below = Math.floor(from / BLOCK_MS);
    let above = below + 1;
    let step = 1;
    while (sumBefore(above) < value) {
      below = above;
      if (above < tailEnd) {
        above = Math.min(above + step, tailEnd);
        step *= 2;
        continue;
      }
      const cycle = empty ? 0 : sumNear(tailEnd) - sumNear(tail);
      if (cycle === 0) return null;
      below += (Math.ceil((value - sumBefore(above)) / cycle) - 1) * CYCLE_BLOCKS;
      if (below * BLOCK_MS > MAX_INSTANT) return null;
      above = below + CYCLE_BLOCKS;
    }
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      if (sumBefore(middle) >= value) above = middle;
      else below = middle;
    }
    const instant = reachWithin(below, value - sumBefore(below));
    return instant <= MAX_INSTANT ? instant : null;
  }

  function* stretches(from: number, to: number): Generator<Stretch> {
    for (let index = Math.floor(from / BLOCK_MS); index * BLOCK_MS < to; index++) {
      const start = index * BLOCK_MS;
      const { starts, ends, owners } = blockAt(index);
      for (let i = Math.max(0, countStarted(starts, from - start) - 1); i < starts.length; i++) {
        const clippedFrom = Math.max(from, start + (starts[i] as number));
        const clippedTo = Math.min(to, start + (ends[i] as number));
        if (clippedFrom >= to) return;
        if (clippedTo <= clippedFrom) continue;
        yield { from: clippedFrom, to: clippedTo, day: index * BLOCK_DAYS + (owners[i] as number) };
      }
    }
  }

  return { worked, reach, stretches };
}

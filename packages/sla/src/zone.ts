import { IANAZone } from "luxon";
import { DAY_MS } from "./civil.ts";
import { item } from "./item.ts";

/**
 * Time is cut into blocks of 27 weeks counted from 1970-01-01T00:00Z. The Gregorian calendar repeats after 400 years,
 * which are exactly 773 such blocks and a whole number of weeks: what holds for a block far in the future holds
 * again 773 blocks later.
 */
export const BLOCK_DAYS = 189;
export const BLOCK_MS = BLOCK_DAYS * DAY_MS;
export const CYCLE_BLOCKS = 773;
/** From this block on (year 2100) no zone has rules of its own for a single year. */
export const TAIL_BLOCK = 252;
/** Before this block (year 1799) every zone keeps its local mean time. */
export const HEAD_BLOCK = -330;

/** An IANA zone's offsets, found by asking the runtime's zone data and kept by block. */
export interface Zone {
  readonly name: string;
  /** Local minus UTC at an instant; milliseconds. */
  offsetAt(utc: number): number;
  /** Epoch day of the local date at an instant. */
  localDay(utc: number): number;
  /**
   * The instant of a local wall time (written as if it were UTC; milliseconds). In a gap the offset before the change
   * holds, in an overlap the first pass: both are "the offset before the change".
   */
  toUtc(local: number): number;
}

/** The changes of offset around a block: `walls[i]` is the local time from which `offsets[i + 1]` holds for bounds. */
interface Window {
  readonly instants: readonly number[];
  readonly walls: readonly number[];
  readonly offsets: readonly number[];
}

/** Offset changes inside one block: instants and the offset that holds from each. */
interface Changes {
  readonly first: number;
  readonly at: readonly number[];
  readonly to: readonly number[];
}

const zones = new Map<string, Zone>();

/** Whether the runtime's zone data knows this IANA name. Bare offsets such as "+03:00" are no zones. */
export function isKnownZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
}

/** The zone of that name, cached. The name must be known (`isKnownZone`). */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (!zone) {
    // Names differing in case alone are accepted by the runtime; the cache must not grow with them.
    if (zones.size >= 1_000) zones.clear();
    zone = makeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

function makeZone(name: string): Zone {
  const source = IANAZone.create(name);
  const blocks = new Map<number, Changes>();
  const windows = new Map<number, Window>();
  const ask = (utc: number): number => Math.round(source.offset(utc) * 60_000);

  function changesIn(block: number): Changes {
    const known = blocks.get(block);
    if (known) return known;
    // The two nearest changes of any zone since 1970 lie seven days apart (Brazil, October 2000); far from today only
    // yearly rules are left, months apart.
    const step = block >= -141 && block <= TAIL_BLOCK ? 3 * DAY_MS : 21 * DAY_MS;
    const start = block * BLOCK_MS;
    const first = ask(start);
    const at: number[] = [];
    const to: number[] = [];
    let previous = first;
    for (let from = start; from < start + BLOCK_MS; from += step) {
      const next = ask(from + step);
      if (next === previous) continue;
      let low = from;
      let high = from + step;
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (ask(middle) === previous) low = middle;
        else high = middle;
      }
      at.push(high);
      to.push(next);
      previous = next;
    }
    const changes = { first, at, to };
    blocks.set(block, changes);
    return changes;
  }

  function windowAt(block: number): Window {
    const known = windows.get(block);
    if (known) return known;
    const instants: number[] = [];
    const walls: number[] = [];
    const offsets: number[] = [changesIn(block - 1).first];
    for (const part of [block - 1, block, block + 1]) {
      const changes = changesIn(part);
      changes.at.forEach((instant, i) => {
        const before = item(offsets, -1);
        const after = item(changes.to, i);
        if (before === after) return;
        instants.push(instant);
        walls.push(instant + Math.max(before, after));
        offsets.push(after);
      });
    }
    const window = { instants, walls, offsets };
    windows.set(block, window);
    return window;
  }

  function pick(bounds: readonly number[], window: Window, value: number): number {
    let i = bounds.length;
    while (i > 0 && item(bounds, i - 1) > value) i--;
    return item(window.offsets, i);
  }

  const offsetAt = (utc: number): number => {
    const window = windowAt(Math.floor(utc / BLOCK_MS));
    return pick(window.instants, window, utc);
  };
  return {
    name,
    offsetAt,
    localDay: (utc) => Math.floor((utc + offsetAt(utc)) / DAY_MS),
    toUtc: (local) => {
      const window = windowAt(Math.floor(local / BLOCK_MS));
      return local - pick(window.walls, window, local);
    },
  };
}

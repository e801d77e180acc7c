import { keepForAccount, keptForAccount } from "../../shell/kept.ts";
import type { OpenHours, RibbonClock } from "../../ui/clock.ts";
import { idOf, type QueueData, type Row } from "./queue-data.ts";

interface Kept {
  readonly at: number;
  readonly total: number;
  readonly capped: boolean;
  readonly rows: readonly Row[];
  readonly clocks: readonly (readonly [string, readonly RibbonClock[]])[];
  readonly readAt: readonly (readonly [string, number])[];
  readonly calendars: readonly (readonly [string, OpenHours])[];
}

/** As many as are in sight at first; the rest is a matter of a moment. */
const mostRows = 50;
const prefix = "docket.queue.";

/** Keeps the first rows of a queue on this machine, for the next time that it is opened; takes nothing that was kept itself. */
export function keepQueue(place: string, data: QueueData | null): void {
  if (data === null || data.keptAt !== null) return;
  const ids = [...data.order]
    .filter(([index]) => index < mostRows)
    .sort(([a], [b]) => a - b)
    .map(([, id]) => id);
  const some = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
    ids.flatMap((id) => {
      const value = map.get(id);
      return value === undefined ? [] : [[id, value] as [string, T]];
    });
  if (!data.order.has(0) && data.total > 0) return;
  const kept: Kept = {
    at: Date.now(),
    total: data.total,
    capped: data.capped,
    rows: some(data.rows).map(([, row]) => row),
    clocks: some(data.clocks),
    readAt: some(data.readAt),
    calendars: [...data.calendars],
  };
  keepForAccount(prefix, place, JSON.stringify(kept));
}

/** What was kept of a queue; null when there is nothing, or nothing that can be read. */
export function keptQueue(place: string): QueueData | null {
  const text = keptForAccount(prefix, place);
  if (text === null) return null;
  try {
    const { at, total, capped, rows, clocks, readAt, calendars } = JSON.parse(text) as Kept;
    return {
      total,
      capped,
      order: new Map(rows.map((row, index) => [index, idOf(row)])),
      rows: new Map(rows.map((row) => [idOf(row), row])),
      clocks: new Map(clocks),
      readAt: new Map(readAt),
      calendars: new Map(calendars),
      fresh: new Map(),
      keptAt: at,
    };
  } catch {
    return null;
  }
}

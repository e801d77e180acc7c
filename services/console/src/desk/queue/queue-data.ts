import type { ContactRow, TicketRow } from "@docket/api-contract";
import { joinHours, type OpenHours, type RibbonClock } from "../../ui/clock.ts";

export type Row = TicketRow | ContactRow;
export const idOf = (row: Row): string => ("number" in row ? row.ticketId : row.contactId);

/** What is known of a sorted list, of which only the part around the window is held. */
export interface QueueData {
  readonly total: number;
  readonly capped: boolean;
  /** index -> id, as far as seen */
  readonly order: ReadonlyMap<number, string>;
  readonly rows: ReadonlyMap<string, Row>;
  readonly clocks: ReadonlyMap<string, readonly RibbonClock[]>;
  readonly calendars: ReadonlyMap<string, OpenHours>;
  /** when the clocks were read, milliseconds, by ticket */
  readonly readAt: ReadonlyMap<string, number>;
  /** when a row changed or came before one's eyes (milliseconds); what has long been there is not in it */
  readonly fresh: ReadonlyMap<string, number>;
  /** shown from what was kept on this machine at that time (milliseconds), until the gateway has told; null: told */
  readonly keptAt: number | null;
}

export interface WindowFrame {
  readonly total: number;
  readonly capped: boolean;
  readonly offset: number;
  readonly ids: readonly string[];
  readonly upserts: readonly Row[];
  readonly ribbons?: readonly (RibbonClock & { readonly ticketId: string })[];
  readonly calendars?: Readonly<Record<string, OpenHours>>;
  readonly at?: string;
}

const empty: QueueData = {
  total: 0,
  capped: false,
  order: new Map(),
  rows: new Map(),
  clocks: new Map(),
  calendars: new Map(),
  readAt: new Map(),
  fresh: new Map(),
  keptAt: null,
};

/** Rows kept beside those of the window, for a smooth way back. */
const keptRows = 1_500;
/** Places known beside those of the window; whoever has scrolled through fifty thousand rows needs no map of all of them. */
const keptPlaces = 2_000;
/** A change is news for so long. */
const freshMs = 3_000;

/** Takes a frame into what is known: the window's stretch is as the frame says; what was known of other stretches may have moved and is dropped when the total changed. */
export function takeFrame(before: QueueData | null, frame: WindowFrame): QueueData {
  const known = before ?? empty;
  const told = before !== null && before.keptAt === null;
  const now = Date.now();
  const moved =
    !told ||
    known.total !== frame.total ||
    frame.ids.some((id, at) => (known.order.get(frame.offset + at) ?? id) !== id);
  const order = moved ? new Map<number, string>() : new Map(known.order);
  if (!moved) {
    // Elsewhere the order may have moved unseen; no row stands in two places.
    const here = new Set(frame.ids);
    for (const [at, id] of order) if (here.has(id)) order.delete(at);
  }
  frame.ids.forEach((id, at) => order.set(frame.offset + at, id));
  const end = frame.offset + frame.ids.length;
  if (order.size > keptPlaces + frame.ids.length)
    for (const at of order.keys())
      if (at < frame.offset - keptPlaces / 2 || at > end + keptPlaces / 2) order.delete(at);
  const rows = new Map(known.rows);
  const fresh = new Map([...known.fresh].filter(([, at]) => now - at < freshMs));
  for (const row of frame.upserts) {
    const id = idOf(row);
    const old = rows.get(id);
    const changed = old === undefined ? known.total < frame.total : old.revision !== row.revision;
    if (told && changed) fresh.set(id, now);
    rows.delete(id);
    rows.set(id, row);
  }
  const clocks = new Map(known.clocks);
  const readAt = new Map(known.readAt);
  const at = frame.at === undefined ? now : Date.parse(frame.at);
  for (const [id, some] of Map.groupBy(frame.ribbons ?? [], ({ ticketId }) => ticketId)) {
    clocks.set(id, some);
    readAt.set(id, at);
  }
  if (rows.size > keptRows) {
    const needed = new Set(frame.ids);
    for (const id of rows.keys()) {
      if (rows.size <= keptRows) break;
      if (needed.has(id)) continue;
      for (const map of [rows, clocks, readAt, fresh]) map.delete(id);
    }
  }
  const calendars = joinCalendars(known.calendars, frame.calendars ?? {});
  return { total: frame.total, capped: frame.capped, order, rows, clocks, calendars, readAt, fresh, keptAt: null };
}

/** The same map where nothing new is told: every row in sight depends on it. */
function joinCalendars(
  known: QueueData["calendars"],
  told: Readonly<Record<string, OpenHours>>,
): QueueData["calendars"] {
  const news = Object.entries(told).flatMap(([id, hours]) => {
    const joined = joinHours(known.get(id), hours);
    return joined === known.get(id) ? [] : [[id, joined] as const];
  });
  return news.length === 0 ? known : new Map([...known, ...news]);
}

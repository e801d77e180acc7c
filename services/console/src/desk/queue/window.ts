import type { ContactRow, TicketRow } from "@docket/api-contract";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { get } from "../../api/client.ts";
import { useWatch } from "../../live/context.ts";
import { useMoment } from "../../moment/moment.ts";
import type { OpenHours, RibbonClock } from "../../ui/clock.ts";

export type Row = TicketRow | ContactRow;
export const idOf = (row: Row): string => ("number" in row ? row.ticketId : row.contactId);

export interface QueueFilter {
  /** a stock view */
  readonly queue: string;
  /** list filters as they stand in the address */
  readonly filters: Readonly<Record<string, string>>;
  readonly q: string;
  readonly sort: string | undefined;
}

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
  /** rows that changed a moment ago, with the count of their changes */
  readonly fresh: ReadonlyMap<string, number>;
}

export interface QueueState {
  readonly data: QueueData | null;
  readonly error: unknown;
  show(offset: number, limit: number): void;
  retry(): void;
}

interface WindowFrame {
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
};

/** Rows kept beside those of the window, for a smooth way back. */
const keptRows = 1_500;

/** Takes a frame into what is known: the window's stretch is as the frame says; what was known of other stretches may have moved and is dropped when the total changed. */
export function takeFrame(before: QueueData | null, frame: WindowFrame): QueueData {
  const known = before ?? empty;
  const moved =
    before !== null &&
    (before.total !== frame.total || frame.ids.some((id, at) => before.order.get(frame.offset + at) !== id));
  const order = new Map(moved ? [] : known.order);
  frame.ids.forEach((id, at) => order.set(frame.offset + at, id));
  const rows = new Map(known.rows);
  const fresh = new Map(known.fresh);
  for (const row of frame.upserts) {
    const id = idOf(row);
    const old = rows.get(id);
    if (old !== undefined && old.revision !== row.revision) fresh.set(id, (fresh.get(id) ?? 0) + 1);
    else if (old === undefined && before !== null && before.total < frame.total) fresh.set(id, 1);
    rows.delete(id);
    rows.set(id, row);
  }
  const clocks = new Map(known.clocks);
  const readAt = new Map(known.readAt);
  const at = frame.at === undefined ? Date.now() : Date.parse(frame.at);
  const told = new Map<string, RibbonClock[]>();
  for (const clock of frame.ribbons ?? []) told.set(clock.ticketId, [...(told.get(clock.ticketId) ?? []), clock]);
  for (const [id, some] of told) {
    clocks.set(id, some);
    readAt.set(id, at);
  }
  const needed = new Set(frame.ids);
  for (const id of rows.keys()) {
    if (rows.size <= keptRows) break;
    if (needed.has(id)) continue;
    for (const map of [rows, clocks, readAt, fresh]) map.delete(id);
  }
  const calendars =
    frame.calendars === undefined ? known.calendars : new Map([...known.calendars, ...Object.entries(frame.calendars)]);
  return { total: frame.total, capped: frame.capped, order, rows, clocks, calendars, readAt, fresh };
}

/** A queue as it is now (told live, window by window) or as it was (asked for page by page). */
export function useQueueWindow(wanted: QueueFilter): QueueState {
  const { live } = useMoment();
  const present = useLiveWindow(wanted);
  const past = usePastWindow(wanted, !live);
  return live ? present : past;
}

function useLiveWindow({ queue, filters, q, sort }: QueueFilter): QueueState {
  const [data, setData] = useState<QueueData | null>(null);
  const [error, setError] = useState<unknown>(undefined);
  const shown = useRef({ offset: 0, limit: 100 });
  const filter = { queue, ...filters, ...(q === "" ? {} : { q }) };
  const request = {
    view: "window",
    filter,
    ...(sort === undefined ? {} : { sort }),
    window: { offset: 0, limit: 100 },
    ...(queue === "intake" ? {} : { ribbons: true }),
  };
  const key = JSON.stringify(request);
  useEffect(() => {
    setData(null);
    setError(undefined);
    shown.current = { offset: 0, limit: 100 };
  }, [key]);
  const watching = useWatch(request, {
    frame: (frame) => {
      if (frame.type === "window") setData((before) => takeFrame(before, frame as unknown as WindowFrame));
    },
    refused: (code, title) => setError(Object.assign(new Error(title), { code })),
  });
  return {
    data,
    error,
    retry: () => setError(undefined),
    show: (offset, limit) => {
      if (watching.current === null) return;
      if (shown.current.offset === offset && shown.current.limit === limit) return;
      shown.current = { offset, limit };
      watching.current.scroll(offset, limit);
    },
  };
}

interface PastPage {
  readonly items: readonly Row[];
  readonly nextPage: string | null;
  readonly total?: number;
  readonly totalCapped?: boolean;
}

/** The past does not move: up to 2,000 rows are read once. */
function usePastWindow({ queue, filters, q, sort }: QueueFilter, enabled: boolean): QueueState {
  const { asOf } = useMoment();
  const page = useQuery({
    queryKey: ["past-queue", queue, filters, q, sort, asOf],
    enabled,
    staleTime: Infinity,
    queryFn: async ({ signal }) => {
      const items: Row[] = [];
      let next: string | null = null;
      let first: PastPage | undefined;
      do {
        const reply: PastPage = await get<PastPage>(`/queues/${queue}`, {
          query: {
            ...filters,
            q: q === "" ? undefined : q,
            sort,
            asOf,
            limit: 500,
            page: next,
            count: next === null ? "true" : undefined,
          },
          signal,
        });
        first ??= reply;
        items.push(...reply.items);
        next = reply.nextPage;
      } while (next !== null && items.length < 2_000);
      const ids = items.slice(0, 200).map(idOf);
      const ribbons =
        queue === "intake" || ids.length === 0
          ? undefined
          : await get<{ items: WindowFrame["ribbons"]; calendars: WindowFrame["calendars"]; at: string }>(
              "/sla/ribbons",
              {
                query: { tickets: ids, asOf },
                signal,
              },
            );
      return takeFrame(null, {
        total: next === null ? items.length : (first?.total ?? items.length),
        capped: next !== null,
        offset: 0,
        ids: items.map(idOf),
        upserts: items,
        ...(ribbons === undefined
          ? {}
          : { ribbons: ribbons.items ?? [], calendars: ribbons.calendars ?? {}, at: ribbons.at }),
      });
    },
  });
  return {
    data: page.data ?? null,
    error: page.error ?? undefined,
    retry: () => void page.refetch(),
    show: () => undefined,
  };
}

import { useQuery } from "@tanstack/react-query";
import { startTransition, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { get } from "../../api/client.ts";
import { useConnection, useWatch } from "../../live/context.ts";
import { useMoment } from "../../moment/moment.ts";
import { useSession } from "../../api/session.ts";
import { keepQueue, keptQueue } from "./kept-queue.ts";
import { idOf, takeFrame, type QueueData, type Row, type WindowFrame } from "./queue-data.ts";
import { askForWindows } from "./window-asking.ts";

export interface QueueFilter {
  /** a stock view */
  readonly queue: string;
  /** list filters as they stand in the address */
  readonly filters: Readonly<Record<string, string>>;
  readonly q: string;
  readonly sort: string | undefined;
}

export interface QueueState {
  readonly data: QueueData | null;
  /** names the list that is wanted; another one begins at its top */
  readonly place: string;
  /** what is shown is the list as it was narrowed or sorted before, until the one that is wanted is told */
  readonly isBefore: boolean;
  readonly error: unknown;
  /** rows from `first` to before `end` are drawn */
  show(first: number, end: number): void;
  retry(): void;
}

/** A queue as it is now (told live, window by window) or as it was (asked for page by page). */
export function useQueueWindow(wanted: QueueFilter): QueueState {
  const { live } = useMoment();
  const present = useLiveWindow(wanted, live);
  const past = usePastWindow(wanted, !live);
  return live ? present : past;
}

/** The stretch that is asked for first. */
const firstRows = { offset: 0, limit: 80 } as const;

function useLiveWindow({ queue, filters, q, sort }: QueueFilter, enabled: boolean): QueueState {
  const { account } = useSession();
  const connection = useConnection();
  const [error, setError] = useState<unknown>(undefined);
  const filter = { queue, ...filters, ...(q === "" ? {} : { q }) };
  const request = {
    view: "window",
    filter,
    ...(sort === undefined ? {} : { sort }),
    window: firstRows,
    ...(queue === "intake" ? {} : { ribbons: true }),
  };
  const key = JSON.stringify(request);
  const place = `${account.accountId}.${key}`;
  // What stood here last is shown at once, with its age; the first frame replaces it.
  const kept = useMemo(() => (enabled ? keptQueue(place) : null), [place, enabled]);
  const [held, setHeld] = useState<Held>({ place, queue, data: kept });
  // A queue that is sorted or narrowed anew stays as it was until the answer is there, a moment later: taking all its rows away and
  // drawing others is the longest work of this screen, and what was clicked is to be seen before it.
  const isBefore =
    held.place !== place &&
    held.queue === queue &&
    held.data !== null &&
    error === undefined &&
    connection.state === "live";
  const data = held.place === place || isBefore ? held.data : kept;
  useEffect(() => setError(undefined), [place, enabled]);
  const asking = useMemo(
    () =>
      askForWindows(firstRows, ({ offset, limit }) => watching.current?.scroll(offset, limit), {
        now: () => performance.now(),
        later: (run, ms) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      }),
    // a list of its own is asked for from its own beginning
    [place, enabled],
  );
  useEffect(() => () => asking.stop(), [asking]);
  const watching = useWatch(request, {
    frame: (told) => {
      if (told.type !== "window") return;
      const frame = told as unknown as WindowFrame;
      asking.answered(frame.offset);
      const take = (): void =>
        setHeld((before) => ({
          place,
          queue,
          data: takeFrame(before.place === place ? before.data : kept, frame),
        }));
      // Drawing another list takes long: whoever presses a key meanwhile comes first. Rows that somebody scrolls to cannot wait.
      if (isBefore) startTransition(take);
      else take();
    },
    refused: (code, title) => setError(Object.assign(new Error(title), { code })),
  });
  const latest = useRef(held);
  latest.current = held;
  useEffect(() => {
    const keep = (): void => {
      if (latest.current.place === place) keepQueue(place, latest.current.data);
    };
    const timer = setInterval(keep, 10_000);
    window.addEventListener("pagehide", keep);
    return () => {
      clearInterval(timer);
      window.removeEventListener("pagehide", keep);
      keep();
    };
  }, [place]);
  const retry = useCallback(() => setError(undefined), []);
  return { data, place, isBefore, error, retry, show: asking.show };
}

interface Held {
  readonly place: string;
  readonly queue: string;
  readonly data: QueueData | null;
}

/** As many as one command can be given at once. */
const mostPicked = 1_000;

/** The ids of a list's rows in its order, also of those that are not in sight, as far as one command reaches. */
export async function idsOf({ queue, filters, q, sort }: QueueFilter): Promise<readonly string[]> {
  const ids: string[] = [];
  let next: string | null = null;
  do {
    const reply: PastPage = await get<PastPage>(`/queues/${queue}`, {
      query: { ...filters, q: q === "" ? undefined : q, sort, limit: 500, page: next },
    });
    ids.push(...reply.items.map(idOf));
    next = reply.nextPage;
  } while (next !== null && ids.length < mostPicked);
  return ids.slice(0, mostPicked);
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
    place: JSON.stringify([queue, filters, q, sort, asOf]),
    isBefore: false,
    error: page.error ?? undefined,
    retry: () => void page.refetch(),
    show: nothing,
  };
}
const nothing = (): void => undefined;

import { useNavigate, useSearch } from "@tanstack/react-router";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { get, type Query } from "../api/client.ts";

/** The instant that every screen shows: null is now, live; a past one turns every action off. */
export interface Moment {
  /** ISO with milliseconds in UTC, as it stands in the address (`?asOf=`) */
  readonly asOf: string | null;
  readonly live: boolean;
  show(asOf: string | null): void;
}

export function useMoment(): Moment {
  // Only this of the address: half of what stands on a screen asks for the moment, and is not to be drawn anew when a list is sorted.
  const shown = useSearch({ strict: false, select: ({ asOf }: { readonly asOf?: unknown }) => parseMoment(asOf) });
  const navigate = useNavigate();
  return {
    asOf: shown,
    live: shown === null,
    show: (wanted) =>
      void navigate({
        to: ".",
        search: ((before: Record<string, unknown>) => ({ ...before, asOf: wanted ?? undefined })) as never,
      }),
  };
}

export function parseMoment(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

interface ReadOptions<T> {
  readonly query?: Query;
  readonly enabled?: boolean;
  readonly staleTime?: number;
  /** how long what nobody looks at any more is kept (ms); usual: five minutes */
  readonly keptFor?: number;
  /** an address that knows no `asOf` is asked without one */
  readonly timeless?: boolean;
  readonly refetchInterval?: number | false;
  /** puts the answer together from several, each asked for with more in its query */
  readonly gather?: (ask: (more: Query) => Promise<T>) => Promise<T>;
}

/** A read of the API at the moment that is shown: `asOf` goes with the question and is part of its key. */
export function useRead<T>(path: string, options: ReadOptions<T> = {}): UseQueryResult<T> {
  const { asOf } = useMoment();
  const query = { ...options.query, ...(asOf === null || options.timeless === true ? {} : { asOf }) };
  return useQuery<T>({
    queryKey: readKey(path, query),
    queryFn: async ({ signal }) => {
      // What somebody did is painted before the questions that follow from it are asked.
      await new Promise((resolve) => setTimeout(resolve));
      const ask = (more: Query): Promise<T> => get<T>(path, { query: { ...query, ...more }, signal });
      return options.gather === undefined ? ask({}) : options.gather(ask);
    },
    enabled: options.enabled ?? true,
    ...(options.refetchInterval === undefined ? {} : { refetchInterval: options.refetchInterval }),
    ...(options.staleTime === undefined ? {} : { staleTime: options.staleTime }),
    ...(options.keptFor === undefined ? {} : { gcTime: options.keptFor }),
  });
}

/** The key of a read: the first segments of the path one by one, so that `["tickets", id]` names all about one ticket. */
export const readKey = (path: string, query: Query = {}): readonly unknown[] => [
  ...path.split("/").filter(Boolean),
  query,
];

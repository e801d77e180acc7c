import type { Replay, ReplayStep } from "@docket/api-contract";
import { useQueries } from "@tanstack/react-query";
import { get } from "../api/client.ts";

const pageSize = 100;

export interface ReplayData {
  readonly total: number;
  /** the steps up to the one that is looked at, as far as they are there */
  readonly steps: readonly ReplayStep[];
  readonly current: ReplayStep | undefined;
  readonly head: Replay | undefined;
  readonly error: unknown;
}

/** A ticket's life in pages of a hundred steps: those before the step are needed for its story, the one after it is fetched ahead. */
export function useReplay(reference: string, step: number): ReplayData {
  const wanted = Math.floor(step / pageSize);
  const pages = useQueries({
    queries: Array.from({ length: wanted + 1 }, (_, page) => ({
      queryKey: ["tickets", reference, "replay", page],
      staleTime: 60_000,
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        get<Replay>(`/tickets/${reference}/replay`, { query: { from: page * pageSize, limit: pageSize }, signal }),
    })),
  });
  const known = pages.flatMap(({ data }) => data?.items ?? []);
  const newest = pages.findLast(({ data }) => data !== undefined)?.data;
  return {
    total: newest?.total ?? 0,
    steps: known.filter(({ revision }) => revision <= step),
    current: known.find(({ revision }) => revision === step),
    head: newest,
    error: pages.find(({ isError }) => isError)?.error ?? undefined,
  };
}

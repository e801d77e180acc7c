import type { Replay, ReplayStep } from "@docket/api-contract";
import { useQueries } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import { useMoment } from "../moment/moment.ts";
import { browserZone } from "../text/format.ts";
import { currentLanguage } from "../text/i18n.ts";

const pageSize = 100;

export interface ReplayData {
  readonly total: number;
  /** the steps up to the one that is looked at, as far as they are there */
  readonly steps: readonly ReplayStep[];
  readonly current: ReplayStep | undefined;
  readonly head: Replay | undefined;
  readonly error: unknown;
  again(): void;
}

/** A ticket's life in pages of a hundred steps: those before the step are needed for its story, the one after it is fetched ahead. */
export function useReplay(reference: string, step: number): ReplayData {
  const { asOf } = useMoment();
  const wanted = Math.floor(step / pageSize);
  const words = { zone: browserZone, ...(asOf === null ? {} : { asOf }) };
  const pages = useQueries({
    queries: Array.from({ length: wanted + 1 }, (_, page) => ({
      queryKey: ["tickets", reference, "replay", page, words, currentLanguage()],
      staleTime: 60_000,
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        get<Replay>(`/tickets/${reference}/replay`, {
          query: { from: page * pageSize, limit: pageSize, ...words },
          signal,
        }),
    })),
  });
  const known = pages.flatMap(({ data }) => data?.items ?? []);
  const newest = pages.findLast(({ data }) => data !== undefined)?.data;
  return {
    total: newest?.total ?? 0,
    steps: known.filter(({ revision }) => revision <= step),
    current: known.find(({ revision }) => revision === step),
    head: newest,
    error: pages.find(({ isError, data }) => isError && data === undefined)?.error ?? undefined,
    again: () => pages.forEach((page) => void page.refetch()),
  };
}

import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { get, type Query } from "./client.ts";

interface PagesOptions {
  /** asked with the first page only: what counts the whole */
  readonly first?: Query;
  /** ms between two askings; none when left out */
  readonly refetchInterval?: number;
}

/** A list of the API by pages of 100: the first now, each further one when it is asked for (see `More`). */
export function usePages<Page extends { readonly nextPage: string | null }>(
  path: string,
  query: Query,
  { first = {}, ...options }: PagesOptions = {},
): UseInfiniteQueryResult<InfiniteData<Page>> {
  return useInfiniteQuery({
    queryKey: ["pages", path, query],
    initialPageParam: null as string | null,
    queryFn: ({ signal, pageParam }) =>
      get<Page>(path, {
        query: { ...query, ...(pageParam === null ? first : {}), limit: 100, page: pageParam },
        signal,
      }),
    getNextPageParam: ({ nextPage }) => nextPage,
    ...options,
  });
}

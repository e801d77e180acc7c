import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./problem.ts";

/** A refusal is an answer and is not asked again; what could not be reached is, a few times. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => !(error instanceof ApiError && error.status < 500) && failures < 3,
    },
  },
});

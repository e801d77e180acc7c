import type { Attempt } from "./message.ts";

/**
 * Messages that wait to be handed out again, in the order of the source; replayed ones, which have no place in it, come last
 * in the order they came.
 */
export type Retries = {
  add(attempt: Attempt): void;
  /** Goes over the waiting messages in order; those for which `take` gives true leave. Stops when it gives "stop". */
  scan(take: (attempt: Attempt) => boolean | "stop"): void;
  readonly size: number;
};

export function createRetries(): Retries {
  const waiting: Attempt[] = [];
  const rank = (attempt: Attempt) => attempt.message.stretch ?? Number.POSITIVE_INFINITY;
  return {
    add(attempt) {
      let low = 0;
      let high = waiting.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (rank(waiting[middle]!) <= rank(attempt)) low = middle + 1;
        else high = middle;
      }
      waiting.splice(low, 0, attempt);
    },
    scan: (take) => scan(waiting, take),
    get size() {
      return waiting.length;
    },
  };
}

/** Goes over a list in order and removes what is taken; see `Retries.scan`. */
export function scan(list: Attempt[], take: (attempt: Attempt) => boolean | "stop"): void {
  let kept = 0;
  let at = 0;
  for (; at < list.length; at++) {
    const taken = take(list[at]!);
    if (taken === "stop") break;
    if (!taken) list[kept++] = list[at]!;
  }
  if (kept !== at) list.splice(kept, at - kept);
}

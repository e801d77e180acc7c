import type { FilterOptions } from "../wire/read-messages.ts";

/**
 * When a filtered subscription to `$all` reports a checkpoint (spec 3.7 and 11).
 *
 * While catching up a real node reads pages, each ended by the search window or by 32 matches, and compares the count of events
 * looked at with the interval only between pages; live, it compares after every event. The pages are counted here, so the
 * checkpoints fall on the same events however the store is read. Positions never repeat or decrease.
 */
export type CheckpointRule = {
  /** Tells the next event looked at; gives the position to report after it, if one falls due. */
  considered(position: number, matched: boolean, catchingUp: boolean): number | undefined;
  /** The end of catching up: the last match, unless it is covered already. */
  caughtUp(): number | undefined;
};

const PAGE_MATCHES = 32;
const DEFAULT_WINDOW = 32;

/** `startCounts`: the subscription starts behind an event, which a real node reads again and counts. */
export function checkpointRule(options: FilterOptions, startCounts: boolean): CheckpointRule {
  const window = options.max || DEFAULT_WINDOW;
  const interval = options.multiplier * window;
  let counter = 0;
  let inPage = startCounts ? 1 : 0;
  let matchesInPage = 0;
  let lastMatch: number | undefined;
  let reported = 0;

  function report(position: number): number | undefined {
    if (position <= reported) return undefined;
    reported = position;
    return position;
  }

  return {
    considered(position, matched, catchingUp) {
      if (matched) lastMatch = position;
      if (catchingUp) {
        inPage += 1;
        if (matched) matchesInPage += 1;
        if (inPage < window && matchesInPage < PAGE_MATCHES) return undefined;
        counter += inPage;
        inPage = 0;
        matchesInPage = 0;
      } else counter += 1;
      if (counter < interval) return undefined;
      counter %= interval;
      return report(position);
    },
    caughtUp() {
      counter += inPage;
      inPage = 0;
      matchesInPage = 0;
      return lastMatch === undefined ? undefined : report(lastMatch);
    },
  };
}

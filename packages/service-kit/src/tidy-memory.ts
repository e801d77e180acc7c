export interface TidyMemoryOptions {
  /** Node's `gc`, there with --expose-gc; without it nothing is done */
  readonly collect: NodeJS.GCFunction | undefined;
  /** ends the waiting */
  readonly signal: AbortSignal;
  /** which part of the time since its last call the process worked, 0 to 1 (default: Node's own measure) */
  readonly worked?: () => number;
  /** between two looks (default 2,000 ms) */
  readonly lookMs?: number;
}

/** Worked less than so: nobody waits for the tenths of a second that it takes. */
const quiet = 0.1;

/**
 * Gives the memory back that a start has left behind: half-empty pages of the heap, and code that ran once. Node does so only
 * when it needs room, which an idle service never does.
 *
 * States: *waiting* (a look every two seconds) -> *done*, for good, after the first look that finds the process idle; so it never
 * comes in the way of work. A process that is never idle keeps what it has.
 */
export function tidyMemoryWhenQuiet({
  collect,
  signal,
  worked = workedSince(),
  lookMs = 2_000,
}: TidyMemoryOptions): void {
  if (collect === undefined || signal.aborted) return;
  const timer = setInterval(() => {
    if (worked() > quiet) return;
    clearInterval(timer);
    collect({ type: "major", execution: "sync", flavor: "last-resort" });
  }, lookMs).unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

function workedSince(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}

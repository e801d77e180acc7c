import { sleep } from "./clock.ts";

/** How long to wait between tries and how often to try. Times are milliseconds. */
export interface BackoffOptions {
  /** Upper bound of the first wait (default 50). */
  readonly firstMs?: number;
  /** Upper bound of any wait (default 5,000). */
  readonly maxMs?: number;
  /** Growth per try (default 2). */
  readonly factor?: number;
}

export interface RetryOptions extends BackoffOptions {
  /** Tries in all, the first included (default 8). `Infinity` needs a `signal`, so that every loop has an end. */
  readonly attempts?: number;
  readonly signal?: AbortSignal;
  /** False for an error that another try cannot cure (default: every error is worth another try). */
  readonly retryable?: (error: unknown) => boolean;
  /** Told before each wait; for logs and metrics. */
  readonly onRetry?: (error: unknown, attempt: number, waitMs: number) => void;
}

/**
 * The wait after failure number `attempt` (from 1): between half and the whole of first * factor^(attempt-1), at most max.
 * The lower half stays so that a dead server is not hammered; the upper is drawn so that clients do not come back in step.
 */
export function backoffMs(attempt: number, options: BackoffOptions = {}, random: () => number = Math.random): number {
  const { firstMs = 50, maxMs = 5_000, factor = 2 } = options;
  const ceiling = Math.min(maxMs, firstMs * factor ** (attempt - 1));
  return ceiling / 2 + (random() * ceiling) / 2;
}

/**
 * Runs `work` until it succeeds, with growing, jittered waits between tries. Rejects with the last error when the tries
 * are used up or the error is not retryable, and with the signal's reason when it aborts.
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { attempts = 8, signal, retryable = () => true, onRetry } = options;
  if (attempts === Infinity && signal === undefined) throw new RangeError("endless retry needs an abort signal");
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      if (attempt >= attempts || !retryable(error)) throw error;
      const waitMs = backoffMs(attempt, options);
      onRetry?.(error, attempt, waitMs);
      await sleep(waitMs, signal);
    }
  }
}

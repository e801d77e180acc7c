import { setTimeout as delay } from "node:timers/promises";
import { CodedError } from "./coded-error.ts";

/**
 * The only source of the present moment for anything that a rule of the regulation can see.
 *
 * - `now()` gives the present instant.
 * - `until(at, signal)` resolves once `now() >= at` (at once when that already holds), and rejects with the signal's
 *   reason when the signal aborts first.
 *
 * Technical waiting (retries, batch windows, time-outs) is not the regulation's time and uses real timers.
 */
export interface Clock {
  now(): Date;
  until(at: Date, signal?: AbortSignal): Promise<void>;
}

/**
 * A jump of the wall clock (laptop asleep, NTP step) does not move a running timer, so a long wait is cut into pieces
 * and the clock is looked at again after each. It also keeps below the 24.8 days that one timer can hold.
 */
const LONGEST_SLEEP_MS = 30_000;

/** The machine's own clock. */
export function systemClock(): Clock {
  return {
    now: () => new Date(),
    async until(at, signal) {
      signal?.throwIfAborted();
      for (let left = at.getTime() - Date.now(); left > 0; left = at.getTime() - Date.now()) {
        await sleep(Math.min(left, LONGEST_SLEEP_MS), signal);
      }
    },
  };
}

/** A clock that stands still until it is moved; for tests within one process. */
export interface ManualClock extends Clock {
  /** Moves the clock forward to `instant` and wakes every waiter whose time has come; `clock_backwards` if earlier. */
  advanceTo(instant: Date): void;
  /** Moves the clock forward by `ms` real milliseconds. */
  advanceBy(ms: number): void;
}

/** A manual clock that starts at `start`. */
export function manualClock(start: Date): ManualClock {
  let present = start.getTime();
  const waiters = new Waiters();
  const advance = (to: number): void => {
    refuseBackwards(new Date(present), new Date(to));
    present = to;
    waiters.wake(present);
  };
  return {
    now: () => new Date(present),
    until: (at, signal) => (at.getTime() <= present ? passed(signal) : waiters.add(at, signal)),
    advanceTo: (instant) => advance(instant.getTime()),
    advanceBy: (ms) => advance(present + ms),
  };
}

/** Throws `clock_backwards` when `to` lies before `from`: deadlines already judged cannot become unjudged. */
export function refuseBackwards(from: Date, to: Date): void {
  if (Number.isNaN(to.getTime()))
    throw new CodedError("clock_invalid", "the instant to move the clock to is not a date");
  if (to.getTime() < from.getTime()) {
    throw new CodedError("clock_backwards", `a clock at ${from.toISOString()} cannot go back to ${to.toISOString()}`);
  }
}

/** What `until` gives for a moment already reached: nothing, unless the caller had given up before. */
export function passed(signal: AbortSignal | undefined): Promise<void> {
  return signal?.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve();
}

/** Those who wait for a moment of a manual clock. An aborted waiter leaves at once. */
export class Waiters {
  readonly #waiting = new Set<{ at: number; resolve: () => void }>();

  get size(): number {
    return this.#waiting.size;
  }

  add(at: Date, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (signal?.aborted) return passed(signal);
    const waiter = {
      at: at.getTime(),
      resolve: () => {
        signal?.removeEventListener("abort", abandon);
        resolve();
      },
    };
    const abandon = (): void => {
      this.#waiting.delete(waiter);
      reject(signal?.reason as Error);
    };
    signal?.addEventListener("abort", abandon, { once: true });
    this.#waiting.add(waiter);
    return promise;
  }

  wake(now: number): void {
    for (const waiter of this.#waiting) {
      if (waiter.at <= now) {
        this.#waiting.delete(waiter);
        waiter.resolve();
      }
    }
  }
}

/** Waits `ms` of real time; rejects with the signal's own reason when it aborts. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

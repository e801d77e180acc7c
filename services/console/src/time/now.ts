import { useSyncExternalStore } from "react";

let offset = 0;

/**
 * The regulation's time is the server's. A machine whose clock is off by more than a few seconds (the header's grain and the
 * way here) is corrected, so that countdowns tell the truth.
 */
export function noteServerTime(date: string | null): void {
  const server = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(server)) return;
  const found = server - Date.now();
  offset = Math.abs(found) < 5_000 ? 0 : found;
}

export const now = (): number => Date.now() + offset;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.visibilityState === "visible") for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** What depends on the present moment, worked out once a second; the component is drawn only when the result differs. */
export function useTicking<T extends string | number | boolean>(worker: (at: number) => T): T {
  return useSyncExternalStore(subscribe, () => worker(now()));
}

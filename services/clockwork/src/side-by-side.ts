/** Runs tasks of one kind side by side, at most `limit` at a time. The first rejection is passed on; the rest is not begun. */
export async function sideBySide<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

/**
 * Runs tasks that last until the signal aborts, all or none: when one of them ends early, by an error or not, the others are
 * told to stop, and its error is passed on once all have.
 */
export async function together(
  signal: AbortSignal,
  tasks: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const outcomes = await Promise.allSettled(
    tasks.map(async (task) => {
      try {
        await task(both);
      } finally {
        over.abort(new DOMException("another part ended", "AbortError"));
      }
    }),
  );
  for (const outcome of outcomes) if (outcome.status === "rejected" && !signal.aborted) throw outcome.reason;
}

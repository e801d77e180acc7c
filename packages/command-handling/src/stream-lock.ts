/** Runs work one at a time for each key, in the order in which it came; work of different keys runs side by side. */
export type Lock = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** A lock within this process. Keys that nobody waits for take no memory. */
export function oneAtATime(): Lock {
  const lastOf = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = lastOf.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    lastOf.set(key, settled);
    try {
      return await mine;
    } finally {
      if (lastOf.get(key) === settled) lastOf.delete(key);
    }
  };
}

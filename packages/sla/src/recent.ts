/**
 * A small memory of the entries last used. `recall(key, make)` gives the entry of a key, made when it is not kept;
 * beyond the limit the one unused for longest goes.
 */
export function recentlyUsed<V>(limit: number): (key: string, make: () => V) => V {
  const kept = new Map<string, V>();
  return (key, make) => {
    const known = kept.get(key);
    const value = known ?? make();
    if (known !== undefined) kept.delete(key);
    kept.set(key, value);
    if (kept.size > limit) {
      for (const oldest of kept.keys()) {
        kept.delete(oldest);
        break;
      }
    }
    return value;
  };
}

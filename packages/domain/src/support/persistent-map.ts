/**
 * A map that never changes: `put` and `remove` give a new one that shares almost everything with the old. Keys are spread
 * over a fixed number of small buckets, so that one change copies one bucket and not the whole map: a directory of fifty
 * thousand people folds as fast as one of fifty.
 */
export interface PersistentMap<V> {
  readonly size: number;
  readonly buckets: readonly (ReadonlyMap<string, V> | undefined)[];
}

const BUCKETS = 256;
const none: readonly undefined[] = Array.from({ length: BUCKETS }, () => undefined);

export function emptyMap<V>(): PersistentMap<V> {
  return { size: 0, buckets: none };
}

function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
}

export function lookup<V>(map: PersistentMap<V>, key: string): V | undefined {
  return map.buckets[bucketOf(key)]?.get(key);
}

export function put<V>(map: PersistentMap<V>, key: string, value: V): PersistentMap<V> {
  const index = bucketOf(key);
  const old = map.buckets[index];
  if (old?.get(key) === value && old.has(key)) return map;
  const bucket = new Map(old);
  bucket.set(key, value);
  const buckets = map.buckets.slice();
  buckets[index] = bucket;
  return { size: map.size + (old?.has(key) ? 0 : 1), buckets };
}

export function remove<V>(map: PersistentMap<V>, key: string): PersistentMap<V> {
  const index = bucketOf(key);
  const old = map.buckets[index];
  if (!old?.has(key)) return map;
  const bucket = new Map(old);
  bucket.delete(key);
  const buckets = map.buckets.slice();
  buckets[index] = bucket.size > 0 ? bucket : undefined;
  return { size: map.size - 1, buckets };
}

/** All values, sorted by key, so that what is derived from them does not depend on the order in which they came. */
export function valuesOf<V>(map: PersistentMap<V>): V[] {
  const entries: [string, V][] = [];
  for (const bucket of map.buckets) if (bucket) entries.push(...bucket);
  return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}

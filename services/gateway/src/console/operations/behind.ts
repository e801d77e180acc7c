import type { EventStore, LogPosition } from "@docket/event-store";

/** Counted no further: beyond, somebody is "more than" that many behind. */
export const mostCounted = 10_000;

/** Somebody who follows the log: how far he has come, and the streams that concern him, by the beginnings of their names. */
export interface Follower {
  readonly at: LogPosition;
  /** none: every stream but the store's own */
  readonly prefixes: readonly string[];
}

/** How many events that concern each of the followers lie beyond him; counted in one reading from the hindmost on. */
export async function countBehind(
  store: Pick<EventStore, "readAll">,
  followers: readonly Follower[],
): Promise<{ readonly events: number; readonly capped: boolean }[]> {
  const counts = followers.map(() => 0);
  const hindmost = followers.reduce<LogPosition | undefined>(
    (least, { at }) => (least === undefined || isBefore(at, least) ? at : least),
    undefined,
  );
  if (hindmost === undefined) return [];
  const everything = followers.some(({ prefixes }) => prefixes.length === 0);
  const prefixes = [...new Set(followers.flatMap((follower) => follower.prefixes))];
  // the first one that is read may be the one at the hindmost's place itself
  const asked = { from: hindmost, limit: mostCounted + 2, ...(everything ? {} : { prefixes }) };
  for await (const event of store.readAll(asked))
    for (const [index, { at, prefixes: own }] of followers.entries())
      if (isBefore(at, event.position) && (own.length === 0 || own.some((prefix) => event.stream.startsWith(prefix))))
        counts[index] = (counts[index] ?? 0) + 1;
  return counts.map((count) => ({ events: Math.min(count, mostCounted), capped: count > mostCounted }));
}

const isBefore = (a: LogPosition, b: LogPosition): boolean =>
  a.commit < b.commit || (a.commit === b.commit && a.prepare < b.prepare);

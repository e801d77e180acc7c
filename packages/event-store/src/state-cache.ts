import type { EventStore, StoredFact, Tail } from "./api.ts";
import { noTail } from "./api.ts";
import type { LogPosition } from "./position.ts";
import { startOfLog } from "./position.ts";

/** A stream folded up to its event `tail`. */
export interface Folded<S> {
  readonly state: S;
  readonly tail: Tail;
  /** of the event at the tail; startOfLog when there is none */
  readonly position: LogPosition;
}

/** How the events of a stream become a state. */
export interface Fold<S> {
  readonly initial: S;
  evolve(state: S, fact: StoredFact): S;
}

/**
 * Folded states of the streams used last, at most `maxStreams`. An entry is true as of some moment and may have been
 * overtaken by another process; `refresh` reads what came after it. Everything is forgotten when personal data were erased.
 */
export interface StateCache {
  /** What is known without asking the store. */
  peek<S>(stream: string): Folded<S> | undefined;
  /** The state at the stream's end: the known one plus the events behind it. */
  refresh<S>(stream: string, fold: Fold<S>): Promise<Folded<S>>;
  /** Adds facts that were just written behind the known state; an unknown or differing state is left to `refresh`. */
  advance<S>(stream: string, fold: Fold<S>, base: Folded<S>, facts: readonly StoredFact[]): Folded<S>;
  /** Forgets a stream: what stands in the store is in doubt. */
  forget(stream: string): void;
  readonly size: number;
}

/** Makes an empty cache over a store. Memory is bounded by the number of streams, the least recently used go first. */
export function createStateCache(
  store: Pick<EventStore, "load"> & Partial<Pick<EventStore, "onForgotten">>,
  maxStreams = 5_000,
): StateCache {
  const known = new Map<string, Folded<unknown>>();
  // What was erased must not live on in a folded state, nor come back with one whose reading had begun before.
  let era = 0;
  const eras = new WeakMap<Folded<unknown>, number>();
  store.onForgotten?.(() => {
    era++;
    known.clear();
  });

  const keep = (stream: string, folded: Folded<unknown>, since: number): void => {
    if (since !== era) return;
    eras.set(folded, since);
    known.delete(stream);
    known.set(stream, folded);
    const [oldest] = known.size > maxStreams ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
  };
  const peek = <S>(stream: string): Folded<S> | undefined => {
    const folded = known.get(stream) as Folded<S> | undefined;
    if (folded !== undefined) keep(stream, folded, era);
    return folded;
  };
  const addFacts = <S>(
    stream: string,
    fold: Fold<S>,
    base: Folded<S>,
    facts: readonly StoredFact[],
    since: number,
  ): Folded<S> => {
    const folded = foldOn(base, fold, facts);
    if (folded.tail.revision >= 0) keep(stream, folded, since);
    return folded;
  };

  return {
    peek,
    advance: (stream, fold, base, facts) => addFacts(stream, fold, base, facts, eras.get(base) ?? era),
    async refresh<S>(stream: string, fold: Fold<S>) {
      const since = era;
      const base = peek<S>(stream) ?? { state: fold.initial, tail: noTail, position: startOfLog };
      const facts = await store.load(stream, { from: base.tail.revision + 1 });
      const first = facts[0];
      // The chain must go on from where we stand; if it does not, what we hold stands nowhere (a store set back to a backup).
      if (first !== undefined && first.prevHash !== base.tail.hash && base.tail.revision >= 0) {
        known.delete(stream);
        const unread: Folded<S> = { state: fold.initial, tail: noTail, position: startOfLog };
        return addFacts(stream, fold, unread, await store.load(stream), since);
      }
      return addFacts(stream, fold, base, facts, since);
    },
    forget: (stream) => void known.delete(stream),
    get size() {
      return known.size;
    },
  };
}

/** A folded state and the facts behind it. */
export function foldOn<S>(base: Folded<S>, fold: Fold<S>, facts: readonly StoredFact[]): Folded<S> {
  const last = facts.at(-1);
  if (last === undefined) return base;
  let { state } = base;
  for (const fact of facts) state = fold.evolve(state, fact);
  return { state, tail: { revision: last.revision, hash: last.hash }, position: last.position };
}

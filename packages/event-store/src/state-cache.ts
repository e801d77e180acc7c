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
 * overtaken by another process; `refresh` reads what came after it.
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
export function createStateCache(store: Pick<EventStore, "load">, maxStreams = 5_000): StateCache {
  const known = new Map<string, Folded<unknown>>();

  const keep = (stream: string, folded: Folded<unknown>): void => {
    known.delete(stream);
    known.set(stream, folded);
    const [oldest] = known.size > maxStreams ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
  };
  const peek = <S>(stream: string): Folded<S> | undefined => {
    const folded = known.get(stream) as Folded<S> | undefined;
    if (folded !== undefined) keep(stream, folded);
    return folded;
  };
  const advance = <S>(stream: string, fold: Fold<S>, base: Folded<S>, facts: readonly StoredFact[]): Folded<S> => {
    const folded = foldOn(base, fold, facts);
    if (folded.tail.revision >= 0) keep(stream, folded);
    return folded;
  };

  return {
    peek,
    advance,
    async refresh<S>(stream: string, fold: Fold<S>) {
      const base = peek<S>(stream) ?? { state: fold.initial, tail: noTail, position: startOfLog };
      const facts = await store.load(stream, { from: base.tail.revision + 1 });
      const first = facts[0];
      // The chain must go on from where we stand; if it does not, what we hold stands nowhere (a store set back to a backup).
      if (first !== undefined && first.prevHash !== base.tail.hash && base.tail.revision >= 0) {
        known.delete(stream);
        return advance(
          stream,
          fold,
          { state: fold.initial, tail: noTail, position: startOfLog },
          await store.load(stream),
        );
      }
      return advance(stream, fold, base, facts);
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

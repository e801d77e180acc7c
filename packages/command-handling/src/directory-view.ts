import {
  type AnyEvent,
  type Directory,
  type DirectoryEvent,
  emptyDirectory,
  evolveDirectory,
  type Fact,
} from "@docket/domain";
import {
  comparePositions,
  type EventStore,
  type FollowStatus,
  type LogPosition,
  type RawEvent,
  startOfLog,
} from "@docket/event-store";
import { sleep } from "@docket/service-kit";

/** The streams that the directory is folded from. */
export const directoryPrefixes = [
  "organization-",
  "contract-",
  "calendar-",
  "staff-",
  "group-",
  "routing-rules",
  "plan-",
  "letter-",
] as const;

/**
 * The directory as of a moment ago, folded in memory from its streams.
 *
 * States: filling (the past is being read; `ready` waits) -> following (ready; a few milliseconds behind the store; while the
 * store is away it stays as it was) -> closed.
 */
export interface DirectoryView {
  /** Resolves when the past has been read; rejects when the view is closed before. */
  readonly ready: Promise<void>;
  current(): Directory;
  /** False for the moment that it takes to read everything anew after an erasure: until then erased names are in it. */
  isSettled(): boolean;
  settled(): Promise<void>;
  /** Every event up to here is in it. */
  position(): LogPosition;
  /** Resolves when every event up to this position is in it; rejects when the signal aborts. */
  waitFor(position: LogPosition, signal?: AbortSignal): Promise<void>;
  /**
   * Reads what the store has beyond the view now, and gives the directory with it. Throws StoreUnavailable. With `upTo`, the position of an
   * event, every event up to there is enough: nothing is read when it is in the view, and what was read is not read again.
   */
  refresh(upTo?: LogPosition): Promise<Directory>;
  /** Adds facts that the caller has just written behind what `refresh` gave. */
  absorb(facts: readonly Fact<AnyEvent>[]): void;
  /** Calls back after each change; gives the way to end it. */
  onChange(listener: (directory: Directory) => void): () => void;
  status(): FollowStatus | undefined;
  close(): Promise<void>;
}

/** Starts to fold the directory from the store. `onError` hears why the following ended or an event could not be folded. */
export function createDirectoryView(
  store: EventStore,
  options: { readonly onError?: (error: unknown) => void } = {},
): DirectoryView {
  const closing = new AbortController();
  const ready = Promise.withResolvers<void>();
  // Whoever does not wait for it is not to fall over it.
  ready.promise.catch(() => undefined);
  const listeners = new Set<(directory: Directory) => void>();
  const waiting = new Set<{ position: LogPosition; resolve: () => void }>();
  let directory = emptyDirectory;
  let position = startOfLog;
  let status: FollowStatus | undefined;

  const absorb = (facts: readonly Fact<AnyEvent>[]): void => {
    const before = directory;
    for (const fact of facts) directory = evolveDirectory(directory, fact as Fact<DirectoryEvent>);
    if (directory !== before) for (const listener of listeners) listener(directory);
  };
  /** Reads the past anew: names that were erased must go from memory, whoever was told of them. */
  let era = 0;
  let rereading: Promise<void> | undefined;
  const rereadAll = async (): Promise<void> => {
    const mine = ++era;
    for (let attempt = 1; !closing.signal.aborted && mine === era; attempt++) {
      try {
        let fresh = emptyDirectory;
        let from = startOfLog;
        for (let reached: LogPosition | undefined; reached !== position;) {
          // what is followed meanwhile goes into the old one, and is read here in the next round
          reached = position;
          const events: RawEvent[] = [];
          for await (const event of store.readAll({ from, prefixes: directoryPrefixes })) events.push(event);
          for (const fact of await store.facts(events)) fresh = evolveDirectory(fresh, fact as Fact<DirectoryEvent>);
          from = events.at(-1)?.position ?? from;
          if (mine !== era) return;
        }
        directory = fresh;
        for (const listener of listeners) listener(directory);
        return;
      } catch (error) {
        options.onError?.(error);
        await sleep(Math.min(attempt * 200, 2_000), closing.signal).catch(() => undefined);
      }
    }
  };
  const forgetting = store.onForgotten(() => {
    const mine = rereadAll().finally(() => {
      if (rereading === mine) rereading = undefined;
    });
    rereading = mine;
  });

  const reach = (reached: LogPosition): void => {
    if (comparePositions(reached, position) > 0) position = reached;
    for (const waiter of waiting) {
      if (comparePositions(waiter.position, position) > 0) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  };

  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        await store.followAll({
          from: position,
          prefixes: directoryPrefixes,
          signal: closing.signal,
          onStatus: (next) => void (status = next),
          async onBatch(batch) {
            absorb(await store.facts(batch.events));
            reach(batch.checkpoint);
            if (batch.live) ready.resolve();
          },
        });
      } catch (error) {
        options.onError?.(error);
        await sleep(1_000, closing.signal).catch(() => undefined);
      }
    }
    ready.reject(new Error("the directory view was closed"));
  };
  const following = follow();

  return {
    ready: ready.promise,
    current: () => directory,
    isSettled: () => rereading === undefined,
    async settled() {
      while (rereading !== undefined) await rereading;
    },
    position: () => position,
    async waitFor(target, signal) {
      if (comparePositions(target, position) <= 0) return;
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { position: target, resolve };
      const abandon = (): void => reject(signal?.reason);
      signal?.addEventListener("abort", abandon, { once: true });
      waiting.add(waiter);
      try {
        await promise;
      } finally {
        waiting.delete(waiter);
        signal?.removeEventListener("abort", abandon);
      }
    },
    async refresh(upTo) {
      if (upTo !== undefined && comparePositions(upTo, position) <= 0) return directory;
      const behind: RawEvent[] = [];
      for await (const event of store.readAll({ from: position, prefixes: directoryPrefixes })) behind.push(event);
      // Facts that were folded meanwhile by the following change nothing when told again.
      absorb(await store.facts(behind));
      const last = behind.at(-1);
      if (last !== undefined) reach(last.position);
      // The log stood there before it was read; events of other streams do not show in what was read.
      if (upTo !== undefined) reach(upTo);
      return directory;
    },
    absorb,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    status: () => status,
    async close() {
      forgetting();
      closing.abort();
      await following;
    },
  };
}

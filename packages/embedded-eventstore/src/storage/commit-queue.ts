import type { CommittedBatch, WriteOutcome, WriteRequest } from "./types.ts";
import type { Writer } from "./writer.ts";

/**
 * Group commit: collects the writes of a turn of the event loop, commits them together, answers them, tells the followers.
 *
 * States: `idle` (nothing waits), `scheduled` (writes wait for the end of the turn), `closed` (writes are refused).
 * A write moves idle -> scheduled; the commit takes as many as fit one transaction and stays scheduled while any are
 * left. Committing blocks the thread for the disk's sync. Measured on an SSD: 0.29 ms for one event, 0.40 ms for 64; in a
 * writer thread 0.37 and 0.49 ms. The hop would cost each lone append a quarter more and gain little when many are in
 * flight, so there is none.
 */
export type CommitQueue = {
  write(request: WriteRequest, done: (outcome: WriteOutcome) => void): void;
  onCommitted(listener: (batch: CommittedBatch) => void): () => void;
  /** Commits and answers what waits. */
  drain(): void;
  /** The same; later writes are refused. */
  close(): void;
};

/** A transaction is cut here, so that sockets get their turn; a single larger append is never cut. */
const MAX_EVENTS = 4000;
const MAX_BYTES = 8 * 1024 * 1024;

/** What an event takes in the database beside its frame, about. */
const ROW_OVERHEAD = 64;

type Waiting = { request: WriteRequest; done: (outcome: WriteOutcome) => void };

export function createCommitQueue(writer: Writer, onBytes: (bytes: number) => void): CommitQueue {
  let waiting: Waiting[] = [];
  let scheduled = false;
  let closed = false;
  const listeners = new Set<(batch: CommittedBatch) => void>();

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  }

  function flush(): void {
    scheduled = false;
    if (waiting.length === 0) return;
    const group = takeGroup();
    if (waiting.length > 0) schedule();
    const previous = writer.lastPosition();
    let outcomes: WriteOutcome[];
    let events: CommittedBatch["events"];
    try {
      ({ outcomes, events } = writer.commit(group.map((entry) => entry.request)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      for (const entry of group) entry.done({ kind: "failed", reason });
      return;
    }
    for (let i = 0; i < group.length; i++) group[i]!.done(outcomes[i]!);
    if (events.length === 0) return;
    let bytes = 0;
    for (const event of events) bytes += event.frame.length;
    const batch = { previous, last: writer.lastPosition(), events, bytes };
    for (const listener of Array.from(listeners)) listener(batch);
    onBytes(bytes + events.length * ROW_OVERHEAD);
  }

  function drain(): void {
    while (waiting.length > 0) flush();
  }

  function takeGroup(): Waiting[] {
    let events = 0;
    let bytes = 0;
    let count = 0;
    while (count < waiting.length && events < MAX_EVENTS && bytes < MAX_BYTES) {
      const { request } = waiting[count++]!;
      if (request.kind !== "append") continue;
      events += request.events.length;
      for (const event of request.events) bytes += event.data.length + event.metadata.length;
    }
    const group = count === waiting.length ? waiting : waiting.slice(0, count);
    waiting = count === waiting.length ? [] : waiting.slice(count);
    return group;
  }

  return {
    write(request, done) {
      if (closed) {
        done({ kind: "failed", reason: "The store is closed." });
        return;
      }
      waiting.push({ request, done });
      schedule();
    },
    onCommitted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drain,
    close() {
      drain();
      closed = true;
    },
  };
}

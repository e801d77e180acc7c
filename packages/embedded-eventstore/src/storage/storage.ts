import { decodeEvent, parseLink } from "../wire/recorded-event.ts";
import { createCheckpointer } from "./checkpointer.ts";
import { createCommitQueue } from "./commit-queue.ts";
import { createHeads } from "./heads.ts";
import { governedBy, isMetastream } from "./metadata.ts";
import { createNames } from "./names.ts";
import { type AllPage, type AllRange, createReader, type PageLimits } from "./reader.ts";
import { createRecentIds } from "./recent-ids.ts";
import { openDatabase } from "./schema.ts";
import {
  type CommittedBatch,
  DELETED,
  type NewEvent,
  type StoredEvent,
  type StreamStatus,
  type WriteOutcome,
  type WriteRequest,
} from "./types.ts";
import { createWriter } from "./writer.ts";

/**
 * The store behind every service of the node. How to build on it:
 *
 * - Write: `write(request, done)`, or `append(stream, expected, events)` as a promise. The answer comes after the commit that made
 *   it durable. All writes of one turn of the event loop share a commit.
 * - Read: `status(stream)` says whether and from where a stream can be read, `readStream` and `readAll` give pages of stored events.
 *   Reads are synchronous, see every acknowledged write and hold nothing open between pages.
 * - Follow: `onCommitted(listener)` tells every commit in log order. A follower keeps a cursor (the last position that it has dealt
 *   with), reads pages after it until `atEnd`, then waits for the signal. If `batch.previous` equals its cursor it may
 *   take `batch.events` as they are. Listeners run after the writers were answered and must not throw.
 * - A tombstone is an event with revision TOMBSTONE, a soft delete an event on the metastream: both come through `onCommitted`.
 * - Events are frames (wire/recorded-event.ts): `recordedOf(frame)` is the RecordedEvent message, `decodeEvent(frame)` takes it apart.
 *   `resolveLink(event)` gives the target of a link.
 */
export type Storage = {
  write(request: WriteRequest, done: (outcome: WriteOutcome) => void): void;
  append(stream: string, expected: number, events: readonly NewEvent[]): Promise<WriteOutcome>;
  remove(kind: "soft_delete" | "tombstone", stream: string, expected: number): Promise<WriteOutcome>;
  /** How a stream stands; `first` takes `$tb` and `$maxCount` into account, `$maxAge` is applied by reads. */
  status(stream: string): StreamStatus;
  /** Revision of a stream's last event, -1 without events. */
  lastRevision(stream: string): number;
  /** Number of a stream that has events, undefined otherwise. */
  streamIdOf(stream: string): number | undefined;
  /** Events of a stream between two revisions (inclusive), hidden ones left out unless `raw`. */
  readStream(
    stream: string,
    range: { low: number; high: number; backwards?: boolean; raw?: boolean },
    limits: PageLimits,
  ): StoredEvent[];
  /** Events of `$all` between two positions (exclusive), never those of hidden system streams (they count as considered). */
  readAll(range: AllRange, limits: PageLimits): AllPage;
  /** The target of a link; `undefined` when the event is no link, `"unreadable"` when its target cannot be read. */
  resolveLink(event: StoredEvent): StoredEvent | "unreadable" | undefined;
  /** Whether a position is that of an event. */
  isEventPosition(position: number): boolean;
  /** True for streams that `$all` never shows. */
  isHidden(streamId: number): boolean;
  streamName(streamId: number): string;
  typeName(typeId: number): string;
  lastPosition(): number;
  /** Calls the listener after every commit that wrote events; returns the function that ends it. */
  onCommitted(listener: (batch: CommittedBatch) => void): () => void;
  /** Resolves when everything handed to `write` before has been answered. */
  settled(): Promise<void>;
  /** Commits what waits and closes the files. Later writes fail. */
  close(): Promise<void>;
};

/** The event type of a link. */
const LINK_TYPE = "$>";
const EPOCH_STREAM = "$epoch-information";
const ALL_GROUP_PREFIX = "$persistentsubscription-$all::";

/** Streams that `$all` never shows: the epochs, and what persistent subscriptions to `$all` keep for themselves. */
function isHiddenName(name: string): boolean {
  return (
    name === EPOCH_STREAM ||
    (name.startsWith(ALL_GROUP_PREFIX) && (name.endsWith("-checkpoint") || name.endsWith("-parked")))
  );
}

export type StorageOptions = { dataDir: string | undefined; nowMs?: () => number };

/**
 * Opens the store of a data folder, or one in memory when `dataDir` is undefined. Synchronous.
 * Throws DataFolderError when the folder cannot be used.
 */
export function openStorage(options: StorageOptions): Storage {
  const nowMs = options.nowMs ?? Date.now;
  const database = openDatabase(options.dataDir);
  const { db } = database;
  const hidden = new Set<number>();
  const names = createNames(db, "streams", (id, name) => {
    if (isHiddenName(name)) hidden.add(id);
  });
  for (const row of db.prepare("select id, name from streams where name >= x'24' and name < x'25'").all()) {
    if (isHiddenName(Buffer.from(row["name"] as Uint8Array).toString("utf8"))) hidden.add(Number(row["id"]));
  }
  const types = createNames(db, "types");
  const reader = createReader(db);
  const heads = createHeads(names, reader);
  const writer = createWriter({ db, names, types, heads, reader, recent: createRecentIds(), nowMs });
  const checkpointer = createCheckpointer(db, database.path);
  const queue = createCommitQueue(writer, (bytes) => checkpointer.written(bytes));

  function status(stream: string): StreamStatus {
    const head = heads.of(stream);
    if (head.tombstoned || (isMetastream(stream) && heads.of(governedBy(stream)).tombstoned))
      return { kind: "tombstoned" };
    const rules = heads.rulesOf(head);
    if (rules.truncateBefore === DELETED) return { kind: "soft_deleted", last: head.last };
    if (head.last < 0) return { kind: "missing" };
    const first = Math.max(
      rules.truncateBefore ?? 0,
      rules.maxCount === undefined ? 0 : head.last - rules.maxCount + 1,
    );
    return { kind: "exists", streamId: head.streamId, last: head.last, first, rules };
  }

  return {
    write: queue.write,
    append: (stream, expected, events) =>
      new Promise((resolve) => queue.write({ kind: "append", stream, expected, events }, resolve)),
    remove: (kind, stream, expected) => new Promise((resolve) => queue.write({ kind, stream, expected }, resolve)),
    status,
    lastRevision: (stream) => heads.of(stream).last,
    streamIdOf: (stream) => heads.of(stream).streamId || undefined,
    readStream(stream, range, limits) {
      const head = heads.of(stream);
      if (head.streamId === 0) return [];
      let { low } = range;
      let createdFromMs = 0;
      if (!range.raw) {
        const current = status(stream);
        if (current.kind !== "exists") return [];
        low = Math.max(low, current.first);
        if (current.rules.maxAgeMs !== undefined) createdFromMs = nowMs() - current.rules.maxAgeMs;
      }
      if (low > range.high) return [];
      return reader.streamPage(
        { streamId: head.streamId, low, high: range.high, createdFromMs, backwards: range.backwards ?? false },
        limits,
      );
    },
    readAll: (range, limits) =>
      reader.allPage(
        {
          ...range,
          accept: (streamId, typeId, position) => !hidden.has(streamId) && range.accept(streamId, typeId, position),
        },
        limits,
      ),
    resolveLink(event) {
      if (event.typeId !== types.find(LINK_TYPE)) return undefined;
      const target = parseLink(decodeEvent(event.frame).data);
      if (!target) return undefined;
      const current = status(target.stream);
      if (current.kind !== "exists" || target.revision < current.first) return "unreadable";
      const found = reader.eventOf(current.streamId, target.revision);
      if (!found) return "unreadable";
      const { maxAgeMs } = current.rules;
      return maxAgeMs !== undefined && found.createdMs < nowMs() - maxAgeMs ? "unreadable" : found;
    },
    isEventPosition: (position) => reader.eventAt(position) !== undefined,
    isHidden: (streamId) => hidden.has(streamId),
    streamName: names.nameOf,
    typeName: types.nameOf,
    lastPosition: writer.lastPosition,
    onCommitted: queue.onCommitted,
    settled: async () => queue.drain(),
    async close() {
      queue.close();
      await checkpointer.close();
      db.close();
      database.release();
    },
  };
}

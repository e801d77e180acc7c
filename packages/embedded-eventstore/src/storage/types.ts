import type { EventParts } from "../wire/recorded-event.ts";

/**
 * What the store takes and gives. Everything that builds on the store (streams service, persistent subscriptions)
 * uses these shapes and `Storage` only.
 *
 * Positions are byte offsets in a virtual log: safe integers, > 0, strictly increasing, never reused, equal as
 * commit and prepare position. Revisions are safe integers from 0; a tombstone has the revision TOMBSTONE.
 */

/** An event to be written. */
export type NewEvent = EventParts;

/** The revision that stands for a tombstone inside the node (int64 max on the wire). */
export const TOMBSTONE = Number.MAX_SAFE_INTEGER;

/** A stored event. `frame` is the finished gRPC frame of its ReadResp: see wire/recorded-event.ts to take it apart. */
export type StoredEvent = {
  position: number;
  streamId: number;
  typeId: number;
  revision: number;
  createdMs: number;
  frame: Buffer;
};

/** `expected`: an exact revision, or ANY / NO_STREAM / STREAM_EXISTS of wire/expected.ts. */
export type AppendRequest = { kind: "append"; stream: string; expected: number; events: readonly NewEvent[] };
export type DeleteRequest = { kind: "soft_delete" | "tombstone"; stream: string; expected: number };
export type WriteRequest = AppendRequest | DeleteRequest;

/**
 * What a write came to. `ok`: durable and visible; `revision` is that of the last event (-1: the stream has none), `position`
 * that of the last event (undefined when an idempotent repeat can no longer be read). `failed`: nothing was written.
 */
export type WriteOutcome =
  | { kind: "ok"; revision: number; position: number | undefined }
  | { kind: "wrong_expected_version"; current: number }
  | { kind: "stream_deleted" }
  | { kind: "failed"; reason: string };

/**
 * What became durable in one commit, in log order. `previous` is the last position before it: a follower that has seen everything up
 * to `previous` misses nothing by taking `events`, any other has to read from the store. `bytes`: what their frames take together.
 */
export type CommittedBatch = { previous: number; last: number; events: readonly StoredEvent[]; bytes: number };

/** System metadata of a stream in force (spec 3.4); undefined where not set. `truncateBefore` DELETED: soft-deleted. */
export type StreamRules = {
  maxCount: number | undefined;
  maxAgeMs: number | undefined;
  truncateBefore: number | undefined;
};

/** `truncateBefore` of a soft-deleted stream (int64 max on the wire). */
export const DELETED = Number.MAX_SAFE_INTEGER;

/** How a stream stands. `last` is the revision of the last event, -1 without events; `first` the lowest readable one. */
export type StreamStatus =
  | { kind: "missing" }
  | { kind: "soft_deleted"; last: number }
  | { kind: "tombstoned" }
  | { kind: "exists"; streamId: number; last: number; first: number; rules: StreamRules };

import { ANY, NO_STREAM, STREAM_EXISTS } from "../wire/expected.ts";

/**
 * The expected-revision and idempotency rules of a write (spec 3.1), as a function of how the stream stands.
 * Pure apart from the lookups that it asks for.
 */

/** How the stream stands before the write. The functions look up what only some cases need. */
export type StreamView = {
  /** Revision of the last event, -1 without events. */
  last: number;
  tombstoned: boolean;
  softDeleted(): boolean;
  hasMetastream(): boolean;
  /** The id of the event at a revision of this stream, undefined when there is none. */
  idAt(revision: number): string | undefined;
  /** The revision under which this stream holds a recently committed id, undefined when unknown. */
  recall(id: string): number | undefined;
};

export type Verdict =
  | { kind: "write"; undelete: boolean }
  /** A repeat: nothing is written; `revision` is that of the last repeated event. */
  | { kind: "repeat"; revision: number }
  | { kind: "conflict" }
  | { kind: "deleted" };

const CONFLICT: Verdict = { kind: "conflict" };
const GONE: Verdict = { kind: "deleted" };

/** Judges a write of events with these ids. An empty list only checks the expectation. */
export function judge(view: StreamView, expected: number, ids: readonly string[]): Verdict {
  if (view.tombstoned) return GONE;
  if (expected === STREAM_EXISTS) {
    if (view.softDeleted()) return GONE;
    if (view.last < 0 && !view.hasMetastream()) return CONFLICT;
  }
  if (expected === ANY || expected === STREAM_EXISTS) return judgeByMemory(view, ids);
  if (expected < view.last) return judgeByHistory(view, expected, ids);
  if (expected > view.last) return CONFLICT;
  return { kind: "write", undelete: view.softDeleted() };
}

/** No exact revision: recently committed ids tell a repeat. */
function judgeByMemory(view: StreamView, ids: readonly string[]): Verdict {
  let revision = -1;
  for (const id of ids) {
    const known = view.recall(id);
    if (known === undefined) return revision < 0 ? { kind: "write", undelete: view.softDeleted() } : CONFLICT;
    revision = known;
  }
  return ids.length === 0 ? { kind: "write", undelete: view.softDeleted() } : { kind: "repeat", revision };
}

/** An older revision than the last: a repeat holds the same ids in the same places. */
function judgeByHistory(view: StreamView, expected: number, ids: readonly string[]): Verdict {
  let revision = expected;
  for (const id of ids) {
    revision += 1;
    if (view.idAt(revision) === id) continue;
    const first = revision === expected + 1;
    return first && expected === NO_STREAM && view.softDeleted() ? { kind: "write", undelete: true } : CONFLICT;
  }
  return ids.length === 0 ? CONFLICT : { kind: "repeat", revision };
}

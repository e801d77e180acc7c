import type { DatabaseSync } from "node:sqlite";
import { randomUUID } from "node:crypto";
import { encodeEventFrame, encodeStreamField, idOf } from "../wire/recorded-event.ts";
import { judge, type StreamView } from "./append-rules.ts";
import type { Head, Heads } from "./heads.ts";
import { DELETED_METADATA, governedBy, isMetastream, metastreamOf, withTruncateBefore } from "./metadata.ts";
import type { Names } from "./names.ts";
import type { Reader } from "./reader.ts";
import type { RecentIds } from "./recent-ids.ts";
import { type NewEvent, type StoredEvent, TOMBSTONE, type WriteOutcome, type WriteRequest } from "./types.ts";

/**
 * Writes many requests in one transaction (group commit). Each request is judged on what the ones before it left, so the
 * result is as if they had run one after the other; a request that is refused writes nothing and does not touch the others.
 */
export type Writer = {
  /** One durable transaction. On a storage error nothing of it stays and it throws. */
  commit(requests: readonly WriteRequest[]): { outcomes: WriteOutcome[]; events: StoredEvent[] };
  /** Position of the last event in the log. */
  lastPosition(): number;
};

export type WriterParts = {
  db: DatabaseSync;
  names: Names;
  types: Names;
  heads: Heads;
  reader: Reader;
  recent: RecentIds;
  nowMs: () => number;
};

/** Where the log begins: real user events never sit near 0, and {0,0} means "start". */
const LOG_START = 1000;
const METADATA_TYPE = "$metadata";
const TOMBSTONE_TYPE = "$streamDeleted";
const NOTHING = Buffer.alloc(0);

export function createWriter(parts: WriterParts): Writer {
  const { db, names, types, heads, reader, recent } = parts;
  const insert = db.prepare(
    "insert into events (position, stream, revision, type, created, frame) values (?, ?, ?, ?, ?, ?)",
  );
  const [begin, commit, rollback] = ["begin immediate", "commit", "rollback"].map((sql) => db.prepare(sql)) as [
    Stmt,
    Stmt,
    Stmt,
  ];
  type Stmt = ReturnType<DatabaseSync["prepare"]>;
  let position = 0;
  /** Bytes of the last event: the next position lies behind them. */
  let lastSize = 0;
  loadPosition();

  function loadPosition(): void {
    const row = db.prepare("select position, length(frame) as size from events order by position desc limit 1").get();
    position = Number(row?.["position"] ?? 0);
    lastSize = Number(row?.["size"] ?? LOG_START);
  }

  function viewOf(head: Head): StreamView {
    return {
      last: head.last,
      tombstoned: head.tombstoned,
      softDeleted: () => heads.softDeleted(head),
      hasMetastream: () => hasEvents(metastreamOf(head.name)),
      idAt: (revision) => {
        const event = head.streamId === 0 ? undefined : reader.eventOf(head.streamId, revision);
        return event && idOf(event.frame);
      },
      recall: (id) => {
        const at = recent.positionOf(id);
        const event = at === undefined ? undefined : reader.eventAt(at);
        return event?.streamId === head.streamId ? event.revision : undefined;
      },
    };
  }

  function hasEvents(stream: string): boolean {
    const head = heads.of(stream);
    return head.last >= 0 || head.tombstoned;
  }

  function store(head: Head, event: NewEvent, revision: number, nowMs: number, out: StoredEvent[]): void {
    if (head.streamId === 0) head.streamId = names.intern(head.name);
    head.streamField ??= encodeStreamField(head.name);
    const typeId = types.intern(event.type);
    const at = position + lastSize;
    const frame = encodeEventFrame(event, head.streamField, revision === TOMBSTONE ? -1 : revision, at, nowMs);
    insert.run(at, head.streamId, revision, typeId, nowMs, frame);
    position = at;
    lastSize = frame.length;
    if (revision === TOMBSTONE) head.tombstoned = true;
    else head.last = revision;
    recent.add(event.id, at);
    out.push({ position: at, streamId: head.streamId, typeId, revision, createdMs: nowMs, frame });
  }

  /** Appends a metadata event to the metastream of `stream`. */
  function storeMetadata(stream: string, data: Buffer, nowMs: number, out: StoredEvent[]): void {
    const metastream = metastreamOf(stream);
    const head = heads.of(metastream);
    store(
      head,
      { id: randomUUID(), type: METADATA_TYPE, isJson: true, data, metadata: NOTHING },
      head.last + 1,
      nowMs,
      out,
    );
    heads.written(metastream);
  }

  /** A deleted stream that is written to becomes readable from `from` on; its metadata otherwise stays. */
  function undelete(stream: string, from: number, nowMs: number, out: StoredEvent[]): void {
    const metadata = heads.metadataOf(stream);
    const rewritten = metadata && withTruncateBefore(metadata.data, from);
    if (rewritten) storeMetadata(stream, rewritten, nowMs, out);
  }

  function append(request: Extract<WriteRequest, { kind: "append" }>, nowMs: number, out: StoredEvent[]): WriteOutcome {
    const head = heads.of(request.stream);
    const governed = isMetastream(request.stream) ? heads.of(governedBy(request.stream)) : undefined;
    // Metadata of a tombstoned stream is refused only while there is none yet (spec 11).
    if (governed?.tombstoned && head.last < 0) return { kind: "stream_deleted" };
    const verdict = judge(
      viewOf(head),
      request.expected,
      request.events.map((event) => event.id),
    );
    if (verdict.kind === "deleted") return { kind: "stream_deleted" };
    if (verdict.kind === "conflict") return { kind: "wrong_expected_version", current: head.last };
    if (verdict.kind === "repeat")
      return { kind: "ok", revision: verdict.revision, position: readablePosition(head, verdict.revision) };
    const first = head.last + 1;
    const revives = governed !== undefined && heads.softDeleted(governed);
    for (const event of request.events) store(head, event, head.last + 1, nowMs, out);
    if (governed && request.events.length > 0) heads.written(request.stream);
    const done: WriteOutcome = { kind: "ok", revision: head.last, position };
    if (verdict.undelete) undelete(request.stream, first, nowMs, out);
    if (governed && revives && request.events.length > 0) undelete(governed.name, governed.last + 1, nowMs, out);
    return done;
  }

  function readablePosition(head: Head, revision: number): number | undefined {
    const rules = heads.rulesOf(head);
    const low = Math.max(rules.truncateBefore ?? 0, rules.maxCount === undefined ? 0 : head.last - rules.maxCount + 1);
    return revision < low ? undefined : reader.eventOf(head.streamId, revision)?.position;
  }

  function remove(
    request: Extract<WriteRequest, { kind: "soft_delete" | "tombstone" }>,
    nowMs: number,
    out: StoredEvent[],
  ): WriteOutcome {
    const head = heads.of(request.stream);
    const verdict = judge(viewOf(head), request.expected, [randomUUID()]);
    if (verdict.kind === "deleted") return { kind: "stream_deleted" };
    if (verdict.kind !== "write") return { kind: "wrong_expected_version", current: head.last };
    if (request.kind === "tombstone") {
      store(
        head,
        { id: randomUUID(), type: TOMBSTONE_TYPE, isJson: false, data: NOTHING, metadata: NOTHING },
        TOMBSTONE,
        nowMs,
        out,
      );
    } else {
      if (head.last < 0 && !hasEvents(metastreamOf(request.stream)))
        return { kind: "wrong_expected_version", current: -1 };
      storeMetadata(request.stream, DELETED_METADATA, nowMs, out);
    }
    return { kind: "ok", revision: head.last, position };
  }

  /** Some errors of the disk end the transaction by themselves. */
  function rollBack(): void {
    try {
      if (db.isTransaction) rollback.run();
    } catch {
      // The error that led here says more.
    }
  }

  return {
    commit(requests) {
      const events: StoredEvent[] = [];
      const outcomes: WriteOutcome[] = [];
      const nowMs = parts.nowMs();
      begin.run();
      try {
        for (const request of requests) {
          outcomes.push(request.kind === "append" ? append(request, nowMs, events) : remove(request, nowMs, events));
        }
        commit.run();
      } catch (error) {
        rollBack();
        // What was remembered on the way may not exist.
        names.forget();
        types.forget();
        heads.forget();
        recent.rolledBack();
        loadPosition();
        throw error;
      }
      recent.committed();
      return { outcomes, events };
    },
    lastPosition: () => position,
  };
}

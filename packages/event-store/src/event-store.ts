import { backoffMs, CodedError, sleep } from "@docket/service-kit";
import { type Codec, type EncodedEvent, type EventStore, noTail, type StoredFact, type Tail } from "./api.ts";
import { type AppendLimits, prepareAppend, sendAppend } from "./appending.ts";
import { Connection } from "./connection.ts";
import { decodeFacts, revealEvents } from "./decoding.ts";
import { StoreUnavailable } from "./errors.ts";
import { follow } from "./follow.ts";
import { startOfLog } from "./position.ts";
import type { RawEvent } from "./raw-event.ts";
import { readMessages } from "./reading.ts";
import { encodeAllRead, encodeStreamRead, type LogFilter } from "./wire/read-messages.ts";

export interface EventStoreOptions {
  readonly codec?: Codec;
  /** time limit of one try of an append, milliseconds (default 3,000) */
  readonly appendTimeoutMs?: number;
  /** silence of a read after which the connection counts as lost, milliseconds (default 10,000) */
  readonly readSilenceMs?: number;
  /** how long a call goes on trying before it throws StoreUnavailable, milliseconds (default 3,000) */
  readonly patienceMs?: number;
}

/** Every stream but the store's own. */
const notTheStoresOwn: LogFilter = { regex: "^[^$]" };
const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/**
 * Opens the door to the store at an `esdb://` URL. Nothing is connected before the first call.
 *
 * States: open -> closed. While open, appends and short reads share one connection, which is replaced by a new one as soon
 * as a call on it gets no answer; each following of the log has a connection of its own.
 *
 * @example
 * const store = openEventStore("esdb://127.0.0.1:2113?tls=false");
 * const result = await store.append("ticket-1", "none", [{ type, data, occurredAt }], meta);
 * if (result.outcome === "conflict") console.error(result.currentRevision);
 */
export function openEventStore(url: string, options: EventStoreOptions = {}): EventStore {
  const { codec, readSilenceMs = 10_000 } = options;
  const limits: AppendLimits = { timeoutMs: options.appendTimeoutMs ?? 3_000, patienceMs: options.patienceMs ?? 3_000 };
  const opened = new Set<Connection>();
  let closed = false;

  const connect = (): Connection => {
    if (closed) throw new CodedError("store_closed", "the event store was closed");
    const connection = new Connection(url);
    opened.add(connection);
    return connection;
  };
  const drop = async (connection: Connection): Promise<void> => {
    await connection.close();
    opened.delete(connection);
  };
  let shared: Connection | undefined;
  const connection = (): Connection => (shared ??= connect());
  const suspect = (unanswering: Connection): void => {
    if (shared === unanswering) shared = undefined;
    void drop(unanswering);
  };

  /** A read that can be begun again from its beginning. */
  const readOnce = async (request: Buffer, about: string): Promise<RawEvent[]> => {
    const started = performance.now();
    for (let attempt = 1; ; attempt++) {
      const current = connection();
      try {
        return await collect(current, request, readSilenceMs, about);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        suspect(current);
        if (attempt >= 2 && performance.now() - started >= limits.patienceMs) throw error;
      }
      await sleep(backoffMs(attempt, { firstMs: 20, maxMs: 500 }));
    }
  };

  const store: EventStore = {
    append: (stream, expected, facts, meta) => store.appendParts(stream, expected, [{ facts, meta }]),
    async appendParts(stream, expected, parts) {
      if (parts.every(({ facts }) => facts.length === 0)) throw new RangeError("nothing to append");
      const tail =
        typeof expected === "number" ? await tailAt(expected, stream) : expected === "none" ? noTail : expected;
      if (tail === undefined)
        return { outcome: "conflict", currentRevision: (await store.last(stream))?.revision ?? -1 };
      const prepared = await prepareAppend(stream, tail, parts, codec, origin);
      return sendAppend(prepared, connection, suspect, limits);
    },
    async load(stream, { from = 0, limit = NO_LIMIT } = {}) {
      return decodeFacts(await readOnce(encodeStreamRead(stream, from, "forwards", limit), stream), codec);
    },
    loadRaw: (stream, { from = 0, limit = NO_LIMIT } = {}) =>
      readOnce(encodeStreamRead(stream, from, "forwards", limit), stream),
    async last(stream) {
      const [fact] = await decodeFacts(await readOnce(encodeStreamRead(stream, "end", "backwards", 1), stream), codec);
      return fact;
    },
    async *readAll({ from, direction = "forwards", limit = NO_LIMIT, prefixes, types } = {}) {
      const request = encodeAllRead(
        from ?? (direction === "forwards" ? "start" : "end"),
        direction,
        limit,
        prefixes ? { prefixes } : types ? { types } : notTheStoresOwn,
      );
      for await (const message of readMessages(connection(), request, readSilenceMs, "the log")) {
        if (message.kind === "event") yield message.event;
      }
    },
    async head() {
      const [last] = await readOnce(encodeAllRead("end", "backwards", 1, undefined), "the log's end");
      return last?.position ?? startOfLog;
    },
    followAll: (following) =>
      follow({
        ...following,
        filter: following.prefixes ? { prefixes: following.prefixes } : notTheStoresOwn,
        connect,
        drop,
      }),
    facts: (events) => decodeFacts(events, codec),
    reveal: (events) => revealEvents(events, codec),
    onForgotten: (listener) => codec?.onForgotten?.(listener) ?? (() => undefined),
    readingAnew: (work) => codec?.since?.(undefined, work) ?? work(),
    async ping() {
      await collect(
        connection(),
        encodeAllRead("end", "backwards", 1, undefined),
        Math.min(readSilenceMs, 2_000),
        "the log's end",
      );
    },
    async close() {
      closed = true;
      await Promise.all([...opened].map(drop));
    },
  };

  /** The first event of a stream as it is stored. */
  async function origin(stream: string): Promise<EncodedEvent | undefined> {
    const [event] = await readOnce(encodeStreamRead(stream, 0, "forwards", 1), stream);
    return event && { type: event.type, data: event.data, meta: event.meta };
  }

  /** The tail at a known revision; undefined when the stream does not reach that far. */
  async function tailAt(revision: number, stream: string): Promise<Tail | undefined> {
    const [fact]: readonly StoredFact[] = await store.load(stream, { from: revision, limit: 1 });
    return fact === undefined ? undefined : { revision, hash: fact.hash };
  }

  return store;
}

async function collect(connection: Connection, request: Buffer, silenceMs: number, about: string): Promise<RawEvent[]> {
  const events: RawEvent[] = [];
  for await (const message of readMessages(connection, request, silenceMs, about)) {
    if (message.kind === "event") events.push(message.event);
  }
  return events;
}

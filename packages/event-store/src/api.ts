import type { AnyEvent, EventMeta, Fact, NewFact } from "@docket/domain";
import type { LogPosition } from "./position.ts";
import type { RawEvent } from "./raw-event.ts";

/** The end of a stream as a writer knows it: its last revision (-1: no event yet) and the hash of its last event. */
export interface Tail {
  readonly revision: number;
  readonly hash: string | null;
}

/** The end of a stream that has no event. */
export const noTail: Tail = { revision: -1, hash: null };

/** A fact as read back, with its place in the log and its links of the stream's hash chain. */
export type StoredFact<E extends AnyEvent = AnyEvent> = Fact<E> & {
  readonly position: LogPosition;
  readonly prevHash: string | null;
  readonly hash: string;
};

/** What the writer knows of facts that it appends together; `occurredAt` is each fact's own. */
export type AppendMeta = Omit<EventMeta, "occurredAt" | "schemaVersion">;

/**
 * The revision that the stream must stand at: `"none"` (no event yet), a revision (the hash of that event is read first),
 * or a tail (nothing is read).
 */
export type Expected = "none" | number | Tail;

/** Facts of one command, as they are appended together with those of others. */
export interface AppendPart {
  readonly facts: readonly NewFact<AnyEvent>[];
  readonly meta: AppendMeta;
}

export type AppendResult =
  | {
      readonly outcome: "written";
      /**
       * the facts as they stand in the store, but that all bear the position of the last one, the only one that the store
       * tells; the last one's hash and revision are `tail`
       */
      readonly facts: readonly StoredFact[];
      readonly tail: Tail;
      readonly position: LogPosition;
    }
  /** somebody else's events stand after the expected revision; `currentRevision` is -1 when the stream has none */
  | { readonly outcome: "conflict"; readonly currentRevision: number };

/**
 * What stands between facts and their stored form. With it personal data can be encrypted per data subject: it works on
 * whole events, before they are hashed, so that a chain verifies after a subject's key was destroyed. `schemaVersion`
 * and types are not to be changed. Both must be pure but for looking up keys.
 */
export interface Codec {
  /** `origin` gives the first event of a stream as it is stored; undefined for one that has none. */
  encode(
    stream: string,
    events: readonly EncodedEvent[],
    origin: (stream: string) => Promise<EncodedEvent | undefined>,
  ): Promise<readonly EncodedEvent[]>;
  /** Events of any streams, in any order; gives them in that order. */
  decode(events: readonly StreamedEvent[]): Promise<readonly EncodedEvent[]>;
  /** Calls back after personal data was erased: what was decoded before must be forgotten. Gives the way to end it. */
  onForgotten?(listener: () => void): () => void;
  /** Does work that writes what it makes of what it reads: `encode` refuses it when somebody was erased since it began. */
  since?<T>(begun: undefined, work: () => Promise<T>): Promise<T>;
}
export interface EncodedEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta: EventMeta;
}
export interface StreamedEvent extends EncodedEvent {
  readonly stream: string;
}

/** A run of events in the order of the log, none left out that the filter lets through. */
export interface Batch {
  /** may be empty: then only the checkpoint has moved, past events that the filter held back */
  readonly events: readonly RawEvent[];
  /** where to resume once this batch has been dealt with; every event up to it was handed over */
  readonly checkpoint: LogPosition;
  /** true when the log's end had been reached behind the last event of this batch */
  readonly live: boolean;
}

/** What a subscription is doing, for health and metrics. */
export interface FollowStatus {
  readonly state: "connecting" | "catching_up" | "live" | "backing_off" | "stopped" | "failed";
  /** of the last event or checkpoint received from the store */
  readonly received: LogPosition;
  /** tries since the store last answered */
  readonly attempt: number;
  readonly lastError?: unknown;
}

export interface FollowOptions {
  /** exclusive: the first event handed over is the next one after it */
  readonly from: LogPosition;
  /** streams whose names begin with one of these; default: every stream but the store's own (`$...`) */
  readonly prefixes?: readonly string[];
  /**
   * Deals with one batch; the next is handed over when the promise resolves (back-pressure reaches the server). When it
   * rejects, the following ends with that error and nothing later is handed over.
   */
  onBatch(batch: Batch): Promise<void> | void;
  readonly signal: AbortSignal;
  /** called at each change of state, and once each time the end of the log is reached */
  onStatus?(status: FollowStatus): void;
  /** a batch ends at whichever comes first; defaults 1,000 events, 4 MiB of data and metadata */
  readonly maxEvents?: number;
  readonly maxBytes?: number;
}

export interface ReadAllOptions {
  /** forwards: inclusive; backwards: exclusive; default: the near end */
  readonly from?: LogPosition;
  readonly direction?: "forwards" | "backwards";
  readonly limit?: number;
  /** streams whose names begin with one of these; default: every stream but the store's own */
  readonly prefixes?: readonly string[];
  /** events whose types begin with one of these; the store filters by one thing only, so `prefixes` goes first */
  readonly types?: readonly string[];
}

/**
 * The typed door to EventStoreDB. Every method throws StoreUnavailable when the store cannot be reached or does not answer
 * in time; `append` after that may or may not have happened.
 */
export interface EventStore {
  /**
   * Writes all facts or none. A lost answer is asked for again with the same event ids and the same expected revision, so
   * that nothing is written twice. Throws `append_too_large`, `stream_deleted`.
   */
  append(
    stream: string,
    expected: Expected,
    facts: readonly NewFact<AnyEvent>[],
    meta: AppendMeta,
  ): Promise<AppendResult>;
  /** The same for the facts of several commands: all of them are written, or none. */
  appendParts(stream: string, expected: Expected, parts: readonly AppendPart[]): Promise<AppendResult>;
  /** The facts of a stream from revision `from` (inclusive, default 0) on; none for a stream that does not exist. */
  load(stream: string, options?: { readonly from?: number; readonly limit?: number }): Promise<readonly StoredFact[]>;
  /** The events of a stream as they are stored, from revision `from` (default 0) on; none for a stream that does not exist. */
  loadRaw(stream: string, options?: { readonly from?: number; readonly limit?: number }): Promise<readonly RawEvent[]>;
  /** The last fact of a stream, if it has one. */
  last(stream: string): Promise<StoredFact | undefined>;
  /** Every event of the log in its order. */
  readAll(options?: ReadAllOptions): AsyncIterable<RawEvent>;
  /** The position of the last event in the log (the store's own included); startOfLog when there is none. */
  head(): Promise<LogPosition>;
  /**
   * Follows the log for good: survives restarts of the store, hands over every event once and in order, and resolves when
   * the signal aborts (after the batch in hand has been dealt with).
   */
  followAll(options: FollowOptions): Promise<void>;
  /** Decodes, upcasts and checks the form of raw events. Throws `event_undecodable` naming the first at fault. */
  facts(events: readonly RawEvent[]): Promise<StoredFact[]>;
  /**
   * Data and metadata of events that were read elsewhere (the journal's rows) in clear and of the present version, in the
   * order given. Throws `event_undecodable`.
   */
  reveal(events: readonly StreamedEvent[]): Promise<readonly EncodedEvent[]>;
  /**
   * Calls back after personal data was erased somewhere: whoever keeps what he made of facts must forget it and read again.
   * Gives the way to end it.
   */
  onForgotten(listener: () => void): () => void;
  /**
   * Does work that reads facts and writes what it makes of them. When personal data were erased meanwhile, its appends fail
   * (StoreUnavailable; nothing is written): what was read may name in clear who is erased, and must be read again.
   */
  readingAnew<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  /** Ends every call. The store cannot be used afterwards. */
  close(): Promise<void>;
}

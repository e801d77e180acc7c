import { type AnyEvent, type EventMeta, streamKinds } from "@docket/domain";
import { isPlain, RawEvent, type StoredMeta, StoreUnavailable } from "@docket/event-store";
import { instantOf } from "./instant.ts";

/**
 * A fact as the projections fold it. `data` is parsed when first asked for, once for all projections; `dataText` is as
 * stored. Times are milliseconds since the epoch. Asking for the data or metadata of an event that cannot be read throws.
 */
export type FoldEvent = AnyEvent & {
  readonly stream: string;
  /** Kind of the stream, e.g. `ticket`; `other` for a stream that no kind claims. */
  readonly kind: string;
  /** What follows the kind in the stream's name: the ticket's id; empty for the single streams. */
  readonly entityId: string;
  readonly revision: number;
  readonly eventId: string;
  readonly commit: number;
  readonly prepare: number;
  readonly occurredMs: number;
  readonly recordedMs: number;
  readonly meta: EventMeta;
  /** The metadata as stored, the links of the hash chain included. */
  readonly stored: StoredMeta;
  readonly dataText: string;
  /** What it was made of. */
  readonly raw: RawLike;
};

/** The parts of a raw event that are asked for: the event store's own, or one made from the journal. */
export type RawLike = Pick<
  RawEvent,
  "stream" | "revision" | "eventId" | "type" | "position" | "dataText" | "metaText" | "data" | "meta" | "stored"
> & {
  /** Known without the metadata when the event comes from the journal. */
  readonly schemaVersion?: number;
  readonly occurredMs?: number;
  readonly recordedMs?: number;
};

/** Brings events to the present version of their schemas and decodes personal data: the event store door's `facts`. */
export type Decode = (
  events: readonly RawEvent[],
) => Promise<readonly { readonly type: string; readonly data: unknown }[]>;

const singles: ReadonlySet<string> = new Set(["routing-rules", "ticket-numbers", "checkpoint", "rights"]);
const kinds: ReadonlySet<string> = new Set(streamKinds);

/** The prefixes by which a subscription picks our streams out of the log. */
export const streamPrefixes: readonly string[] = streamKinds.map((kind) => (singles.has(kind) ? kind : `${kind}-`));

/** The kind of a stream; `other` when no kind claims it. */
export function kindOf(stream: string): string {
  const kind = singles.has(stream) ? stream : stream.slice(0, stream.indexOf("-"));
  return kinds.has(kind) ? kind : "other";
}

class Folding {
  readonly stream: string;
  readonly kind: string;
  readonly entityId: string;
  readonly revision: number;
  readonly type: string;
  readonly commit: number;
  readonly prepare: number;
  readonly #raw: RawLike;
  #data: unknown;
  #occurred: number;
  #recorded: number;

  constructor(raw: RawLike, decoded: { readonly type: string; readonly data: unknown } | undefined) {
    const { stream } = raw;
    const kind = kindOf(stream);
    this.stream = stream;
    this.kind = kind;
    this.entityId = kind === "other" ? stream : stream.slice(kind.length + 1);
    this.revision = raw.revision;
    this.type = decoded?.type ?? raw.type;
    this.commit = raw.position.commit;
    this.prepare = raw.position.prepare;
    this.#raw = raw;
    this.#data = decoded?.data;
    this.#occurred = raw.occurredMs ?? -1;
    this.#recorded = raw.recordedMs ?? -1;
  }

  get eventId(): string {
    return this.#raw.eventId;
  }

  get dataText(): string {
    return this.#raw.dataText;
  }

  get data(): unknown {
    return (this.#data ??= this.#raw.data);
  }

  get meta(): EventMeta {
    return this.#raw.meta;
  }

  get occurredMs(): number {
    if (this.#occurred < 0) this.#occurred = instantOf(this.#raw.stored.occurredAt);
    return this.#occurred;
  }

  get recordedMs(): number {
    if (this.#recorded < 0) this.#recorded = instantOf(this.#raw.stored.recordedAt);
    return this.#recorded;
  }

  get raw(): RawLike {
    return this.#raw;
  }

  get stored(): StoredMeta {
    return this.#raw.stored;
  }
}

export function foldEvent(raw: RawLike, decoded?: { readonly type: string; readonly data: unknown }): FoldEvent {
  return new Folding(raw, decoded) as unknown as FoldEvent;
}

/** An event that cannot be decoded: a fold that looks into it throws, so it is parked with the cause. */
function undecodable(raw: RawLike, error: unknown): FoldEvent {
  const { stream, revision, eventId, type, position, dataText } = raw;
  return foldEvent({
    stream,
    revision,
    eventId,
    type,
    position,
    dataText,
    get metaText() {
      return raw.metaText;
    },
    get data(): never {
      throw error;
    },
    get meta() {
      return raw.meta;
    },
    get stored() {
      return raw.stored;
    },
  });
}

/**
 * Makes events ready to fold. Without `decode` the data are taken as stored. One event that cannot be decoded does not keep
 * the others back: it fails when it is folded.
 */
export async function foldEvents(raws: readonly RawLike[], decode?: Decode): Promise<FoldEvent[]> {
  // What a raw event has parsed it keeps; parsing a copy lets go of it with the copy.
  const copies = raws.map((raw) => (raw instanceof RawEvent ? new RawEvent(raw) : raw));
  const sealed = decode ? copies.filter((raw) => !isAsStored(raw)) : [];
  if (!decode || sealed.length === 0) return copies.map((raw) => foldEvent(raw));
  try {
    const facts = await decode(sealed as readonly RawEvent[]);
    const decoded = new Map(sealed.map((raw, index) => [raw, facts[index]]));
    return copies.map((raw) => foldEvent(raw, decoded.get(raw)));
  } catch (error) {
    // no event's fault: the keys of personal data are away for the moment
    if (error instanceof StoreUnavailable) throw error;
    const [only] = raws;
    if (raws.length === 1 && only) return [undecodable(only, error)];
    const halves = [raws.slice(0, raws.length >> 1), raws.slice(raws.length >> 1)];
    return (await Promise.all(halves.map((half) => foldEvents(half, decode)))).flat();
  }
}

/** Decoding would change nothing. Known at once of what comes from the journal. */
function isAsStored({ type, schemaVersion, dataText }: RawLike): boolean {
  return schemaVersion !== undefined && isPlain(type, schemaVersion, dataText);
}

import type { EventMeta } from "@docket/domain";
import type { LogPosition } from "./position.ts";
import { type StoredMeta, toEventMeta } from "./stored-meta.ts";

/**
 * An event as it came from the store: texts are as stored, and are parsed once and only when asked for, since a reader
 * that copies the log (journal, rebuild) needs no object of the data at all.
 */
export class RawEvent {
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  readonly position: LogPosition;
  /** when the store wrote it, milliseconds since the epoch */
  readonly createdMs: number;
  /** JSON text as stored */
  readonly dataText: string;
  /** JSON text as stored: the hash links included */
  readonly metaText: string;
  #data: Record<string, unknown> | undefined;
  #stored: StoredMeta | undefined;
  #meta: EventMeta | undefined;

  constructor(fields: {
    stream: string;
    revision: number;
    eventId: string;
    type: string;
    position: LogPosition;
    createdMs: number;
    dataText: string;
    metaText: string;
  }) {
    this.stream = fields.stream;
    this.revision = fields.revision;
    this.eventId = fields.eventId;
    this.type = fields.type;
    this.position = fields.position;
    this.createdMs = fields.createdMs;
    this.dataText = fields.dataText;
    this.metaText = fields.metaText;
  }

  /** The data as stored, before codec and upcasters. Throws SyntaxError when it is no JSON. */
  get data(): Record<string, unknown> {
    return (this.#data ??= JSON.parse(this.dataText) as Record<string, unknown>);
  }

  /** The metadata as stored. Throws SyntaxError when it is no JSON. */
  get stored(): StoredMeta {
    return (this.#stored ??= JSON.parse(this.metaText) as StoredMeta);
  }

  /** The metadata in the domain's form. */
  get meta(): EventMeta {
    return (this.#meta ??= toEventMeta(this.stored));
  }

  /** Length of what was stored, in UTF-16 units: what batches are bounded by. */
  get size(): number {
    return this.dataText.length + this.metaText.length;
  }
}

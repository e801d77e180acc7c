import type { EventMeta } from "@docket/domain";
import type { StoredMeta } from "@docket/event-store";
import { connectionConfig, type LogPosition } from "@docket/postgres";
import { Client } from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { RawLike } from "./fold-event.ts";

const epoch2000 = 946_684_800_000;

/** What the view `read.journal` has to offer; columns of its table, so that nothing is computed for rows that are read by the million. */
const fields = [
  "position",
  "prepare_position",
  "stream",
  "revision",
  "event_id",
  "type",
  "schema_version",
  "occurred_at",
  "recorded_at",
  "actor_id",
  "actor_role",
  "actor_name",
  "channel",
  "command_id",
  "correlation_id",
  "causation_id",
  "more_meta",
  "data_text",
] as const;

const place = Object.fromEntries(fields.map((field, index) => [field, index])) as Record<
  (typeof fields)[number],
  number
>;

/** An event as the journal has it. Holds on to the row's bytes; what is not asked for is not read out of them. */
class JournalEvent {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly position: LogPosition;
  readonly dataText: string;
  readonly occurredMs: number;
  readonly recordedMs: number;
  readonly #bytes: Buffer;
  /** begin and end of each field; an end before its begin: null */
  readonly #places: Int32Array;

  constructor(bytes: Buffer, places: Int32Array) {
    this.#bytes = bytes;
    this.#places = places;
    this.stream = this.#text(place.stream) ?? "";
    this.revision = bytes.readInt32BE(places[place.revision * 2]);
    this.type = this.#text(place.type) ?? "";
    this.position = { commit: this.#int64(place.position), prepare: this.#int64(place.prepare_position) };
    this.dataText = this.#text(place.data_text) ?? "";
    this.occurredMs = Math.round(this.#int64(place.occurred_at) / 1_000) + epoch2000;
    this.recordedMs = Math.round(this.#int64(place.recorded_at) / 1_000) + epoch2000;
  }

  get eventId(): string {
    return this.#uuid(place.event_id) ?? "";
  }

  get data(): Record<string, unknown> {
    return JSON.parse(this.dataText) as Record<string, unknown>;
  }

  get meta(): EventMeta {
    const more = JSON.parse(this.#text(place.more_meta) ?? "{}") as object;
    const name = this.#text(place.actor_name);
    const actor = {
      id: this.#text(place.actor_id),
      role: this.#text(place.actor_role),
      ...(name === null ? {} : { name }),
    };
    return {
      commandId: this.#uuid(place.command_id),
      correlationId: this.#uuid(place.correlation_id),
      causationId: this.#uuid(place.causation_id),
      actor,
      channel: this.#text(place.channel),
      occurredAt: new Date(this.occurredMs).toISOString(),
      recordedAt: new Date(this.recordedMs).toISOString(),
      schemaVersion: this.#bytes.readInt16BE(this.#places[place.schema_version * 2]),
      ...more,
    } as EventMeta;
  }

  /** The metadata as a projector parks them; the links of the hash chain are not among what is read for a rebuild. */
  get stored(): StoredMeta {
    const { correlationId: $correlationId, causationId: $causationId, ...rest } = this.meta;
    return { ...rest, $correlationId, $causationId, prevHash: null, hash: "" };
  }

  get metaText(): string {
    return JSON.stringify(this.stored);
  }

  #text(field: number): string | null {
    const [from, to] = [this.#places[field * 2] ?? 0, this.#places[field * 2 + 1] ?? 0];
    return to < from ? null : this.#bytes.toString("utf8", from, to);
  }

  #uuid(field: number): string | null {
    const [from, to] = [this.#places[field * 2] ?? 0, this.#places[field * 2 + 1] ?? 0];
    if (to < from) return null;
    const hex = this.#bytes.toString("hex", from, to);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  #int64(field: number): number {
    const at = this.#places[field * 2] ?? 0;
    return this.#bytes.readInt32BE(at) * 4_294_967_296 + this.#bytes.readUInt32BE(at + 4);
  }
}

/**
 * Reads a stretch of the journal, in the order of the log, as batches.
 *
 * @param range after `from` (exclusive) up to `to` (inclusive)
 * @param kinds only streams of these kinds; all when missing
 */
export async function* readJournal(
  url: string,
  range: { readonly from: LogPosition; readonly to: LogPosition },
  kinds: readonly string[] | undefined,
  batchSize = 4_000,
): AsyncGenerator<RawLike[]> {
  const client = new Client(connectionConfig(url, { name: "docket journal" }));
  client.on("error", () => undefined);
  await client.connect();
  try {
    // few columns are asked for, so the view computes nothing
    const only = kinds ? `and stream_kind in (${["", ...kinds].map((kind) => `'${kind}'`).join(", ")})` : "";
    const { from, to } = range;
    const stream = client.query(
      copyTo(
        `copy (select ${fields.join(", ")} from read.journal
           where position between ${from.commit} and ${to.commit} and (position, prepare_position) > (${from.commit}, ${from.prepare})
             and (position, prepare_position) <= (${to.commit}, ${to.prepare}) ${only}
           order by position, prepare_position) to stdout (format binary)`,
        { highWaterMark: 1 << 20 },
      ),
    );
    const parser = copyParser();
    let batch: RawLike[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      parser(chunk, (event) => batch.push(event));
      if (batch.length >= batchSize) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const headerLength = 19;

/** Takes the bytes of a binary COPY as they come, and gives the whole rows in them. */
function copyParser(): (chunk: Buffer, take: (event: RawLike) => void) => void {
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  return (chunk, take) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    if (!begun) {
      if (bytes.length < headerLength) {
        rest = bytes;
        return;
      }
      at = headerLength;
      begun = true;
    }
    for (;;) {
      const next = readRow(bytes, at, take);
      if (next === at) break;
      at = next;
    }
    rest = bytes.subarray(at);
  };
}

/** Reads the row at `at`; gives the place behind it, or `at` when the row is not complete (or is the trailer). */
function readRow(bytes: Buffer, at: number, take: (event: RawLike) => void): number {
  const end = bytes.length;
  if (end < at + 2 || bytes.readInt16BE(at) < 0) return at;
  const places = new Int32Array(fields.length * 2);
  let next = at + 2;
  for (let field = 0; field < fields.length; field++) {
    if (end < next + 4) return at;
    const length = bytes.readInt32BE(next);
    next += 4;
    places[field * 2] = next;
    places[field * 2 + 1] = next + length;
    next += Math.max(0, length);
    if (end < next) return at;
  }
  take(new JournalEvent(bytes, places));
  return next;
}

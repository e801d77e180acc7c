import type { EventMeta } from "@docket/domain";
import type { StoredMeta } from "@docket/event-store";
import { connectionConfig, type LogPosition, type Queryable } from "@docket/postgres";
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
  readonly occurredMs: number;
  readonly recordedMs: number;
  readonly #bytes: Buffer;
  /** begin and end of each field, from `first` on; an end before its begin: null */
  readonly #places: Int32Array;
  readonly #first: number;
  #meta: EventMeta | undefined;

  constructor(bytes: Buffer, places: Int32Array, first: number) {
    this.#bytes = bytes;
    this.#places = places;
    this.#first = first;
    this.stream = this.#text(place.stream) ?? "";
    this.revision = bytes.readInt32BE(this.#begin(place.revision));
    this.type = this.#text(place.type) ?? "";
    this.position = { commit: this.#int64(place.position), prepare: this.#int64(place.prepare_position) };
    this.occurredMs = Math.round(this.#int64(place.occurred_at) / 1_000) + epoch2000;
    this.recordedMs = Math.round(this.#int64(place.recorded_at) / 1_000) + epoch2000;
  }

  get schemaVersion(): number {
    return this.#bytes.readInt16BE(this.#begin(place.schema_version));
  }

  get eventId(): string {
    return this.#uuid(place.event_id) ?? "";
  }

  // not kept: what is read of it dies young
  get dataText(): string {
    return this.#text(place.data_text) ?? "";
  }

  get data(): Record<string, unknown> {
    return JSON.parse(this.dataText) as Record<string, unknown>;
  }

  get meta(): EventMeta {
    return (this.#meta ??= this.#readMeta());
  }

  #readMeta(): EventMeta {
    const more = this.#text(place.more_meta);
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
      schemaVersion: this.schemaVersion,
      ...(more === null ? {} : (JSON.parse(more) as object)),
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

  #begin(field: number): number {
    return this.#places[this.#first + field * 2] as number;
  }

  #end(field: number): number {
    return this.#places[this.#first + field * 2 + 1] as number;
  }

  #text(field: number): string | null {
    const from = this.#begin(field);
    const to = this.#end(field);
    return to < from ? null : this.#bytes.toString("utf8", from, to);
  }

  #uuid(field: number): string | null {
    const from = this.#begin(field);
    const to = this.#end(field);
    if (to < from) return null;
    const hex = this.#bytes.toString("hex", from, to);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  #int64(field: number): number {
    const at = this.#begin(field);
    return this.#bytes.readInt32BE(at) * 4_294_967_296 + this.#bytes.readUInt32BE(at + 4);
  }
}

/**
 * Reads a stretch of the journal, in the order of the log, as batches.
 *
 * @param range after `from` (exclusive) up to `to` (inclusive)
 */
export function readJournal(
  url: string,
  { from, to }: { readonly from: LogPosition; readonly to: LogPosition },
): AsyncGenerator<RawLike[]> {
  return readRows(
    url,
    `where position between ${from.commit} and ${to.commit} and (position, prepare_position) > (${from.commit}, ${from.prepare})
       and ${upTo(to)}
     order by position, prepare_position`,
  );
}

/** A stretch of streams, by their names; null where it has no end. */
export type StreamRange = { readonly from: string | null; readonly before: string | null };

/**
 * Reads the journal up to a position stream by stream, each from its first event to its last: who folds it so needs the state of one stream
 * at a time. Streams that begin together lie together in the log, so this is hardly more work for Postgres than the log's own order.
 *
 * @param kinds only streams of these kinds; all when missing
 */
export function readStreams(
  url: string,
  to: LogPosition,
  kinds: readonly string[] | undefined,
  { from, before }: StreamRange,
): AsyncGenerator<RawLike[]> {
  const conditions = [
    upTo(to),
    ...(kinds ? [ofKinds(kinds)] : []),
    ...(from === null ? [] : [`stream >= ${literal(from)}`]),
    ...(before === null ? [] : [`stream < ${literal(before)}`]),
  ];
  return readRows(url, `where ${conditions.join(" and ")} order by stream, revision`);
}

const samples = 400;

/** Cuts the streams into so many ranges with about as many events each. */
export async function cutStreams(
  db: Queryable,
  to: LogPosition,
  kinds: readonly string[] | undefined,
  pieces: number,
): Promise<StreamRange[]> {
  // a look at every so manieth place of the log
  const { rows } = await db.query<{ stream: string }>(
    `select j.stream from generate_series(0, ${to.commit}, ${Math.max(1, Math.floor(to.commit / samples))}) as place
       cross join lateral (
         select stream from read.journal where position >= place and ${upTo(to)} ${kinds ? `and ${ofKinds(kinds)}` : ""}
         order by position, prepare_position limit 1) j
     order by j.stream`,
  );
  const cuts: (string | null)[] = [null];
  for (let piece = 1; piece < pieces; piece++) {
    const cut = rows[Math.floor((rows.length * piece) / pieces)]?.stream;
    if (cut !== undefined && cut !== cuts.at(-1)) cuts.push(cut);
  }
  return cuts.map((from, index) => ({ from, before: cuts[index + 1] ?? null }));
}

function upTo({ commit, prepare }: LogPosition): string {
  return `position <= ${commit} and (position, prepare_position) <= (${commit}, ${prepare})`;
}

function ofKinds(kinds: readonly string[]): string {
  return `stream_kind in (${["", ...kinds].map(literal).join(", ")})`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function* readRows(url: string, which: string, batchSize = 500): AsyncGenerator<RawLike[]> {
  const client = new Client(connectionConfig(url, { name: "docket journal" }));
  client.on("error", () => undefined);
  await client.connect();
  try {
    // the rows are wanted in an order that an index has: a sort of all of them is never what to do
    await client.query("set enable_sort = off; set enable_seqscan = off; set enable_bitmapscan = off");
    // few columns are asked for, so the view computes nothing
    const text = `copy (select ${fields.join(", ")} from read.journal ${which}) to stdout (format binary)`;
    const stream = client.query(copyTo(text, { highWaterMark: 1 << 18 }));
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

// an array for each row would cost more than what is written into it
const rowsPerArray = 256;
const width = fields.length * 2;

/** Takes the bytes of a binary COPY as they come, and gives the whole rows in them. */
function copyParser(): (chunk: Buffer, take: (event: RawLike) => void) => void {
  let rest: Buffer = Buffer.alloc(0);
  let begun = false;
  let places = new Int32Array(0);
  let used = 0;
  /** Gives the whole rows in some bytes; returns the place of the first that is not complete. */
  const takeRows = (bytes: Buffer, from: number, take: (event: RawLike) => void, most = Infinity): number => {
    let at = from;
    for (let count = 0; count < most; count++) {
      if (used === places.length) {
        places = new Int32Array(rowsPerArray * width);
        used = 0;
      }
      const next = readRow(bytes, at, places, used);
      if (next === at) break;
      take(new JournalEvent(bytes, places, used));
      used += width;
      at = next;
    }
    return at;
  };
  return (chunk, take) => {
    let at = 0;
    if (rest.length > 0) {
      // the row that the last chunk broke off: only its own bytes are put together, not all of them
      for (let more = 4_096; at === 0; more *= 8) {
        const joined = Buffer.concat([rest, chunk.subarray(0, more)]);
        const begin = begun ? 0 : headerLength;
        const end = takeRows(joined, begin, take, 1);
        if (end > begin) {
          begun = true;
          at = end - rest.length;
        } else if (more >= chunk.length) {
          rest = joined;
          return;
        }
      }
    } else if (!begun) {
      if (chunk.length < headerLength) {
        rest = chunk;
        return;
      }
      at = headerLength;
      begun = true;
    }
    rest = chunk.subarray(takeRows(chunk, at, take));
  };
}

/** Finds the fields of the row at `at`; gives the place behind it, or `at` when the row is not complete (or is the trailer). */
function readRow(bytes: Buffer, at: number, places: Int32Array, first: number): number {
  const end = bytes.length;
  if (end < at + 2 || bytes.readInt16BE(at) < 0) return at;
  let next = at + 2;
  for (let field = 0; field < fields.length; field++) {
    if (end < next + 4) return at;
    const length = bytes.readInt32BE(next);
    next += 4;
    places[first + field * 2] = next;
    places[first + field * 2 + 1] = next + length;
    if (length > 0) next += length;
    if (end < next) return at;
  }
  return next;
}

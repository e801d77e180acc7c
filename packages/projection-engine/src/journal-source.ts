import { connectionConfig, type LogPosition } from "@docket/postgres"
import { Client } from "pg"
import { to as copyTo } from "pg-copy-streams"
import type { RawLike } from "./fold-event.ts"

/** An event as the journal has it: its times are at hand, its metadata are put together only when asked for. */
class JournalEvent {
  readonly stream: string
  readonly revision: number
  readonly eventId = ""
  readonly type: string
  readonly position: LogPosition
  readonly dataText: string
  readonly occurredMs: number
  readonly recordedMs: number
  readonly #schemaVersion: number

  constructor(commit: number, prepare: number, stream: string, revision: number, type: string, version: number, times: readonly [number, number], dataText: string) {
    this.stream = stream
    this.revision = revision
    this.type = type
    this.position = { commit, prepare }
    this.dataText = dataText
    this.#schemaVersion = version
    ;[this.occurredMs, this.recordedMs] = times
  }

  get data(): Record<string, unknown> {
    return JSON.parse(this.dataText) as Record<string, unknown>
  }

  get meta(): object {
    const [occurredAt, recordedAt] = [this.occurredMs, this.recordedMs].map((ms) => new Date(ms).toISOString())
    return { occurredAt, recordedAt, schemaVersion: this.#schemaVersion }
  }

  get metaText(): string {
    return JSON.stringify(this.meta)
  }

  get stored(): object {
    return { ...this.meta, prevHash: null, hash: "" }
  }
}

const epoch2000 = 946_684_800_000
const fields = "position, prepare_position, stream, revision, type, schema_version, occurred_at, recorded_at, data_text"

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
  const client = new Client(connectionConfig(url, { name: "docket journal" }))
  client.on("error", () => undefined)
  await client.connect()
  try {
    // few columns are asked for, so the view computes nothing
    const only = kinds ? `and stream_kind in (${["", ...kinds].map((kind) => `'${kind}'`).join(", ")})` : ""
    const { from, to } = range
    const stream = client.query(
      copyTo(
        `copy (select ${fields} from read.journal
           where position between ${from.commit} and ${to.commit} and (position, prepare_position) > (${from.commit}, ${from.prepare})
             and (position, prepare_position) <= (${to.commit}, ${to.prepare}) ${only}
           order by position, prepare_position) to stdout (format binary)`,
        { highWaterMark: 1 << 20 },
      ),
    )
    const parser = copyParser()
    let batch: RawLike[] = []
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      parser(chunk, (event) => batch.push(event))
      if (batch.length >= batchSize) {
        yield batch
        batch = []
      }
    }
    if (batch.length > 0) yield batch
  } finally {
    await client.end().catch(() => undefined)
  }
}

const headerLength = 19

/** Takes the bytes of a binary COPY as they come, and gives the whole rows in them. */
function copyParser(): (chunk: Buffer, take: (event: RawLike) => void) => void {
  let rest: Buffer = Buffer.alloc(0)
  let begun = false
  return (chunk, take) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let at = 0
    if (!begun) {
      if (bytes.length < headerLength) {
        rest = bytes
        return
      }
      at = headerLength
      begun = true
    }
    for (;;) {
      const next = readRow(bytes, at, take)
      if (next === at) break
      at = next
    }
    rest = bytes.subarray(at)
  }
}

/** Reads the row at `at`; gives the place behind it, or `at` when the row is not complete (or is the trailer). */
function readRow(bytes: Buffer, at: number, take: (event: RawLike) => void): number {
  const end = bytes.length
  if (end < at + 2 || bytes.readInt16BE(at) < 0) return at
  const places: number[] = []
  let place = at + 2
  for (let field = 0; field < 9; field++) {
    if (end < place + 4) return at
    const length = bytes.readInt32BE(place)
    place += 4
    places.push(place)
    place += length
    if (end < place) return at
  }
  const [commit, prepare, stream, revision, type, version, occurred, recorded, data] = places as [number, number, number, number, number, number, number, number, number]
  const text = (from: number, next: number): string => bytes.toString("utf8", from, next)
  const times = [instant(bytes, occurred), instant(bytes, recorded)] as const
  take(
    new JournalEvent(
      int64(bytes, commit),
      int64(bytes, prepare),
      text(stream, revision - 4),
      bytes.readInt32BE(revision),
      text(type, version - 4),
      bytes.readInt16BE(version),
      times,
      text(data, place),
    ) as unknown as RawLike,
  )
  return place
}

function int64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 4_294_967_296 + bytes.readUInt32BE(at + 4)
}

function instant(bytes: Buffer, at: number): number {
  return int64(bytes, at) / 1_000 + epoch2000
}

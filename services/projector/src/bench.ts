import { fork } from "node:child_process"
import { once } from "node:events"
import { createReadStream, createWriteStream } from "node:fs"
import { mkdtemp, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { finished, pipeline } from "node:stream/promises"
import type { Batch, FollowOptions, RawEvent } from "@docket/event-store"
import { openRebuild, runProjector, type Row, type Table } from "@docket/projection-engine"
import { createPool, migrate, startEmbeddedPostgres } from "@docket/postgres"
import type pg from "pg"
import { from as copyFrom, to as copyTo } from "pg-copy-streams"
import { busyLog } from "./busy-log.ts"
import { readModels } from "./read-models.ts"

/*
 * Benchmarks of the read models: `node bench.ts [catch-up|rebuild] [EVENTS]`, one JSON line per figure. Each is measured beside a bare
 * yardstick in the same run, on the same server and rows. Not in them: reading the log from the event store (events come from memory),
 * generating the log. Postgres runs with its full durability.
 */

export type Figure = {
  readonly what: string
  readonly events: number
  readonly ms: number
  readonly perSecond: number
  readonly yardstick: string
  readonly yardstickMs: number
  /** work per time of ours by that of the yardstick: above 1 is faster */
  readonly ratio: number
  readonly peakMemoryMb?: number
}

type Bench = { readonly url: string; readonly pool: pg.Pool; readonly dir: string }

async function withPostgres<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "docket-bench-"))
  const server = await startEmbeddedPostgres({ dataDir: join(dir, "pg") })
  await migrate(server.url)
  const pool = createPool(server.url, { max: 4 })
  try {
    return await work({ url: server.url, pool, dir })
  } finally {
    await pool.end()
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

const batchSize = 5_000

/** All read models fold the log from memory, as fast as they take it. */
async function project(url: string, events: readonly RawEvent[]): Promise<number> {
  const stop = new AbortController()
  let began = 0
  let ended = 0
  const last = events.at(-1)?.position.commit ?? 0
  const store = {
    followAll: async ({ onBatch, signal }: FollowOptions): Promise<void> => {
      began = performance.now()
      for (let from = 0; from < events.length; from += batchSize) {
        const part = events.slice(from, from + batchSize)
        const batch: Batch = { events: part, checkpoint: part.at(-1)?.position ?? { commit: 0, prepare: 0 }, live: false }
        await onBatch(batch)
      }
      if (!signal.aborted) await once(signal, "abort")
    },
  }
  await runProjector({
    ...{ url, store, projections: readModels, signal: stop.signal },
    onStatus: ({ position }) => {
      if (position.commit < last || ended > 0) return
      ended = performance.now()
      stop.abort()
    },
  })
  return ended - began
}

const tables = (schemaOf: (name: string) => string): { readonly table: Table; readonly name: string }[] =>
  readModels.flatMap(({ name, tables }) => tables.map((table) => ({ table, name: `${schemaOf(name)}.${table.name}` })))

/** The rows that the tables hold, as the driver gives them in binary; so the yardstick encodes nothing twice. */
async function rowsOf(pool: pg.Pool, name: string, table: Table): Promise<Row[]> {
  const { rows } = await pool.query<Record<string, unknown>>(`select * from ${name}`)
  return rows.map((row) => table.columns.map(([column, type]) => plain(row[column], type)))
}

function plain(value: unknown, type: string): Row[number] {
  if (value === null || value === undefined) return null
  if (type === "timestamptz") return value instanceof Date ? value.getTime() : Number(value)
  if (type === "int8") return Number(value)
  if (type === "bytea") return (value as Buffer).toString("hex")
  return value as Row[number]
}

/** Bare tables with nothing but their keys take the same rows by `insert ... select from unnest ... on conflict do update`. */
async function bareUpserts(pool: pg.Pool): Promise<number> {
  await pool.query("create schema bare")
  const work: { readonly sql: string; readonly table: Table; readonly rows: Row[] }[] = []
  for (const { table, name } of tables((of) => `rm_${of}_1`)) {
    await pool.query(table.createSql("bare"))
    const { key = [], columns } = table
    if (key.length > 0) await pool.query(`alter table bare.${table.name} add primary key (${key.join(", ")})`)
    const sets = columns.map(([column]) => `${column} = excluded.${column}`).join(", ")
    const onConflict = key.length > 0 ? ` on conflict (${key.join(", ")}) do update set ${sets}` : ""
    work.push({ sql: table.insertSql("bare") + onConflict, table, rows: await rowsOf(pool, name, table) })
  }
  const most = Math.max(...work.map(({ rows }) => rows.length))
  const rounds = Math.ceil(most / batchSize)
  const client = await pool.connect()
  const began = performance.now()
  for (let round = 0; round < rounds; round++) {
    await client.query("begin")
    for (const { sql, table, rows } of work) {
      const share = Math.ceil(rows.length / rounds)
      const part = rows.slice(round * share, (round + 1) * share)
      if (part.length > 0) await client.query({ name: `bare_${table.name}`, text: sql, values: table.encodeArrays(part) })
    }
    await client.query("commit")
  }
  const ms = performance.now() - began
  client.release()
  return ms
}

/** Catching up: events from memory into all read models, beside bare upserts of the rows that then stand there. */
export async function benchCatchUp(events = 200_000): Promise<Figure> {
  const log = [...busyLog({ events })]
  return withPostgres(async ({ url, pool }) => {
    const ms = await project(url, log)
    const yardstickMs = await bareUpserts(pool)
    const what = "catch-up of all read models"
    const yardstick = "bare unnest upserts of the rows that stand in the tables at the end"
    return { what, events, ms: Math.round(ms), perSecond: Math.round((events / ms) * 1_000), yardstick, yardstickMs: Math.round(yardstickMs), ratio: round2(yardstickMs / ms) }
  })
}

const round2 = (value: number): number => Math.round(value * 100) / 100

/** The journal alone, filled as quickly as it goes: what a rebuild starts from. */
async function fillJournal(url: string, pool: pg.Pool, events: number): Promise<void> {
  const journal = readModels.filter(({ name }) => name === "journal")
  const stop = new AbortController()
  const store = {
    followAll: async ({ onBatch, signal }: FollowOptions): Promise<void> => {
      let part: RawEvent[] = []
      const hand = async (): Promise<void> => {
        const last = part.at(-1)
        if (last) await onBatch({ events: part, checkpoint: last.position, live: false })
        part = []
      }
      for (const event of busyLog({ events })) {
        part.push(event)
        if (part.length === batchSize) await hand()
      }
      await hand()
      if (!signal.aborted) await once(signal, "abort")
    },
  }
  const last = events * 1_000
  await runProjector({
    ...{ url, store, projections: journal, signal: stop.signal },
    onStatus: ({ position }) => {
      if (position.commit >= last) stop.abort()
    },
  })
  await pool.query("checkpoint")
}

/** Bare tables take the same rows by COPY, from files. */
async function bareCopies(pool: pg.Pool, dir: string, schemaOf: (name: string) => string): Promise<{ ms: number; bytes: number }> {
  await pool.query("create schema bare")
  const client = await pool.connect()
  const files: { readonly file: string; readonly table: Table }[] = []
  for (const { table, name } of tables(schemaOf)) {
    if (name.includes("rm_journal_")) continue
    const file = join(dir, table.name)
    await pipeline(client.query(copyTo(`copy ${name} to stdout (format binary)`)), createWriteStream(file))
    await client.query(table.createSql("bare"))
    files.push({ file, table })
  }
  let bytes = 0
  await client.query("checkpoint")
  const began = performance.now()
  for (const { file, table } of files) {
    const into = client.query(copyFrom(table.copySql("bare")))
    createReadStream(file, { highWaterMark: 1 << 20 }).pipe(into)
    await finished(into)
  }
  const ms = performance.now() - began
  for (const { file } of files) bytes += (await stat(file)).size
  client.release()
  return { ms, bytes }
}

/** The rebuild in a process of its own, whose memory is then the rebuild's alone. */
async function rebuildApart(url: string): Promise<{ readonly ms: number; readonly peakMb: number }> {
  const child = fork(import.meta.filename, ["apart", url])
  const [result] = (await once(child, "message")) as [{ ms: number; peakMb: number }]
  await once(child, "exit")
  return result
}

async function runApart(url: string): Promise<void> {
  const all = await openRebuild({ url, projections: readModels })
  await all.prepare([])
  const began = performance.now()
  await all.run()
  const ms = performance.now() - began
  await all.close()
  process.send?.({ ms, peakMb: Math.round(process.resourceUsage().maxRSS / 1_000) })
  process.disconnect()
}

/** Rebuilding all read models from the journal (tables, indexes, statistics), beside COPY of the same rows into bare tables. */
export async function benchRebuild(events = 1_000_000): Promise<Figure> {
  return withPostgres(async ({ url, pool, dir }) => {
    await fillJournal(url, pool, events)
    const { ms, peakMb } = await rebuildApart(url)
    const { rows } = await pool.query<{ projection: string; schema_name: string }>("select projection, schema_name from engine.rebuilds")
    const schemas = new Map(rows.map((row) => [row.projection, row.schema_name]))
    const bare = await bareCopies(pool, dir, (name) => schemas.get(name) ?? `rm_${name}_1`)
    const what = "rebuild of all read models from the journal"
    const yardstick = `COPY of the same rows (${Math.round(bare.bytes / 1e6)} MB) into bare tables`
    return {
      ...{ what, events, ms: Math.round(ms), perSecond: Math.round((events / ms) * 1_000), yardstick, yardstickMs: Math.round(bare.ms) },
      ...{ ratio: round2(bare.ms / ms), peakMemoryMb: peakMb },
    }
  })
}

if (process.argv[1] === import.meta.filename) {
  const [which, count] = process.argv.slice(2)
  if (which === "apart") {
    await runApart(count ?? "")
    process.exit(0)
  }
  const events = count ? [Number(count)] : []
  if (which !== "rebuild") process.stdout.write(`${JSON.stringify(await benchCatchUp(...events))}\n`)
  if (which !== "catch-up") process.stdout.write(`${JSON.stringify(await benchRebuild(...events))}\n`)
}

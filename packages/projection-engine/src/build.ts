import { Client } from "pg"
import { connectionConfig, type LogPosition } from "@docket/postgres"
import { causeText } from "./fold-batch.ts"
import { type Decode, type FoldEvent, foldEvents } from "./fold-event.ts"
import { readJournal } from "./journal-source.ts"
import { createIndexes, createTables } from "./layout.ts"
import type { Projection } from "./projection.ts"
import { copyIn } from "./write-batch.ts"
import { type WriteSet, writeSet } from "./write-set.ts"

/** A generation in the making. */
export type Build = { readonly projection: Projection; readonly generation: number; readonly schema: string }

export type BuildOptions = {
  readonly url: string
  readonly builds: readonly Build[]
  /** The journal is folded up to here. */
  readonly to: LogPosition
  readonly decode?: Decode
  readonly onProgress?: (done: { readonly events: number; readonly rows: number; readonly position: LogPosition }) => void
  readonly signal?: AbortSignal
}

type Work = Build & {
  readonly states: Map<string, unknown>
  readonly writes: WriteSet
  readonly parked: Set<string>
  readonly parkedEvents: { readonly commit: number; readonly prepare: number; readonly cause: string | null }[]
  readonly handles: (kind: string) => boolean
}

const chunkRows = 4_000

/**
 * Makes the tables of new generations and fills them from the journal: one pass over it for all of them, states in memory only
 * (a stream that has come to its end is written out and forgotten), rows by COPY, indexes last, everything in one
 * transaction. So either all of it is there or nothing; Postgres writes the rows once, not into its log as well.
 *
 * An event that cannot be folded is parked with what follows in its stream. Values that no column takes fail the whole: the caller
 * then builds the slow way. Gives how many events were folded and rows written.
 */
export async function build(options: BuildOptions): Promise<{ readonly events: number; readonly rows: number }> {
  const { url, builds } = options
  const client = new Client(connectionConfig(url, { name: "docket rebuild" }))
  client.on("error", () => undefined)
  await client.connect()
  try {
    await client.query("set maintenance_work_mem = '256MB'; set synchronous_commit = on")
    await client.query("begin")
    for (const { projection, schema } of builds) await createTables(client, projection, schema)
    const work = builds.map(begin)
    const writing = writeQueue(client)
    const kinds = kindsOf(builds)
    let events = 0
    let position: LogPosition = { commit: 0, prepare: 0 }
    for await (const raws of readJournal(url, { from: position, to: options.to }, kinds)) {
      options.signal?.throwIfAborted()
      const batch = await foldEvents(raws, options.decode)
      for (const one of work) foldInto(one, batch)
      for (const one of work) await writing.drain(one, chunkRows)
      events += batch.length
      position = batch.at(-1) ?? position
      options.onProgress?.({ events, rows: writing.rows(), position })
    }
    for (const one of work) {
      for (const [stream, state] of one.states) one.projection.flush?.(undefined, state, one.writes.writer, stream)
      one.states.clear()
      await writing.drain(one, 1)
    }
    await writing.finish()
    for (const one of work) await park(client, one)
    for (const { projection, schema } of builds) await createIndexes(client, projection, schema)
    for (const { projection, schema } of builds)
      for (const table of projection.tables) await client.query(`analyze ${schema}.${table.name}`)
    await client.query("commit")
    return { events, rows: writing.rows() }
  } finally {
    await client.end().catch(() => undefined)
  }
}

function begin(one: Build): Work {
  const { kinds, tables } = one.projection
  const set: ReadonlySet<string> = new Set(kinds === "all" ? [] : kinds)
  const handles = kinds === "all" ? () => true : (kind: string) => set.has(kind)
  return { ...one, states: new Map(), writes: writeSet(tables), parked: new Set(), parkedEvents: [], handles }
}

/** The kinds that any of them folds; undefined for all. */
function kindsOf(builds: readonly Build[]): string[] | undefined {
  const kinds = builds.map(({ projection }) => projection.kinds)
  return kinds.includes("all") ? undefined : [...new Set(kinds.flat())]
}

function foldInto(work: Work, events: readonly FoldEvent[]): void {
  const { projection, states, writes, parked } = work
  for (const event of events) {
    if (!work.handles(event.kind)) continue
    const { stream } = event
    const { commit, prepare } = event
    if (parked.size > 0 && parked.has(stream)) {
      work.parkedEvents.push({ commit, prepare, cause: null })
      continue
    }
    writes.mark()
    try {
      const state = projection.fold(states.get(stream), event, writes.writer)
      if (state === undefined) continue
      if (projection.isFinal?.(state)) {
        projection.flush?.(undefined, state, writes.writer, stream)
        states.delete(stream)
      } else if (projection.load) states.set(stream, state)
    } catch (error) {
      writes.undo()
      parked.add(stream)
      work.parkedEvents.push({ commit, prepare, cause: causeText(error) })
    }
  }
}

/** Takes what waits over from the journal, in the form in which a projector parks. */
async function park(client: Client, { projection, generation, parkedEvents }: Work): Promise<void> {
  if (parkedEvents.length === 0) return
  await client.query(
    `insert into engine.parked (projection, generation, stream, revision, commit_position, prepare_position, event_id, type, event, cause)
     select $1, $2, j.stream, j.revision, j.position, j.prepare_position, j.event_id, j.type,
       jsonb_build_object('dataText', j.data_text, 'metaText', ((j.meta - 'correlationId' - 'causationId') || jsonb_build_object(
         '$correlationId', j.correlation_id, '$causationId', j.causation_id, 'prevHash', j.prev_hash, 'hash', j.hash))::text)::text,
       p.cause
     from unnest($3::int8[], $4::int8[], $5::text[]) as p(commit_position, prepare_position, cause)
       join read.journal j on j.position = p.commit_position and j.prepare_position = p.prepare_position`,
    [
      projection.name,
      generation,
      parkedEvents.map(({ commit }) => commit),
      parkedEvents.map(({ prepare }) => prepare),
      parkedEvents.map(({ cause }) => cause?.replaceAll("\0", "") ?? null),
    ],
  )
}

/** Writes rows behind the fold's back: a run of rows is on its way while the next is folded. */
function writeQueue(client: Client): { drain: (work: Work, from: number) => Promise<void>; finish: () => Promise<void>; rows: () => number } {
  let last: Promise<void> = Promise.resolve()
  let held = 0
  let rows = 0
  return {
    drain: async ({ writes, schema }, from) => {
      for (const { table, ...lists } of writes.tables) {
        if (lists.inserts.length < from) continue
        const count = lists.inserts.length
        const bytes = table.encodeCopy(lists.inserts)
        lists.inserts.length = 0
        rows += count
        held += bytes.length
        last = last.then(async () => {
          await copyIn(client, table.copySql(schema, true), bytes)
          held -= bytes.length
        })
        last.catch(() => undefined)
      }
      if (held > 32 * 1024 * 1024) await last
    },
    finish: () => last,
    rows: () => rows,
  }
}

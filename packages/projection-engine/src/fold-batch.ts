import type { Queryable } from "@docket/postgres"
import type { FoldEvent } from "./fold-event.ts"
import type { Projection } from "./projection.ts"
import { type StateCache, stateCache } from "./state-cache.ts"
import { type WriteSet, writeSet } from "./write-set.ts"

/** A read model with the tables that it writes now and what is remembered of them. */
export type Generation = {
  readonly projection: Projection
  readonly number: number
  readonly schema: string
  readonly cache: StateCache<unknown>
  /** Streams whose events wait in engine.parked. */
  readonly parked: Set<string>
  readonly handles: (kind: string) => boolean
}

export function makeGeneration(projection: Projection, number: number, schema: string, cacheSize = 4_000): Generation {
  const { kinds } = projection
  const set: ReadonlySet<string> = new Set(kinds === "all" ? [] : kinds)
  const handles = kinds === "all" ? () => true : (kind: string) => set.has(kind)
  return { projection, number, schema, cache: stateCache(cacheSize), parked: new Set(), handles }
}

/** An event that waits: the one that failed has a cause, those behind it have none. */
export type ParkedEvent = { readonly event: FoldEvent; readonly cause: string | null }

/** What a batch gives for one read model. */
export type FoldResult = {
  readonly generation: Generation
  readonly writes: WriteSet
  readonly parked: ParkedEvent[]
  /** Streams whose parked events were folded now, or are parked anew: their old entries go. */
  readonly released?: readonly string[]
}

/**
 * Thrown when an error cannot be laid at the door of one event of the batch: the batch is to be folded again, event by event.
 */
export class BatchNotFoldable extends Error {
  readonly projection: string

  constructor(projection: string, cause: unknown) {
    super(`the batch cannot be folded by ${projection} as a whole`, { cause })
    this.name = "BatchNotFoldable"
    this.projection = projection
  }
}

/** A short text of what went wrong, for people. */
export function causeText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.slice(0, 2_000)
}

type Touched = { readonly before: unknown; after: unknown }

/**
 * Folds a run of events for one read model: loads the states that are not at hand in one query, folds in memory, and gives
 * the rows to write. Updates the generation's cache and its parked streams; when the rows are then not written for whatever
 * reason, both must be thrown away.
 *
 * An event whose fold throws is parked; the later ones of its stream queue behind it; other streams go on.
 */
export async function foldBatch(generation: Generation, events: readonly FoldEvent[], db: Queryable): Promise<FoldResult> {
  const { projection, cache, parked } = generation
  const mine = projection.kinds === "all" ? events : events.filter((event) => generation.handles(event.kind))
  const writes = writeSet(projection.tables)
  const result: FoldResult = { generation, writes, parked: [] }
  if (mine.length === 0) return result
  const loaded = await loadStates(generation, mine, db)

  const touched = new Map<string, Touched>()
  for (const event of mine) {
    const { stream } = event
    if (parked.size > 0 && parked.has(stream)) {
      result.parked.push({ event, cause: null })
      continue
    }
    let entry = touched.get(stream)
    if (!entry) {
      const before = projection.load ? (cache.get(stream) ?? loaded?.get(stream)) : undefined
      entry = { before, after: before }
      touched.set(stream, entry)
    }
    writes.mark()
    try {
      const next = projection.fold(entry.after, event, writes.writer)
      if (next !== undefined) entry.after = next
    } catch (error) {
      writes.undo()
      parked.add(stream)
      result.parked.push({ event, cause: causeText(error) })
    }
  }
  for (const [stream, { before, after }] of touched) {
    if (after === undefined || after === before) continue
    writes.mark()
    try {
      projection.flush?.(before, after, writes.writer, stream)
    } catch (error) {
      if (mine.length > 1) throw new BatchNotFoldable(projection.name, error)
      writes.undo()
      parked.add(stream)
      for (const event of mine) result.parked.push({ event, cause: causeText(error) })
      cache.delete(stream)
      continue
    }
    if (projection.load) cache.set(stream, after)
  }
  return result
}

async function loadStates(
  generation: Generation,
  events: readonly FoldEvent[],
  db: Queryable,
): Promise<Map<string, unknown> | undefined> {
  const { projection, cache, parked } = generation
  if (!projection.load) return undefined
  const missing = new Set<string>()
  const fresh = new Set<string>()
  for (const { stream, revision } of events) {
    // a stream's first event needs no state, nor do those that follow it in this batch
    if (revision === 0) fresh.add(stream)
    else if (!cache.has(stream) && !fresh.has(stream) && !parked.has(stream)) missing.add(stream)
  }
  return missing.size > 0 ? projection.load(db, generation.schema, [...missing]) : undefined
}

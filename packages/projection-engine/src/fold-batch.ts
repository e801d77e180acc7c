import { setImmediate as nextTurn } from "node:timers/promises";
import type { Queryable } from "@docket/postgres";
import { type Decode, type FoldEvent, foldEvent, foldEvents, kindOf, type RawLike } from "./fold-event.ts";
import type { Projection } from "./projection.ts";
import { type StateCache, stateCache } from "./state-cache.ts";
import { type WriteSet, writeSet } from "./write-set.ts";

/** A read model with the tables that it writes now and what is remembered of them. */
export type Generation = {
  readonly projection: Projection;
  readonly number: number;
  readonly schema: string;
  readonly cache: StateCache<unknown>;
  /** Streams whose events wait in engine.parked. */
  readonly parked: Set<string>;
  readonly handles: (kind: string) => boolean;
};

export function makeGeneration(projection: Projection, number: number, schema: string, cacheSize = 4_000): Generation {
  return {
    projection,
    number,
    schema,
    cache: stateCache(cacheSize),
    parked: new Set(),
    handles: handlerOf(projection),
  };
}

/** Whether a read model folds streams of a kind. */
export function handlerOf({ kinds }: Projection): (kind: string) => boolean {
  if (kinds === "all") return () => true;
  const set: ReadonlySet<string> = new Set(kinds);
  return (kind) => set.has(kind);
}

/** An event that waits: the one that failed has a cause, those behind it have none. */
export type ParkedEvent = { readonly event: FoldEvent; readonly cause: string | null };

/** What a batch gives for one read model. */
export type FoldResult = {
  readonly generation: Generation;
  readonly writes: WriteSet;
  readonly parked: ParkedEvent[];
  /** Streams whose parked events were folded now, or are parked anew: their old entries go. */
  readonly released?: readonly string[];
  /** Streams whose rows are all taken away before the new ones are written. */
  readonly cleared?: readonly string[];
};

/**
 * Thrown when an error cannot be laid at the door of one event of the batch: the batch is to be folded again, event by event.
 */
export class BatchNotFoldable extends Error {
  readonly projection: string;

  constructor(projection: string, cause: unknown) {
    super(`the batch cannot be folded by ${projection} as a whole`, { cause });
    this.name = "BatchNotFoldable";
    this.projection = projection;
  }
}

/** A short text of what went wrong, for people. */
export function causeText(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.slice(0, 2_000);
}

type Touched = { readonly before: unknown; after: unknown };

type Work = FoldResult & {
  readonly loaded: ReadonlyMap<string, unknown> | undefined;
  readonly touched: Map<string, Touched>;
};

// From here on COPY beats arrays; below, the round trips that it needs cost more.
const bulkFrom = 100;

// Data are parsed, folded by all and dropped in runs of so many events: they die young, which costs the collector nothing.
const runLength = 100;

/**
 * Folds a run of events for all read models: loads the states that are not at hand in one query each, folds in memory, and gives
 * the rows to write. Updates the generations' caches and parked streams; when the rows are then not written for whatever
 * reason, both must be thrown away.
 *
 * An event whose fold throws is parked; the later ones of its stream queue behind it; other streams go on.
 */
export async function foldBatch(
  generations: readonly Generation[],
  raws: readonly RawLike[],
  db: Queryable,
  decode?: Decode,
): Promise<FoldResult[]> {
  const bulk = raws.length >= bulkFrom;
  const kinds = raws.map(({ stream }) => kindOf(stream));
  const work: Work[] = await Promise.all(
    generations.map(async (generation) => ({
      generation,
      writes: writeSet(generation.projection.tables, bulk),
      parked: [],
      loaded: await loadStates(generation, raws, kinds, db),
      touched: new Map(),
    })),
  );
  for (let from = 0; from < raws.length; from += runLength) {
    // the batch before this one is being sent meanwhile
    if (from > 0) await nextTurn();
    const events = await foldEvents(raws.slice(from, from + runLength), decode);
    for (const event of events) for (const one of work) if (one.generation.handles(event.kind)) foldOne(one, event);
  }
  return work.map((one) => flush(one, raws));
}

function foldOne({ generation, writes, parked, loaded, touched }: Work, event: FoldEvent): void {
  const { stream } = event;
  if (generation.parked.size > 0 && generation.parked.has(stream)) {
    parked.push({ event, cause: null });
    return;
  }
  const { projection } = generation;
  writes.mark();
  try {
    if (!projection.load) {
      projection.fold(undefined, event, writes.writer);
      return;
    }
    let entry = touched.get(stream);
    if (!entry) {
      const before = generation.cache.get(stream) ?? loaded?.get(stream);
      entry = { before, after: before };
      touched.set(stream, entry);
    }
    const next = projection.fold(entry.after, event, writes.writer);
    if (next !== undefined) entry.after = next;
  } catch (error) {
    writes.undo();
    generation.parked.add(stream);
    parked.push({ event, cause: causeText(error) });
  }
}

/** Writes what the touched states have become. An event on its own whose state gives no rows is parked. */
function flush(work: Work, raws: readonly RawLike[]): FoldResult {
  const { generation, writes, touched } = work;
  const { projection, cache } = generation;
  for (const [stream, { before, after }] of touched) {
    if (after === undefined || after === before) continue;
    try {
      projection.flush?.(before, after, writes.writer, stream);
      cache.set(stream, after);
    } catch (error) {
      const [only, ...others] = raws;
      if (!only || others.length > 0) throw new BatchNotFoldable(projection.name, error);
      return parkedAlone(generation, foldEvent(only), error);
    }
  }
  return work;
}

/** Instead of its rows, an event on its own is parked. */
export function parkedAlone(generation: Generation, event: FoldEvent, error: unknown): FoldResult {
  generation.parked.add(event.stream);
  generation.cache.delete(event.stream);
  return {
    generation,
    writes: writeSet(generation.projection.tables, false),
    parked: [{ event, cause: causeText(error) }],
  };
}

async function loadStates(
  { projection, cache, parked, handles, schema }: Generation,
  raws: readonly RawLike[],
  kinds: readonly string[],
  db: Queryable,
): Promise<Map<string, unknown> | undefined> {
  if (!projection.load) return undefined;
  const missing = new Set<string>();
  const fresh = new Set<string>();
  for (const [index, { stream, revision }] of raws.entries()) {
    if (!handles(kinds[index] ?? "")) continue;
    // a stream's first event needs no state, nor do those that follow it in this batch
    if (revision === 0) fresh.add(stream);
    else if (!cache.has(stream) && !fresh.has(stream) && !parked.has(stream)) missing.add(stream);
  }
  return missing.size > 0 ? projection.load(db, schema, [...missing]) : undefined;
}

import type { LogPosition } from "@docket/postgres";
import { causeText, handlerOf } from "./fold-batch.ts";
import { type Decode, type FoldEvent, foldEvents } from "./fold-event.ts";
import { readStreams, type StreamRange } from "./journal-source.ts";
import type { Projection } from "./projection.ts";
import { CopyRows } from "./rows.ts";
import type { Table } from "./table.ts";
import { type WriteSet, writeSet } from "./write-set.ts";

export type LaneOptions = {
  readonly url: string;
  readonly projections: readonly Projection[];
  /** The journal is folded up to here. */
  readonly to: LogPosition;
  /** Only these streams. */
  readonly range: StreamRange;
  readonly decode?: Decode | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** An event that waits, by its place; the one that failed has a cause, those behind it have none. */
export type ParkedPlace = { readonly commit: number; readonly prepare: number; readonly cause: string | null };

/** What a lane gives. Projections are told by their place in the options' list. */
export type LaneOutput = {
  /** Takes rows over (recycles them in the end); resolves when more may come. */
  readonly rows: (projection: number, table: Table, rows: CopyRows) => Promise<void> | void;
  /** Told how many events are folded. */
  readonly progress: (events: number) => void;
};

export type LaneResult = { readonly events: number; readonly parked: readonly (readonly ParkedPlace[])[] };

/** Thrown when a state gives no rows: the events that brought it there have to be found one by one. */
export class NotBuildable extends Error {
  constructor(cause: unknown) {
    super("the quick way fails", { cause });
    this.name = "NotBuildable";
  }
}

type Work = {
  readonly projection: Projection;
  readonly handles: (kind: string) => boolean;
  readonly writes: WriteSet;
  readonly parked: ParkedPlace[];
  /** of the stream at hand */
  state: unknown;
  isParked: boolean;
};

const chunkBytes = 256 * 1024;
// as in fold-batch.ts: what is parsed dies young
const runLength = 100;

/**
 * Folds the journal's events of a range of streams, from the first to `to`, for several read models in one pass. Stream after stream, so that one
 * state of each read model is in memory, however many tickets are open; rows are encoded for COPY. An event that cannot be folded is parked with what
 * follows in its stream. Fails with NotBuildable where no single event can be blamed.
 */
export async function foldLane(options: LaneOptions, output: LaneOutput): Promise<LaneResult> {
  const { url, projections, to, range, decode } = options;
  const work = projections.map(begin);
  const drain = async (from: number): Promise<void> => {
    for (const [index, { writes }] of work.entries())
      for (const one of writes.tables) {
        const { table, inserts } = one;
        if (!(inserts instanceof CopyRows) || inserts.count === 0 || inserts.size < from) continue;
        one.inserts = table.copyRows();
        await output.rows(index, table, inserts);
      }
  };
  let events = 0;
  let stream = "";
  for await (const raws of readStreams(url, to, kindsOf(projections), range)) {
    options.signal?.throwIfAborted();
    for (let at = 0; at < raws.length; at += runLength) {
      const run = await foldEvents(raws.slice(at, at + runLength), decode);
      for (const event of run) {
        if (event.stream !== stream) {
          for (const one of work) finishStream(one, stream);
          ({ stream } = event);
        }
        for (const one of work) if (one.handles(event.kind)) foldInto(one, event);
      }
    }
    await drain(chunkBytes);
    events += raws.length;
    output.progress(events);
  }
  for (const one of work) finishStream(one, stream);
  await drain(0);
  return { events, parked: work.map(({ parked }) => parked) };
}

function begin(projection: Projection): Work {
  const writes = writeSet(projection.tables, true);
  return { projection, handles: handlerOf(projection), writes, parked: [], state: undefined, isParked: false };
}

/** The kinds that any of them folds; undefined for all. */
export function kindsOf(projections: readonly Projection[]): string[] | undefined {
  const kinds = projections.map((projection) => projection.kinds);
  return kinds.includes("all") ? undefined : [...new Set(kinds.flat())];
}

/** Writes out what a stream has come to, and forgets it. */
function finishStream(work: Work, stream: string): void {
  const { projection, writes, state } = work;
  work.isParked = false;
  if (state === undefined) return;
  work.state = undefined;
  try {
    projection.flush?.(undefined, state, writes.writer, stream);
  } catch (error) {
    throw new NotBuildable(error);
  }
}

function foldInto(work: Work, event: FoldEvent): void {
  const { projection, writes } = work;
  const { commit, prepare } = event;
  if (work.isParked) {
    work.parked.push({ commit, prepare, cause: null });
    return;
  }
  writes.mark();
  try {
    const state = projection.fold(work.state, event, writes.writer);
    if (state !== undefined && projection.load) work.state = state;
  } catch (error) {
    writes.undo();
    work.isParked = true;
    work.parked.push({ commit, prepare, cause: causeText(error) });
  }
}

import { Client } from "pg";
import { connectionConfig, type LogPosition } from "@docket/postgres";
import { causeText, handlerOf } from "./fold-batch.ts";
import { type Decode, type FoldEvent, foldEvents } from "./fold-event.ts";
import { readJournal } from "./journal-source.ts";
import { createIndexes, createTables } from "./layout.ts";
import type { Projection } from "./projection.ts";
import { CopyRows } from "./rows.ts";
import { copyIn } from "./copy-in.ts";
import { type WriteSet, writeSet } from "./write-set.ts";

/** A generation in the making. */
export type Build = { readonly projection: Projection; readonly generation: number; readonly schema: string };

export type BuildOptions = {
  readonly url: string;
  readonly builds: readonly Build[];
  /** The journal is folded up to here. */
  readonly to: LogPosition;
  readonly decode?: Decode;
  readonly onProgress?: (done: {
    readonly events: number;
    readonly rows: number;
    readonly position: LogPosition;
  }) => void;
  readonly signal?: AbortSignal;
};

type Work = Build & {
  readonly states: Map<string, unknown>;
  readonly writes: WriteSet;
  readonly parked: Set<string>;
  readonly parkedEvents: { readonly commit: number; readonly prepare: number; readonly cause: string | null }[];
  readonly handles: (kind: string) => boolean;
};

const chunkBytes = 1024 * 1024;
// as in fold-batch.ts: what is parsed dies young
const runLength = 100;

/**
 * Makes the tables of new generations and fills them from the journal: one pass over it for all of them, states in memory only
 * (a stream that has come to its end is written out and forgotten), rows by COPY, indexes last, everything in one
 * transaction. So either all of it is there or nothing; Postgres writes the rows once, not into its log as well.
 *
 * An event that cannot be folded is parked with what follows in its stream. Where no single event can be blamed (NotBuildable, or rows
 * that Postgres refuses) the caller builds the slow way. Gives how many events were folded and rows written.
 */
export async function build(options: BuildOptions): Promise<{ readonly events: number; readonly rows: number }> {
  const { url, builds } = options;
  const client = new Client(connectionConfig(url, { name: "docket rebuild" }));
  client.on("error", () => undefined);
  await client.connect();
  try {
    // A tenth of the usual sample tells the planner as much about tables whose rows are as even as these.
    await client.query("set maintenance_work_mem = '256MB'; set default_statistics_target = 10");
    await client.query("begin");
    for (const { projection, schema } of builds) await createTables(client, projection, schema);
    const work = builds.map(begin);
    const writing = writeQueue(client);
    const kinds = kindsOf(builds);
    let events = 0;
    let position: LogPosition = { commit: 0, prepare: 0 };
    for await (const raws of readJournal(url, { from: position, to: options.to }, kinds)) {
      options.signal?.throwIfAborted();
      for (let from = 0; from < raws.length; from += runLength) {
        const run = await foldEvents(raws.slice(from, from + runLength), options.decode);
        for (const event of run) for (const one of work) if (one.handles(event.kind)) foldInto(one, event);
      }
      for (const one of work) await writing.drain(one, chunkBytes);
      events += raws.length;
      position = raws.at(-1)?.position ?? position;
      options.onProgress?.({ events, rows: writing.rows(), position });
    }
    for (const one of work) {
      for (const [stream, state] of one.states) flushLast(one, stream, state);
      one.states.clear();
      await writing.drain(one, 0);
    }
    await writing.finish();
    for (const one of work) await park(client, one);
    for (const { projection, schema } of builds) await createIndexes(client, projection, schema);
    for (const { projection, schema } of builds)
      for (const table of projection.tables) await client.query(`analyze ${schema}.${table.name}`);
    await client.query("commit");
    return { events, rows: writing.rows() };
  } finally {
    await client.end().catch(() => undefined);
  }
}

function begin(one: Build): Work {
  const { projection } = one;
  const writes = writeSet(projection.tables, true);
  return { ...one, states: new Map(), writes, parked: new Set(), parkedEvents: [], handles: handlerOf(projection) };
}

/** The kinds that any of them folds; undefined for all. */
function kindsOf(builds: readonly Build[]): string[] | undefined {
  const kinds = builds.map(({ projection }) => projection.kinds);
  return kinds.includes("all") ? undefined : [...new Set(kinds.flat())];
}

/** Thrown when a state gives no rows: the events that brought it there have to be found one by one. */
export class NotBuildable extends Error {
  constructor(cause: unknown) {
    super("the quick way fails", { cause });
    this.name = "NotBuildable";
  }
}

function flushLast({ projection, writes }: Work, stream: string, state: unknown): void {
  try {
    projection.flush?.(undefined, state, writes.writer, stream);
  } catch (error) {
    throw new NotBuildable(error);
  }
}

function foldInto(work: Work, event: FoldEvent): void {
  const { projection, states, writes, parked } = work;
  const { stream, commit, prepare } = event;
  if (parked.size > 0 && parked.has(stream)) {
    work.parkedEvents.push({ commit, prepare, cause: null });
    return;
  }
  writes.mark();
  try {
    const state = projection.fold(states.get(stream), event, writes.writer);
    if (state === undefined) return;
    if (projection.isFinal?.(state)) {
      projection.flush?.(undefined, state, writes.writer, stream);
      states.delete(stream);
    } else if (projection.load) states.set(stream, state);
  } catch (error) {
    writes.undo();
    parked.add(stream);
    work.parkedEvents.push({ commit, prepare, cause: causeText(error) });
  }
}

/** Takes what waits over from the journal, in the form in which a projector parks. */
async function park(client: Client, { projection, generation, parkedEvents }: Work): Promise<void> {
  if (parkedEvents.length === 0) return;
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
  );
}

/** Writes rows behind the fold's back: a run of rows is on its way while the next is folded. */
function writeQueue(client: Client): {
  drain: (work: Work, from: number) => Promise<void>;
  finish: () => Promise<void>;
  rows: () => number;
} {
  let last: Promise<void> = Promise.resolve();
  let held = 0;
  let rows = 0;
  return {
    drain: async ({ writes, schema }, from) => {
      for (const one of writes.tables) {
        const { table, inserts } = one;
        if (!(inserts instanceof CopyRows) || inserts.count === 0 || inserts.size < from) continue;
        one.inserts = table.copyRows();
        const bytes = inserts.bytes();
        rows += inserts.count;
        held += bytes.length;
        last = last.then(async () => {
          await copyIn(client, table.copySql(schema, true), bytes);
          held -= bytes.length;
          inserts.recycle();
        });
        last.catch(() => undefined);
      }
      if (held > 32 * 1024 * 1024) await last;
    },
    finish: () => last,
    rows: () => rows,
  };
}

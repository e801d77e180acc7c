import { connectionConfig, type LogPosition } from "@docket/postgres";
import { Client } from "pg";
import { copyIn } from "./copy-in.ts";
import type { Decode } from "./fold-event.ts";
import type { ParkedPlace } from "./fold-lane.ts";
import { foldInLanes } from "./lanes.ts";
import { createTables } from "./layout.ts";
import type { Projection } from "./projection.ts";

/** A generation in the making. */
export type Build = { readonly projection: Projection; readonly generation: number; readonly schema: string };

export type BuildOptions = {
  readonly url: string;
  readonly builds: readonly Build[];
  /** The journal is folded up to here. */
  readonly to: LogPosition;
  readonly decode?: Decode | undefined;
  /** See Program. */
  readonly program?: string | undefined;
  readonly threadsFrom?: number | undefined;
  readonly onProgress?: (done: {
    readonly events: number;
    readonly rows: number;
    /** events there are */
    readonly of: number;
  }) => void;
  readonly signal?: AbortSignal | undefined;
};

/** From so many events on it is worth while to start threads: each has to load the program. */
const manyEvents = 50_000;

/**
 * Makes the tables of new generations and fills them from the journal: one pass over it for all of them, by a thread for each
 * processor with a share of the streams each, rows by COPY, in one transaction; so Postgres writes the rows once, not into its log as
 * well. Then the indexes, several at a time. Should it break off half-way, `abort` drops what is there.
 *
 * An event that cannot be folded is parked with what follows in its stream. Where no single event can be blamed (NotBuildable, or rows
 * that Postgres refuses) the caller builds the slow way. Gives how many events were folded and rows written.
 */
export async function build(options: BuildOptions): Promise<{ readonly events: number; readonly rows: number }> {
  const { url, builds, decode, signal, to } = options;
  const client = await connect(url);
  try {
    await client.query("begin");
    for (const { projection, schema } of builds) await createTables(client, projection, schema);
    let rows = 0;
    const of = await countEvents(client, to);
    const { events, parked } = await foldInLanes({
      url,
      projections: builds.map(({ projection }) => projection),
      to,
      decode,
      signal,
      db: client,
      program: of < (options.threadsFrom ?? manyEvents) ? undefined : options.program,
      write: async (index, table, bytes, count) => {
        await copyIn(client, table.copySql(builds[index]?.schema ?? "", true), bytes);
        rows += count;
      },
      onProgress: (events) => options.onProgress?.({ events, rows, of }),
    });
    for (const [index, one] of builds.entries()) await park(client, one, parked[index] ?? []);
    await client.query("commit");
    await finish(client, url, builds);
    return { events, rows };
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ ...connectionConfig(url, { name: "docket rebuild" }), pipeline: true });
  client.on("error", () => undefined);
  await client.connect();
  // A tenth of the usual sample tells the planner as much about tables whose rows are as even as these.
  await client.query("set maintenance_work_mem = '128MB'; set default_statistics_target = 10");
  return client;
}

async function countEvents(db: Client, { commit }: LogPosition): Promise<number> {
  const { rows } = await db.query<{ n: number }>("select count(*)::int as n from read.journal where position <= $1", [
    commit,
  ]);
  return rows[0]?.n ?? 0;
}

/** Indexes and statistics, the largest tables first, over two connections. */
async function finish(client: Client, url: string, builds: readonly Build[]): Promise<void> {
  const tables = builds.flatMap(({ projection, schema }) => projection.tables.map((table) => ({ table, schema })));
  const { rows } = await client.query<{ place: number }>(
    `select place::int from unnest($1::text[]) with ordinality as t(name, place) order by pg_relation_size(name::regclass) desc`,
    [tables.map(({ table, schema }) => `${schema}.${table.name}`)],
  );
  const queue = rows.flatMap(({ place }) => tables[place - 1] ?? []);
  const work = async (db: Client): Promise<void> => {
    for (let one = queue.shift(); one; one = queue.shift()) {
      for (const sql of one.table.indexSql(one.schema)) await db.query(sql);
      await db.query(`analyze ${one.schema}.${one.table.name}`);
    }
  };
  const other = await connect(url);
  try {
    await Promise.all([work(client), work(other)]);
  } finally {
    await other.end().catch(() => undefined);
  }
}

/** Takes what waits over from the journal, in the form in which a projector parks. */
async function park(
  client: Client,
  { projection, generation }: Build,
  parkedEvents: readonly ParkedPlace[],
): Promise<void> {
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

import { createPool, type LogPosition, PostgresError, type Queryable } from "@docket/postgres";
import type pg from "pg";
import { build, type Build } from "./build.ts";
import { compareGenerations, type TableComparison } from "./compare.ts";
import { makeGeneration } from "./fold-batch.ts";
import type { Decode } from "./fold-event.ts";
import { NotBuildable } from "./fold-lane.ts";
import { readJournal } from "./journal-source.ts";
import { createIndexes, createTables, readParkedStreams, schemaName, showTables } from "./layout.ts";
import { batchLine } from "./line.ts";
import type { Projection } from "./projection.ts";
import { projectorName } from "./projector-name.ts";
import { inTransaction } from "./transaction.ts";
import { batchWriter } from "./write-batch.ts";

export type RebuildOptions = {
  readonly url: string;
  /** All read models of the program, in the order in which their views build on each other. */
  readonly projections: readonly Projection[];
  readonly decode?: Decode;
  /** Where the same read models and decoding can be imported from (see Program): a large journal is then folded by several threads. */
  readonly program?: string;
  /** How many events are large; default 50,000. */
  readonly threadsFrom?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: RebuildProgress) => void;
};

export type RebuildProgress = {
  readonly step: "run" | "index" | "catch_up" | "compare" | "switch" | "drop";
  readonly events: number;
  readonly rows: number;
  /** How far it is, and where it ends: in events while they are folded, else in the log's positions or steps. */
  readonly position: number;
  readonly target: number;
};

/** What is kept of a rebuild, for `status`. */
export type RebuildRecord = {
  readonly id: number;
  readonly projection: string;
  readonly version: number;
  readonly generation: number;
  readonly schema: string;
  readonly state: "prepared" | "running" | "built" | "compared" | "switched" | "aborted" | "failed";
  readonly position: LogPosition;
  readonly target: number;
  readonly events: number;
  readonly rows: number;
  readonly comparison: readonly TableComparison[] | null;
  readonly error: string | null;
  readonly startedAt: Date;
  readonly updatedAt: Date;
};

/**
 * The verbs of a rebuild, for one set of read models:
 *
 *   prepare  -> *prepared*: a new generation of each has a name; one that was under way before is dropped
 *   run      -> *running* -> *built*: tables filled from the journal up to the live checkpoint (see build.ts)
 *   compare  -> *compared*: caught up to one place with the old generation, and table by table the same or not
 *   switch   -> *switched*: caught up for good while the live checkpoint is held, views turned, old tables dropped
 *   abort    -> *aborted*: the new tables are dropped; also what `prepare` does with leftovers
 *
 * Nothing of it touches what readers see before `switch`, and that is one transaction. A failure leaves *failed* with its error.
 * Only one rebuild runs at a time: they hold a lock in the database.
 */
export type Rebuild = {
  readonly prepare: (names: readonly string[]) => Promise<RebuildRecord[]>;
  readonly run: () => Promise<void>;
  readonly compare: () => Promise<boolean>;
  readonly switchOver: () => Promise<void>;
  readonly abort: () => Promise<number>;
  readonly close: () => Promise<void>;
};

const lock = "select pg_try_advisory_lock(hashtext('docket rebuild')) as mine";

/** Begins the work; fails with `postgres_rebuild_running` when another process rebuilds. */
export async function openRebuild(options: RebuildOptions): Promise<Rebuild> {
  const pool = createPool(options.url, { max: 4, name: "docket rebuild" });
  const holder = await pool.connect();
  const { rows } = await holder.query<{ mine: boolean }>(lock);
  if (!rows[0]?.mine) {
    holder.release();
    await pool.end();
    throw new PostgresError("postgres_rebuild_running", "another process rebuilds read models");
  }
  return {
    prepare: (names) => prepare(pool, options, names),
    run: () => run(pool, options),
    compare: () => compare(pool, options),
    switchOver: () => switchOver(pool, options),
    abort: () => abort(pool),
    close: async () => {
      holder.release(true);
      await pool.end();
    },
  };
}

const unfinished = "('prepared', 'running', 'built', 'compared', 'failed')";

/** All rebuilds, the latest first. */
export async function rebuildRecords(db: Queryable, limit = 50): Promise<RebuildRecord[]> {
  return records(db, "true", limit);
}

async function records(db: Queryable, where: string, limit = 1_000): Promise<RebuildRecord[]> {
  const { rows } = await db.query<Record<string, unknown>>(
    `select * from engine.rebuilds where ${where} order by id desc limit ${limit}`,
  );
  return rows.map((row) => ({
    id: Number(row["id"]),
    projection: String(row["projection"]),
    version: Number(row["version"]),
    generation: Number(row["generation"]),
    schema: String(row["schema_name"]),
    state: row["state"] as RebuildRecord["state"],
    position: { commit: Number(row["commit_position"]), prepare: Number(row["prepare_position"]) },
    target: Number(row["target_position"]),
    events: Number(row["events_done"]),
    rows: Number(row["rows_written"]),
    comparison: row["comparison"] as RebuildRecord["comparison"],
    error: row["error"] as string | null,
    startedAt: row["started_at"] as Date,
    updatedAt: row["updated_at"] as Date,
  }));
}

async function prepare(pool: pg.Pool, options: RebuildOptions, names: readonly string[]): Promise<RebuildRecord[]> {
  const chosen = choose(options.projections, names);
  await abort(pool);
  for (const { name, version } of chosen)
    await pool.query(
      `insert into engine.rebuilds (projection, version, generation, schema_name, state)
       select $1, $2, next.generation, $3 || next.generation, 'prepared' from (
         select 1 + greatest(
           coalesce((select max(generation) from engine.rebuilds where projection = $1), 0),
           coalesce((select generation from engine.projections where name = $1), 0)) as generation) next`,
      [name, version, schemaName(name, 0).slice(0, -1)],
    );
  return (await records(pool, "state = 'prepared'")).toReversed();
}

/** Those with the given names; all that have tables when none is given. The journal is the source and cannot be made from itself. */
function choose(projections: readonly Projection[], names: readonly string[]): Projection[] {
  const able = projections.filter(({ name, tables }) => name !== "journal" && tables.length > 0);
  const unknown = names.filter((name) => !able.some((projection) => projection.name === name));
  if (unknown.length > 0)
    throw new PostgresError(
      "postgres_rebuild_unknown",
      `no such read model to rebuild: ${unknown.join(", ")} (there are ${able.map(({ name }) => name).join(", ")})`,
    );
  return names.length === 0 ? able : able.filter(({ name }) => names.includes(name));
}

function buildsOf(
  recordsOf: readonly RebuildRecord[],
  { projections }: RebuildOptions,
): (Build & { record: RebuildRecord })[] {
  return recordsOf.flatMap((record) => {
    const projection = projections.find(
      ({ name, version }) => name === record.projection && version === record.version,
    );
    return projection ? [{ projection, generation: record.generation, schema: record.schema, record }] : [];
  });
}

async function livePosition(db: Queryable, more = ""): Promise<LogPosition> {
  const { rows } = await db.query<{ commit_position: string; prepare_position: string }>(
    `select commit_position, prepare_position from engine.checkpoints where name = $1 ${more}`,
    [projectorName],
  );
  return { commit: Number(rows[0]?.commit_position ?? 0), prepare: Number(rows[0]?.prepare_position ?? 0) };
}

async function run(pool: pg.Pool, options: RebuildOptions): Promise<void> {
  const builds = buildsOf((await records(pool, "state = 'prepared'")).toReversed(), options);
  const ids = builds.map(({ record }) => record.id);
  const to = await livePosition(pool);
  await pool.query(
    "update engine.rebuilds set state = 'running', target_position = $2, updated_at = now() where id = any($1)",
    [ids, to.commit],
  );
  const record = throttled(500, async (events: number, rows: number) => {
    const text =
      "update engine.rebuilds set events_done = $2, rows_written = $3, updated_at = now() where id = any($1)";
    await pool.query(text, [ids, events, rows]);
  });
  try {
    const done = await build({
      url: options.url,
      builds,
      to,
      decode: options.decode,
      program: options.program,
      threadsFrom: options.threadsFrom,
      signal: options.signal,
      onProgress: ({ events, rows, of }) => {
        record(events, rows);
        options.onProgress?.({ step: "run", events, rows, position: events, target: of });
      },
    }).catch((error: unknown) => slowly(error, pool, options, builds, to));
    await pool.query(
      `update engine.rebuilds set state = 'built', commit_position = $2, prepare_position = $3, events_done = $4, rows_written = $5,
       updated_at = now() where id = any($1)`,
      [ids, to.commit, to.prepare, done.events, done.rows],
    );
  } catch (error) {
    await pool.query("update engine.rebuilds set state = 'failed', error = $2, updated_at = now() where id = any($1)", [
      ids,
      String(error),
    ]);
    throw error;
  }
}

/** Values that no column takes spoil the quick way; the slow one parks the events that gave them. */
async function slowly(
  error: unknown,
  pool: pg.Pool,
  options: RebuildOptions,
  builds: readonly (Build & { record: RebuildRecord })[],
  to: LogPosition,
): Promise<{ events: number; rows: number }> {
  const code = String((error as { code?: unknown }).code ?? "");
  if (!(error instanceof NotBuildable) && !code.startsWith("22") && !code.startsWith("23")) throw error;
  for (const { projection, schema } of builds)
    await inTransaction(pool, async (client) => {
      await client.query(`drop schema if exists ${schema} cascade`);
      await createTables(client, projection, schema);
      await createIndexes(client, projection, schema);
    });
  const events = await catchUp(pool, options, builds, to);
  return { events, rows: 0 };
}

/** Folds what the journal has gained, with the same means as the live projector. Gives the number of events. */
async function catchUp(
  pool: pg.Pool,
  options: RebuildOptions,
  builds: readonly (Build & { record: RebuildRecord })[],
  to: LogPosition,
): Promise<number> {
  const ids = builds.map(({ record }) => record.id);
  const { rows } = await pool.query<{ commit_position: string; prepare_position: string }>(
    "select commit_position, prepare_position from engine.rebuilds where id = $1",
    [ids[0]],
  );
  const from = { commit: Number(rows[0]?.commit_position ?? 0), prepare: Number(rows[0]?.prepare_position ?? 0) };
  const generations = builds.map(({ projection, generation, schema }) =>
    makeGeneration(projection, generation, schema),
  );
  await readParkedStreams(pool, generations);
  const writer = batchWriter(options.url, "docket rebuild");
  let failure: unknown;
  const line = batchLine({
    from,
    generations,
    writer,
    db: pool,
    ...(options.decode ? { decode: options.decode } : {}),
    advance: (_from, at) => ({
      text: "update engine.rebuilds set commit_position = $2, prepare_position = $3, updated_at = now() where id = any($1)",
      values: [ids, at.commit, at.prepare],
    }),
    onFailure: (error) => (failure ??= error),
  });
  let events = 0;
  try {
    for await (const raws of readJournal(options.url, { from, to })) {
      options.signal?.throwIfAborted();
      const last = raws.at(-1);
      if (!last) continue;
      await line.push(raws, last.position);
      events += raws.length;
      options.onProgress?.({ step: "catch_up", events, rows: 0, position: last.position.commit, target: to.commit });
    }
    if (from.commit !== to.commit || from.prepare !== to.prepare) await line.push([], to);
    await line.settled();
    if (failure) throw failure;
    return events;
  } finally {
    await writer.close();
  }
}

const closeEnough = 500;

/** Catches up while the live projector goes on, until little is left. */
async function comeClose(
  pool: pg.Pool,
  options: RebuildOptions,
  builds: readonly (Build & { record: RebuildRecord })[],
): Promise<void> {
  while ((await catchUp(pool, options, builds, await livePosition(pool))) > closeEnough)
    options.signal?.throwIfAborted();
}

/** Both generations stand at one place when this returns, and a snapshot is taken of it; the live projector waits meanwhile. */
async function compare(pool: pg.Pool, options: RebuildOptions): Promise<boolean> {
  const builds = buildsOf((await records(pool, "state in ('built', 'compared')")).toReversed(), options);
  if (builds.length === 0) throw new PostgresError("postgres_rebuild_unknown", "nothing is built");
  await comeClose(pool, options, builds);
  const snapshot = await pool.connect();
  try {
    await inTransaction(pool, async (client) => {
      await catchUp(pool, options, builds, await livePosition(client, "for update"));
      await snapshot.query("begin isolation level repeatable read, read only");
      await snapshot.query("select 1 from engine.checkpoints");
    });
    let same = true;
    for (const [index, one] of builds.entries()) {
      options.onProgress?.({ step: "compare", events: index, rows: 0, position: 0, target: builds.length });
      const comparison = await compareGenerations(snapshot, one.projection, one.schema);
      if (comparison.some((table) => !table.same)) same = false;
      await pool.query(
        "update engine.rebuilds set state = 'compared', comparison = $2, updated_at = now() where id = $1",
        [one.record.id, JSON.stringify(comparison)],
      );
    }
    return same;
  } finally {
    await snapshot.query("rollback").catch(() => undefined);
    snapshot.release();
  }
}

async function switchOver(pool: pg.Pool, options: RebuildOptions): Promise<void> {
  const builds = buildsOf((await records(pool, "state in ('built', 'compared')")).toReversed(), options);
  if (builds.length === 0) throw new PostgresError("postgres_rebuild_unknown", "nothing is built");
  await comeClose(pool, options, builds);
  options.onProgress?.({ step: "switch", events: 0, rows: 0, position: 0, target: 0 });
  const old = await inTransaction(pool, async (client) => {
    await catchUp(pool, options, builds, await livePosition(client, "for update"));
    const { rows } = await client.query<{ name: string; version: number; schema_name: string; generation: number }>(
      "select name, version, schema_name, generation from engine.projections",
    );
    const names = builds.map(({ projection }) => projection.name);
    for (const { projection, generation, schema, record } of builds) {
      await client.query(
        `insert into engine.projections (name, version, generation, schema_name) values ($1, $2, $3, $4)
         on conflict (name) do update set version = excluded.version, generation = excluded.generation,
           schema_name = excluded.schema_name, switched_at = now()`,
        [projection.name, projection.version, generation, schema],
      );
      await client.query("update engine.rebuilds set state = 'switched', updated_at = now() where id = $1", [
        record.id,
      ]);
      await client.query("delete from engine.parked where projection = $1 and generation <> $2", [
        projection.name,
        generation,
      ]);
    }
    await client.query("update engine.checkpoints set layout = layout + 1 where name = $1", [projectorName]);
    const shown = options.projections.flatMap((projection) => {
      const schema =
        builds.find((one) => one.projection === projection)?.schema ??
        rows.find((row) => row.name === projection.name && row.version === projection.version)?.schema_name;
      return schema ? [{ projection, schema }] : [];
    });
    await showTables(client, shown);
    return rows.filter((row) => names.includes(row.name)).map((row) => row.schema_name);
  });
  for (const [index, schema] of old.entries()) {
    options.onProgress?.({ step: "drop", events: 0, rows: 0, position: index, target: old.length });
    await drop(pool, schema);
  }
}

/** Drops tables that nobody is shown any more; waits for those who still read them. */
async function drop(pool: pg.Pool, schema: string): Promise<void> {
  await pool.query(`drop schema if exists ${schema} cascade`);
}

async function abort(pool: pg.Pool): Promise<number> {
  const open = await records(pool, `state in ${unfinished}`);
  for (const { id, schema, projection, generation } of open) {
    await drop(pool, schema);
    await pool.query("delete from engine.parked where projection = $1 and generation = $2", [projection, generation]);
    await pool.query("update engine.rebuilds set state = 'aborted', updated_at = now() where id = $1", [id]);
  }
  return open.length;
}

/** Calls at most once in so many milliseconds, one call at a time. */
function throttled<Args extends unknown[]>(
  ms: number,
  work: (...args: Args) => Promise<void>,
): (...args: Args) => void {
  let next = 0;
  let busy = false;
  return (...args) => {
    if (busy || Date.now() < next) return;
    busy = true;
    next = Date.now() + ms;
    void work(...args)
      .catch(() => undefined)
      .finally(() => (busy = false));
  };
}

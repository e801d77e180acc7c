import { createPool, PostgresError, type Queryable } from "@docket/postgres";
import type { Decode } from "./fold-event.ts";
import { createIndexes, createTables, schemaName, showTables } from "./layout.ts";
import type { Projection } from "./projection.ts";
import { projectorName } from "./projector-name.ts";
import { openRebuild } from "./rebuild.ts";
import { inTransaction } from "./transaction.ts";

export type EnsureOptions = {
  readonly url: string;
  readonly projections: readonly Projection[];
  readonly decode?: Decode;
  /** See RebuildOptions. */
  readonly program?: string;
  readonly signal?: AbortSignal;
};

/**
 * Makes the tables and views of read models that the database has not seen yet. One that is new while the log has already been
 * read, or whose version has changed, is rebuilt from the journal; readers go on with the old tables meanwhile.
 */
export async function ensureLayout(options: EnsureOptions): Promise<void> {
  const pool = createPool(options.url, { max: 2, name: "docket layout" });
  try {
    const stale = await inTransaction(pool, async (client) => {
      await client.query("select pg_advisory_xact_lock(hashtext('docket layout'))");
      const { rows } = await client.query<{ name: string; version: number; schema_name: string }>(
        "select name, version, schema_name from engine.projections",
      );
      const { rows: places } = await client.query<{ started: boolean }>(
        "select commit_position > 0 as started from engine.checkpoints where name = $1",
        [projectorName],
      );
      const known = new Map(rows.map((row) => [row.name, row]));
      const started = places[0]?.started ?? false;
      const rebuild: Projection[] = [];
      const missing: Projection[] = [];
      for (const projection of options.projections) {
        const row = known.get(projection.name);
        if (row && row.version > projection.version)
          throw new PostgresError(
            "postgres_layout_unknown",
            `the database has ${projection.name} v${row.version}, this program v${projection.version}`,
          );
        if (row && row.version !== projection.version && projection.name === sourceName)
          await indexAnew(client, projection, row.schema_name);
        else if (row && row.version !== projection.version) rebuild.push(projection);
        else if (!row && started && projection.tables.length > 0) rebuild.push(projection);
        else if (!row) missing.push(projection);
      }
      for (const projection of missing) {
        const schema = schemaName(projection.name, 1);
        await createTables(client, projection, schema);
        await createIndexes(client, projection, schema);
        await client.query(
          "insert into engine.projections (name, version, generation, schema_name) values ($1, $2, 1, $3)",
          [projection.name, projection.version, schema],
        );
        known.set(projection.name, { name: projection.name, version: projection.version, schema_name: schema });
      }
      // Views may stand on tables that are to be rebuilt first; the switch then shows them all.
      if (missing.length > 0 && rebuild.length === 0) {
        const shown = options.projections.flatMap((projection) => {
          const row = known.get(projection.name);
          return row && row.version === projection.version ? [{ projection, schema: row.schema_name }] : [];
        });
        await showTables(client, shown);
      }
      return rebuild;
    });
    if (stale.length > 0) await rebuildNow(options, stale);
  } finally {
    await pool.end();
  }
}

/** What every rebuild reads. It cannot be made from itself, so its versions differ in nothing but indexes. */
const sourceName = "journal";

/** Gives the source the indexes of this program's version; those of an older one go. */
async function indexAnew(client: Queryable, projection: Projection, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid
     where c.relnamespace = $1::regnamespace and not exists (select from pg_constraint where conindid = i.indexrelid)`,
    [schema],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  for (const { indexSql } of projection.tables)
    for (const sql of indexSql(schema)) if (sql.startsWith("create index ")) await client.query(sql);
  await client.query("update engine.projections set version = $2 where name = $1", [
    projection.name,
    projection.version,
  ]);
}

async function rebuildNow(options: EnsureOptions, stale: readonly Projection[]): Promise<void> {
  const rebuild = await openRebuild(options);
  try {
    await rebuild.prepare(stale.map(({ name }) => name));
    await rebuild.run();
    await rebuild.switchOver();
  } finally {
    await rebuild.close();
  }
}

import { PostgresError, type Queryable } from "@docket/postgres";
import { type Generation, makeGeneration } from "./fold-batch.ts";
import type { Projection } from "./projection.ts";

/** Which tables every read model is written to at present; `number` changes with every switch. */
export type Layout = { readonly number: number; readonly generations: Generation[] };

/** The schema of a generation's tables. */
export function schemaName(projection: string, generation: number): string {
  return `rm_${projection}_${generation}`;
}

export async function createTables(db: Queryable, { tables }: Projection, schema: string): Promise<void> {
  await db.query(`create schema ${schema}`);
  for (const table of tables) await db.query(table.createSql(schema));
}

export async function createIndexes(db: Queryable, { tables }: Projection, schema: string): Promise<void> {
  for (const table of tables) for (const sql of table.indexSql(schema)) await db.query(sql);
}

/**
 * Lets the views of the schema `read` show the given tables, inside the caller's transaction. Readers wait for its end at most.
 * A view whose columns changed is made anew together with all views that build on it.
 *
 * @param current every read model, in the order of their dependence, with the schema of its tables
 */
export async function showTables(
  db: Queryable,
  current: readonly { readonly projection: Projection; readonly schema: string }[],
): Promise<void> {
  const views = current.flatMap(({ projection, schema }) =>
    projection.views.map(({ name, sql, kind = "view", schema: shown = "read" }) => ({
      name: `${shown}.${name}`,
      kind,
      sql: sql(schema),
    })),
  );
  const makeAll = async (): Promise<void> => {
    for (const { name, kind, sql } of views)
      await db.query(kind === "view" ? `create or replace view ${name} as ${sql}` : sql);
  };
  await db.query("savepoint views");
  try {
    await makeAll();
  } catch (error) {
    // invalid_table_definition: other names or types of columns than the view has; invalid_function_definition likewise
    if (!["42P16", "42P13"].includes(String((error as { code?: unknown }).code))) throw error;
    await db.query("rollback to savepoint views");
    // what builds on these views goes with them, that of `reporting` included
    await db.query("drop schema read cascade; create schema read");
    await makeAll();
  }
  await db.query(grants);
  await db.query("release savepoint views");
}

/** The schema `reporting` is what its role reads; where the role could not be made, nobody but the owner does. */
const grants = `do $$ begin
  revoke all on all functions in schema reporting from public;
  if exists (select from pg_roles where rolname = 'docket_reporting') then
    grant select on all tables in schema reporting to docket_reporting;
    grant execute on all functions in schema reporting to docket_reporting;
  end if;
end $$`;

/**
 * The read models' current tables, as the database has them. Fails with `postgres_layout_unknown` unless they are exactly the
 * program's, by name and version: an old program that led beside a new one would move the checkpoint past events that the
 * new read models have not seen.
 */
export async function readLayout(db: Queryable, name: string, projections: readonly Projection[]): Promise<Layout> {
  // the number first: if a switch comes between, we hold the old number, and the first write is refused
  const { rows: numbers } = await db.query<{ layout: string }>(
    "select layout from engine.checkpoints where name = $1",
    [name],
  );
  const { rows } = await db.query<{ name: string; version: number; generation: number; schema_name: string }>(
    "select name, version, generation, schema_name from engine.projections",
  );
  const generations = projections.flatMap((projection) => {
    const row = rows.find((row) => row.name === projection.name && row.version === projection.version);
    return row ? [makeGeneration(projection, row.generation, row.schema_name)] : [];
  });
  if (rows.length !== projections.length || generations.length !== projections.length) {
    const list = (all: readonly { name: string; version: number }[]): string =>
      all.map(({ name, version }) => `${name} v${version}`).join(", ");
    throw new PostgresError(
      "postgres_layout_unknown",
      `the database has ${list(rows) || "none"}; this program knows ${list(projections)}`,
    );
  }
  await readParkedStreams(db, generations);
  return { number: Number(numbers[0]?.layout ?? 0), generations };
}

/** Fills in which streams wait. */
export async function readParkedStreams(db: Queryable, generations: readonly Generation[]): Promise<void> {
  const { rows } = await db.query<{ projection: string; generation: number; stream: string }>(
    "select distinct projection, generation, stream from engine.parked",
  );
  for (const row of rows)
    generations
      .find(({ projection, number }) => projection.name === row.projection && number === row.generation)
      ?.parked.add(row.stream);
}

/** Whether every read model has its tables, and readers their views. */
export async function isLayoutComplete(db: Queryable, projections: readonly Projection[]): Promise<boolean> {
  const { rows } = await db.query<{ name: string }>("select name from engine.projections");
  return projections.every(({ name }) => rows.some((row) => row.name === name));
}

import { connectionConfig, type Queryable } from "@docket/postgres";
import type { Projection, ReadView } from "@docket/projection-engine";
import { Client } from "pg";
import type { Collector } from "./collector.ts";

/**
 * What readers see are views over the tables of the read models: a view that was changed shows other rows than the tables hold. Each is
 * held against what the program would make, as Postgres itself writes both. Nothing stays: the comparison is made in a transaction that is
 * rolled back.
 */
export async function compareViews(
  databaseUrl: string,
  projections: readonly Projection[],
  collect: Collector,
): Promise<number> {
  const client = new Client(connectionConfig(databaseUrl, { name: "docket verify views" }));
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("begin");
    const schemas = await schemasOf(client);
    let compared = 0;
    for (const projection of projections) {
      const schema = schemas.get(`${projection.name} ${projection.version}`);
      if (schema === undefined) continue;
      for (const view of projection.views) {
        compared++;
        const name = `${view.schema ?? "read"}.${view.name}`;
        const [is, should] = await (view.kind === "function" ? functionTexts : viewTexts)(client, name, view, schema);
        if (is === null) collect.add("read_view_missing", { view: name });
        else if (is !== should) collect.add("read_view_differs", { view: name });
      }
    }
    return compared;
  } finally {
    await client.query("rollback").catch(() => undefined);
    await client.end().catch(() => undefined);
  }
}

type Texts = readonly [is: string | null, should: string | null];

async function schemasOf(db: Queryable): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ name: string; version: number; schema_name: string }>(
    "select name, version, schema_name from engine.projections",
  );
  return new Map(rows.map((row) => [`${row.name} ${row.version}`, row.schema_name]));
}

async function viewTexts(db: Queryable, name: string, view: ReadView, schema: string): Promise<Texts> {
  await db.query("savepoint made");
  await db.query(`create temporary view docket_verified as ${view.sql(schema)}`);
  const { rows } = await db.query<{ is: string | null; should: string }>(
    `select case when v.oid is null then null else pg_get_viewdef(v.oid) end as is,
       pg_get_viewdef('pg_temp.docket_verified'::regclass) as should
     from (select to_regclass($1)::oid as oid) v`,
    [name],
  );
  await db.query("rollback to savepoint made");
  return [rows[0]?.is ?? null, rows[0]?.should ?? null];
}

/** A function's body stands in the catalogue as it was written. */
async function functionTexts(db: Queryable, name: string, view: ReadView, schema: string): Promise<Texts> {
  const [space = "", called = ""] = name.split(".");
  const { rows } = await db.query<{ body: string }>(
    `select p.prosrc as body from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = $1 and p.proname = $2`,
    [space, called],
  );
  const should = /\$\$([\s\S]*)\$\$/u.exec(view.sql(schema))?.[1] ?? null;
  const others = rows.filter(({ body }) => body !== should);
  return [rows.length === 0 ? null : (others[0]?.body ?? should), should];
}

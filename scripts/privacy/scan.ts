import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";

/** Where a marker was found: a file, or a table. */
export interface Find {
  readonly where: string;
  readonly marker: string;
}

/** Looks for texts in every file below a folder, as the bytes stand there. */
export async function scanFiles(folder: string, markers: readonly string[]): Promise<Find[]> {
  const found: Find[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const where = join(entry.parentPath, entry.name);
    const bytes = await readFile(where);
    for (const marker of markers) if (bytes.includes(marker)) found.push({ where, marker });
  }
  return found;
}

/** Looks for texts in every row of every table of some schemas, in clear or within bytes. */
export async function scanTables(
  pool: pg.Pool,
  isLooked: (schema: string, table: string) => boolean,
  markers: readonly string[],
): Promise<Find[]> {
  const { rows: tables } = await pool.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not like 'pg%' and n.nspname <> 'information_schema' order by 1, 2`,
  );
  const found: Find[] = [];
  for (const { schema, name } of tables) {
    if (!isLooked(schema, name)) continue;
    for (const marker of markers) {
      const { rows } = await pool.query(
        `select from ${schema}."${name}" t where position(lower($1) in lower(t::text)) > 0 or position($2 in t::text) > 0 limit 1`,
        [marker, Buffer.from(marker, "utf8").toString("hex")],
      );
      if (rows.length > 0) found.push({ where: `${schema}.${name}`, marker });
    }
  }
  return found;
}

/** Every row of the tables of some schemas, sorted: to see that nothing of them has changed. */
export async function dumpTables(
  pool: pg.Pool,
  isLooked: (schema: string, table: string) => boolean,
): Promise<string[]> {
  const { rows: tables } = await pool.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not like 'pg%' and n.nspname <> 'information_schema' order by 1, 2`,
  );
  const lines: string[] = [];
  for (const { schema, name } of tables.filter((table) => isLooked(table.schema, table.name))) {
    const { rows } = await pool.query<{ line: string }>(`select t::text as line from ${schema}."${name}" t order by 1`);
    for (const { line } of rows) lines.push(`${name} ${line}`);
  }
  return lines;
}

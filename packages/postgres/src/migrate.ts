import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { Client } from "pg";
import { connectionConfig } from "./db.ts";
import { PostgresError } from "./errors.ts";

type Migration = { readonly number: number; readonly name: string; readonly sql: string; readonly checksum: string };

// Any fixed number; it keeps two services that start together from migrating at the same time.
const lockKey = 4_032_017;

const folder = new URL("./migrations/", import.meta.url);

async function readMigrations(): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => /^\d{4}_\w+\.sql$/.test(file)).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(new URL(file, folder), "utf8");
      const checksum = createHash("sha256").update(sql).digest("hex");
      return { number: Number(file.slice(0, 4)), name: file.slice(5, -4), sql, checksum };
    }),
  );
}

/**
 * Brings the database to the newest schema: runs every migration that it has not seen, in order, each in its own
 * transaction together with the record of it. Safe to call from several processes at once.
 *
 * Gives the numbers that were applied now. Errors: `postgres_migration_changed` when a migration that ran here has
 * been edited since (they are immutable), `postgres_migration_unknown` when the database is newer than this program.
 */
export async function migrate(url: string): Promise<number[]> {
  const migrations = await readMigrations();
  const client = new Client(connectionConfig(url, { name: "docket migrate" }));
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lockKey]);
    await client.query(`create table if not exists public.docket_migrations (
      number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`);
    const done = await client.query<{ number: number; name: string; checksum: string }>(
      "select number, name, checksum from public.docket_migrations order by number",
    );
    const known = new Map(migrations.map((migration) => [migration.number, migration]));
    for (const row of done.rows) {
      const migration = known.get(row.number);
      const label = `${row.number} ${row.name}`;
      if (!migration)
        throw new PostgresError("postgres_migration_unknown", `the database knows migration ${label}, we do not`);
      if (migration.checksum !== row.checksum)
        throw new PostgresError("postgres_migration_changed", `migration ${label} was edited after it ran here`);
    }
    const seen = new Set(done.rows.map((row) => row.number));
    const due = migrations.filter((migration) => !seen.has(migration.number));
    for (const migration of due) await apply(client, migration);
    return due.map((migration) => migration.number);
  } finally {
    await client.end();
  }
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(migration.sql);
    await client.query("insert into public.docket_migrations (number, name, checksum) values ($1, $2, $3)", [
      migration.number,
      migration.name,
      migration.checksum,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}

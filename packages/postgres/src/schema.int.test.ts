import { readFile, writeFile } from "node:fs/promises";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dumpSchema } from "./dump-schema.ts";
import { isRetryable } from "./errors.ts";
import { migrate } from "./migrate.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const file = new URL("../schema.sql", import.meta.url);

test("the committed schema.sql is what the migrations make (UPDATE_SCHEMA=1 writes it)", async () => {
  const schema = await dumpSchema(database.pool);
  if (process.env["UPDATE_SCHEMA"]) await writeFile(file, schema);
  expect(schema).toBe(await readFile(file, "utf8"));
});

test("migrating again, even at the same time, changes nothing", async () => {
  expect(await Promise.all([migrate(database.url), migrate(database.url)])).toEqual([[], []]);
});

test("a migration that was edited after it ran is refused, and so is a database newer than the program", async () => {
  const other = await testDatabase();
  await other.pool.query("insert into public.docket_migrations values (9999, 'future', 'x')");
  await expect(migrate(other.url)).rejects.toMatchObject({ code: "postgres_migration_unknown" });
  await other.pool.query("delete from public.docket_migrations where number = 9999");
  await other.pool.query("update public.docket_migrations set checksum = 'x' where number = 1");
  await expect(migrate(other.url)).rejects.toMatchObject({ code: "postgres_migration_changed" });
  await other.close();
});

test("logins differ not by case alone", async () => {
  const insert = (login: string): Promise<unknown> =>
    database.db
      .insertInto("app.accounts")
      .values({ id: crypto.randomUUID(), login, password_hash: "x", role: "operator", display_name: "X" })
      .execute();
  await insert("Анна");
  await expect(insert("аННА")).rejects.toMatchObject({ code: "23505" });
});

test("errors after which a retry can help, by what the driver really throws", async () => {
  const refused = new Client("postgres://x:y@127.0.0.1:1/z");
  expect(isRetryable(await refused.connect().catch((error: unknown) => error))).toBe(true);

  const client = new Client(database.url);
  client.on("error", () => undefined);
  await client.connect();
  const { rows } = await client.query("select pg_backend_pid() as pid");
  const sleeping = client.query("select pg_sleep(60)").catch((error: unknown) => error);
  await database.pool.query("select pg_terminate_backend($1)", [rows[0].pid]);
  expect(isRetryable(await sleeping)).toBe(true);
  expect(isRetryable(await client.query("select 1").catch((error: unknown) => error))).toBe(true);

  const wrong = await database.pool.query("select 1 / 0").catch((error: unknown) => error);
  expect(isRetryable(wrong)).toBe(false);
  expect(isRetryable(new Error("wrapped", { cause: Object.assign(new Error(), { code: "40P01" }) }))).toBe(true);
  expect(isRetryable("text")).toBe(false);
});

import { readFile } from "node:fs/promises";
import { ensureReportingLogin } from "@docket/postgres";
import { openRebuild } from "@docket/projection-engine";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ReadSide, startReadSide } from "../test/read-side.ts";
import { busyLog } from "./busy-log.ts";
import { readModels } from "./read-models.ts";

const events = [...busyLog({ events: 1_500, open: 60, seed: 5 })];
const login = `bi_${process.pid}`;
let side: ReadSide;
let analyst: Client;
let guide: string;

beforeAll(async () => {
  side = await startReadSide();
  await side.feed(events);
  await ensureReportingLogin(side.database.url, { login, password: "first password" });
  // again, with another password: the later one holds
  await ensureReportingLogin(side.database.url, { login, password: "it's \\ the second" });
  const url = new URL(side.database.url);
  analyst = new Client({
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    user: login,
    password: "it's \\ the second",
  });
  await analyst.connect();
  guide = await readFile(new URL("../../../docs/reporting-sql.md", import.meta.url), "utf8");
});
afterAll(async () => {
  await analyst.end();
  await side.database.pool.query(`drop role ${login}`);
  await side.stop();
});

/** A panel's query as it reaches the database: with the dashboard's bounds. */
const asGrafanaSends = (query: string): string =>
  query
    .replaceAll(/\$__timeFilter\((\w+)\)/g, "$1 between '2024-01-01T00:00:00Z' and '2024-12-31T00:00:00Z'")
    .replaceAll("$__timeFrom()", "'2024-01-01T00:00:00Z'")
    .replaceAll("$__timeTo()", "'2024-12-31T00:00:00Z'");

const promised = (): Map<string, [string, string][]> =>
  new Map(
    [...guide.matchAll(/^### reporting\.(\w+)\n([\s\S]*?)(?=^##)/gm)].map(([, view = "", text = ""]) => [
      view,
      [...text.matchAll(/^\| (\w+) \| ([^|]+) \|/gm)]
        .map(([, column = "", type = ""]): [string, string] => [column, type.trim()])
        .filter(([column]) => column !== "column"),
    ]),
  );

describe("the schema reporting", () => {
  test("has the views and columns that docs/reporting-sql.md promises, and no others", async () => {
    const { rows } = await side.database.pool.query<{ view: string; columns: [string, string][] }>(
      `select table_name as view, json_agg(json_build_array(column_name, data_type) order by ordinal_position) as columns
       from information_schema.columns where table_schema = 'reporting' group by 1`,
    );
    const there = new Map(rows.map(({ view, columns }) => [view, columns]));
    expect([...there.keys()].toSorted()).toEqual([...promised().keys()].toSorted());
    for (const [view, columns] of promised()) expect(there.get(view), view).toEqual(columns);
  });

  test("answers every query of the guide to its role", async () => {
    const queries = [...guide.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, text = ""]) => asGrafanaSends(text));
    expect(queries.length).toBeGreaterThan(9);
    for (const text of queries) await analyst.query(text);
    expect(queries.join()).not.toContain("$__");
    for (const view of promised().keys()) {
      const { rows } = await analyst.query(`select count(*)::int as n from reporting.${view}`);
      // the busy log has no directory
      if (["tickets", "ticket_stretches", "judgements", "as_of"].includes(view))
        expect(rows[0].n, view).toBeGreaterThan(0);
    }
    const registered = events.filter(({ type }) => type === "TicketRegistered").length;
    expect((await analyst.query("select count(*)::int as n from tickets")).rows[0].n).toBe(registered);
  });

  test("is all that its role sees: nothing else can be read, and nothing written", async () => {
    const { rows } = await analyst.query<{ name: string; mine: boolean }>(
      `select format('%I.%I', n.nspname, c.relname) as name, has_table_privilege(c.oid, 'select') or has_any_column_privilege(c.oid, 'select') as mine
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'v', 'm', 'p', 'f', 'S') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`,
    );
    expect(rows.length).toBeGreaterThan(30);
    for (const { name, mine } of rows) expect(mine, name).toBe(name.startsWith("reporting."));
    // only by default does it read only: a session may say otherwise, and still has no right to write anywhere
    await expect(analyst.query("create temporary table x ()")).rejects.toMatchObject({ code: "25006" });
    await analyst.query("set default_transaction_read_only = off");
    for (const text of [
      "select * from read.ticket",
      "select * from app.accounts",
      "select * from read.measures_at(now(), 1)",
      "insert into reporting.tickets (number) values ('x')",
      "create table reporting.x ()",
      "create table public.x ()",
      "create schema x",
      "create temporary table x ()",
      "create or replace view reporting.tickets as select 1 as x",
      "update reporting.tickets set number = 'x'",
      "delete from reporting.judgements",
      "select lo_create(0)",
      "select lo_from_bytea(0, 'x')",
      "alter role docket_reporting superuser",
      "copy reporting.tickets to program 'cat'",
    ])
      await expect(analyst.query(text), text).rejects.toMatchObject({
        code: expect.stringMatching(/^(42501|42P01|55000)$/),
      });
    await expect(analyst.query("set role docket")).rejects.toThrow();
    await analyst.query("reset default_transaction_read_only");
    const writes = await analyst.query(
      `select count(*)::int as n from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where has_table_privilege(c.oid, 'insert, update, delete, truncate') and n.nspname not in ('pg_catalog', 'information_schema')`,
    );
    expect(writes.rows[0].n).toBe(0);
  });

  test("has nothing of people's names, addresses and texts", async () => {
    for (const [, columns] of promised())
      for (const [column] of columns)
        expect(column).not.toMatch(/email|phone|subject|description|person_name|engineer_name/);
    const { rows } = await analyst.query("select row_to_json(t)::text as text from reporting.tickets t limit 50");
    for (const { text } of rows) expect(text).not.toMatch(/@|Иван|Мария/);
  });

  test("stands as it is when the read models are rebuilt and switched, and when all views are made anew", async () => {
    const count = async (): Promise<unknown> =>
      (await analyst.query("select count(*)::int as n, sum(position) as s from reporting.tickets_at('2100-01-01')"))
        .rows[0];
    const before = await count();
    const rebuild = await openRebuild({ url: side.database.url, projections: readModels });
    await rebuild.prepare(["measure", "sla"]);
    await rebuild.run();
    expect(await rebuild.compare()).toBe(true);
    // a view whose columns changed: the switch makes all of them anew
    await side.database.pool
      .query("create or replace view read.measure_stretch as select 1 as another")
      .catch(() => undefined);
    await side.database.pool.query(
      "drop view read.measure_stretch cascade; create view read.measure_stretch as select 1 as another",
    );
    await rebuild.switchOver();
    await rebuild.close();
    expect(await count()).toEqual(before);
    const { rows } = await analyst.query("select count(*)::int as n from reporting.ticket_stretches");
    expect(rows[0].n).toBeGreaterThan(0);
  });

  test.each([
    ["a name that is not plain", "Robert'); drop", "not a name"],
    ["the role itself", "docket_reporting", "not a name"],
    ["a user who may do more", "docket", "may do more"],
  ])("gives no login to %s", async (_what, name, message) => {
    const user = new URL(side.database.url).username;
    await expect(
      ensureReportingLogin(side.database.url, { login: name === "docket" ? user : name, password: "some password" }),
    ).rejects.toMatchObject({ code: "postgres_reporting_login", message: expect.stringContaining(message) });
  });
});

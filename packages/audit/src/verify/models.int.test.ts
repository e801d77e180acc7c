import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EventStore } from "@docket/event-store";
import { makeRecord, projections, type TestRecord } from "../../test/record.ts";
import { verifyRecord, type VerifyReport } from "./verify.ts";

/*
 * Every read model is held against the events: whatever is changed in any table of any of them is found and named. The record stands still;
 * the database is changed and put back.
 */

let record: TestRecord;
let store: EventStore;
const done = Promise.withResolvers<void>();
let closed: Promise<void>;
beforeAll(async () => {
  record = await makeRecord();
  const opened = Promise.withResolvers<void>();
  closed = record.withStore(
    () => undefined,
    (one) => {
      store = one;
      opened.resolve();
      return done.promise;
    },
  );
  await opened.promise;
});
afterAll(async () => {
  done.resolve();
  await closed;
  await record.close();
});

const verify = (): Promise<VerifyReport> =>
  verifyRecord({ store, databaseUrl: record.database.url, projections, publicKey: record.publicKey });

async function schemaOf(model: string): Promise<string> {
  const { rows } = await record.database.pool.query("select schema_name from engine.projections where name = $1", [
    model,
  ]);
  return rows[0].schema_name as string;
}

/** Does something to a table, verifies, and puts it back. */
async function meanwhile(model: string, table: string, sql: (name: string) => string): Promise<VerifyReport> {
  const { pool } = record.database;
  const name = `${await schemaOf(model)}.${table}`;
  await pool.query(`create table kept as select * from ${name}`);
  try {
    await pool.query(sql(name));
    return await verify();
  } finally {
    await pool.query(`truncate ${name}; insert into ${name} select * from kept; drop table kept`);
  }
}

const tables = projections.flatMap((projection) =>
  projection.kinds === "all" ? [] : projection.tables.map((table) => [projection.name, table.name] as const),
);

it("nothing is left out: every read model and every view is compared", async () => {
  const report = await verify();
  expect(report).toMatchObject({ found: 0, findings: [], notCompared: [], erasing: 0, tickets: 3 });
  expect(report.compared).toBeGreaterThan(15);
  expect(report.views).toBe(projections.flatMap(({ views }) => views).length);
});

it("a read model that the program does not know is told, not passed over", async () => {
  const some = projections.slice(0, 3);
  const report = await verifyRecord({ store, databaseUrl: record.database.url, projections: some });
  expect(report.notCompared).toEqual(expect.arrayContaining(["contact v2", "search v1", "access v1"]));
});

describe("a row that is gone, and one too many", () => {
  it.each(tables)("%s: %s", async (model, table) => {
    const { rows } = await record.database.pool.query(
      `select count(*)::int as n from ${await schemaOf(model)}.${table}`,
    );
    // a table in which nothing stands yet can only have too much in it
    const isEmpty = rows[0].n === 0;
    const label = expect.stringContaining(`.${table}`) as unknown as string;
    if (!isEmpty) {
      const gone = await meanwhile(
        model,
        table,
        (name) => `delete from ${name} where ctid = (select min(ctid) from ${name})`,
      );
      expect(gone.findings.map(({ code }) => code)).toEqual(["read_model_row_missing"]);
      expect(gone.findings[0]?.params).toMatchObject({ table: label });
    }
    const put = await meanwhile(model, table, (name) => strangerIn(table, name, isEmpty));
    expect(new Set(put.findings.map(({ code }) => code))).toEqual(new Set(["read_model_row_extra"]));
    expect(put.findings[0]?.params).toMatchObject({ table: label });
  });
});

/** A row of somebody that there is not. */
function strangerIn(table: string, name: string, isEmpty: boolean): string {
  if (isEmpty && table === "ticket_item")
    return `insert into ${name} values (gen_random_uuid(), 0, 0, 'file', now(), '{}')`;
  if (isEmpty && table === "ticket_link")
    return `insert into ${name} values (gen_random_uuid(), gen_random_uuid(), 'related', now(), 1)`;
  const owner: Readonly<Record<string, string>> = {
    contact: "contact_id = gen_random_uuid()",
    contact_past: "contact_id = gen_random_uuid()",
    contact_text: "contact_id = gen_random_uuid()",
    entry: "entry_id = 'nobody'",
    entry_past: "entry_id = 'nobody'",
    owner: "owner = 'nobody'",
    ticket_change: "position = position + 1",
  };
  const isAccess = name.includes("rm_access");
  const set = isAccess ? "access_id = gen_random_uuid()" : (owner[table] ?? "ticket_id = gen_random_uuid()");
  return `create temp table one as select * from ${name} limit 1; update one set ${set};
    insert into ${name} select * from one; drop table one`;
}

describe("a value that was changed", () => {
  it.each([
    ["contact", "contact", "status = 'rejected'", "status"],
    ["contact", "contact_past", "status = 'rejected'", null],
    ["contact", "contact_text", "text = 'never said'", "text"],
    ["directory", "entry", "name = name || '!'", "name"],
    ["directory", "entry_past", "recorded_at = recorded_at - interval '1 day'", null],
    ["measure", "measure", "returns = returns + 1", "returns"],
    ["measure", "measure_past", "to_at = to_at + interval '1 hour'", null],
    ["search", "ticket_words", "words = 'other words'", "words"],
    ["notification", "notification", "recipient = 'nobody'", null],
    ["notification", "ticket_concern", "group_id = 'l3'", "group_id"],
    ["deadlines", "owner", "next_due = next_due + interval '1 year'", "next_due"],
    ["access", "entry", "actor_id = 'somebody else'", "actor_id"],
    ["ticket", "ticket_change", "mask = mask + 1", "mask"],
  ])("%s: a row of %s in which %s", async (model, table, set, column) => {
    const report = await meanwhile(
      model,
      table,
      (name) => `update ${name} set ${set} where ctid = (select min(ctid) from ${name})`,
    );
    if (column === null)
      // a row without a key of its own is another row altogether
      expect(report.findings.map(({ code }) => code).toSorted()).toEqual([
        "read_model_row_extra",
        "read_model_row_missing",
      ]);
    else {
      expect(report.findings).toHaveLength(1);
      expect(report.findings[0]).toMatchObject({ code: "read_model_differs", params: { column } });
    }
    expect(report.findings[0]?.params["stream"]).toMatch(/^[a-z-]+/u);
  });
});

describe("a view that was changed", () => {
  it("to hide rows, or to show others; and a function", async () => {
    const { pool } = record.database;
    const named = async (change: string, back: string) => {
      await pool.query(change);
      try {
        return (await verify()).findings.map(({ code, params }) => `${code} ${String(params["view"])}`);
      } finally {
        await pool.query(back);
      }
    };
    const { rows } = await pool.query("select pg_get_viewdef('read.access'::regclass) as access");
    const access = String(rows[0].access).replace(/;\s*$/u, "");
    expect(
      await named(
        `create or replace view read.access as ${access} where false`,
        `create or replace view read.access as ${access}`,
      ),
    ).toEqual(["read_view_differs read.access"]);
    const { rows: functions } = await pool.query("select pg_get_functiondef('read.queue_at'::regproc) as body");
    const body = String(functions[0].body);
    expect(await named(body.replace("read.open_tickets_at(moment)", "read.open_tickets_at(now())"), body)).toEqual([
      "read_view_differs read.queue_at",
    ]);
  });
});

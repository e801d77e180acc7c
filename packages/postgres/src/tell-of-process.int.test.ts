import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { processName, tellOfProcess } from "./tell-of-process.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const rows = async () => (await database.pool.query("select * from app.processes order by name")).rows;

test("a process says again and again what it takes, and takes its row away when it stops", async () => {
  await database.pool.query(
    `insert into app.processes values ('old:1', 'gone', '0', 'x', now(), now() - interval '2 days', 1, 1, 0),
       ('old:2', 'killed', '0', 'x', now(), now() - interval '2 hours', 1, 1, 0)`,
  );
  const stop = tellOfProcess(database.pool, { name: "gateway", version: "1.2.3", everyMs: 20 });
  await expect.poll(rows).toMatchObject([{ instance: processName(), name: "gateway" }, { name: "killed" }]);
  const [first] = await rows();
  expect(first).toMatchObject({ version: "1.2.3", runtime: `Node ${process.versions.node}` });
  expect(Number(first.memory_bytes)).toBeGreaterThan(Number(first.heap_bytes));
  expect(first.started_at.getTime()).toBeLessThan(first.seen_at.getTime());
  await expect.poll(async () => (await rows())[0].seen_at.getTime()).toBeGreaterThan(first.seen_at.getTime());
  await stop();
  expect(await rows()).toMatchObject([{ name: "killed" }]);
});

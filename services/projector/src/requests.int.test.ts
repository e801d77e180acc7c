import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEventStore } from "@docket/embedded-eventstore";
import { ensureLayout } from "@docket/projection-engine";
import { createLogger } from "@docket/service-kit";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { readModels } from "./read-models.ts";
import { carryOutRequests } from "./requests.ts";

let database: TestDatabase;
let folder: string;
let node: Awaited<ReturnType<typeof startEventStore>>;
beforeAll(async () => {
  [database, node, folder] = await Promise.all([
    testDatabase(),
    startEventStore({ port: 0, memory: true }),
    mkdtemp(join(tmpdir(), "docket-requests-")),
  ]);
  await ensureLayout({ url: database.url, projections: readModels });
});
afterAll(async () => {
  await node.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

test("a rebuild that was asked for is carried out, and its end is told", async () => {
  const { pool } = database;
  await pool.query(`insert into engine.rebuild_requests (id, projections, asked_by)
    values (gen_random_uuid(), '{deadlines}', 'Boss'), (gen_random_uuid(), '{nothing}', 'Boss')`);
  const stop = new AbortController();
  const working = carryOutRequests({
    db: pool,
    logger: createLogger("test"),
    signal: stop.signal,
    env: {
      ...process.env,
      DATABASE_URL: database.url,
      EVENTSTORE_URL: `esdb://127.0.0.1:${node.port}?tls=false`,
      DOCKET_DATA: folder,
    },
  });
  const states = async () =>
    (await pool.query("select projections[1] as name, state, detail from engine.rebuild_requests order by 1")).rows;
  await expect
    .poll(async () => (await states()).map(({ state }) => state), { timeout: 50_000 })
    .toEqual(["done", "failed"]);
  const [done, failed] = await states();
  expect(done.detail).toContain("switched");
  expect(failed.detail).toContain("no such read model");
  stop.abort();
  await working;
}, 60_000);

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EventStore, openEventStore, verifyChain } from "@docket/event-store";
import { manualClock } from "@docket/service-kit";
import { startStoreProcess, type StoreProcess, testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { NewAccess } from "./record.ts";
import { accessStream } from "./record.ts";
import { type AccessRecorder, createAccessRecorder } from "./recorder.ts";

/* The event store is a process here, and is really killed: an access that was recorded is never lost, and stands there once. */

let folder: string;
let node: StoreProcess;
let database: TestDatabase;
let stores: EventStore[];
let recorders: AccessRecorder[];
const clock = manualClock(new Date("2024-04-22T06:00:00.000Z"));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "docket-access-"));
  [node, database] = await Promise.all([startStoreProcess(folder), testDatabase()]);
  // two gateways, each with its own door
  stores = [0, 1].map(() => openEventStore(node.url, { patienceMs: 300, appendTimeoutMs: 300 }));
  recorders = stores.map((store) => createAccessRecorder({ pool: database.pool, store, clock, everyMs: 20 }));
});
afterEach(async () => {
  await Promise.all(recorders.map((recorder) => recorder.stop()));
  await Promise.all(stores.map((store) => store.close()));
  await node.kill();
  await database.close();
  rmSync(folder, { recursive: true });
});

const access = (n: number): NewAccess => ({
  accountId: "account",
  actorId: "audit",
  role: "auditor",
  kind: "ticket",
  ticketId: null,
  query: `/api/v1/tickets/SC-${n}`,
  items: null,
  complete: null,
});
const record = (n: number): Promise<void> => (recorders[n % 2] as AccessRecorder).record(access(n));
const waiting = async (): Promise<number> =>
  Number((await database.pool.query("select count(*) as n from audit.access_pending")).rows[0].n);

/** What stands in the store, by what was looked at. */
async function stored(): Promise<string[]> {
  const facts = await (stores[0] as EventStore).load(accessStream(clock.now().toISOString()));
  return facts.flatMap((fact) => (fact.type === "RecordsAccessed" ? fact.data.entries.map(({ query }) => query) : []));
}
const wanted = (count: number): string[] => Array.from({ length: count }, (_, n) => access(n).query).toSorted();

it("while the event store is dead an access is recorded all the same, and arrives when it is back", async () => {
  await record(0);
  await expect.poll(stored).toHaveLength(1);
  await node.kill();
  for (let n = 1; n <= 20; n++) await record(n);
  expect(await waiting()).toBe(20);
  // the gateway goes as well, and another one comes
  await Promise.all(recorders.map((recorder) => recorder.stop()));
  expect(await waiting()).toBe(20);
  await node.start();
  recorders = stores.map((store) => createAccessRecorder({ pool: database.pool, store, clock, everyMs: 20 }));
  await expect.poll(waiting).toBe(0);
  expect((await stored()).toSorted()).toEqual(wanted(21));
});

it("however often it is killed while accesses come, each stands there once, in whole chains", async () => {
  const count = 400;
  let done = 0;
  const readers = Promise.all(
    [0, 1, 2, 3].map(async (reader) => {
      for (let n = reader; n < count; n += 4) {
        await record(n);
        done++;
      }
    }),
  );
  for (const share of [0.2, 0.5, 0.8]) {
    await expect.poll(() => done, { interval: 1 }).toBeGreaterThan(count * share);
    await node.kill();
    await node.start();
  }
  await readers;
  await expect.poll(waiting).toBe(0);
  expect((await stored()).toSorted()).toEqual(wanted(count));
  const events = await (stores[0] as EventStore).loadRaw(accessStream(clock.now().toISOString()));
  expect(verifyChain(events)).toBeUndefined();
});

it("while the database is away nothing is recorded, and whoever wants to answer is told so", async () => {
  const { pool } = database;
  await pool.query("alter table audit.access_pending rename to away");
  await expect(record(0)).rejects.toThrow("access_pending");
  await pool.query("alter table audit.away rename to access_pending");
  await record(1);
  await expect.poll(stored).toEqual([access(1).query]);
});

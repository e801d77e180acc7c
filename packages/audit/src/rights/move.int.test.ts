import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EventStore, openEventStore } from "@docket/event-store";
import { manualClock } from "@docket/service-kit";
import { startStoreProcess, type StoreProcess, testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { moveRights, rightsStream } from "./move.ts";

let folder: string;
let node: StoreProcess;
let database: TestDatabase;
let store: EventStore;
const clock = manualClock(new Date("2024-04-22T06:00:00.000Z"));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "docket-rights-"));
  [node, database] = await Promise.all([startStoreProcess(folder), testDatabase()]);
  store = openEventStore(node.url);
});
afterEach(async () => {
  await store.close();
  await node.kill();
  await database.close();
  rmSync(folder, { recursive: true });
});

const note = (seq: number): Promise<unknown> =>
  database.pool.query(
    "insert into audit.rights_pending (seq, fact, data) overriding system value values ($1, 'TokenRevoked', $2)",
    [seq, { tokenId: `01900000-0000-7000-8000-${String(seq).padStart(12, "0")}` }],
  );

it("a change whose transaction ended late is recorded, though those after it are already and their answer was lost", async () => {
  const parts = { pool: database.pool, store, clock };
  for (const seq of [1_002, 1_003]) await note(seq);
  const dies = {
    ...parts,
    store: {
      last: (stream: string) => store.last(stream),
      load: (...args: Parameters<EventStore["load"]>) => store.load(...args),
      appendParts: async (...args: Parameters<EventStore["appendParts"]>) => {
        await store.appendParts(...args);
        throw new Error("the process died before it heard the answer");
      },
    },
  };
  await expect(moveRights(dies)).rejects.toThrow("the process died");
  await note(1_001);
  await moveRights(parts);
  const told = (await store.load(rightsStream)).map(({ data }) =>
    String((data as { tokenId: string }).tokenId).slice(-4),
  );
  expect(told).toEqual(["1002", "1003", "1001"]);
  expect((await database.pool.query("select from audit.rights_pending")).rowCount).toBe(0);
});

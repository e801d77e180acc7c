import { memoryLog, testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { caughtUp, type RunningProjector, startProjector, until } from "../test/projectors.ts";
import { contents, eventsOf, expectedSums, journal, type Step, sumsIn, tally } from "../test/tally.ts";
import { listParked, unpark } from "./parked-event.ts";
import { openRebuild, rebuildRecords } from "./rebuild.ts";

let database: TestDatabase;
const running: RunningProjector[] = [];
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((projector) => projector.stop()));
  await database.close();
});

function start(
  ...args: Parameters<typeof startProjector> extends [unknown, ...infer Rest] ? Rest : never
): RunningProjector {
  const projector = startProjector(database, ...args);
  running.push(projector);
  return projector;
}

const many = (count: number): Step[] =>
  Array.from({ length: count }, (_, index) => ({ stream: (index * 7) % 41, add: index % 5 }));
const projections = [journal, tally()];
/** The same by threads, however small the journal. */
const byThreads = { program: new URL("../test/program.ts", import.meta.url).href, threadsFrom: 0 };
const rebuildWith = (over = projections): ReturnType<typeof openRebuild> =>
  openRebuild({ url: database.url, projections: over });

test("a rebuild beside a busy projector: same tables, no failed read, nothing lost at the switch", async () => {
  const steps = many(6_000);
  const events = eventsOf(steps);
  const log = memoryLog([20, 60]);
  log.append(...events.slice(0, 2_000));
  start(log);
  await caughtUp(database, log);

  let given = 2_000;
  const feeding = setInterval(() => {
    if (given < events.length) log.append(...events.slice(given, (given += 100)));
  }, 10);
  let reads = 0;
  let reading = true;
  let least = 0;
  const reader = (async () => {
    while (reading) {
      const { rows } = await database.pool.query<{ n: string }>("select count(*) as n from read.tally");
      expect(Number(rows[0]?.n)).toBeGreaterThanOrEqual(least);
      least = Number(rows[0]?.n);
      reads++;
    }
  })();
  const rebuild = await rebuildWith();
  const prepared = await rebuild.prepare([]);
  expect(prepared).toMatchObject([{ projection: "tally", generation: 2, state: "prepared" }]);
  await rebuild.run();
  expect(await rebuild.compare()).toBe(true);
  await rebuild.switchOver();
  await rebuild.close();
  reading = false;
  await reader;
  await until(() => given >= events.length);
  clearInterval(feeding);
  await caughtUp(database, log);
  expect(reads).toBeGreaterThan(5);
  expect(await sumsIn(database.pool)).toEqual(expectedSums(steps));
  expect((await database.pool.query("select schema_name from engine.projections where name = 'tally'")).rows).toEqual([
    { schema_name: "rm_tally_2" },
  ]);
  expect((await database.pool.query("select 1 from pg_namespace where nspname = 'rm_tally_1'")).rowCount).toBe(0);
  expect((await rebuildRecords(database.pool))[0]).toMatchObject({ state: "switched", generation: 2 });
  // and once more, from the tables that live folding and the rebuild wrote together
  const again = await rebuildWith();
  await again.prepare(["tally"]);
  await again.run();
  expect(await again.compare()).toBe(true);
  await again.abort();
  await again.close();
});

test("tables that were tampered with are told apart, row by row", async () => {
  const log = memoryLog();
  log.append(...eventsOf(many(300)));
  start(log);
  await caughtUp(database, log);
  await database.pool.query("update rm_tally_1.tally set sum = sum + 1 where entity = 'ticket-7'");
  const rebuild = await rebuildWith();
  await rebuild.prepare([]);
  await rebuild.run();
  expect(await rebuild.compare()).toBe(false);
  const [record] = await rebuildRecords(database.pool);
  const table = record?.comparison?.find(({ table }) => table === "tally");
  expect(table).toMatchObject({ same: false, oldRows: 41, newRows: 41 });
  expect(table?.onlyOld[0]).toContain("ticket-7");
  expect(table?.onlyNew[0]).toContain("ticket-7");
  expect(await rebuild.abort()).toBe(1);
  expect((await database.pool.query("select 1 from pg_namespace where nspname = 'rm_tally_2'")).rowCount).toBe(0);
  await rebuild.close();
});

test("a program with a new version rebuilds at its start; the old program no longer leads beside it", async () => {
  const steps = many(500);
  const events = eventsOf(steps);
  const log = memoryLog();
  log.append(...events.slice(0, 400));
  const old = start(log);
  await caughtUp(database, log);
  await old.stop();
  start(log, { projections: [journal, tally(false, 2)] });
  await until(
    async () => (await database.pool.query("select distinct version from read.tally")).rows[0]?.version === 2,
  );
  const { rows } = await database.pool.query<{ sum: string }>("select sum(sum) from read.tally");
  const twice = steps.slice(0, 400).reduce((sum, { add = 0 }) => sum + add, 0) * 2;
  expect(Number(rows[0]?.sum)).toBe(twice);
  await running.pop()?.stop();
  const late = start(log);
  await until(() => late.status().state === "stuck");
  expect(late.status().stuckBecause).toContain("tally v2");
});

test("a read model that is new to a log that was read long ago is built from the journal", async () => {
  const steps = many(300);
  const log = memoryLog();
  log.append(...eventsOf(steps));
  const without = start(log, { projections: [journal] });
  await caughtUp(database, log);
  await without.stop();
  start(log);
  await until(
    async () =>
      (await database.pool.query("select to_regclass('read.tally') is not null as made")).rows[0]?.made === true,
  );
  expect(await sumsIn(database.pool)).toEqual(expectedSums(steps));
});

test("only one rebuild at a time; names that do not exist are refused; the journal is not rebuilt from itself", async () => {
  const log = memoryLog();
  log.append(...eventsOf(many(10)));
  start(log);
  await caughtUp(database, log);
  const rebuild = await rebuildWith();
  await expect(rebuildWith()).rejects.toMatchObject({ code: "postgres_rebuild_running" });
  await expect(rebuild.prepare(["nonsense"])).rejects.toMatchObject({ code: "postgres_rebuild_unknown" });
  await expect(rebuild.prepare(["journal"])).rejects.toMatchObject({ code: "postgres_rebuild_unknown" });
  await expect(rebuild.switchOver()).rejects.toMatchObject({ code: "postgres_rebuild_unknown" });
  await rebuild.close();
  await (await rebuildWith()).close();
});

test("a rebuild that is killed half-way leaves the old tables in use, and the next one starts clean", async () => {
  const log = memoryLog();
  const steps = many(400);
  log.append(...eventsOf(steps));
  start(log);
  await caughtUp(database, log);
  const broken = await openRebuild({
    url: database.url,
    projections,
    onProgress: () => {
      throw new Error("killed");
    },
  });
  await broken.prepare([]);
  await expect(broken.run()).rejects.toThrow("killed");
  await broken.close();
  expect(await sumsIn(database.pool)).toEqual(expectedSums(steps));
  expect((await rebuildRecords(database.pool))[0]).toMatchObject({ state: "failed", error: "Error: killed" });
  const next = await rebuildWith();
  expect(await next.prepare([])).toMatchObject([{ generation: 3 }]);
  await next.run();
  expect(await next.compare()).toBe(true);
  await next.switchOver();
  await next.close();
  expect((await rebuildRecords(database.pool)).map(({ state }) => state)).toEqual(["switched", "aborted"]);
});

test("events that cannot be folded, or whose rows no column takes, are parked in a rebuild as they are live", async () => {
  const ways = [{ fault: { boom: true } }, { fault: { boom: true }, by: byThreads }, { fault: { tooLarge: true } }];
  for (const { fault, by } of [...ways, { fault: { tooLarge: true }, by: byThreads }]) {
    const own = await testDatabase();
    const steps: Step[] = many(300).map((one, index) => (index === 77 ? { ...one, ...fault } : one));
    const log = memoryLog([30]);
    log.append(...eventsOf(steps));
    const projector = startProjector(own, log);
    await caughtUp(own, log);
    const before = await contents(own.pool, "rm_tally_1");
    const parkedBefore = await listParked(own.pool);
    const rebuild = await openRebuild({ url: own.url, projections, ...by });
    await rebuild.prepare([]);
    await rebuild.run();
    expect(await rebuild.compare()).toBe(true);
    await rebuild.switchOver();
    await rebuild.close();
    expect(await contents(own.pool, "rm_tally_2")).toBe(before);
    const parked = await listParked(own.pool);
    expect(parked.map(({ stream, events }) => ({ stream, events }))).toEqual(
      parkedBefore.map(({ stream, events }) => ({ stream, events })),
    );
    // what the rebuild parked can be released by a projector that has been mended
    await projector.stop();
    const mended = startProjector(own, log, { projections: [journal, tally(true)] });
    await unpark(own.pool);
    await until(async () => (await listParked(own.pool)).length === 0);
    expect(await sumsIn(own.pool)).toEqual(expectedSums(steps));
    await mended.stop();
    await own.close();
  }
});

test("threads make the same tables; one that fails, or is told to stop, takes the whole rebuild along", async () => {
  const steps = many(5_000);
  const log = memoryLog([500]);
  log.append(...eventsOf(steps));
  start(log);
  await caughtUp(database, log);
  let told = 0;
  const rebuild = await openRebuild({
    url: database.url,
    projections,
    ...byThreads,
    onProgress: ({ step, position, target }) => {
      if (step !== "run") return;
      expect(target).toBe(5_000);
      told = Math.max(told, position);
    },
  });
  await rebuild.prepare([]);
  await rebuild.run();
  expect(told).toBe(5_000);
  expect(await rebuild.compare()).toBe(true);
  await rebuild.abort();
  await rebuild.close();

  const faults = [
    { ...byThreads, program: new URL("../test/missing.ts", import.meta.url).href },
    { ...byThreads, signal: AbortSignal.abort(new Error("stopped")) },
    {
      ...byThreads,
      onProgress: () => {
        throw new Error("told in vain");
      },
    },
  ];
  for (const fault of faults) {
    const broken = await openRebuild({ url: database.url, projections, ...fault });
    await broken.prepare([]);
    await expect(broken.run()).rejects.toThrow(/missing|stopped|told in vain/);
    await broken.abort();
    await broken.close();
  }
  expect(await sumsIn(database.pool)).toEqual(expectedSums(steps));
});

import { memoryLog, testDatabase, type TestDatabase, testEvent } from "@docket/test-kit";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { caughtUp, type RunningProjector, startProjector, until } from "../test/projectors.ts";
import { contents, eventsOf, expectedSums, journal, reset, type Step, sumsIn, tally } from "../test/tally.ts";
import { listParked, unpark } from "./parked-event.ts";
import { readModelPosition, waitForPosition } from "./wait-for-position.ts";

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

const step = fc.record({ stream: fc.integer({ min: 0, max: 12 }), add: fc.integer({ min: -5, max: 9 }) });
const many = (count: number): Step[] =>
  Array.from({ length: count }, (_, index) => ({ stream: (index * 7) % 23, add: index % 5 }));

test("every event is folded once, whatever the batches", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 400 }),
      fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 4 }),
      async (steps, sizes) => {
        const { pool } = database;
        await reset(pool);
        const log = memoryLog(sizes);
        log.append(...eventsOf(steps));
        const projector = startProjector(database, log);
        try {
          await caughtUp(database, log);
          expect(await sumsIn(pool)).toEqual(expectedSums(steps));
          const odd = await pool.query("select entity from rm_tally_1.tally_odd order by entity");
          const expected = Object.entries(expectedSums(steps)).filter(([, sum]) => sum % 2 !== 0);
          expect(odd.rows.map(({ entity }) => entity as string).toSorted()).toEqual(
            expected.map(([entity]) => entity).toSorted(),
          );
          expect((await pool.query("select count(*)::int as n from rm_tally_1.tally_past")).rows).toEqual([
            { n: steps.length },
          ]);
        } finally {
          await projector.stop();
        }
      },
    ),
    { numRuns: 12 },
  );
});

test("connections that are cut at any moment change nothing of the outcome", async () => {
  const log = memoryLog([3, 40, 1, 120]);
  const steps = many(3_000);
  log.append(...eventsOf(steps));
  const projector = start(log);
  let cuts = 0;
  for (let done = false; !done;) {
    const { rows } = await database.pool.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and application_name like 'docket%' and pid <> pg_backend_pid()
       order by random() limit 1`,
    );
    for (const { pid } of rows) {
      await database.pool.query("select pg_terminate_backend($1)", [pid]);
      cuts++;
    }
    done = (await readModelPosition(database.pool)).commit >= log.head().commit || cuts > 60;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  await caughtUp(database, log);
  expect(cuts).toBeGreaterThan(3);
  expect(await sumsIn(database.pool)).toEqual(expectedSums(steps));
  expect(projector.status().parked).toBe(0);
});

test("of two projectors one leads, and the other goes on where it stopped; a stale leader cannot write", async () => {
  const log = memoryLog([10, 25]);
  const steps = many(2_000);
  const events = eventsOf(steps);
  log.append(...events.slice(0, 500));
  const first = start(log);
  const second = start(log);
  await caughtUp(database, log);
  const states = (): string[] => [first, second].map((one) => one.status().state).toSorted();
  await until(() => states().join() === "following,standing_by");
  log.append(...events.slice(500, 1_200));
  const leader = first.status().state === "following" ? first : second;
  const epoch = leader.status().epoch;
  await leader.stop();
  log.append(...events.slice(1_200));
  await caughtUp(database, log);
  const heir = leader === first ? second : first;
  expect(heir.status().epoch).toBe(epoch + 1);
  expect(await sumsIn(database.pool)).toEqual(expectedSums(steps));
});

test("a leader that hangs and comes back finds itself fenced off: its batch rolls back as a whole", async () => {
  const log = memoryLog([50]);
  const steps = many(400);
  const events = eventsOf(steps);
  log.append(...events.slice(0, 100));
  start(log);
  await caughtUp(database, log);
  // another leader claims the checkpoint behind its back
  await database.pool.query("update engine.checkpoints set epoch = epoch + 5 where name = 'projector'");
  log.append(...events.slice(100));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect((await readModelPosition(database.pool)).commit).toBe(events[99]?.position.commit);
  const { rows } = await database.pool.query("select count(*)::int as n from rm_tally_1.tally_past");
  expect(rows).toEqual([{ n: 100 }]);
});

test("an event that cannot be folded is parked with all that follows in its stream; others flow; unpark replays in order", async () => {
  const steps: Step[] = many(300).map((one, index) => (index === 60 ? { stream: 3, add: 1, boom: true } : one));
  const log = memoryLog([17]);
  log.append(...eventsOf(steps));
  const broken = start(log);
  await caughtUp(database, log);
  const [parked, ...others] = await listParked(database.pool);
  expect(others).toEqual([]);
  expect(parked).toMatchObject({ projection: "tally", stream: "ticket-3", cause: "Error: boom" });
  const before = steps.slice(0, 60).filter(({ stream }) => stream === 3);
  const behind = steps.slice(60).filter(({ stream }) => stream === 3);
  expect(parked?.events).toBe(behind.length);
  const expected = expectedSums(steps);
  const sum = before.reduce((all, { add = 0 }) => all + add, 0);
  expect(await sumsIn(database.pool)).toEqual({ ...expected, "ticket-3": sum });
  expect(broken.status().parked).toBe(1);

  // released too early it is parked again, with nothing lost
  expect(await unpark(database.pool)).toBe(1);
  await until(
    async () =>
      (await database.pool.query("select 1 from engine.parked where release_asked_at is not null")).rowCount === 0,
  );
  expect((await listParked(database.pool))[0]?.events).toBe(behind.length);
  await broken.stop();

  const mended = start(log, { projections: [journal, tally(true)] });
  expect(await unpark(database.pool, { projection: "tally", stream: "ticket-3" })).toBe(1);
  await until(async () => (await listParked(database.pool)).length === 0);
  expect(await sumsIn(database.pool)).toEqual(expected);
  const history = await database.pool.query(
    "select revision from rm_tally_1.tally_past where entity = 'ticket-3' order by revision",
  );
  expect(history.rows.map(({ revision }) => revision as number)).toEqual(
    [...before, ...behind].map((_, index) => index),
  );
  await until(() => mended.status().parked === 0);
});

test("while it follows, the table says how far it has come", async () => {
  const log = memoryLog([17]);
  log.append(...eventsOf(many(40)));
  start(log, { instance: "told" });
  await caughtUp(database, log);
  const told = async (): Promise<unknown> =>
    (await database.pool.query("select state, commit_position from engine.status where instance = 'told'")).rows[0];
  const stands = () => ({ state: "following", commit_position: String(log.head().commit) });
  await expect.poll(told, { timeout: 30_000 }).toEqual(stands());
  log.append(...eventsOf(many(5), 41));
  await expect.poll(told, { timeout: 30_000 }).toEqual(stands());
});

test("an event whose rows no column takes is found among its batch and parked; the batch is not lost", async () => {
  const steps: Step[] = many(400).map((one, index) =>
    index === 150 || index === 333 ? { ...one, tooLarge: true } : one,
  );
  const log = memoryLog([400]);
  log.append(...eventsOf(steps));
  const projector = start(log);
  await caughtUp(database, log);
  const parked = await listParked(database.pool);
  expect(parked.map(({ stream }) => stream).toSorted()).toEqual(
    [150, 333].map((index) => `ticket-${(index * 7) % 23}`).toSorted(),
  );
  const spoiled = new Set(parked.map(({ stream }) => stream));
  const [sums, expected] = [await sumsIn(database.pool), expectedSums(steps)];
  for (const [stream, sum] of Object.entries(expected)) if (!spoiled.has(stream)) expect(sums[stream]).toBe(sum);
  expect((await database.pool.query("select count(*)::int as n from rm_journal_1.event")).rows).toEqual([
    { n: steps.length },
  ]);

  // released too early they wait on, each with its cause, and nothing breaks off
  expect(await unpark(database.pool)).toBe(parked.length);
  await until(
    async () =>
      (await database.pool.query("select 1 from engine.parked where release_asked_at is not null")).rowCount === 0,
  );
  const told = (list: typeof parked) => list.map(({ stream, events, revision }) => [stream, events, revision].join());
  expect(told(await listParked(database.pool)).toSorted()).toEqual(told(parked).toSorted());
  expect(projector.log.filter((line) => line.startsWith("following broke off"))).toEqual([]);
  log.append(...eventsOf(many(3), 401));
  await caughtUp(database, log);
});

test("an event that is no JSON is parked; later events of other streams are not kept waiting", async () => {
  const log = memoryLog([5]);
  const good = eventsOf(many(40), 1);
  const bad = testEvent({ stream: "ticket-900", revision: 0, type: "Counted", data: "{", position: 5 });
  log.append(bad, ...good);
  start(log, {
    decode: async (events) => events.map(({ type, dataText }) => ({ type, data: JSON.parse(dataText) as unknown })),
  });
  await caughtUp(database, log);
  expect(await listParked(database.pool)).toMatchObject([{ projection: "tally", stream: "ticket-900" }]);
  // the journal keeps it, and shows it as the text that it is
  expect((await database.pool.query("select data from read.journal where stream = 'ticket-900'")).rows).toEqual([
    { data: "{" },
  ]);
  expect(await sumsIn(database.pool)).toEqual(expectedSums(many(40)));
});

test("a checkpoint without events moves the position, and never past an event that waits to be written", async () => {
  const events = eventsOf(many(30));
  const position = (n: number): { commit: number; prepare: number } => ({ commit: n, prepare: n });
  const seen: number[] = [];
  const store = {
    ...memoryLog(),
    followAll: async (options: Parameters<ReturnType<typeof memoryLog>["followAll"]>[0]) => {
      await options.onBatch({ events: events.slice(0, 10), checkpoint: position(100), live: false });
      await options.onBatch({ events: [], checkpoint: position(777), live: true });
      await options.onBatch({ events: [], checkpoint: position(999), live: true });
      await new Promise<void>((resolve) => options.signal.addEventListener("abort", () => resolve()));
    },
  };
  start(store, { onStatus: (status) => seen.push(status.position.commit) });
  expect(await waitForPosition(database.url, 999)).toBe(true);
  expect((await database.pool.query("select count(*)::int as n from rm_tally_1.tally_past")).rows).toEqual([{ n: 10 }]);
  expect(seen.filter((at, index) => at !== seen[index - 1])).toEqual([0, 100, 777, 999]);
});

test("waiting for a position ends by progress, by patience, or by the signal; a hint that never comes only costs time", async () => {
  const log = memoryLog();
  log.append(...eventsOf(many(5)));
  start(log);
  await caughtUp(database, log);
  expect(await waitForPosition(database.url, 10_000, { timeoutMs: 150 })).toBe(false);
  const stop = new AbortController();
  const waiting = waitForPosition(database.url, 10_000, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 50);
  await expect(waiting).rejects.toThrow("enough");
  const silent = waitForPosition(database.url, 20_000);
  await database.pool.query("update engine.checkpoints set commit_position = 20000 where name = 'projector'");
  expect(await silent).toBe(true);
});

test("a projector that cannot go on says why, and goes on when it can", async () => {
  const log = memoryLog();
  const steps = many(20);
  const events = eventsOf(steps);
  log.append(...events.slice(0, 5));
  const projector = start(log);
  await caughtUp(database, log);
  await database.pool.query("alter table rm_tally_1.tally rename to hidden");
  await database.pool.query(
    "create function rm_tally_1.fail() returns trigger language plpgsql as $$ begin raise 'no space' using errcode = '53100'; end $$",
  );
  await database.pool.query("alter table rm_tally_1.hidden rename to tally");
  await database.pool.query(
    "create trigger fail before insert or update on rm_tally_1.tally execute function rm_tally_1.fail()",
  );
  log.append(...events.slice(5));
  await until(() => projector.status().state === "stuck");
  expect(projector.status().stuckBecause).toContain("no space");
  await until(
    async () =>
      (
        await database.pool.query(
          "select 1 from engine.status where state = 'stuck' and stuck_because like '%no space%'",
        )
      ).rowCount === 1,
  );
  await database.pool.query("drop trigger fail on rm_tally_1.tally");
  await caughtUp(database, log);
  expect(await sumsIn(database.pool)).toEqual(expectedSums(steps));
  await until(() => projector.status().state === "following");
});

test("a stopped projector leaves nothing half-done, and the next one makes the same tables", async () => {
  const steps = many(900);
  const [one, two] = [memoryLog([7, 90]), memoryLog([300])];
  const events = eventsOf(steps);
  one.append(...events.slice(0, 450));
  const first = start(one);
  await until(() => first.status().position.commit > 0);
  await first.stop();
  one.append(...events.slice(450));
  start(one);
  await caughtUp(database, one);
  const other = await testDatabase();
  two.append(...events);
  const straight = startProjector(other, two);
  await caughtUp(other, two);
  expect(await contents(database.pool, "rm_tally_1")).toBe(await contents(other.pool, "rm_tally_1"));
  await straight.stop();
  await other.close();
});

import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startEventStore, type EventStoreNode } from "@docket/embedded-eventstore";
import { type EventStore, openEventStore, type RawEvent } from "@docket/event-store";
import { waitForPosition } from "@docket/projection-engine";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { busyLog } from "./busy-log.ts";

/*
 * The projector as the process that it is, on a real store and a real Postgres: two instances, killed with -9 in turn, and the
 * rebuild verb beside them.
 */

let node: EventStoreNode;
let store: EventStore;
let database: TestDatabase;
const running: ChildProcess[] = [];

beforeAll(async () => {
  node = await startEventStore({ port: 0, memory: true });
  store = openEventStore(`esdb://127.0.0.1:${node.port}?tls=false`);
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(stop));
});
afterAll(async () => {
  await store.close();
  await node.stop();
  await database.close();
});

const env = (): NodeJS.ProcessEnv => ({
  ...process.env,
  EVENTSTORE_URL: `esdb://127.0.0.1:${node.port}?tls=false`,
  DATABASE_URL: database.url,
  LOG_LEVEL: "silent",
  OPS_PORT: "0",
});

type Projector = { readonly child: ChildProcess; readonly ops: string };

async function startProjector(): Promise<Projector> {
  const child = fork(fileURLToPath(new URL("./main.ts", import.meta.url)), [], {
    env: env(),
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  running.push(child);
  const [message] = (await once(child, "message")) as [{ type: string; details: { opsPort: number } }];
  expect(message.type).toBe("ready");
  return { child, ops: `http://127.0.0.1:${message.details.opsPort}` };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function docketRebuild(...args: string[]): Promise<{ code: number; out: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("./rebuild.ts", import.meta.url)), ...args], {
    env: env(),
  });
  let out = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const [code] = (await once(child, "exit")) as [number];
  return { code, out };
}

/** Appends events as they are, each stream in its order; gives the position of the last. */
async function write(events: readonly RawEvent[]): Promise<number> {
  let last = 0;
  const streams = new Map<string, RawEvent[]>();
  for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  for (const [stream, mine] of streams) {
    for (const event of mine) {
      const { occurredAt, schemaVersion: _version, ...meta } = event.meta;
      const expected = event.revision === 0 ? "none" : event.revision - 1;
      const result = await store.append(
        stream,
        expected,
        [{ type: event.type, data: event.data, occurredAt } as never],
        meta,
      );
      if (result.outcome !== "written") throw new Error(`conflict on ${stream}`);
      last = Math.max(last, result.position.commit);
    }
  }
  return last;
}

const counts = async (): Promise<unknown> =>
  (
    await database.pool.query(
      "select (select count(*)::int from read.journal) as events, (select count(*)::int from read.ticket) as tickets",
    )
  ).rows[0];

test("two projectors, the leading one killed with -9 again and again: every event is there once", async () => {
  const events = [...busyLog({ events: 900, open: 40, seed: 5 })];
  let leader = await startProjector();
  let heir = await startProjector();
  for (let round = 0; round < 3; round++) {
    const part = events.slice(round * 300, (round + 1) * 300);
    const writing = write(part);
    leader.child.kill("SIGKILL");
    [leader, heir] = [heir, await startProjector()];
    const last = await writing;
    expect(await waitForPosition(database.url, last, { timeoutMs: 30_000 })).toBe(true);
  }
  const tickets = events.filter(({ type }) => type === "TicketRegistered").length;
  expect(await counts()).toEqual({ events: events.length, tickets });
  const report = (await (await fetch(`${leader.ops}/health/ready`)).json()) as { status: string };
  expect(report.status).toBe("ok");
  const metrics = await (await fetch(`${leader.ops}/metrics`)).text();
  expect(metrics).toMatch(/docket_projector_state\{state="following".*\} 1/);
  expect(metrics).toMatch(/docket_projector_parked_streams\S* 0/);
});

test("the rebuild verb: prepare, run, compare, switch; names, status, wrong use", async () => {
  await startProjector();
  const all = await docketRebuild();
  expect(all.out).toContain("the same as the old ones, byte for byte");
  expect(all.out).toContain("switched");
  expect(all.code).toBe(0);
  const some = await docketRebuild("ticket", "--compare-only");
  expect(some).toMatchObject({ code: 0 });
  expect((await docketRebuild("--status")).out).toMatch(
    /ticket v\d+ generation 3: aborted[\s\S]*ticket v\d+ generation 2: switched/,
  );
  expect((await docketRebuild("--parked")).out).toContain("nothing is parked");
  expect(await docketRebuild("nonsense")).toMatchObject({ code: 1 });
  expect(await docketRebuild("--nonsense")).toMatchObject({ code: 2 });
  expect((await docketRebuild("--help")).out).toContain("usage: docket rebuild");
});

test("tables that differ are not switched to without being told to", async () => {
  await startProjector();
  const { rows } = await database.pool.query<{ schema_name: string }>(
    "select schema_name from engine.projections where name = 'contact'",
  );
  await database.pool.query(
    `update ${rows[0]?.schema_name}.contact set subject = 'tampered with' where contact_id = (select contact_id from read.contact limit 1)`,
  );
  const refused = await docketRebuild("contact");
  expect(refused).toMatchObject({ code: 3 });
  expect((await docketRebuild("--status")).out).toContain("tampered with");
  expect(await docketRebuild("contact", "--force")).toMatchObject({ code: 0 });
  expect((await database.pool.query("select 1 from read.contact where subject = 'tampered with'")).rowCount).toBe(0);
});

import { randomUUID } from "node:crypto";
import { startEventStore, type EventStoreNode } from "@docket/embedded-eventstore";
import { openEventStore, type EventStore } from "@docket/event-store";
import { createLogger } from "@docket/service-kit";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runReactor, type ReactorOptions, type ReactorState } from "./reactor.ts";

const logger = createLogger("reactor-test", { level: "silent" });
let node: EventStoreNode;
let store: EventStore;
let database: TestDatabase;
beforeAll(async () => {
  [node, database] = await Promise.all([startEventStore({ port: 0, memory: true }), testDatabase()]);
  store = openEventStore(`esdb://127.0.0.1:${node.port}?tls=false`);
  await database.pool.query(
    "create table effects (event_id uuid not null, reactor text not null, seq bigint generated always as identity)",
  );
}, 60_000);
afterAll(async () => {
  await store?.close();
  await database?.close();
  await node?.stop();
});

/** Appends `count` comments on one new stream of a kind of its own, so that each test sees only its own. */
async function write(prefix: string, count: number): Promise<string[]> {
  const at = "2024-04-22T06:00:00.000Z";
  const facts = Array.from({ length: count }, (_, n) => ({
    type: "TicketCommented" as const,
    data: { text: `comment ${n}`, visibility: "internal" as const, attachments: [] },
    occurredAt: at,
  }));
  const commandId = randomUUID();
  const result = await store.append(`${prefix}-${randomUUID()}`, "none", facts, {
    commandId,
    correlationId: commandId,
    causationId: null,
    actor: { id: "test", role: "system" },
    channel: "system",
    recordedAt: at,
  });
  if (result.outcome !== "written") throw new Error("not written");
  return result.facts.map((fact) => fact.eventId);
}

function react(name: string, prefix: string, changed: Partial<ReactorOptions> = {}) {
  const stop = new AbortController();
  const states: ReactorState[] = [];
  const done = runReactor({
    name,
    store,
    databaseUrl: database.url,
    pool: database.pool,
    logger,
    signal: stop.signal,
    prefixes: [`${prefix}-`],
    startFrom: "beginning",
    maxEvents: 7,
    onState: (state) => states.push(state),
    onFacts: async (facts, tx) => {
      await tx.query("insert into effects (event_id, reactor) select e, $2 from unnest($1::uuid[]) e", [
        facts.map((fact) => fact.eventId),
        name,
      ]);
    },
    ...changed,
  });
  return {
    states,
    stop: () => {
      stop.abort();
      return done;
    },
  };
}

/** The stream that was written to last. */
async function lastOf(prefix: string): Promise<string | undefined> {
  for await (const { stream } of store.readAll({ direction: "backwards", limit: 1, prefixes: [prefix] })) return stream;
  return undefined;
}

const effects = async (name: string) =>
  (
    await database.pool.query<{ event_id: string }>("select event_id from effects where reactor = $1 order by seq", [
      name,
    ])
  ).rows.map((row) => row.event_id);

describe("a reactor", () => {
  it("acts once on every fact, in order, over stops and starts", async () => {
    const first = await write("ticket-a", 20);
    const one = react("a", "ticket-a");
    await vi.waitFor(async () => expect(await effects("a")).toEqual(first), { timeout: 20_000 });
    await one.stop();
    const second = await write("ticket-a", 5);
    const two = react("a", "ticket-a");
    await vi.waitFor(async () => expect(await effects("a")).toEqual([...first, ...second]), { timeout: 20_000 });
    await two.stop();
  });

  it("keeps nothing of a batch that failed, and does it again", async () => {
    const ids = await write("ticket-b", 20);
    let failures = 0;
    const reactor = react("b", "ticket-b", {
      onFacts: async (facts, tx) => {
        await tx.query("insert into effects (event_id, reactor) select e, 'b' from unnest($1::uuid[]) e", [
          facts.map((fact) => fact.eventId),
        ]);
        if (failures++ < 2) throw new Error("crash after the effect");
      },
    });
    await vi.waitFor(async () => expect(await effects("b")).toEqual(ids), { timeout: 20_000 });
    await reactor.stop();
  });

  it("loses its connections to Postgres in the middle and still acts once", async () => {
    const ids = await write("ticket-c", 60);
    let batches = 0;
    const reactor = react("c", "ticket-c", {
      onFacts: async (facts, tx) => {
        await tx.query("insert into effects (event_id, reactor) select e, 'c' from unnest($1::uuid[]) e", [
          facts.map((fact) => fact.eventId),
        ]);
        if (++batches === 3)
          await database.pool.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
          );
      },
    });
    await vi.waitFor(async () => expect(await effects("c")).toEqual(ids), { timeout: 20_000 });
    await reactor.stop();
  });

  it("has one acting instance; the other takes over when the first stops", async () => {
    const ids = await write("ticket-d", 10);
    const one = react("d", "ticket-d");
    await vi.waitFor(async () => expect(await effects("d")).toHaveLength(10), { timeout: 20_000 });
    const two = react("d", "ticket-d");
    const more = await write("ticket-d", 10);
    await vi.waitFor(async () => expect(await effects("d")).toEqual([...ids, ...more]), { timeout: 20_000 });
    expect(two.states.some((state) => state.phase === "following")).toBe(false);
    await one.stop();
    const last = await write("ticket-d", 10);
    await vi.waitFor(async () => expect(await effects("d")).toEqual([...ids, ...more, ...last]), { timeout: 20_000 });
    await two.stop();
  });

  it("passes by what does not concern it, undecoded, and stands behind it", async () => {
    const ids = await write("ticket-g", 20);
    const seen: string[] = [];
    const reactor = react("g", "ticket-g", {
      store: {
        ...store,
        facts: (events) => {
          seen.push(...events.map(({ eventId }) => eventId));
          return store.facts(events);
        },
      },
      concerns: (events) => events.filter(({ revision }) => revision === 3),
    });
    const behindAll = async () => {
      const { rows } = await database.pool.query<{ commit_position: string }>(
        "select commit_position from app.reactor_checkpoints where name = 'g'",
      );
      const last = (await store.load((await lastOf("ticket-g")) ?? "")).at(-1);
      expect(Number(rows[0]?.commit_position)).toBeGreaterThanOrEqual(last?.position.commit ?? Infinity);
    };
    await vi.waitFor(behindAll, { timeout: 20_000 });
    expect(await effects("g")).toEqual([ids[3]]);
    expect(seen).toEqual([ids[3]]);
    await reactor.stop();
  });

  it("deals together with what comes while it rests, each fact once", async () => {
    const sizes: number[] = [];
    const reactor = react("h", "ticket-h", {
      restMs: 300,
      maxEvents: 1_000,
      onFacts: async (facts, tx) => {
        sizes.push(facts.length);
        await tx.query("insert into effects (event_id, reactor) select e, 'h' from unnest($1::uuid[]) e", [
          facts.map((fact) => fact.eventId),
        ]);
      },
    });
    await vi.waitFor(() => expect(reactor.states.at(-1)?.phase).toBe("following"), { timeout: 20_000 });
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) ids.push(...(await write("ticket-h", 1)));
    await vi.waitFor(async () => expect(await effects("h")).toEqual(ids), { timeout: 20_000 });
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(12);
    await reactor.stop();
  });

  it("that begins at the head leaves the past alone", async () => {
    await write("ticket-e", 10);
    const reactor = react("e", "ticket-e", { startFrom: "head" });
    await vi.waitFor(() => expect(reactor.states.some((state) => state.phase === "following")).toBe(true), {
      timeout: 20_000,
    });
    const fresh = await write("ticket-e", 3);
    await vi.waitFor(async () => expect(await effects("e")).toEqual(fresh), { timeout: 20_000 });
    await reactor.stop();
  });

  it("parks an event that cannot be dealt with and what follows on its stream; the others flow, and it catches up when mended", async () => {
    const [bad, good] = [await write("ticket-f", 3), await write("ticket-f", 3)];
    let mended = false;
    const onFacts: ReactorOptions["onFacts"] = async (facts, tx) => {
      if (!mended && facts.some((fact) => fact.eventId === bad[1])) throw new Error("cannot\0be");
      await tx.query("insert into effects (event_id, reactor) select e, 'f' from unnest($1::uuid[]) e", [
        facts.map((fact) => fact.eventId),
      ]);
    };
    const one = react("f", "ticket-f", { onFacts });
    await vi.waitFor(() => expect(one.states.at(-1)).toMatchObject({ phase: "following", parked: 1 }), {
      timeout: 20_000,
    });
    await vi.waitFor(async () => expect(await effects("f")).toEqual([bad[0], ...good]), { timeout: 20_000 });
    const parked = await database.pool.query(
      "select revision, cause from app.reactor_parked where reactor = 'f' order by revision",
    );
    expect(parked.rows).toEqual([
      { revision: 1, cause: "Error: cannotbe" },
      { revision: 2, cause: null },
    ]);
    await one.stop();
    mended = true;
    const two = react("f", "ticket-f", { onFacts });
    await vi.waitFor(async () => expect(await effects("f")).toEqual([bad[0], ...good, bad[1], bad[2]]), {
      timeout: 20_000,
    });
    expect(two.states.at(-1)).toMatchObject({ parked: 0 });
    await two.stop();
  });
});

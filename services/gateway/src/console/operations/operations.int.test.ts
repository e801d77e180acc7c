import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../../test/house.ts";
import type { Session } from "../../../test/session.ts";
import { registered } from "../../../test/tickets.ts";

let house: House;
let boss: Session;
let ticketId: string;
let position: string;
beforeAll(async () => {
  house = await openHouse();
  boss = await house.as("boss");
  ({ ticketId, position } = await registered(house));
  await boss.get("/v1/me", { headers: { "docket-wait-position": position } });
});
afterAll(() => house.close());

describe("operations", () => {
  it("say where the read models stand, and of what is parked why, and let it be folded again", async () => {
    const { pool } = house.database;
    // what was noted of rights comes into the log by itself
    await expect.poll(async () => (await boss.get("/v1/ops/projections")).body.lagEvents, { timeout: 20_000 }).toBe(0);
    const one = (await boss.get("/v1/ops/projections")).body;
    expect(one.items.map(({ name }: { name: string }) => name)).toContain("ticket");
    expect(one).toMatchObject({ lagEvents: 0, lagCapped: false, parked: [] });
    expect(one.checkpoint).toBe(one.head);
    await pool.query(
      `insert into engine.parked (projection, generation, stream, revision, commit_position, prepare_position, event_id, type, event, cause)
       select name, generation, 'ticket-x', 0, 1, 1, gen_random_uuid(), 'TicketRegistered', '{"dataText":"{}","metaText":"{}"}', 'no data'
       from engine.projections where name = 'sla'`,
    );
    const two = (await boss.get("/v1/ops/projections")).body;
    expect(two.parked).toMatchObject([{ projection: "sla", stream: "ticket-x", events: 1, cause: "no data" }]);
    expect((await boss.post("/v1/ops/parked/release", { projection: "sla" })).body).toEqual({ streams: 1 });
    expect((await boss.post("/v1/ops/parked/release", { projection: "journal" })).body).toEqual({ streams: 0 });
  });

  it("ask for a rebuild of what there is", async () => {
    const asked = await boss.post(
      "/v1/ops/rebuilds",
      { projections: ["sla"] },
      { headers: { "idempotency-key": "r" } },
    );
    expect(asked).toMatchObject({ status: 202, body: { projections: ["sla"], state: "asked" } });
    expect((await boss.get("/v1/ops/projections")).body.requests).toMatchObject([asked.body]);
    expect((await boss.post("/v1/ops/rebuilds", { projections: ["journal"] })).body).toMatchObject({
      code: "unknown_projection",
      name: "journal",
    });
  });

  it("browse the store: streams, the events of one, and the tail of everything, in clear", async () => {
    const streams = (await boss.get("/v1/ops/streams?kind=ticket")).body.items;
    expect(streams).toMatchObject([{ stream: `ticket-${ticketId}`, type: "TicketRegistered" }]);
    expect((await boss.get("/v1/ops/streams?q=romash")).body.items).toMatchObject([{ kind: "organization" }]);
    const first = (await boss.get("/v1/ops/streams?limit=2")).body;
    const next = (await boss.get(`/v1/ops/streams?limit=2&page=${first.nextPage}`)).body;
    expect(new Set([...first.items, ...next.items].map(({ stream }: { stream: string }) => stream)).size).toBe(4);

    const one = (await boss.get(`/v1/ops/streams/ticket-${ticketId}`)).body;
    expect(one.items[0]).toMatchObject({
      revision: 0,
      type: "TicketRegistered",
      title: "Ticket registered",
      fault: null,
    });
    expect(one.items[0].data.requester.name).toBe("Анна Заказчикова");
    expect(one.items[0].hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await boss.get(`/v1/ops/streams/ticket-${crypto.randomUUID()}`)).body.code).toBe("not_found");

    const tail = (await boss.get("/v1/ops/all?limit=3")).body;
    expect(tail.items).toHaveLength(3);
    expect(tail.items[0].position).toBe(tail.head);
    const filtered = (await boss.get("/v1/ops/all?type=TicketReg")).body;
    expect(filtered.items).toMatchObject([{ stream: `ticket-${ticketId}`, type: "TicketRegistered" }]);
    expect(filtered.nextPage).toBeNull();
    const people = (await boss.get("/v1/ops/all?limit=2&stream=staff-")).body;
    expect(people.items.map(({ stream }: { stream: string }) => stream.slice(0, 6))).toEqual(["staff-", "staff-"]);
    const both = (await boss.get("/v1/ops/all?stream=staff-&type=StaffHired&limit=1")).body;
    expect(both.items).toMatchObject([{ type: "StaffHired" }]);
    const rest = (await boss.get(`/v1/ops/all?stream=staff-&type=StaffHired&before=${both.nextPage}`)).body;
    expect(rest.items.length).toBeGreaterThan(2);
    expect(rest.nextPage).toBeNull();
    expect((await boss.get("/v1/ops/all?stream=staff-&type=Ticket")).body).toMatchObject({ items: [], nextPage: null });
    const older = (await boss.get(`/v1/ops/all?limit=3&before=${tail.nextPage}`)).body;
    expect(BigInt(older.items[0].position)).toBeLessThan(BigInt(tail.items[2].position));
  });

  it("say who is there, and send once more what could not be sent", async () => {
    const { body } = await boss.get("/v1/ops/processes");
    expect(body.store.reachable).toBe(true);
    expect(body.items.length).toBeGreaterThan(0);
    await house.database.pool.query(
      `insert into app.processes values
         ('a:1', 'gateway', '0.1.0', 'Node 24', now() - interval '1 hour', now(), 100, 50, 0.25),
         ('b:1', 'notifier', '0.1.0', 'Node 24', now() - interval '1 hour', now() - interval '5 minutes', 100, 50, 0)`,
    );
    await house.database.pool.query(
      `insert into app.reactor_checkpoints (name, commit_position, prepare_position, prefixes)
       values ('all of it', 0, 0, '{staff-,ticket-}'), ('done', $1, $1, '{ticket-}')`,
      [position],
    );
    const now = (await boss.get("/v1/ops/processes")).body;
    expect(now.processes).toMatchObject([
      { instance: "a:1", alive: true, memoryBytes: 100, busy: 0.25 },
      { instance: "b:1", alive: false },
    ]);
    expect(now.reactors).toMatchObject([
      { name: "all of it", behindCapped: false },
      { name: "done", behind: 0 },
    ]);
    expect(now.reactors[0].behind).toBeGreaterThan(3);
    const { rows } = await house.database.pool.query(
      `insert into app.outbox (id, kind, cause_event_id, to_address, message_id, subject, body_text, status, attempts, next_attempt_at, created_at)
       values (gen_random_uuid(), 'x', gen_random_uuid(), 'a@b.example', '<x@x>', 's', 't', 'failed', 40, now(), now()) returning id`,
    );
    expect((await boss.post(`/v1/ops/outbox/${rows[0].id}/retry`)).status).toBe(204);
    expect((await boss.post(`/v1/ops/outbox/${rows[0].id}/retry`)).body.code).toBe("not_found");
    expect((await boss.get("/v1/ops/processes")).body.outbox).toMatchObject([{ status: "waiting", count: 1 }]);
  });

  it("stop, start and speed up the simulated traffic", async () => {
    expect((await boss.get("/v1/ops/simulation")).body).toEqual({ running: null, speed: null, watched: false });
    expect((await boss.patch("/v1/ops/simulation", { speed: 5 })).body).toMatchObject({ running: true, speed: 5 });
    expect((await boss.patch("/v1/ops/simulation", { running: false })).body).toMatchObject({
      running: false,
      speed: 5,
    });
    expect((await boss.patch("/v1/ops/simulation", { speed: 0 })).body).toMatchObject({ code: "out_of_range" });
    expect((await (await house.as("maria")).patch("/v1/ops/simulation", { running: true })).body.code).toBe(
      "forbidden",
    );
  });

  it("are the administrator's alone", async () => {
    for (const login of ["olga", "maria", "audit", "anna"])
      for (const path of ["projections", "streams", `streams/ticket-${ticketId}`, "all", "processes"])
        expect((await (await house.as(login)).get(`/v1/ops/${path}`)).body.code).toBe("forbidden");
    expect((await (await house.as("maria")).post("/v1/ops/rebuilds", {})).body.code).toBe("forbidden");
    expect((await (await house.as("maria")).post("/v1/ops/parked/release", {})).body.code).toBe("forbidden");
  });
});

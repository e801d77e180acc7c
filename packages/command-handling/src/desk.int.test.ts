import { randomUUID } from "node:crypto";
import type { AnyCommand } from "@docket/domain";
import { StoreUnavailable, verifyChain } from "@docket/event-store";
import { startCutProxy } from "@docket/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { on, people, registration } from "../../domain/test/service-centre.ts";
import { metaOf, type Office, openOffice, startServiceCentre } from "../test/office.ts";

let centre: Awaited<ReturnType<typeof startServiceCentre>>;
/** two processes */
let a: Office;
let b: Office;
beforeAll(async () => {
  centre = await startServiceCentre();
  [a, b] = await Promise.all([centre.open(), centre.open()]);
});
afterAll(() => centre.stop());

/** Registers a ticket of its own; gives how to put its id into any command, and its stream. */
async function ticket(by: Office = a): Promise<{ of(command: AnyCommand): AnyCommand; stream: string }> {
  const ticketId = randomUUID();
  const of = (command: AnyCommand): AnyCommand => ({ ...command, data: { ...command.data, ticketId } }) as AnyCommand;
  const { stream } = await by.ok(of(registration()));
  return { of, stream };
}

const comment = (of: (command: AnyCommand) => AnyCommand, text: string): AnyCommand =>
  of({ ...on.comment(), data: { ...on.comment().data, text } } as AnyCommand);
const typesOf = async (stream: string): Promise<string[]> => (await a.store.load(stream)).map((fact) => fact.type);

async function chainOf(stream: string) {
  const events = [];
  for await (const event of a.store.readAll({ prefixes: [stream] })) events.push(event);
  return verifyChain(events);
}

describe("the desk", () => {
  it("carries out commands of several processes on one ticket, each on what the others did", async () => {
    const { of, stream } = await ticket();
    await b.ok(of(on.classify()));
    await a.ok(of(on.assign("net", "ivan")));
    const accepted = await b.ok(of(on.accept()), { actor: people.ivan });
    expect(accepted).toMatchObject({
      stream,
      revision: 3,
      repeated: false,
      events: [{ type: "TicketAccepted", revision: 3 }],
    });
    // a last saw the ticket before it was accepted
    const resolved = await a.ok(of(on.resolve()), { actor: people.ivan });
    expect(resolved.revision).toBe(4);
    expect(BigInt(resolved.position)).toBeGreaterThan(BigInt(accepted.position));
    expect(await typesOf(stream)).toEqual([
      "TicketRegistered",
      "TicketClassified",
      "TicketAssigned",
      "TicketAccepted",
      "TicketResolved",
    ]);
    expect(await chainOf(stream)).toBeUndefined();
  });

  it("records who, by which way, when it happened and when it was learnt", async () => {
    const { of, stream } = await ticket();
    a.clock.advanceBy(600_000);
    const meta = metaOf({ actor: people.ivan, channel: "phone", occurredAt: "2024-04-22T06:03:00.000Z" });
    await a.ok(of(on.comment()), meta);
    const last = await a.store.last(stream);
    expect(last?.meta).toEqual({
      commandId: meta.commandId,
      correlationId: meta.correlationId,
      causationId: null,
      actor: people.ivan,
      channel: "phone",
      occurredAt: "2024-04-22T06:03:00.000Z",
      recordedAt: a.clock.now().toISOString(),
      schemaVersion: 1,
    });
  });

  it("never records back in time, though another machine's clock is behind", async () => {
    const { of, stream } = await ticket();
    a.clock.advanceBy(5_000);
    await a.ok(of(on.classify()));
    expect(b.clock.now().getTime()).toBeLessThan(a.clock.now().getTime());
    await b.ok(of(on.assign("net", "ivan")));
    const recorded = (await a.store.load(stream)).map((fact) => fact.meta.recordedAt);
    expect(recorded.toSorted()).toEqual(recorded);
  });

  it("tells the first outcome again when a command comes again, to this process or another", async () => {
    const { of, stream } = await ticket();
    const meta = metaOf();
    const first = await a.ok(of(on.classify()), meta);
    await a.ok(of(on.assign("net", "ivan")));
    for (const office of [a, b]) {
      const again = await office.ok(of(on.classify()), meta);
      expect(again).toEqual({ ...first, repeated: true });
    }
    expect(await typesOf(stream)).toHaveLength(3);
  });

  it("carries out a command once when two processes get it at the same time", async () => {
    for (let round = 0; round < 10; round++) {
      const { of, stream } = await ticket();
      const meta = metaOf();
      const results = await Promise.all([
        a.ok(of(on.classify()), meta),
        b.ok(of(on.classify()), meta),
        a.ok(of(on.classify()), meta),
      ]);
      // The two may both have written it: the same facts, with the same ids, are one.
      expect(results.filter((result) => !result.repeated).length).toBeGreaterThan(0);
      expect(new Set(results.map((result) => result.events[0]?.eventId)).size).toBe(1);
      // Whatever each now holds in memory goes on where the store stands.
      await Promise.all([a.ok(comment(of, "a")), b.ok(comment(of, "b"))]);
      expect((await typesOf(stream)).filter((type) => type === "TicketClassified")).toHaveLength(1);
      expect(await chainOf(stream)).toBeUndefined();
    }
  });

  it("loses nothing when many write to one ticket through two processes", async () => {
    const { of, stream } = await ticket();
    await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? a : b).ok(comment(of, String(n)))));
    const said = (await a.store.load(stream)).slice(1).map((fact) => Number((fact.data as { text: string }).text));
    expect(said.toSorted((x, y) => x - y)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(await chainOf(stream)).toBeUndefined();
  });

  it("refuses nothing on an old picture", async () => {
    const { of } = await ticket(a);
    expect(await a.refused(of(on.accept()), { actor: people.ivan })).toBe("wrong_status");
    await b.ok(of(on.classify()));
    await b.ok(of(on.assign("net", "ivan")));
    await a.ok(of(on.accept()), { actor: people.ivan });
  });

  it("refuses a stale command and tells what the others did since", async () => {
    const { of } = await ticket();
    await a.ok(of(on.classify()), { ifRevision: 0 });
    await b.ok(of(on.assign("net", "ivan")), { ifRevision: 1, actor: people.maria });
    const result = await a.desk.execute(comment(of, "late"), metaOf({ ifRevision: 1 }));
    expect(result).toMatchObject({
      ok: false,
      error: { code: "stale_revision", params: { seen: 1, current: 2 } },
      conflict: { currentRevision: 2, since: [{ type: "TicketAssigned", meta: { actor: people.maria } }] },
    });
    await a.ok(comment(of, "now"), { ifRevision: 2 });
  });

  it("gives no facts and no error where there is nothing to do", async () => {
    const { of } = await ticket();
    const result = await a.ok(
      of({ type: "FireAlarm", data: { ticketId: "", key: "gone", at: "2024-04-22T06:00:00.000Z" } }),
      { actor: { id: "system", role: "system" }, channel: "system" },
    );
    expect(result).toMatchObject({ revision: 0, events: [], repeated: false });
  });

  it.each([
    [
      "a value that is none",
      { ...on.classify(), data: { ...on.classify().data, priority: "urgent" } },
      "validation_failed",
      "data.priority",
    ],
    [
      "a field that is unknown",
      { ...on.accept(), data: { ...on.accept().data, extra: 1 } },
      "validation_failed",
      "data",
    ],
    ["a command that is unknown", { type: "Shout", data: {} }, "unknown_command", "type"],
  ])("refuses %s, with the path to it", async (_case, command, code, field) => {
    expect(await a.desk.execute(command as AnyCommand, metaOf())).toMatchObject({ ok: false, error: { code, field } });
  });

  it("refuses metadata that is none", async () => {
    expect(await a.desk.execute(on.accept(), metaOf({ commandId: "x" }))).toMatchObject({
      ok: false,
      error: { code: "validation_failed", field: "meta.commandId" },
    });
  });
});

describe("the desk and the directory", () => {
  it("decides on what another process changed a moment ago", async () => {
    const organizationId = `o-${randomUUID()}`;
    const register: AnyCommand = {
      type: "RegisterOrganization",
      data: { organizationId, name: organizationId, aliases: [], language: "ru", zone: "Europe/Moscow", region: null },
    };
    await a.ok(register, { actor: people.boss });
    expect(await b.refused(register, { actor: people.boss })).toBe("organization_exists");
    const { position } = await b.ok(
      {
        type: "AddPerson",
        data: {
          organizationId,
          person: { personId: randomUUID(), name: "N", emails: [`${organizationId}@x.example`], phones: [] },
        },
      },
      { actor: people.boss },
    );
    await a.directory.waitFor({ commit: Number(position), prepare: Number(position) });
    expect(a.directory.current().people.size).toBe(b.directory.current().people.size);
  });

  it("carries out an administrative command once, whoever gets it", async () => {
    const organizationId = `o-${randomUUID()}`;
    const command: AnyCommand = {
      type: "RegisterOrganization",
      data: { organizationId, name: organizationId, aliases: [], language: "ru", zone: "Europe/Moscow", region: null },
    };
    const meta = metaOf({ actor: people.boss });
    const results = await Promise.all([a.ok(command, meta), b.ok(command, meta), a.ok(command, meta)]);
    expect(results.filter((result) => !result.repeated)).toHaveLength(1);
    expect(await typesOf(`organization-${organizationId}`)).toEqual(["OrganizationRegistered"]);
  });
});

describe("the desk on a bad line", () => {
  it("says that the store is away, and goes on by itself when it is back", async () => {
    const proxy = await startCutProxy(Number(new URL(centre.url.replace("esdb", "http")).port));
    const office = await openOffice(`esdb://127.0.0.1:${proxy.port}?tls=false`);
    try {
      const { of } = await ticket(office);
      proxy.mode = "closed";
      const meta = metaOf();
      await expect(office.desk.execute(of(on.classify()), meta)).rejects.toBeInstanceOf(StoreUnavailable);
      proxy.mode = "open";
      expect(await office.ok(of(on.classify()), meta)).toMatchObject({ revision: 1, repeated: false });
      await a.ok(
        {
          type: "ChangeOrganization",
          data: {
            organizationId: "lopuh",
            name: "АО «Лопух»",
            aliases: [],
            language: "en",
            zone: "Europe/Moscow",
            region: null,
          },
        },
        { actor: people.boss },
      );
      await expect
        .poll(() => office.directory.current().organizationsByName, { timeout: 10_000 })
        .toEqual(a.directory.current().organizationsByName);
    } finally {
      await office.close();
      await proxy.close();
    }
  });
});

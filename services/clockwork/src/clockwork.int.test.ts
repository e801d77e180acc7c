import { randomUUID } from "node:crypto";
import type { AnyCommand } from "@docket/domain";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { on, policy, registration } from "../../../packages/domain/test/service-centre.ts";
import { stillUnfinished } from "./unfinished.ts";
import { people, startWorks, type Works } from "../test/works.ts";

let works: Works;
beforeAll(async () => {
  works = await startWorks("2024-04-22T06:00:00.000Z");
});
afterAll(() => works?.stop());
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});
const start = async (): Promise<void> => void running.push(await works.startClockwork());

/** A ticket of its own; `of` puts its id into any command. */
async function ticket(changed: Parameters<typeof registration>[0] = {}, occurredAt?: string) {
  const ticketId = randomUUID();
  const of = (command: AnyCommand): AnyCommand => ({ ...command, data: { ...command.data, ticketId } }) as AnyCommand;
  const { stream } = await works.office.ok(
    of(registration({ receivedAt: works.clock.now().toISOString(), ...changed })),
    occurredAt === undefined ? {} : { occurredAt },
  );
  return { ticketId, of, stream };
}
const typesOf = async (stream: string): Promise<string[]> => (await works.factsOf(stream)).map((fact) => fact.type);
const told = async (stream: string, from = 0): Promise<string[]> =>
  (await works.factsOf(stream)).slice(from).map((fact) => `${fact.type} ${fact.meta.occurredAt}`);
const eventually = { timeout: 20_000, interval: 10 };

async function inWork() {
  const { ticketId, of, stream } = await ticket();
  await works.office.ok(of(on.classify()));
  await works.office.ok(of(on.assign("net", "ivan")));
  await works.office.ok(of(on.accept()), { actor: people.ivan });
  return { ticketId, of, stream };
}

describe("the clockwork", () => {
  it("lets five working days pass in a second: reminders, then the close, each at its time (R §4.2)", async () => {
    works.clock.advanceTo(new Date("2024-04-26T12:00:00.000Z"));
    await start();
    await start();
    const { of, stream } = await inWork();
    await works.office.ok(of(on.resolve()), { actor: people.ivan });
    await works.projected();
    const began = performance.now();
    works.clock.advanceTo(new Date("2024-05-08T00:00:00.000Z"));
    await expect.poll(async () => (await typesOf(stream)).at(-1), eventually).toBe("TicketAutoClosed");
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await told(stream, 5)).toEqual([
      "TicketReminded 2024-05-02T06:00:00.000Z",
      "TicketReminded 2024-05-06T06:00:00.000Z",
      "TicketAutoClosed 2024-05-07T21:00:00.000Z",
    ]);
    expect((await works.factsOf(stream)).at(-1)?.meta).toMatchObject({
      actor: { id: "system", role: "system" },
      channel: "system",
    });
    await works.projected();
    expect(
      (
        await works.database.pool.query("select 1 from read.deadline where owner = $1", [
          stream.slice("ticket-".length),
        ])
      ).rowCount,
    ).toBe(0);
  });

  it("warns, records the miss and escalates, each once and in order, with two instances running", async () => {
    works.clock.advanceTo(new Date("2024-05-13T06:00:00.000Z"));
    await start();
    await start();
    const tickets = await Promise.all(Array.from({ length: 10 }, inWork));
    await works.projected();
    for (const minute of ["09:12", "10:00", "11:00"]) {
      works.clock.advanceTo(new Date(`2024-05-13T${minute}:00.000Z`));
      await works.projected();
    }
    for (const { stream } of tickets) {
      await expect
        .poll(() => told(stream, 4), eventually)
        .toEqual([
          "TicketDeadlineWarned 2024-05-13T09:12:00.000Z",
          "TicketDeadlineMissed 2024-05-13T10:00:00.000Z",
          "TicketEscalated 2024-05-13T10:00:00.000Z",
          "TicketEscalated 2024-05-13T11:00:00.000Z",
        ]);
    }
  });

  it("sends what was classified where the rules say (rule 6), and leaves what people assigned", async () => {
    const byHand = await ticket();
    await works.office.ok(byHand.of(on.classify()));
    await works.office.ok(byHand.of(on.assign("l3", null)));
    await start();
    const routed = await ticket();
    await works.office.ok(routed.of(on.classify()));
    await expect
      .poll(() => typesOf(routed.stream), eventually)
      .toEqual(["TicketRegistered", "TicketClassified", "TicketAssigned"]);
    const [, classified, assigned] = await works.factsOf(routed.stream);
    expect(assigned).toMatchObject({
      data: { groupId: "net", line: 2, routedBy: { ruleId: "vpn", rulesVersion: 1 } },
      meta: { causationId: classified?.eventId, channel: "system" },
    });
    // The reactor came past it on its way.
    expect((await works.factsOf(byHand.stream)).slice(2)).toMatchObject([
      { type: "TicketAssigned", data: { groupId: "l3", routedBy: null } },
    ]);
  });

  it("sends in the past what was classified in the past and entered later, after the deadlines stated meanwhile", async () => {
    works.clock.advanceTo(new Date("2024-05-13T14:00:00.000Z"));
    const { of, stream } = await ticket({ receivedAt: "2024-05-13T06:00:00.000Z" }, "2024-05-13T06:00:00.000Z");
    await works.office.ok(of(on.classify()), { occurredAt: "2024-05-13T06:10:00.000Z" });
    await works.office.ok(of(on.comment()), { occurredAt: "2024-05-13T10:30:00.000Z" });
    const before = await told(stream);
    await start();
    await expect.poll(() => typesOf(stream), eventually).toContain("TicketAssigned");
    const all = await told(stream);
    const stated = before.findLast((each) => each.startsWith("TicketDeadlineMissed"))?.split(" ")[1];
    expect(all.find((each) => each.startsWith("TicketAssigned"))).toBe(`TicketAssigned ${stated}`);
  });

  it("spreads work over the least loaded", async () => {
    await start();
    const tickets = await Promise.all(Array.from({ length: 8 }, () => ticket()));
    await Promise.all(tickets.map(({ of }) => works.office.ok(of(on.classify()))));
    const engineers = await Promise.all(
      tickets.map(async ({ stream }) => {
        await expect.poll(() => typesOf(stream), eventually).toContain("TicketAssigned");
        return (await works.factsOf(stream)).flatMap((fact) =>
          fact.type === "TicketAssigned" ? [fact.data.engineerId] : [],
        )[0];
      }),
    );
    expect(new Set(engineers)).toEqual(new Set(["ivan", "petr"]));
  });

  /** A contact as it is kept. */
  async function received(): Promise<string> {
    const contactId = randomUUID();
    const data = {
      contactId,
      channel: "email" as const,
      receivedAt: works.clock.now().toISOString(),
      subject: "Не работает VPN",
      text: "Опять",
      claims: {
        organization: null,
        supportKey: "KEY-0017-AA",
        contractNumber: null,
        personName: null,
        email: "anna@romashka.example",
        otherEmail: null,
        phone: null,
      },
      wish: { type: null, priority: null },
      product: null,
      productVersion: null,
      stepsToReproduce: null,
      region: null,
      attachments: [],
      raw: null,
      mail: null,
      aboutTicketId: null,
      authenticatedPersonId: null,
    };
    await works.office.ok(
      { type: "ReceiveContact", data },
      { actor: { id: "mailroom", role: "system" }, channel: "email" },
    );
    return contactId;
  }

  it("takes on a contact whose receiver died right after keeping it", async () => {
    await start();
    const contactId = await received();
    await expect
      .poll(() => typesOf(`contact-${contactId}`), eventually)
      .toEqual(["ContactReceived", "ContactVerified", "ContactRegistered"]);
  });

  it("finds in one reading which contacts were finished since", async () => {
    const [left, rejected, verified] = [await received(), await received(), await received()];
    await works.office.ok(
      { type: "RejectContact", data: { contactId: rejected, reason: "Повтор" } },
      { actor: people.olga },
    );
    await works.office.ok({ type: "TriageContact", data: { contactId: verified } }, { actor: people.boss });
    const facts = [];
    for (const contactId of [left, rejected, verified])
      facts.push(...(await works.office.store.load(`contact-${contactId}`, { limit: 1 })));
    expect((await stillUnfinished(works.office.store, facts)).map(({ stream }) => stream)).toEqual([
      `contact-${left}`,
      `contact-${verified}`,
    ]);
    expect(await stillUnfinished(works.office.store, [])).toEqual([]);
  });

  it("registers every ticket that a plan owed while nobody was there, in order, each at its time (rule 7)", async () => {
    const planId = `p-${randomUUID()}`;
    const first = works.clock.now();
    const start0 = new Date(first.getTime() + 86_400_000).toISOString().slice(0, 10);
    await works.office.ok(
      {
        type: "DefinePlan",
        data: {
          planId,
          contractId: "c-1",
          rrule: "FREQ=DAILY;COUNT=4",
          start: `${start0}T10:00`,
          zone: "Europe/Moscow",
          subject: "Проверка резервных копий",
          description: "",
          product: null,
          requesterPersonId: "anna",
        },
      },
      { actor: people.boss },
    );
    await works.projected();
    works.clock.advanceBy(3 * 86_400_000 + 43_200_000);
    await start();
    await start();
    const occurrences = async () =>
      (await works.factsOf(`plan-${planId}`)).flatMap((fact) => (fact.type === "PlanOccurred" ? [fact.data] : []));
    await expect.poll(async () => (await occurrences()).length, eventually).toBe(3);
    const at = (day: number): string =>
      new Date(Date.parse(`${start0}T07:00:00.000Z`) + day * 86_400_000).toISOString();
    expect((await occurrences()).map((occurred) => occurred.at)).toEqual([at(0), at(1), at(2)]);
    for (const occurred of await occurrences()) {
      const [registered, classified] = await works.factsOf(`ticket-${occurred.ticketId}`);
      expect(registered).toMatchObject({
        type: "TicketRegistered",
        data: { planId, channel: "plan", requester: { personId: "anna" } },
        meta: { occurredAt: occurred.at, channel: "plan" },
      });
      expect(classified).toMatchObject({ type: "TicketClassified", data: { type: "scheduled_work", priority: "low" } });
    }
    works.clock.advanceBy(86_400_000);
    await expect.poll(async () => (await occurrences()).length, eventually).toBe(4);
    const standing = async () =>
      (await works.database.pool.query("select 1 from read.deadline where owner = $1", [planId])).rowCount;
    await expect.poll(standing, eventually).toBe(0);
  });

  it("has the clocks of open tickets computed anew when a new policy comes into force, at its effective time", async () => {
    const { stream } = await inWork();
    const effective = new Date(works.clock.now().getTime() + 60_000);
    await works.office.ok(
      {
        type: "ChangeContractPolicy",
        data: {
          contractId: "c-1",
          policy: {
            ...policy,
            targets: policy.targets.map((target) =>
              target.type === "incident" ? { ...target, resolution: "16h" } : target,
            ),
          },
          policyEffectiveFrom: effective.toISOString(),
        },
      },
      { actor: people.boss },
    );
    await start();
    await works.projected();
    expect(await typesOf(stream)).not.toContain("TicketClocksRecomputed");
    works.clock.advanceTo(effective);
    await expect.poll(() => typesOf(stream), eventually).toContain("TicketClocksRecomputed");
    const recomputed = (await works.factsOf(stream)).at(-1);
    expect(recomputed).toMatchObject({
      data: { because: "policy", clocks: [{ kind: "resolution", target: "16h", policyVersion: 2 }] },
    });
  });

  it("keeps whole chains all the while", () => works.verify());
});

import { randomUUID } from "node:crypto";
import type { AnyCommand, ContactEvent, Fact, TicketEvent } from "@docket/domain";
import { createTicketNumbers } from "@docket/event-store";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { people } from "../../domain/test/service-centre.ts";
import { type Office, startServiceCentre } from "../test/office.ts";
import type { Desk, StateReader } from "./api.ts";
import { createIntake, type Intake, ticketIdOfContact } from "./intake.ts";

let centre: Awaited<ReturnType<typeof startServiceCentre>>;
let a: Office;
let b: Office;
beforeAll(async () => {
  centre = await startServiceCentre();
  [a, b] = await Promise.all([centre.open(), centre.open()]);
});
afterAll(() => centre.stop());

type Received = Extract<ContactEvent, { type: "ContactReceived" }>["data"];
const mail: Received["mail"] = {
  messageId: null,
  inReplyTo: [],
  from: "anna@romashka.example",
  to: ["sc@sc.example"],
  sentAt: null,
  automatic: false,
};
const annas = {
  organization: null,
  supportKey: "KEY-0017-AA",
  contractNumber: null,
  personName: null,
  email: "anna@romashka.example",
  otherEmail: null,
  phone: null,
};

function letter(changed: Partial<Received> = {}): AnyCommand & { type: "ReceiveContact" } {
  return {
    type: "ReceiveContact",
    data: {
      contactId: randomUUID(),
      channel: "email",
      receivedAt: "2024-04-22T05:59:00.000Z",
      subject: "Не работает VPN",
      text: "С утра не поднимается туннель.",
      claims: annas,
      wish: { type: null, priority: null },
      product: null,
      productVersion: null,
      stepsToReproduce: null,
      region: null,
      attachments: [],
      raw: null,
      mail,
      aboutTicketId: null,
      authenticatedPersonId: null,
      ...changed,
    },
  };
}

const intakeOf = (office: Office, desk: Desk & StateReader = office.desk): Intake =>
  createIntake({
    desk,
    store: office.store,
    directory: office.directory,
    numbers: createTicketNumbers(office.store, office.clock),
  });
const asMailroom = { actor: { id: "mailroom", role: "system" as const }, channel: "email" as const };

/** Receives a letter and settles it. */
async function take(command: ReturnType<typeof letter>, office = a) {
  await office.ok(command, asMailroom);
  return intakeOf(office).settle(command.data.contactId);
}
const factsOf = (stream: string) => a.store.load(stream);
const typesOf = async (stream: string): Promise<string[]> => (await factsOf(stream)).map((fact) => fact.type);

/** A ticket of Anna's, in result confirmation or closed. */
async function annasTicket(closed: boolean): Promise<string> {
  const { ticket } = await take(letter());
  const ticketId = ticket?.ticketId ?? "";
  await a.ok({
    type: "ClassifyTicket",
    data: { ticketId, type: "incident", priority: "high", reason: null, product: null },
  });
  await a.ok({ type: "AssignTicket", data: { ticketId, groupId: "net", engineerId: "ivan", reason: null } });
  await a.ok({ type: "AcceptTicket", data: { ticketId } }, { actor: people.ivan });
  if (!closed) return ticketId;
  await a.ok({ type: "ResolveTicket", data: { ticketId, solution: "Готово" } }, { actor: people.ivan });
  await a.ok(
    { type: "ConfirmResult", data: { ticketId, by: { personId: "anna", name: "Анна", email: null, phone: null } } },
    { actor: people.anna },
  );
  return ticketId;
}

describe("the intake", () => {
  it("registers a ticket for a known person with a valid key (R §3.2)", async () => {
    const command = letter();
    const settled = await take(command);
    const ticketId = ticketIdOfContact(command.data.contactId, command.data.receivedAt);
    expect(settled).toMatchObject({ status: "registered", ticket: { ticketId, revision: 0 } });
    expect(settled.ticket?.number).toMatch(/^SC-\d{6}$/);
    expect(await typesOf(`contact-${command.data.contactId}`)).toEqual([
      "ContactReceived",
      "ContactVerified",
      "ContactRegistered",
    ]);
    const [registered] = await factsOf(`ticket-${ticketId}`);
    expect(registered).toMatchObject({
      type: "TicketRegistered",
      data: {
        number: settled.ticket?.number,
        channel: "email",
        language: "ru",
        region: "Москва",
        requester: { personId: "anna", name: "Анна Заказчикова", email: "anna@romashka.example" },
      },
      meta: { actor: { id: "system" }, channel: "email" },
    });
    // Read-your-writes: a query may wait for the position.
    expect(Number(settled.position)).toBe((await a.store.last(`contact-${command.data.contactId}`))?.position.commit);
  });

  it("leaves a stranger's to the operator, and registers it in the operator's name when he vouches for it", async () => {
    const command = letter({ claims: { ...annas, email: "who@else.example", supportKey: null }, mail: null });
    const { contactId } = command.data;
    const held = await take(command);
    expect(held.status).toBe("held");
    expect(held.doubts.length).toBeGreaterThan(0);
    expect(await intakeOf(a).settle(contactId)).toEqual(held);
    await a.ok({
      type: "VerifyContact",
      data: { contactId, organizationId: "romashka", contractId: "c-1", personId: null, note: null },
    });
    const settled = await intakeOf(b).settle(contactId);
    expect(settled.status).toBe("registered");
    const [registered] = await factsOf(`ticket-${settled.ticket?.ticketId ?? ""}`);
    expect(registered?.meta).toMatchObject({ actor: people.olga, channel: "console" });
  });

  it("goes on from the facts that its caller has just written, and reads when they are not all any more", async () => {
    const command = letter();
    const { contactId } = command.data;
    await a.ok(command, asMailroom);
    const written = await factsOf(`contact-${contactId}`);
    let reads = 0;
    const store = { load: (stream: string) => ((reads += 1), a.store.load(stream)) };
    const numbers = createTicketNumbers(a.store, a.clock);
    const settled = await createIntake({ desk: a.desk, store, directory: a.directory, numbers }).settle(
      contactId,
      written,
    );
    expect(settled).toMatchObject({ status: "registered" });
    expect(reads).toBe(0);

    const stranger = letter({ claims: { ...annas, email: "who@else.example", supportKey: null }, mail: null });
    const held = await take(stranger);
    const [first] = await factsOf(`contact-${stranger.data.contactId}`);
    await a.ok({ type: "RejectContact", data: { contactId: stranger.data.contactId, reason: "не наш заказчик" } });
    expect(held.status).toBe("held");
    expect(await intakeOf(b).settle(stranger.data.contactId, first && [first])).toMatchObject({ status: "rejected" });
  });

  it("rejects automatic mail, and leaves what is settled as it is", async () => {
    const command = letter({ mail: { ...mail, automatic: true } });
    const settled = await take(command);
    expect(settled).toMatchObject({ status: "rejected", ticket: null });
    expect(await intakeOf(b).settle(command.data.contactId)).toEqual(settled);
  });

  it("joins a party's reply to its ticket, at the time when it arrived", async () => {
    const ticketId = await annasTicket(false);
    await a.ok({ type: "AskCustomer", data: { ticketId, question: "Какая версия?" } }, { actor: people.ivan });
    a.clock.advanceBy(600_000);
    const receivedAt = a.clock.now().toISOString();
    const command = letter({ aboutTicketId: ticketId, text: "4.1.2", receivedAt });
    a.clock.advanceBy(120_000);
    const settled = await take(command);
    expect(settled).toMatchObject({ status: "joined", ticket: { ticketId } });
    const last = await a.store.last(`ticket-${ticketId}`);
    expect(last).toMatchObject({
      type: "TicketCustomerAnswered",
      data: { answer: "4.1.2" },
      meta: { occurredAt: receivedAt },
    });
  });

  it("opens a ticket linked to the closed one when the reply comes too late (rule 1)", async () => {
    const closed = await annasTicket(true);
    const command = letter({ aboutTicketId: closed });
    const settled = await take(command);
    expect(settled.status).toBe("registered");
    expect(settled.ticket?.ticketId).not.toBe(closed);
    expect(await a.store.last(`contact-${command.data.contactId}`)).toMatchObject({
      type: "ContactRegistered",
      data: { afterTicketId: closed },
    });
    expect(await a.store.last(`ticket-${settled.ticket?.ticketId ?? ""}`)).toMatchObject({
      type: "TicketLinked",
      data: { toTicketId: closed, kind: "related" },
    });
    expect((await typesOf(`ticket-${closed}`)).at(-1)).toBe("TicketConfirmed");
  });

  it("does not join a message of somebody who is no party of the ticket", async () => {
    const ticketId = await annasTicket(false);
    const command = letter({
      aboutTicketId: ticketId,
      claims: { ...annas, email: "leo@lopuh.example", supportKey: null },
      mail: { ...mail, from: "leo@lopuh.example" },
    });
    expect((await take(command)).status).toBe("held");
    expect(await typesOf(`ticket-${ticketId}`)).not.toContain("TicketMessageJoined");
  });

  it("begins a ticket when the call was made, though it was written down later", async () => {
    a.clock.advanceBy(1_800_000);
    const calledAt = new Date(a.clock.now().getTime() - 1_200_000).toISOString();
    const command = letter({ channel: "phone", mail: null, receivedAt: calledAt });
    await a.ok(command, { actor: people.olga, channel: "phone", occurredAt: calledAt });
    const settled = await intakeOf(a).settle(command.data.contactId);
    const [registered] = await factsOf(`ticket-${settled.ticket?.ticketId ?? ""}`);
    expect(registered?.meta).toMatchObject({ occurredAt: calledAt, recordedAt: a.clock.now().toISOString() });
  });

  it("tells when a rule refuses the registration, and loses nothing", async () => {
    const command = letter({ claims: { ...annas, supportKey: null }, mail: null });
    const { contactId } = command.data;
    await take(command);
    await a.ok({
      type: "VerifyContact",
      data: { contactId, organizationId: "romashka", contractId: "c-1", personId: "anna", note: null },
    });
    const spoilt: Desk & StateReader = {
      ...a.desk,
      execute: (step, meta) =>
        step.type === "RegisterTicket"
          ? a.desk.execute({ ...step, data: { ...step.data, contractId: "gone" } }, meta)
          : a.desk.execute(step, meta),
    };
    expect(await intakeOf(a, spoilt).settle(contactId)).toMatchObject({
      status: "verified",
      refused: { code: "contract_unknown" },
    });
    expect((await intakeOf(a).settle(contactId)).status).toBe("registered");
  });
});

describe("the intake, killed at any step", () => {
  class Crash extends Error {}

  /** A desk whose process dies before or after it has carried out its n-th command. */
  function mortal(
    desk: Desk & StateReader,
    dies: { readonly at: number; readonly after: boolean },
  ): Desk & StateReader {
    let commands = 0;
    return {
      ...desk,
      async execute(command, meta) {
        const last = commands++ === dies.at;
        if (last && !dies.after) throw new Crash();
        const result = await desk.execute(command, meta);
        if (last) throw new Crash();
        return result;
      },
    };
  }

  const crashes = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 4 }),
      after: fc.boolean(),
      by: fc.constantFrom("a" as const, "b" as const),
    }),
    { maxLength: 5 },
  );
  const cases = fc.constantFrom("new" as const, "reply" as const, "late reply" as const);

  it("ends each contact the same: one ticket or one message, recorded once", { timeout: 120_000 }, async () => {
    b.clock.advanceTo(a.clock.now());
    const shared = { open: await annasTicket(false), closed: await annasTicket(true) };
    await fc.assert(
      fc.asyncProperty(cases, crashes, fc.boolean(), async (kind, dying, together) => {
        const about = { new: null, reply: shared.open, "late reply": shared.closed }[kind];
        const command = letter({ aboutTicketId: about, receivedAt: a.clock.now().toISOString() });
        const { contactId } = command.data;
        await a.ok(command, asMailroom);
        for (const each of dying) {
          const office = { a, b }[each.by];
          await intakeOf(office, mortal(office.desk, each))
            .settle(contactId)
            .catch((error: unknown) => {
              if (!(error instanceof Crash)) throw error;
            });
        }
        const ends = together
          ? await Promise.all([intakeOf(a).settle(contactId), intakeOf(b).settle(contactId)])
          : [await intakeOf(b).settle(contactId)];
        const contact = (await factsOf(`contact-${contactId}`)) as readonly Fact<ContactEvent>[];
        expect(contact.map((fact) => fact.type)).toEqual([
          "ContactReceived",
          "ContactVerified",
          kind === "reply" ? "ContactJoined" : "ContactRegistered",
        ]);
        const ticketId = kind === "reply" ? shared.open : ticketIdOfContact(contactId, command.data.receivedAt);
        for (const end of ends)
          expect(end).toMatchObject({ status: kind === "reply" ? "joined" : "registered", ticket: { ticketId } });
        const ticket = await factsOf(`ticket-${ticketId}`);
        if (kind === "reply") {
          expect(ticket.filter((fact) => "contactId" in fact.data && fact.data.contactId === contactId)).toHaveLength(
            1,
          );
          expect(await factsOf(`ticket-${ticketIdOfContact(contactId, command.data.receivedAt)}`)).toEqual([]);
        } else {
          expect(ticket.map((fact) => fact.type)).toEqual(
            kind === "new" ? ["TicketRegistered"] : ["TicketRegistered", "TicketLinked"],
          );
          expect(contact.at(-1)?.data).toMatchObject({
            ticketNumber: (ticket[0] as Fact<TicketEvent & { type: "TicketRegistered" }>).data.number,
          });
        }
      }),
      { numRuns: 60 },
    );
  });
});

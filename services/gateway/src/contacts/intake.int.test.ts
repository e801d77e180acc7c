import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHouse, type House } from "../../test/house.ts";
import { portalForm, registered } from "../../test/tickets.ts";
import { session, type Session } from "../../test/session.ts";

let house: House;
let olga: Session;
beforeAll(async () => {
  house = await openHouse();
  olga = await house.as("olga");
});
afterAll(() => house.close());

const ticket = async (ticketId: string) => (await house.desk.ticket(ticketId))!;
const seen = (position: string) => ({ headers: { "docket-wait-position": position } });

describe("the portal", () => {
  it("registers at once for who is signed in, and for who knows a key and is known", async () => {
    expect((await (await house.as("anna")).post("/v1/contacts/portal", portalForm)).body).toMatchObject({
      status: "registered",
      doubts: [],
    });
    const nobody = session(house.app).anonymous;
    expect((await nobody.post("/v1/contacts/portal", { ...portalForm, supportKey: "KEY-0017-AA" })).body).toMatchObject(
      { status: "registered" },
    );
    const held = await nobody.post("/v1/contacts/portal", { ...portalForm, email: "who@else.example" });
    expect(held).toMatchObject({ status: 201, body: { status: "held", doubts: [], ticket: null } });
  });

  it("lets nobody attach what he did not upload", async () => {
    const attachments = [{ sha256: "0".repeat(64), name: "a.txt", size: 1, mediaType: "text/plain" }];
    expect(
      (await session(house.app).anonymous.post("/v1/contacts/portal", { ...portalForm, attachments })).body.code,
    ).toBe("attachment_unknown");
  });

  it("limits what one address may send", async () => {
    const strict = await openHouse({ settings: { GATEWAY_INTAKE_PER_MINUTE: "2" } });
    try {
      const codes = [];
      for (let i = 0; i < 3; i++)
        codes.push((await session(strict.app).anonymous.post("/v1/contacts/portal", portalForm)).body.code ?? "taken");
      expect(codes).toEqual(["taken", "taken", "rate_limited"]);
    } finally {
      await strict.close();
    }
  });
});

describe("the telephone", () => {
  it("the operator who vouches registers at once, in his own name", async () => {
    const answer = await olga.post("/v1/contacts/phone", {
      subject: "Call",
      text: "He says",
      phone: "+7 900 000-00-00",
      personName: "Новый Человек",
      verified: { organizationId: "romashka", contractId: "c-1" },
    });
    expect(answer.body).toMatchObject({ status: "registered" });
    expect(await ticket(answer.body.ticket.ticketId)).toMatchObject({
      organizationId: "romashka",
      requester: { personId: null, name: "Новый Человек" },
    });
    const [first] = await house.store.load(`ticket-${answer.body.ticket.ticketId}`);
    expect(first?.meta.actor).toMatchObject({ id: "olga", role: "operator" });
  });

  it("a call entered later arrived when it was made", async () => {
    const occurredAt = new Date(house.clock.now().getTime() - 1_800_000).toISOString();
    const answer = await olga.post("/v1/contacts/phone", {
      subject: "Call",
      text: "",
      phone: "+7 495 111-22-33",
      supportKey: "KEY-0017-AA",
      occurredAt,
    });
    expect(answer.body.status).toBe("registered");
    expect(await ticket(answer.body.ticket.ticketId)).toMatchObject({
      registeredAt: Date.parse(occurredAt),
      requester: { personId: "anna" },
    });
    const future = await olga.post("/v1/contacts/phone", {
      subject: "Call",
      text: "",
      occurredAt: new Date(house.clock.now().getTime() + 3_600_000).toISOString(),
    });
    expect(future.body).toMatchObject({ code: "occurred_in_future" });
  });

  it("is the staff's", async () => {
    expect((await (await house.as("anna")).post("/v1/contacts/phone", { subject: "x", text: "y" })).body.code).toBe(
      "forbidden",
    );
  });
});

describe("machines and messengers", () => {
  it("the same alert twice is one contact and one ticket", async () => {
    const machine = await house.token("machine", ["intake"], "romashka");
    const alert = { alertId: "siem-17", title: "Tunnel lost", text: "ipsec down", severity: "high" };
    const first = await machine.post("/v1/contacts/alert", alert);
    expect(first.body).toMatchObject({ status: "registered" });
    const again = await machine.post("/v1/contacts/alert", alert);
    expect(again.body).toMatchObject({
      contactId: first.body.contactId,
      ticket: { ticketId: first.body.ticket.ticketId },
    });
    expect(await ticket(first.body.ticket.ticketId)).toMatchObject({ organizationId: "romashka" });
    expect((await olga.post("/v1/contacts/alert", alert)).body.code).toBe("forbidden");
  });

  it("a chat message of a signed-in person, once, and as a further word on his ticket", async () => {
    const anna = await house.as("anna");
    const { ticketId, position } = await registered(house);
    const fresh = await anna.post("/v1/contacts/chat", { messageId: "m1", text: "Hello\nthere" });
    expect(fresh.body).toMatchObject({ status: "registered" });
    expect(await ticket(fresh.body.ticket.ticketId)).toMatchObject({ subject: "Hello" });
    await anna.get("/v1/me", seen(position));
    const further = await anna.post("/v1/contacts/chat", {
      messageId: "m2",
      text: "One more thing",
      aboutTicketId: ticketId,
    });
    expect(further.body).toMatchObject({ status: "joined", ticket: { ticketId } });
    expect(
      (await anna.post("/v1/contacts/chat", { messageId: "m2", text: "One more thing", aboutTicketId: ticketId })).body
        .ticket.revision,
    ).toBe(further.body.ticket.revision);
    const leo = await house.as("leo");
    expect(
      (await leo.post("/v1/contacts/chat", { messageId: "m3", text: "mine?", aboutTicketId: ticketId })).body.code,
    ).toBe("ticket_not_found");
  });

  it("the service manager is for the persons whom the contract names", async () => {
    const named = await (
      await house.as("boris")
    ).post("/v1/contacts/manager", { subject: "To you", text: "Please look" });
    expect(named.body).toMatchObject({ status: "registered" });
    const other = await (
      await house.as("anna")
    ).post("/v1/contacts/manager", { subject: "To you", text: "Please look" });
    expect(other.body).toMatchObject({ status: "held", ticket: null });
  });
});

describe("an operator", () => {
  async function held(change: object = {}): Promise<string> {
    const answer = await session(house.app).anonymous.post("/v1/contacts/portal", {
      ...portalForm,
      email: "new@romashka.example",
      ...change,
    });
    await olga.get("/v1/me", seen(answer.body.position));
    return answer.body.contactId;
  }

  it("finds what waits with guesses at whose it is, verifies it, and it is a ticket", async () => {
    const contactId = await held();
    const { body: queue } = await olga.get("/v1/queues/intake?limit=500");
    expect(queue.items.map((row: { contactId: string }) => row.contactId)).toContain(contactId);
    const { body: counters } = await olga.get("/v1/queues");
    expect(counters.counters.find(({ view }: { view: string }) => view === "intake").count).toBe(queue.items.length);
    const { body: contact } = await olga.get(`/v1/contacts/${contactId}`);
    expect(contact).toMatchObject({ status: "held", text: portalForm.description });
    expect(contact.doubts).toContain("unknown_sender");
    expect(contact.suggestions[0]).toMatchObject({
      organizationId: "romashka",
      contractId: "c-1",
      because: ["email_domain", "organization_name"],
    });
    const verified = await olga.post(`/v1/contacts/${contactId}/verify`, {
      organizationId: "romashka",
      contractId: "c-1",
      note: "rang back",
    });
    expect(verified.body).toMatchObject({
      status: "registered",
      ticket: { number: expect.stringMatching(/^SC-\d{6}$/) },
    });
    const after = await olga.get(`/v1/contacts/${contactId}`, seen(verified.body.position));
    expect(after.body).toMatchObject({
      status: "registered",
      ticketId: verified.body.ticket.ticketId,
      organizationId: "romashka",
    });
    expect(
      await olga.post(`/v1/contacts/${contactId}/verify`, { organizationId: "romashka", contractId: "c-1" }),
    ).toMatchObject({ status: 409, body: { code: "contact_settled" } });
  });

  it("rejects with a reason, and not without", async () => {
    const contactId = await held();
    expect((await olga.post(`/v1/contacts/${contactId}/reject`, {})).body).toMatchObject({
      code: "required",
      field: "reason",
    });
    expect((await olga.post(`/v1/contacts/${contactId}/reject`, { reason: "  " })).body.code).toBe("empty");
    const rejected = await olga.post(`/v1/contacts/${contactId}/reject`, { reason: "not a customer" });
    expect(rejected.body).toMatchObject({ status: "rejected" });
    expect((await olga.get(`/v1/contacts/${contactId}`, seen(rejected.body.position))).body).toMatchObject({
      status: "rejected",
      rejectReason: "not a customer",
    });
  });

  it("joins to a ticket that is open, and to a closed one nothing", async () => {
    const { ticketId, number } = await registered(house);
    const contactId = await held({ description: "belongs to the other one" });
    const joined = await olga.post(`/v1/contacts/${contactId}/join`, { ticketId: number });
    expect(joined.body).toMatchObject({ status: "joined", ticket: { ticketId, number } });
    expect((await olga.post(`/v1/contacts/${contactId}/join`, { ticketId })).body).toMatchObject({ status: "joined" });
    expect(
      (await house.store.load(`ticket-${ticketId}`)).filter(({ type }) => type === "TicketMessageJoined"),
    ).toHaveLength(1);
    const closed = await registered(house);
    await (await house.as("anna")).post(`/v1/tickets/${closed.ticketId}/commands/withdraw`, {});
    const late = await held();
    expect(await olga.post(`/v1/contacts/${late}/join`, { ticketId: closed.ticketId })).toMatchObject({
      status: 409,
      body: { code: "ticket_closed" },
    });
    expect((await house.desk.contact(late))?.status).toBe("held");
    expect((await olga.post(`/v1/contacts/${contactId}/join`, { ticketId: closed.ticketId })).body.code).toBe(
      "contact_settled",
    );
  });

  it("is told when the contract he picked does not hold or is another's", async () => {
    const contactId = await held();
    expect(
      (await olga.post(`/v1/contacts/${contactId}/verify`, { organizationId: "romashka", contractId: "c-2" })).body,
    ).toMatchObject({ status: 422, code: expect.stringMatching(/another/) });
    expect(
      (await olga.post(`/v1/contacts/${contactId}/verify`, { organizationId: "romashka", contractId: "c-9" })).body,
    ).toMatchObject({ code: "contract_unknown", field: "contractId" });
    expect((await olga.post(`/v1/contacts/${crypto.randomUUID()}/reject`, { reason: "x" })).body.code).toBe(
      "contact_not_found",
    );
  });
});

it("a contact whose settling was cut off is taken up again by itself", async () => {
  const contactId = crypto.randomUUID();
  const claims = {
    organization: null,
    supportKey: "KEY-0017-AA",
    contractNumber: null,
    personName: null,
    email: "anna@romashka.example",
    otherEmail: null,
    phone: null,
  };
  const position = await house.send({
    type: "ReceiveContact",
    data: {
      contactId,
      channel: "chat",
      receivedAt: house.clock.now().toISOString(),
      subject: "left lying",
      text: "x",
      claims,
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
    },
  });
  await olga.get("/v1/me", seen(position));
  house.clock.advanceBy(60_000);
  await expect.poll(async () => (await house.desk.contact(contactId))?.status, { timeout: 15_000 }).toBe("registered");
}, 20_000);

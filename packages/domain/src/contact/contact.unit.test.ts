import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uuidOf, type TestDesk } from "../../test/desk.ts";
import { contract, on, people, registration, serviceCentre, ticketId, ticketIn } from "../../test/service-centre.ts";
import { received } from "../../test/whole-life.ts";
import { checkEntitlement, type AnyCommand, type ContactChannel, type ContactClaims } from "../index.ts";

const { olga, anna, boss, ivan, auditor } = people;
const contactId = uuidOf(1, 0xc1);
const triage: AnyCommand = { type: "TriageContact", data: { contactId } };
const verify = (data: Partial<Extract<AnyCommand, { type: "VerifyContact" }>["data"]> = {}): AnyCommand => ({
  type: "VerifyContact",
  data: { contactId, organizationId: "romashka", contractId: "c-1", personId: "anna", note: null, ...data },
});
const reject: AnyCommand = { type: "RejectContact", data: { contactId, reason: "Не наш заказчик" } };
const became: AnyCommand = {
  type: "RecordContactRegistered",
  data: { contactId, ticketId, ticketNumber: "SC-000001", afterTicketId: null },
};
const joined: AnyCommand = { type: "RecordContactJoined", data: { contactId, ticketId } };
const nobody: ContactClaims = {
  organization: null,
  supportKey: null,
  contractNumber: null,
  personName: null,
  email: null,
  otherEmail: null,
  phone: null,
};
const stranger = { claims: { ...nobody, email: "who@else.example" } };
const types = (desk: TestDesk, stream = `contact-${contactId}`) => desk.typesOf(stream);

describe("entitlement (R §3.2): known organization, valid contract, key or number, authorised person, bought channel", () => {
  const { directory } = serviceCentre();
  const good: ContactClaims = { ...nobody, supportKey: "KEY-0017-AA", email: "anna@romashka.example" };
  const check = (
    claims: Partial<ContactClaims>,
    channel: ContactChannel = "email",
    authenticatedPersonId: string | null = null,
    at = "2024-04-22T06:00:00Z",
  ) => checkEntitlement(directory, { ...good, ...claims }, { channel, at: Date.parse(at), authenticatedPersonId });
  const doubtsOf = (...args: Parameters<typeof check>) => {
    const found = check(...args);
    return found.ok ? [] : found.doubts;
  };

  it("holds with a key and a known sender, or with the contract's number", () => {
    expect(check({})).toEqual({
      ok: true,
      organizationId: "romashka",
      contractId: "c-1",
      personId: "anna",
      how: "support_key",
    });
    expect(check({ supportKey: null, contractNumber: "СЦ-2024/17" })).toMatchObject({
      ok: true,
      how: "contract_number",
    });
    expect(check({ organization: "Romashka" })).toMatchObject({ ok: true });
  });

  it("of a signed-in person needs no key", () => {
    expect(check({ supportKey: null, email: null }, "portal", "boris")).toMatchObject({
      ok: true,
      contractId: "c-1",
      personId: "boris",
      how: "signed_in",
    });
    expect(doubtsOf({ supportKey: null }, "portal", "vera")).toEqual(["sender_not_authorised"]);
    expect(doubtsOf({ supportKey: null }, "portal", "stranger")).toEqual(["unknown_contract"]);
  });

  it("on the phone may know the sender by his number", () => {
    expect(check({ email: null, phone: "8 495 111 22 33" }, "phone")).toMatchObject({ ok: true, personId: "anna" });
    expect(doubtsOf({ email: null, phone: "8 495 111 22 33" }, "email")).toEqual(["unknown_sender"]);
  });

  it("of a machine asks for its token and the bought service", () => {
    expect(check({ email: null }, "monitoring", "siem")).toMatchObject({
      ok: true,
      personId: null,
      how: "machine_token",
    });
    const desk = serviceCentre();
    const { number: _n, organizationId: _o, ...terms } = contract;
    desk.ok(
      {
        type: "ChangeContractTerms",
        data: { ...terms, services: { monitoring: false, managerContact: false, managerEscalation: false } },
      },
      { as: boss },
    );
    const without = (channel: ContactChannel, id: string) =>
      checkEntitlement(desk.directory, good, {
        channel,
        at: Date.parse("2024-04-22T06:00:00Z"),
        authenticatedPersonId: id,
      });
    expect(without("monitoring", "siem")).toEqual({ ok: false, doubts: ["channel_not_in_contract"] });
    expect(without("manager", "boris")).toEqual({ ok: false, doubts: ["channel_not_in_contract"] });
  });

  it("directly to the service manager is for the named persons only (R §3.1)", () => {
    expect(check({}, "manager", "boris")).toMatchObject({ ok: true });
    expect(doubtsOf({}, "manager", "anna")).toEqual(["sender_not_authorised"]);
  });

  it("whatever is claimed: never throws, and holds only for a contract of that organization that is valid and bought", () => {
    // The first value is the one that fits; it comes often, so that what holds is looked at as much as what does not.
    const some = (fits: string | null, ...values: string[]) =>
      fc.oneof(
        { arbitrary: fc.constant(fits), weight: 4 },
        { arbitrary: fc.constantFrom(null, ...values), weight: 1 },
        { arbitrary: fc.string({ unit: "binary", maxLength: 20 }), weight: 1 },
      );
    const claimed = fc.record({
      organization: some("Ромашка", "Лопух", " "),
      supportKey: some("KEY-0017-AA", "key-0017-аа"),
      contractNumber: some("СЦ-2024/17"),
      personName: some("Анна"),
      email: some("anna@romashka.example", "vera@romashka.example", "leo@lopuh.example"),
      otherEmail: some("boris@romashka.example"),
      phone: some("+7 495 111-22-33"),
    });
    const channel = fc.constantFrom<ContactChannel>("email", "phone", "portal", "monitoring", "manager", "chat");
    const person = some(null, "anna", "boris", "vera", "stranger", "siem");
    const valid = "2024-04-22T06:00:00Z";
    const time = fc.constantFrom("2023-12-31T00:00:00Z", valid, valid, "2027-01-01T00:00:00Z");
    let held = 0;
    fc.assert(
      fc.property(claimed, channel, person, time, (claims, how, authenticatedPersonId, at) => {
        const found = checkEntitlement(directory, claims, { channel: how, at: Date.parse(at), authenticatedPersonId });
        if (!found.ok) {
          expect(found.doubts.length).toBeGreaterThan(0);
          return;
        }
        held++;
        expect([found.organizationId, found.contractId, at]).toEqual(["romashka", "c-1", valid]);
        if (how !== "monitoring" || found.how !== "machine_token") expect(["anna", "boris"]).toContain(found.personId);
      }),
      { numRuns: 2_000 },
    );
    expect(held).toBeGreaterThan(50);
  });

  it("names every doubt", () => {
    expect(doubtsOf({ ...nobody })).toEqual(["unknown_sender", "unknown_organization", "no_key_or_contract"]);
    expect(doubtsOf({ email: "who@else.example" })).toEqual(["unknown_sender"]);
    expect(doubtsOf({ supportKey: null })).toEqual(["no_key_or_contract"]);
    expect(doubtsOf({ supportKey: "KEY-9" })).toEqual(["unknown_contract"]);
    expect(doubtsOf({ email: "vera@romashka.example" })).toEqual(["sender_not_authorised"]);
    expect(doubtsOf({ email: "leo@lopuh.example" })).toEqual(["key_of_another_organization"]);
    expect(doubtsOf({ organization: "Лопух" })).toEqual(["key_of_another_organization"]);
    expect(doubtsOf({}, "email", null, "2027-01-01T00:00:00Z")).toEqual(["contract_not_valid"]);
  });
});

describe("a contact's way: nothing that arrived is dropped (A)", () => {
  it("with a valid key and a known sender by itself, to a ticket", () => {
    const desk = serviceCentre();
    desk.ok(received(1));
    desk.ok(triage);
    desk.ok(became);
    expect(types(desk)).toEqual(["ContactReceived", "ContactVerified", "ContactRegistered"]);
    expect(desk.ok(became)).toEqual([]);
    expect(desk.refused(joined)).toBe("contact_settled");
    expect(desk.refused(reject, { as: olga })).toBe("contact_settled");
    expect(desk.ok(triage)).toEqual([]);
  });

  it("of a stranger waits for the operator, who verifies or rejects it with a reason", () => {
    const desk = serviceCentre();
    desk.ok(received(1, stranger));
    expect(desk.ok(triage)).toMatchObject([
      { type: "ContactHeld", data: { doubts: ["unknown_sender", "unknown_organization", "no_key_or_contract"] } },
    ]);
    expect(desk.ok(triage)).toEqual([]);
    expect(desk.refused(became)).toBe("contact_not_verified");
    expect(desk.refused(verify(), { as: ivan })).toBe("not_permitted");
    expect(desk.ok(verify(), { as: olga })).toMatchObject([{ data: { how: "operator", personId: "anna" } }]);
    desk.ok(joined);
    const other = serviceCentre();
    other.ok(received(1, stranger));
    other.ok(triage);
    expect(other.ok(reject, { as: olga })).toMatchObject([{ type: "ContactRejected", data: { automatic: false } }]);
  });

  it("that waits goes on by itself once the reason to doubt is gone", () => {
    const desk = serviceCentre();
    desk.ok(received(1, { claims: { ...nobody, supportKey: "KEY-0017-AA", email: "new@romashka.example" } }));
    desk.ok(triage);
    desk.ok(
      {
        type: "ChangePerson",
        data: {
          organizationId: "romashka",
          person: { personId: "anna", name: "Анна", emails: ["new@romashka.example"], phones: [] },
        },
      },
      { as: olga },
    );
    expect(desk.ok(triage)).toMatchObject([{ type: "ContactVerified" }]);
  });

  it("verified by the operator only for a contract that holds", () => {
    const desk = serviceCentre();
    desk.ok(received(1, stranger));
    expect(desk.refused(verify({ organizationId: "no" }), { as: olga })).toBe("organization_unknown");
    expect(desk.refused(verify({ contractId: "no" }), { as: olga })).toBe("contract_unknown");
    expect(desk.refused(verify({ organizationId: "lopuh" }), { as: olga })).toBe("contract_of_another_organization");
    expect(desk.refused(verify({ personId: "stranger" }), { as: olga })).toBe("person_of_another_organization");
    expect(desk.refused(verify({ personId: "no" }), { as: olga })).toBe("person_unknown");
    const late = serviceCentre("2027-02-01T00:00:00.000Z");
    late.ok(received(1, { ...stranger, receivedAt: "2027-01-31T00:00:00.000Z" }));
    expect(late.refused(verify(), { as: olga })).toBe("contract_not_valid");
  });

  it("automatic mail is rejected and starts no talk; an empty message waits", () => {
    const mail = {
      messageId: null,
      inReplyTo: [],
      from: "anna@romashka.example",
      to: [],
      sentAt: null,
      automatic: true,
    };
    const desk = serviceCentre();
    desk.ok(received(1, { mail }));
    expect(desk.ok(triage)).toMatchObject([
      { type: "ContactRejected", data: { reason: "automatic_message", automatic: true } },
    ]);
    const empty = serviceCentre();
    empty.ok(received(1, { subject: " ", text: "", attachments: [] }));
    expect(empty.ok(triage)).toMatchObject([{ type: "ContactHeld", data: { doubts: ["empty_message"] } }]);
  });

  it("a proved thread speaks for a party of that ticket, and for nobody else", () => {
    const about = { aboutTicketId: ticketId };
    const withoutKey = (email: string) => ({ ...about, claims: { ...nobody, email } });
    const desk = ticketIn("in_work");
    desk.ok(received(1, withoutKey("anna@romashka.example")));
    expect(desk.ok(triage)).toMatchObject([
      { data: { how: "thread", organizationId: "romashka", contractId: "c-1", personId: "anna" } },
    ]);
    const foreign = ticketIn("in_work");
    foreign.ok(received(1, withoutKey("leo@lopuh.example")));
    expect(foreign.ok(triage)).toMatchObject([{ type: "ContactHeld" }]);
    const unlisted = serviceCentre();
    unlisted.ok(
      registration({ requester: { personId: null, name: "Кто-то", email: "who@else.example", phone: null } }),
      { as: olga },
    );
    unlisted.ok(received(1, withoutKey("Who@else.example")));
    expect(unlisted.ok(triage)).toMatchObject([{ data: { how: "thread", personId: null } }]);
  });

  it("about a closed ticket becomes a new one, linked to it (rule 1)", () => {
    const desk = ticketIn("closed");
    desk.ok(received(2, { aboutTicketId: ticketId }));
    const other = { contactId: uuidOf(2, 0xc1) };
    desk.ok({ type: "TriageContact", data: other });
    expect(desk.refused(on.message(2), { as: { id: "system", role: "system" } })).toBe("ticket_closed");
    const second = uuidOf(2, 0x71);
    desk.ok(registration({ ticketId: second, number: "SC-000002", contactId: other.contactId }));
    desk.ok({
      type: "RecordContactRegistered",
      data: { ...other, ticketId: second, ticketNumber: "SC-000002", afterTicketId: ticketId },
    });
    expect(types(desk, `contact-${other.contactId}`)).toEqual([
      "ContactReceived",
      "ContactVerified",
      "ContactRegistered",
    ]);
  });

  it("times and repeats", () => {
    const desk = serviceCentre("2024-04-22T06:00:00.000Z");
    expect(desk.refused(received(1, { receivedAt: "2024-04-22T06:02:00.000Z" }))).toBe("occurred_in_future");
    expect(desk.refused(received(1), { at: "2024-04-22T06:02:00.000Z" })).toBe("occurred_in_future");
    expect(desk.refused(triage)).toBe("contact_unknown");
    const commandId = uuidOf(9, 0xc0);
    desk.ok(received(1), { commandId });
    expect(desk.ok(received(1), { commandId })).toEqual([]);
    expect(desk.refused(received(1))).toBe("contact_exists");
    expect(desk.refused(reject, { as: olga, at: "2024-04-22T05:00:00.000Z" })).toBe("occurred_before_receipt");
    expect(desk.refused(received(2), { as: auditor })).toBe("not_permitted");
    expect(desk.facts.at(-1)?.meta.occurredAt).toBe("2024-04-22T05:59:00.000Z");
  });
});

describe("ratings live outside the ticket's stream (rule 1)", () => {
  const rate = (score: number): AnyCommand => ({ type: "RateTicket", data: { ticketId, score, comment: null } });
  it("by a party, once the work is done, as often as he changes his mind", () => {
    expect(serviceCentre().refused(rate(5), { as: anna })).toBe("ticket_unknown");
    expect(ticketIn("in_work").refused(rate(5), { as: anna })).toBe("not_yet_resolved");
    const desk = ticketIn("closed");
    expect(desk.refused(rate(5), { as: people.stranger })).toBe("not_a_party");
    expect(desk.refused(rate(5), { as: olga })).toBe("not_permitted");
    desk.ok(rate(5), { as: anna });
    desk.ok(rate(2), { as: anna });
    expect(desk.state(`survey-${ticketId}`)).toMatchObject({ state: { score: 2, revision: 1 } });
    expect(types(desk, `ticket-${ticketId}`).at(-1)).toBe("TicketConfirmed");
  });
});

it("blocks of numbers follow one another without a gap", () => {
  const desk = serviceCentre();
  expect(desk.ok({ type: "ReserveTicketNumbers", data: { count: 20 } })).toMatchObject([{ data: { from: 1, to: 20 } }]);
  expect(desk.ok({ type: "ReserveTicketNumbers", data: { count: 5 } })).toMatchObject([{ data: { from: 21, to: 25 } }]);
});

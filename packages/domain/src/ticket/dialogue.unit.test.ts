import { describe, expect, it } from "vitest";
import { on, people, policy, requester, serviceCentre, ticketId, ticketIn } from "../../test/service-centre.ts";

const { olga, ivan, anna, boss, stranger } = people;
const system = { id: "system", role: "system" } as const;
const at = (time: string) => `2024-04-22T${time}:00.000Z`;
const resolution = (desk: ReturnType<typeof serviceCentre>) =>
  desk.ticket(ticketId).clocks.findLast((clock) => clock.snapshot.kind === "resolution")!;

describe("waiting for the customer (Decisions)", () => {
  it("stops the resolution clock for a question and for a proposal, and counts on from where it stood", () => {
    const desk = ticketIn("in_work");
    desk.now = Date.parse(at("07:03"));
    desk.ok(on.ask(), { as: ivan });
    expect(resolution(desk).snapshot).toMatchObject({
      state: "paused",
      pausedBecause: "customer",
      usedSeconds: 3_600,
      remainingSeconds: 10_800,
      deadline: null,
    });
    desk.now = Date.parse(at("08:00"));
    desk.ok(on.answer(), { as: anna });
    desk.now = Date.parse(at("08:30"));
    desk.ok(on.propose(), { as: ivan });
    expect(resolution(desk).snapshot).toMatchObject({ state: "paused", pausedBecause: "approval", usedSeconds: 5_400 });
    desk.now = Date.parse(at("10:00"));
    desk.ok(on.approve(), { as: anna });
    expect(resolution(desk).snapshot).toMatchObject({ state: "running", usedSeconds: 5_400, deadline: at("12:30") });
    expect(resolution(desk).input.pauses).toEqual([
      { from: Date.parse(at("07:03")), to: Date.parse(at("08:00")), reason: "customer" },
      { from: Date.parse(at("08:30")), to: Date.parse(at("10:00")), reason: "approval" },
    ]);
  });

  it("does not stop it where the policy says so", () => {
    const desk = serviceCentre();
    const strict = { ...policy, pauses: { customer: false, approval: true } };
    desk.ok(
      {
        type: "ChangeContractPolicy",
        data: { contractId: "c-1", policy: strict, policyEffectiveFrom: "2024-02-01T00:00:00.000Z" },
      },
      { as: boss },
    );
    ticketIn("in_work", desk);
    const [asked] = desk.ok(on.ask(), { as: ivan });
    expect(asked).toMatchObject({ data: { clocks: [] } });
    desk.ok(on.answer(), { as: anna });
    const [proposed] = desk.ok(on.propose(), { as: ivan });
    expect(proposed).toMatchObject({ data: { clocks: [{ pausedBecause: "approval" }] } });
  });

  it("no warning and no miss falls due meanwhile", () => {
    const desk = ticketIn("waiting_customer");
    const before = desk.facts.length;
    desk.advanceTo("2024-04-26T15:00:00.000Z");
    expect(desk.facts.length).toBe(before);
  });
});

describe("a customer's further message", () => {
  it("answers the open question; at any other time it is kept as a message", () => {
    const waiting = ticketIn("waiting_customer");
    expect(waiting.ok(on.message(), { as: system }).map((fact) => fact.type)).toEqual(["TicketCustomerAnswered"]);
    expect(waiting.ticket(ticketId)).toMatchObject({ status: "in_work", question: null });
    const confirming = ticketIn("result_confirmation");
    expect(confirming.ok(on.message(), { as: system }).map((fact) => fact.type)).toEqual(["TicketMessageJoined"]);
    expect(confirming.ticket(ticketId).status).toBe("result_confirmation");
  });

  it("does not answer a question that was asked after it was written", () => {
    const desk = ticketIn("waiting_customer");
    expect(desk.ok(on.message(), { as: system, at: at("06:02") }).map((fact) => fact.type)).toEqual([
      "TicketMessageJoined",
    ]);
    expect(desk.ticket(ticketId).status).toBe("waiting_customer");
  });

  it("joins once, whoever tells it again, also the one by which the ticket was registered", () => {
    const desk = ticketIn("in_work");
    expect(desk.ok(on.message(3), { as: system })).toHaveLength(1);
    expect(desk.ok(on.message(3), { as: system })).toEqual([]);
    expect(desk.ok(on.message(1), { as: system })).toEqual([]);
  });

  it("is not joined for a sender who is no party of the ticket", () => {
    const desk = ticketIn("in_work");
    const other = { personId: "stranger", name: "Leo", email: "leo@lopuh.example", phone: null };
    expect(desk.refused(on.message(2, other), { as: system })).toBe("not_a_party");
    expect(desk.refused(on.message(2, { ...other, personId: null }), { as: system })).toBe("not_a_party");
    expect(desk.refused(on.message(), { as: stranger })).toBe("not_a_party");
    desk.ok(on.message(2, { ...requester, personId: "boris", name: "Борис" }), { as: system });
    desk.ok(on.message(3, { personId: null, name: "", email: "ANNA@Romashka.example ", phone: null }), { as: system });
  });
});

it("a stranger neither answers nor comments nor decides", () => {
  expect(ticketIn("waiting_customer").refused(on.answer(), { as: stranger })).toBe("not_a_party");
  expect(ticketIn("in_work").refused(on.comment(), { as: stranger })).toBe("not_a_party");
  expect(ticketIn("in_work").refused(on.withdraw(), { as: stranger })).toBe("not_a_party");
  expect(ticketIn("waiting_approval").refused(on.approve(), { as: stranger })).toBe("not_a_party");
  expect(ticketIn("result_confirmation").refused(on.confirm(), { as: stranger })).toBe("not_a_party");
  expect(ticketIn("result_confirmation").refused(on.giveBack(), { as: stranger })).toBe("not_a_party");
});

it("an answer without an open question is none", () => {
  expect(ticketIn("in_work").refused(on.answer(), { as: anna })).toBe("no_open_question");
  expect(ticketIn("in_work").refused(on.comment("internal"), { as: anna })).toBe("internal_not_for_customers");
  expect(ticketIn("assigned").refused(on.ask(), { as: olga })).toBe("wrong_status");
});

import { describe, expect, it } from "vitest";
import { uuidOf } from "../../test/desk.ts";
import { on, people, policy, registration, serviceCentre, ticketId, ticketIn } from "../../test/service-centre.ts";
import { DirectoryBehind, type Priority, type TicketType } from "../index.ts";

const { olga, ivan, boss, anna } = people;
const at = (time: string) => `2024-04-22T${time}:00.000Z`;
const reaction = (desk: ReturnType<typeof serviceCentre>) =>
  desk.ticket(ticketId).clocks.find((clock) => clock.snapshot.kind === "reaction")!.snapshot;
const resolution = (desk: ReturnType<typeof serviceCentre>) =>
  desk.ticket(ticketId).clocks.findLast((clock) => clock.snapshot.kind === "resolution")!.snapshot;

describe("classification: type x priority is a constrained matrix (R §3.3)", () => {
  const rows: [TicketType, Record<Priority, boolean>][] = [
    ["incident", { high: true, medium: true, low: true }],
    ["change", { high: false, medium: true, low: true }],
    ["consultation", { high: false, medium: false, low: true }],
    ["scheduled_work", { high: false, medium: false, low: true }],
  ];
  const cells = rows.flatMap(([type, row]) =>
    Object.entries(row).map(([priority, allowed]) => [type, priority as Priority, allowed] as const),
  );
  it.each(cells)("%s / %s: %s", (type, priority, allowed) => {
    const desk = ticketIn("registered");
    const decision = desk.send(on.classify({ type, priority }), { as: olga });
    expect(decision.ok).toBe(allowed);
    if (!decision.ok)
      expect(decision.error).toEqual({
        code: "priority_not_allowed",
        field: "data.priority",
        params: { type, priority },
      });
  });

  it("needs a reason to classify again, and something that differs", () => {
    const desk = ticketIn("classified");
    expect(desk.refused(on.classify({ priority: "low" }), { as: olga })).toBe("reason_required");
    expect(desk.refused(on.classify({ priority: "low", reason: "  " }), { as: olga })).toBe("reason_required");
    expect(desk.refused(on.classify({ reason: "Так же" }), { as: olga })).toBe("same_classification");
    const [fact] = desk.ok(on.classify({ priority: "low", reason: "Работает через раз" }), { as: olga });
    expect(fact).toMatchObject({
      type: "TicketClassified",
      data: { previous: { type: "incident", priority: "high" }, priority: "low" },
    });
  });

  it("is refused where the contract has no targets for it", () => {
    const desk = serviceCentre();
    const targets = policy.targets.filter((entry) => entry.type !== "consultation");
    desk.ok(
      {
        type: "ChangeContractPolicy",
        data: { contractId: "c-1", policy: { ...policy, targets }, policyEffectiveFrom: "2024-03-01T00:00:00.000Z" },
      },
      { as: boss },
    );
    desk.ok(registration(), { as: olga });
    expect(desk.refused(on.classify({ type: "consultation", priority: "low" }), { as: olga })).toBe(
      "classification_not_in_contract",
    );
  });
});

describe("registration (R §3.2)", () => {
  it("runs the reaction clock under the requester's wish where the matrix allows it, else under the policy's default", () => {
    const provisional = (type: TicketType | null, priority: Priority | null) => {
      const desk = serviceCentre();
      const [fact] = desk.ok(registration({ wish: { type, priority } }), { as: olga });
      return fact?.type === "TicketRegistered" ? fact.data.provisional : null;
    };
    expect(provisional("incident", "high")).toEqual({ type: "incident", priority: "high" });
    expect(provisional("change", "low")).toEqual({ type: "change", priority: "low" });
    expect(provisional("consultation", "high")).toEqual(policy.defaultClassification);
    expect(provisional("incident", null)).toEqual(policy.defaultClassification);
    expect(provisional(null, null)).toEqual(policy.defaultClassification);
  });

  it("starts the reaction clock at the registration, not at the receipt", () => {
    const desk = serviceCentre("2024-04-22T06:00:00.000Z");
    desk.ok(registration({ receivedAt: "2024-04-21T20:00:00.000Z" }), { as: olga });
    expect(reaction(desk)).toMatchObject({
      startedAt: at("06:00"),
      deadline: at("06:30"),
      policyVersion: 1,
      calendarVersion: 1,
    });
  });

  it("is refused for an unknown or foreign contract, an invalid date and a foreign person", () => {
    const desk = serviceCentre();
    expect(desk.refused(registration({ organizationId: "nobody" }), { as: olga })).toBe("organization_unknown");
    expect(desk.refused(registration({ contractId: "c-9" }), { as: olga })).toBe("contract_unknown");
    expect(desk.refused(registration({ organizationId: "lopuh" }), { as: olga })).toBe(
      "contract_of_another_organization",
    );
    expect(desk.refused(registration({ receivedAt: "2023-12-31T20:59:59.000Z" }), { as: olga })).toBe(
      "contract_not_valid",
    );
    desk.ok(registration({ receivedAt: "2023-12-31T21:00:00.000Z" }), { as: olga });
    const requester = { personId: "stranger", name: "Leo", email: null, phone: null };
    expect(desk.refused(registration({ ticketId: uuidOf(2, 0x71), requester }), { as: olga })).toBe(
      "person_of_another_organization",
    );
    expect(
      desk.refused(registration({ ticketId: uuidOf(2, 0x71), requester: { ...requester, personId: "nobody" } }), {
        as: olga,
      }),
    ).toBe("person_unknown");
  });

  it("refuses times in the future and a registration before the receipt; a minute of skew is no future", () => {
    const desk = serviceCentre("2024-04-22T06:00:00.000Z");
    expect(desk.refused(registration(), { as: olga, at: at("06:02") })).toBe("occurred_in_future");
    expect(desk.refused(registration({ receivedAt: at("06:02") }), { as: olga })).toBe("occurred_in_future");
    expect(desk.refused(registration({ receivedAt: at("05:50") }), { as: olga, at: at("05:40") })).toBe(
      "registered_before_received",
    );
    desk.ok(registration(), { as: olga, at: at("06:01") });
  });
});

describe("classified again mid-flight (Decisions): same start, same pauses, new target over the whole history", () => {
  it("moves the deadline of a clock that runs", () => {
    const desk = ticketIn("in_work");
    expect(resolution(desk)).toMatchObject({ startedAt: at("06:03"), deadline: at("10:03") });
    desk.now = Date.parse(at("07:03"));
    desk.ok(on.ask(), { as: ivan });
    desk.now = Date.parse(at("08:03"));
    desk.ok(on.answer(), { as: anna });
    desk.ok(on.classify({ priority: "medium", reason: "Уточнено" }), { as: olga });
    expect(resolution(desk)).toMatchObject({
      startedAt: at("06:03"),
      target: "8h",
      usedSeconds: 3_600,
      deadline: "2024-04-23T06:03:00.000Z",
    });
  });

  it("a deadline that the new target puts into the past is missed at once, after the warnings, in order", () => {
    const desk = ticketIn("registered");
    desk.ok(on.classify({ priority: "low" }), { as: olga });
    desk.ok(on.assign(), { as: olga });
    desk.ok(on.accept(), { as: ivan });
    desk.now = Date.parse(at("11:00"));
    const facts = desk.ok(on.classify({ priority: "high", reason: "Встало всё" }), { as: olga });
    expect(facts.map((fact) => [fact.type, fact.occurredAt.slice(11, 16)])).toEqual([
      ["TicketClassified", "11:00"],
      ["TicketDeadlineWarned", "11:00"],
      ["TicketDeadlineMissed", "11:00"],
      ["TicketEscalated", "11:00"],
    ]);
    expect(facts[0]).toMatchObject({ data: { clocks: [{ state: "running", deadline: at("10:01") }] } });
    expect(facts[2]).toMatchObject({
      data: { deadline: at("10:01"), clocks: [{ state: "missed", missedAt: at("11:00"), ticking: true }] },
      by: { actor: { role: "system" } },
    });
  });

  it("what was recorded as missed stays missed, and warnings are not given again", () => {
    const desk = ticketIn("in_work");
    desk.advanceTo(at("10:10"));
    expect(resolution(desk)).toMatchObject({ state: "missed", missedAt: at("10:03") });
    desk.ok(on.classify({ priority: "low", reason: "Есть обход" }), { as: olga });
    expect(resolution(desk)).toMatchObject({
      state: "missed",
      missedAt: at("10:03"),
      target: "3d",
      deadline: "2024-04-25T21:00:00.000Z",
    });
    // Levels 1 and 2 have fired and are over; level 3 lies an hour of working time after the new deadline.
    expect(resolution(desk).alarms).toEqual([
      { key: "resolution:1:step:3", at: "2024-04-26T07:00:00.000Z", kind: "step", level: 3 },
    ]);
  });

  it("uses the policy in force at that moment", () => {
    const desk = ticketIn("classified");
    const harder = { ...policy, targets: policy.targets.map((entry) => ({ ...entry, reaction: "10m" })) };
    desk.ok(
      { type: "ChangeContractPolicy", data: { contractId: "c-1", policy: harder, policyEffectiveFrom: at("06:05") } },
      { as: boss },
    );
    desk.ok(on.classify({ priority: "medium", reason: "Ещё по прежней политике" }), { as: olga });
    expect(reaction(desk)).toMatchObject({ policyVersion: 1, target: "1h" });
    desk.now = Date.parse(at("06:06"));
    desk.ok(on.classify({ priority: "low", reason: "Уже по новой" }), { as: olga });
    expect(reaction(desk)).toMatchObject({ policyVersion: 2, target: "10m", deadline: at("06:10") });
  });
});

it("a directory older than the ticket is no ground to decide on", () => {
  const desk = ticketIn("registered");
  const older = desk.directory;
  desk.ok(
    { type: "ChangeContractPolicy", data: { contractId: "c-1", policy, policyEffectiveFrom: at("06:00") } },
    { as: boss },
  );
  desk.ok(on.classify(), { as: olga });
  desk.ok(on.assign(), { as: olga });
  desk.directory = older;
  expect(() => desk.send(on.accept(), { as: ivan })).toThrow(DirectoryBehind);
});

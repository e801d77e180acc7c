import { describe, expect, it } from "vitest";
import { on, people, serviceCentre, ticketId, ticketIn } from "../../test/service-centre.ts";

const { olga, ivan, petr, elena, maria, boss } = people;
const clocksOf = (desk: ReturnType<typeof serviceCentre>) =>
  desk
    .ticket(ticketId)
    .clocks.map(({ snapshot }) => `${snapshot.kind}${snapshot.line ?? ""}:${snapshot.cycle} ${snapshot.state}`);

describe("assignment (R §4.1.1; rules 6 and 8)", () => {
  it("needs a classification", () => {
    expect(ticketIn("registered").refused(on.assign(), { as: olga })).toBe("not_classified");
  });

  it("names an active member of the group, or nobody", () => {
    const desk = ticketIn("classified");
    expect(desk.refused(on.assign("nowhere", null), { as: olga })).toBe("group_unknown");
    expect(desk.refused(on.assign("net", "nobody"), { as: olga })).toBe("staff_unknown");
    expect(desk.refused(on.assign("net", "elena"), { as: olga })).toBe("not_a_group_member");
    expect(desk.refused(on.assign(null, "ivan"), { as: olga })).toBe("group_required");
    desk.ok({ type: "DeactivateStaff", data: { staffId: "ivan", reason: null } }, { as: boss });
    expect(desk.refused(on.assign("net", "ivan"), { as: olga })).toBe("staff_inactive");
    desk.ok(on.assign("net", null), { as: olga });
    expect(desk.refused(on.assign("net", null), { as: olga })).toBe("same_assignment");
  });

  it("by the routing rules skips those who are away and picks the least loaded; the ticket keeps which rule it was", () => {
    const desk = ticketIn("classified");
    desk.load = (staffId) => (staffId === "ivan" ? 5 : 2);
    const [fact] = desk.ok(on.assign(null, null), { as: olga });
    expect(fact).toMatchObject({
      data: {
        groupId: "net",
        engineerId: "petr",
        engineerName: "Пётр Петров",
        routedBy: { rulesVersion: 1, ruleId: "vpn" },
      },
    });
    const other = ticketIn("classified");
    other.load = desk.load;
    other.ok(
      { type: "ChangeStaffAvailability", data: { staffId: "petr", available: false, reason: "Отпуск" } },
      { as: boss },
    );
    other.ok(on.assign(null, null), { as: olga });
    expect(other.ticket(ticketId).assignment).toMatchObject({ engineerId: "ivan" });
    other.ok({ type: "DeactivateStaff", data: { staffId: "ivan", reason: null } }, { as: boss });
    other.ok(on.assign(null, null), { as: olga });
    expect(other.ticket(ticketId).assignment).toMatchObject({ groupId: "net", engineerId: null });
  });
});

describe("acceptance and the lines' own clocks", () => {
  it("is the assigned specialist's; from a group's queue any active member's", () => {
    const desk = ticketIn("assigned");
    expect(desk.refused(on.accept(), { as: petr })).toBe("not_the_assigned_engineer");
    expect(desk.refused(on.accept(), { as: maria })).toBe("not_the_assigned_engineer");
    desk.ok(on.accept(), { as: ivan });
    const queue = ticketIn("classified");
    queue.ok(on.assign("net", null), { as: olga });
    expect(queue.refused(on.accept(), { as: elena })).toBe("not_a_group_member");
    queue.ok({ type: "DeactivateStaff", data: { staffId: "petr", reason: null } }, { as: boss });
    expect(queue.refused(on.accept(), { as: petr })).toBe("staff_inactive");
    queue.ok(on.accept(), { as: ivan });
    expect(queue.ticket(ticketId).assignment).toMatchObject({ engineerId: "ivan", engineerName: "Иван Инженеров" });
  });

  it("meets reaction once, each line's clock at its own acceptance, and starts resolution once", () => {
    const desk = ticketIn("in_work");
    expect(clocksOf(desk)).toEqual(["reaction:1 met", "ola2:1 met", "resolution:1 running"]);
    desk.ok(on.handOver(), { as: ivan });
    expect(clocksOf(desk)).toEqual(["reaction:1 met", "ola2:1 met", "resolution:1 running", "ola3:1 running"]);
    desk.ok(on.accept(), { as: elena });
    desk.ok(on.handOver(2, "net", "ivan"), { as: elena });
    expect(clocksOf(desk)).toEqual([
      "reaction:1 met",
      "ola2:1 met",
      "resolution:1 running",
      "ola3:1 met",
      "ola2:2 running",
    ]);
  });

  it("a line that gives the ticket away before accepting it has its clock cancelled; within a line it runs on", () => {
    const desk = ticketIn("assigned");
    desk.ok(on.assign("net", "petr"), { as: olga });
    expect(clocksOf(desk)).toEqual(["reaction:1 running", "ola2:1 running"]);
    desk.ok(on.assign("l3", null), { as: olga });
    expect(clocksOf(desk)).toEqual(["reaction:1 running", "ola2:1 cancelled", "ola3:1 running"]);
    desk.ok(on.assign("l1", null), { as: olga });
    expect(clocksOf(desk)).toEqual(["reaction:1 running", "ola2:1 cancelled", "ola3:1 cancelled"]);
  });

  it("hands over to a group of the named line, and to a colleague of the same line without a new clock", () => {
    const desk = ticketIn("in_work");
    expect(desk.refused(on.handOver(2, "l3"), { as: ivan })).toBe("line_mismatch");
    expect(desk.refused(on.handOver(2, "net", "ivan"), { as: ivan })).toBe("same_assignment");
    const [fact] = desk.ok(on.handOver(2, "net", "petr"), { as: ivan });
    expect(fact).toMatchObject({
      type: "TicketHandedOver",
      data: { fromLine: 2, toLine: 2, engineerId: "petr", clocks: [] },
    });
    desk.ok(on.accept(), { as: petr });
  });

  it("at the deadline's very instant is in time, a millisecond later is late and the miss is stated first", () => {
    const inTime = ticketIn("assigned");
    inTime.now = Date.parse("2024-04-22T06:30:00.000Z");
    expect(inTime.ok(on.accept(), { as: ivan }).map((fact) => fact.type)).toEqual([
      "TicketDeadlineWarned",
      "TicketAccepted",
    ]);
    expect(clocksOf(inTime)[0]).toBe("reaction:1 met");
    const late = ticketIn("assigned");
    late.now = Date.parse("2024-04-22T06:30:00.001Z");
    expect(late.ok(on.accept(), { as: ivan }).map((fact) => fact.type)).toEqual([
      "TicketDeadlineWarned",
      "TicketDeadlineMissed",
      "TicketAccepted",
    ]);
    expect(late.ticket(ticketId).clocks[0]!.snapshot).toMatchObject({
      state: "missed",
      missedAt: "2024-04-22T06:30:00.000Z",
      stoppedAt: "2024-04-22T06:30:00.001Z",
    });
  });
});

describe("when things happened (Decisions)", () => {
  it("is not in the future, not before the registration, not before the last step", () => {
    const desk = ticketIn("assigned");
    expect(desk.refused(on.accept(), { as: ivan, at: "2024-04-22T06:05:00.000Z" })).toBe("occurred_in_future");
    expect(desk.refused(on.accept(), { as: ivan, at: "2024-04-22T05:59:59.999Z" })).toBe(
      "occurred_before_registration",
    );
    expect(desk.refused(on.accept(), { as: ivan, at: "2024-04-22T06:01:00.000Z" })).toBe("occurred_before_last_step");
    desk.now = Date.parse("2024-04-22T09:00:00.000Z");
    desk.ok(
      { type: "LogCall", data: { ticketId, direction: "incoming", with: "Анна", summary: "Спрашивала", seconds: 30 } },
      { as: olga, at: "2024-04-22T06:01:00.000Z" },
    );
  });

  it("counts for the clocks: an acceptance entered later meets the reaction when it happened in time", () => {
    const desk = ticketIn("assigned");
    desk.now = Date.parse("2024-04-22T09:00:00.000Z");
    desk.ok(on.accept(), { as: ivan, at: "2024-04-22T06:10:00.000Z" });
    expect(clocksOf(desk)[0]).toBe("reaction:1 met");
    expect(desk.facts.at(-1)?.meta).toMatchObject({
      occurredAt: "2024-04-22T06:10:00.000Z",
      recordedAt: "2024-04-22T09:00:00.000Z",
    });
  });

  it("but not behind a judgement that is already recorded", () => {
    const desk = ticketIn("assigned");
    desk.advanceTo("2024-04-22T06:30:00.000Z");
    desk.now = Date.parse("2024-04-22T09:00:00.000Z");
    expect(desk.refused(on.accept(), { as: ivan, at: "2024-04-22T06:10:00.000Z" })).toBe("occurred_before_last_step");
    desk.ok(on.accept(), { as: ivan });
    expect(clocksOf(desk)[0]).toBe("reaction:1 missed");
  });

  it("a customer's mail that waited before the ticket was there counts from its registration", () => {
    const desk = ticketIn("registered");
    desk.ok(on.message(5), { as: { id: "system", role: "system" }, at: "2024-04-22T05:00:00.000Z" });
    expect(desk.facts.at(-1)).toMatchObject({
      type: "TicketMessageJoined",
      meta: { occurredAt: "2024-04-22T06:00:00.000Z" },
    });
  });
});

it("an imported history names the specialist by the assignment", () => {
  const desk = ticketIn("assigned");
  desk.ok(on.accept(), { as: { id: "system", role: "system" }, channel: "import" });
  expect(desk.ticket(ticketId).assignment?.engineerId).toBe("ivan");
  const queue = ticketIn("classified");
  queue.ok(on.assign("net", null), { as: olga });
  expect(queue.refused(on.accept(), { as: { id: "system", role: "system" }, channel: "import" })).toBe("no_engineer");
});

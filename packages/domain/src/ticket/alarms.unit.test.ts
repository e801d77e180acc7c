import { describe, expect, it } from "vitest";
import { on, people, policy, serviceCentre, ticketId, ticketIn } from "../../test/service-centre.ts";
import type { TestDesk } from "../../test/desk.ts";
import type { AnyCommand } from "../index.ts";
import { openAlarms } from "./state.ts";

const { olga, ivan, anna, maria, elena, boss } = people;
const at = (time: string, day = 22) => `2024-04-${day}T${time}:00.000Z`;
const fire = (key: string, instant: string): AnyCommand => ({
  type: "FireAlarm",
  data: { ticketId, key, at: instant },
});
const told = (desk: TestDesk, from: number) =>
  desk.facts
    .slice(from)
    .map(
      (fact) =>
        `${fact.type} ${fact.meta.occurredAt.slice(8, 16)}${"cause" in fact.data && fact.data.cause ? ` ${fact.data.cause.action}` : ""}`,
    );

describe("the policy's chain (rule 4, A): warning, miss, escalation, each once and in order", () => {
  const expected = [
    "TicketDeadlineWarned 22T09:15",
    "TicketDeadlineMissed 22T10:03",
    "TicketEscalated 22T10:03 notify_manager",
    "TicketEscalated 22T11:03 move_to_group",
    "TicketDeadlineMissed 22T12:03",
  ];

  it("fired one by one, each at its own instant", () => {
    const desk = ticketIn("in_work");
    const from = desk.facts.length;
    desk.advanceTo(at("14:00"));
    expect(told(desk, from)).toEqual(expected);
    expect(desk.ticket(ticketId)).toMatchObject({
      status: "assigned",
      assignment: { groupId: "alarm", line: 3, engineerId: null },
    });
    desk.advanceTo(at("14:00", 26));
    expect(told(desk, from)).toEqual(expected);
  });

  it("caught up in order when the last one is fired first", () => {
    const desk = ticketIn("in_work");
    const from = desk.facts.length;
    desk.now = Date.parse(at("14:00"));
    desk.ok(fire("resolution:1:step:3", at("11:03")));
    expect(told(desk, from)).toEqual(expected.slice(0, 4));
    expect(desk.ok(fire("resolution:1:step:1", at("09:15")))).toEqual([]);
    expect(desk.ok(fire("resolution:1:miss", at("10:03")))).toEqual([]);
    expect(told(desk, from)).toHaveLength(4);
  });

  it("stated before a command that comes after them, as the engine's own facts", () => {
    const desk = ticketIn("in_work");
    const from = desk.facts.length;
    desk.now = Date.parse(at("10:30"));
    desk.ok(on.comment(), { as: ivan });
    expect(told(desk, from)).toEqual([...expected.slice(0, 3), "TicketCommented 22T10:30"]);
    expect(desk.facts.slice(from).map((fact) => fact.meta.actor.role)).toEqual([
      "system",
      "system",
      "system",
      "engineer",
    ]);
  });

  it("not stated for a command that is refused or has nothing to do", () => {
    const desk = ticketIn("in_work");
    const from = desk.facts.length;
    desk.now = Date.parse(at("10:30"));
    expect(desk.refused(on.confirm(), { as: anna })).toBe("wrong_status");
    expect(desk.ok(on.message(1), { as: { id: "system", role: "system" } })).toEqual([]);
    expect(told(desk, from)).toEqual([]);
  });

  it("not fired before their time, nor when they stand no longer, nor at an old time", () => {
    const desk = ticketIn("in_work");
    expect(desk.refused(fire("resolution:1:miss", at("10:03")))).toBe("alarm_not_due");
    expect(desk.ok(fire("resolution:1:miss", at("09:00")))).toEqual([]);
    expect(desk.ok(fire("resolution:7:miss", at("10:03")))).toEqual([]);
    expect(desk.refused(fire("resolution:1:miss", at("10:03")), { as: maria })).toBe("not_permitted");
    desk.ok(on.resolve(), { as: ivan });
    desk.now = Date.parse(at("12:00"));
    expect(desk.ok(fire("resolution:1:miss", at("10:03")))).toEqual([]);
  });

  it("all of one clock and cycle share one escalation, released once", () => {
    const desk = ticketIn("in_work");
    desk.advanceTo(at("14:00"));
    const [escalation, ...others] = desk.ticket(ticketId).escalations;
    expect(others).toEqual([]);
    expect(escalation).toMatchObject({ by: "policy", state: "open" });
    desk.ok(
      { type: "ReleaseEscalation", data: { ticketId, escalationId: escalation!.escalationId, reason: "Разобрались" } },
      { as: maria },
    );
  });

  it("does not move a ticket that waits for the customer or is there already", () => {
    const desk = serviceCentre();
    const running = { ...policy, pauses: { customer: false, approval: false } };
    desk.ok(
      { type: "ChangeContractPolicy", data: { contractId: "c-1", policy: running, policyEffectiveFrom: at("05:00") } },
      { as: boss },
    );
    ticketIn("waiting_customer", desk);
    desk.advanceTo(at("12:00"));
    expect(desk.facts.at(-1)).toMatchObject({
      type: "TicketEscalated",
      data: { cause: { action: "move_to_group" }, moved: null, clocks: [] },
    });
    expect(desk.ticket(ticketId).status).toBe("waiting_customer");
    const there = ticketIn("classified");
    there.ok(on.assign("alarm", "elena"), { as: olga });
    there.ok(on.accept(), { as: elena });
    there.advanceTo(at("12:00"));
    expect(there.ticket(ticketId)).toMatchObject({
      status: "in_work",
      assignment: { groupId: "alarm", engineerId: "elena" },
    });
  });

  it("a step before the deadline that moves the ticket escalates, as a warning could not", () => {
    const desk = serviceCentre();
    const chain = [{ clock: "resolution", level: 1, at: "-30m", action: "move_to_group", groupId: "alarm" }] as const;
    desk.ok(
      {
        type: "ChangeContractPolicy",
        data: { contractId: "c-1", policy: { ...policy, chain: [...chain] }, policyEffectiveFrom: at("05:00") },
      },
      { as: boss },
    );
    ticketIn("in_work", desk);
    desk.advanceTo(at("09:40"));
    expect(desk.facts.at(-1)).toMatchObject({
      type: "TicketEscalated",
      meta: { occurredAt: at("09:33") },
      data: { moved: { groupId: "alarm" } },
    });
  });

  it("a whole second line's clock speaks for itself", () => {
    const desk = ticketIn("assigned");
    desk.advanceTo(at("06:40"));
    expect(desk.facts.slice(-3).map((fact) => fact.data)).toMatchObject([
      { alarmKey: "reaction:1:step:1", notify: "manager", clock: "reaction", line: null },
      { alarmKey: "reaction:1:miss" },
      { alarmKey: "ola.2:1:miss", clock: "ola", line: 2, deadline: at("06:32") },
    ]);
  });
});

describe("rule 5: reminders and the close (R §4.2)", () => {
  it("a command after the close's time finds the ticket closed, whether or not the clockwork came", () => {
    const desk = ticketIn("result_confirmation");
    const closing = openAlarms(desk.ticket(ticketId)).at(-1)!;
    expect(closing).toMatchObject({ kind: "auto_close", at: "2024-04-27T21:00:00.000Z" });
    desk.now = Date.parse(closing.at);
    expect(desk.refused(on.giveBack(), { as: anna })).toBe("ticket_closed");
    const earlier = ticketIn("result_confirmation");
    earlier.now = Date.parse(closing.at) - 1;
    expect(earlier.ok(on.giveBack(), { as: anna }).map((fact) => fact.type)).toEqual([
      "TicketReminded",
      "TicketReminded",
      "TicketReturned",
    ]);
  });

  it("the policy may ask for other reminders and another number of days", () => {
    const desk = serviceCentre();
    const confirmation = { workingDays: 3, reminders: [1, 2, 2] };
    desk.ok(
      {
        type: "ChangeContractPolicy",
        data: { contractId: "c-1", policy: { ...policy, confirmation }, policyEffectiveFrom: at("05:00") },
      },
      { as: boss },
    );
    ticketIn("result_confirmation", desk);
    const from = desk.facts.length;
    desk.advanceTo("2024-05-30T00:00:00.000Z");
    expect(told(desk, from)).toEqual([
      "TicketReminded 23T06:00",
      "TicketReminded 24T06:00",
      "TicketAutoClosed 25T21:00",
    ]);
    expect(desk.facts.at(-1)?.data).toMatchObject({ because: "no_answer", workingDays: 3 });
  });
});

describe("calendars and policies that change (Decisions)", () => {
  const calendar = {
    tz: "Europe/Moscow",
    weeklyHours: { mon: [["09:00", "12:00"]], tue: [["09:00", "12:00"]], wed: [["09:00", "12:00"]] },
  };
  const revise = (effectiveFrom: string): AnyCommand => ({
    type: "ReviseCalendar",
    data: { calendarId: "msk", calendar: calendar as never, effectiveFrom },
  });
  const recompute = (because: "calendar" | "policy"): AnyCommand => ({
    type: "RecomputeClocks",
    data: { ticketId, because },
  });

  it("a new calendar holds from its own time; what was counted before stays counted", () => {
    const desk = ticketIn("in_work");
    desk.ok(revise(at("08:03")), { as: boss });
    desk.now = Date.parse(at("08:30"));
    const [fact] = desk.ok(recompute("calendar"));
    // Two hours by the old calendar until 11:03 Moscow, 57 minutes of the new one's Monday, the rest on Tuesday.
    expect(fact).toMatchObject({
      type: "TicketClocksRecomputed",
      data: {
        because: "calendar",
        alarms: null,
        clocks: [{ kind: "resolution", deadline: at("07:03", 23), calendarVersion: 2 }],
      },
    });
    expect(desk.ok(recompute("calendar"))).toEqual([]);
  });

  it("a new policy gives open clocks new targets; recorded judgements stay", () => {
    const desk = ticketIn("in_work");
    const harder = {
      ...policy,
      targets: policy.targets.map((entry) => ({ ...entry, reaction: "1m", resolution: "2h" })),
    };
    desk.ok(
      { type: "ChangeContractPolicy", data: { contractId: "c-1", policy: harder, policyEffectiveFrom: at("07:00") } },
      { as: boss },
    );
    expect(desk.ok(recompute("policy"))).toEqual([]);
    desk.now = Date.parse(at("07:00"));
    const [fact] = desk.ok(recompute("policy"));
    expect(fact).toMatchObject({
      data: { clocks: [{ kind: "resolution", target: "2h", deadline: at("08:03"), policyVersion: 2 }] },
    });
    expect(desk.ticket(ticketId).clocks[0]!.snapshot).toMatchObject({ kind: "reaction", state: "met", target: "30m" });
  });

  it("the wait for confirmation is computed anew, without what has been sent", () => {
    const desk = ticketIn("result_confirmation");
    desk.advanceTo(at("07:00", 24));
    desk.ok(revise(at("00:00", 25)), { as: boss });
    const [fact] = desk.ok(recompute("calendar"));
    // Thursday and Friday are no working days any more, and neither is the declared Saturday.
    expect(fact).toMatchObject({ data: { clocks: [], autoCloseAt: "2024-05-01T21:00:00.000Z" } });
  });

  it("a wait that a new policy took over stays under it when the calendar changes next", () => {
    const desk = ticketIn("result_confirmation");
    const shorter = { ...policy, confirmation: { workingDays: 2, reminders: [1] } };
    desk.ok(
      { type: "ChangeContractPolicy", data: { contractId: "c-1", policy: shorter, policyEffectiveFrom: at("08:00") } },
      { as: boss },
    );
    desk.now = Date.parse(at("08:00"));
    expect(desk.ok(recompute("policy"))).toMatchObject([{ data: { because: "policy", autoCloseAt: at("21:00", 24) } }]);
    desk.ok(revise(at("09:00")), { as: boss });
    expect(desk.ok(recompute("calendar"))).toEqual([]);
    desk.advanceTo(at("22:00", 24));
    expect(desk.facts.at(-1)).toMatchObject({
      type: "TicketAutoClosed",
      data: { workingDays: 2 },
      meta: { occurredAt: at("21:00", 24) },
    });
  });
});

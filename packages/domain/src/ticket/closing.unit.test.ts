import { describe, expect, it } from "vitest";
import {
  on,
  people,
  policy,
  registration,
  requester,
  serviceCentre,
  ticketId,
  ticketIn,
} from "../../test/service-centre.ts";

const { olga, ivan, anna, boss } = people;
const at = (time: string, day = 22) => `2024-04-${day}T${time}:00.000Z`;
const resolutions = (desk: ReturnType<typeof serviceCentre>) =>
  desk
    .ticket(ticketId)
    .clocks.filter((clock) => clock.snapshot.kind === "resolution")
    .map((clock) => clock.snapshot);

describe("result confirmation and return (R §4.2; Decisions)", () => {
  it("a return goes on with the same clock as a new cycle; the time with the customer does not count", () => {
    const desk = ticketIn("in_work");
    desk.now = Date.parse(at("07:03"));
    desk.ok(on.resolve(), { as: ivan });
    desk.now = Date.parse(at("09:00"));
    const [fact] = desk.ok(on.giveBack(), { as: anna });
    expect(fact).toMatchObject({ type: "TicketReturned", data: { cycle: 2, reason: "Опять не работает" } });
    expect(resolutions(desk)).toMatchObject([
      { cycle: 1, state: "met", usedSeconds: 3_600, stoppedAt: at("07:03") },
      { cycle: 2, state: "running", usedSeconds: 3_600, startedAt: at("09:00"), deadline: at("12:00") },
    ]);
    desk.now = Date.parse(at("10:00"));
    const [resolved] = desk.ok(on.resolve(), { as: ivan });
    expect(resolved).toMatchObject({ data: { cycle: 2, clocks: [{ cycle: 2, state: "met", usedSeconds: 7_200 }] } });
    expect(desk.ticket(ticketId).confirmation?.alarms.map((alarm) => alarm.key)).toEqual([
      "reminder:2:1",
      "reminder:2:2",
      "auto_close:2",
    ]);
  });

  it("a clock that was missed before stays missed in the next cycle, and its steps are not told again", () => {
    const desk = ticketIn("in_work");
    desk.advanceTo(at("10:30"));
    desk.ok(on.resolve(), { as: ivan });
    desk.now = Date.parse(at("12:00"));
    desk.ok(on.giveBack(), { as: anna });
    expect(resolutions(desk)[1]).toMatchObject({ cycle: 2, state: "missed", missedAt: at("10:03"), ticking: true });
    expect(resolutions(desk)[1]!.alarms.map((alarm) => [alarm.key, alarm.at])).toEqual([
      ["resolution:2:step:3", at("12:33")],
    ]);
  });

  it("a clock used up to its last second in time is missed by the return", () => {
    const desk = ticketIn("in_work");
    desk.now = Date.parse(at("10:03"));
    expect(desk.ok(on.resolve(), { as: ivan }).map((fact) => fact.type)).toEqual([
      "TicketDeadlineWarned",
      "TicketResolved",
    ]);
    desk.now = Date.parse(at("12:00"));
    expect(desk.ok(on.giveBack(), { as: anna }).map((fact) => fact.type)).toEqual([
      "TicketReturned",
      "TicketDeadlineMissed",
    ]);
    expect(resolutions(desk)).toMatchObject([{ state: "met" }, { state: "missed", missedAt: at("12:00") }]);
  });

  it("reminders and the close are void when the ticket is returned", () => {
    const desk = ticketIn("result_confirmation");
    desk.ok(on.giveBack(), { as: anna });
    expect(desk.ticket(ticketId).confirmation).toBeNull();
    const fired = desk.ok({
      type: "FireAlarm",
      data: { ticketId, key: "auto_close:1", at: "2024-05-02T21:00:00.000Z" },
    });
    expect(fired).toEqual([]);
  });

  it("the requester confirms himself; staff may write down what he said", () => {
    const desk = ticketIn("result_confirmation");
    expect(
      desk.refused(
        { type: "ConfirmResult", data: { ticketId, by: { ...requester, personId: "boris" } } },
        { as: anna },
      ),
    ).toBe("not_a_party");
    desk.ok({ type: "ConfirmResult", data: { ticketId, by: { ...requester, personId: "boris" } } }, { as: olga });
  });

  it("an unclassified ticket is not resolved", () => {
    const desk = serviceCentre();
    const chain = [{ clock: "reaction", level: 1, at: "100%", action: "move_to_group", groupId: "net" }] as const;
    desk.ok(
      {
        type: "ChangeContractPolicy",
        data: { contractId: "c-1", policy: { ...policy, chain: [...chain] }, policyEffectiveFrom: at("05:00") },
      },
      { as: boss },
    );
    desk.ok(registration(), { as: olga });
    desk.advanceTo(at("07:00"));
    expect(desk.ticket(ticketId)).toMatchObject({
      status: "assigned",
      classified: false,
      assignment: { groupId: "net" },
    });
    desk.ok(on.accept(), { as: ivan });
    expect(desk.refused(on.resolve(), { as: ivan })).toBe("not_classified");
    desk.ok(on.classify(), { as: olga });
    desk.ok(on.resolve(), { as: ivan });
  });
});

describe("scheduled work (rule 7, Decisions)", () => {
  const planned = (closes: boolean) => {
    const desk = serviceCentre();
    desk.ok(
      {
        type: "ChangeContractPolicy",
        data: {
          contractId: "c-1",
          policy: { ...policy, closeScheduledWorkOnResolution: closes },
          policyEffectiveFrom: at("05:00"),
        },
      },
      { as: boss },
    );
    desk.ok(
      registration({
        channel: "plan",
        contactId: null,
        planId: "p-1",
        wish: { type: "scheduled_work", priority: "low" },
      }),
    );
    desk.ok(on.classify({ type: "scheduled_work", priority: "low" }));
    desk.ok(on.assign(), { as: olga });
    desk.ok(on.accept(), { as: ivan });
    return { desk, facts: desk.ok(on.resolve(), { as: ivan }) };
  };

  it("goes through result confirmation like the rest", () => {
    expect(planned(false).desk.ticket(ticketId).status).toBe("result_confirmation");
  });

  it("or is closed on resolution, where the policy says so", () => {
    const { desk, facts } = planned(true);
    expect(facts).toMatchObject([
      { type: "TicketResolved", data: { alarms: [], autoCloseAt: null } },
      { type: "TicketAutoClosed", data: { because: "policy", workingDays: 0 } },
    ]);
    expect(desk.ticket(ticketId)).toMatchObject({ status: "closed", closedBecause: "auto_closed" });
  });
});

it("on a calendar without working time nothing ever falls due", () => {
  const desk = serviceCentre();
  desk.ok(
    {
      type: "DefineCalendar",
      data: {
        calendarId: "never",
        name: "Никогда",
        calendar: { tz: "UTC", weeklyHours: {} },
        effectiveFrom: "2020-01-01T00:00:00.000Z",
      },
    },
    { as: boss },
  );
  desk.ok(
    {
      type: "ChangeContractPolicy",
      data: { contractId: "c-1", policy: { ...policy, calendarId: "never" }, policyEffectiveFrom: at("05:00") },
    },
    { as: boss },
  );
  ticketIn("result_confirmation", desk);
  expect(
    desk
      .ticket(ticketId)
      .clocks.map((clock) => [clock.snapshot.deadline, clock.snapshot.state, clock.snapshot.usedSeconds]),
  ).toEqual([
    [null, "met", 0],
    [null, "met", 0],
    [null, "met", 0],
  ]);
  expect(desk.ticket(ticketId).confirmation).toMatchObject({ alarms: [], autoCloseAt: null });
  desk.ok(on.confirm(), { as: anna });
});

import { describe, expect, it } from "vitest";
import { uuidOf } from "../../test/desk.ts";
import { on, people, serviceCentre, ticketId, ticketIn } from "../../test/service-centre.ts";

const { olga, ivan, anna, maria, machine } = people;
const at = (time: string, day = 22) => `2024-04-${day}T${time}:00.000Z`;
const resolution = (desk: ReturnType<typeof serviceCentre>) =>
  desk.ticket(ticketId).clocks.findLast((clock) => clock.snapshot.kind === "resolution")!.snapshot;

describe("rule 3: the term is extended by agreement with the customer (R §4.1.3)", () => {
  it("keeps the old deadline, moves the new one and its alarms", () => {
    const desk = ticketIn("in_work");
    const [fact] = desk.ok(on.extend(at("12:00", 23)), { as: maria });
    expect(fact).toMatchObject({
      type: "TicketExtended",
      data: { oldDeadline: at("10:03"), newDeadline: at("12:00", 23) },
    });
    expect(resolution(desk)).toMatchObject({
      state: "running",
      deadline: at("12:00", 23),
      extendedTo: at("12:00", 23),
    });
    expect(resolution(desk).alarms.map((alarm) => alarm.key)).toEqual([
      "resolution:1:step:1",
      "resolution:1:miss",
      "resolution:1:step:2",
      "resolution:1:step:3",
    ]);
    expect(resolution(desk).alarms[1]).toMatchObject({ at: at("12:00", 23) });
  });

  it("only to a later time, in the future, agreed with a party, not before there was a ticket", () => {
    const desk = ticketIn("in_work");
    expect(desk.refused(on.extend(at("10:03")), { as: maria })).toBe("deadline_not_later");
    expect(desk.refused(on.extend(at("06:02")), { as: maria })).toBe("deadline_in_past");
    expect(desk.refused(on.extend(at("12:00", 23), at("05:00")), { as: maria })).toBe("occurred_before_registration");
    expect(desk.refused(on.extend(at("12:00", 23), at("23:00")), { as: maria })).toBe("occurred_in_future");
    const agreedBy = { personId: "stranger", name: "Leo", email: null, phone: null };
    const command = on.extend(at("12:00", 23));
    expect(desk.refused({ ...command, data: { ...command.data, agreedBy } } as typeof command, { as: maria })).toBe(
      "not_a_party",
    );
    expect(ticketIn("assigned").refused(on.extend(at("12:00", 23)), { as: maria })).toBe("no_open_resolution");
  });

  it("moves on by the working time for which the customer kept us waiting afterwards", () => {
    const desk = ticketIn("in_work");
    desk.ok(on.extend(at("12:00", 23)), { as: maria });
    desk.now = Date.parse(at("08:00"));
    desk.ok(on.ask(), { as: ivan });
    expect(resolution(desk)).toMatchObject({ state: "paused", deadline: null, alarms: [] });
    desk.now = Date.parse(at("10:00"));
    desk.ok(on.answer(), { as: anna });
    expect(resolution(desk)).toMatchObject({ deadline: at("14:00", 23), extendedTo: at("14:00", 23) });
    desk.now = Date.parse(at("11:00"));
    desk.ok(on.resolve(), { as: ivan });
    // Five working hours until the close of business, two of the next day: all of it in the customer's hands.
    desk.now = Date.parse(at("08:00", 23));
    desk.ok(on.giveBack(), { as: anna });
    expect(resolution(desk)).toMatchObject({ cycle: 2, state: "running", deadline: at("11:00", 24) });
  });

  it("while waiting for the customer is measured as if he answered now", () => {
    const desk = ticketIn("waiting_customer");
    desk.now = Date.parse(at("08:00"));
    // Of four hours one minute is used.
    expect(desk.refused(on.extend(at("11:59")), { as: maria })).toBe("deadline_not_later");
    const [fact] = desk.ok(on.extend(at("12:30")), { as: maria });
    expect(fact).toMatchObject({ data: { oldDeadline: at("11:59") } });
    desk.ok(on.answer(), { as: anna });
    expect(resolution(desk)).toMatchObject({ state: "running", deadline: at("12:30") });
  });

  it("what was missed stays missed", () => {
    const desk = ticketIn("in_work");
    desk.advanceTo(at("10:30"));
    desk.ok(on.extend(at("12:00", 23)), { as: maria });
    expect(resolution(desk)).toMatchObject({ state: "missed", missedAt: at("10:03"), deadline: at("12:00", 23) });
    expect(resolution(desk).alarms.map((alarm) => alarm.key)).toEqual(["resolution:1:step:3"]);
    desk.ok(on.resolve(), { as: ivan });
    expect(resolution(desk)).toMatchObject({ state: "missed", ticking: false });
  });
});

describe("what is written on a ticket", () => {
  it("links to others once, and never to itself", () => {
    const desk = ticketIn("in_work");
    const link = (toTicketId: string) =>
      ({ type: "LinkTicket", data: { ticketId, toTicketId, kind: "related" } }) as const;
    desk.ok(link(uuidOf(2, 0x71)), { as: ivan });
    expect(desk.refused(link(uuidOf(2, 0x71)), { as: ivan })).toBe("already_linked");
    expect(desk.refused(link(ticketId), { as: ivan })).toBe("linked_to_itself");
    expect(
      desk.refused(
        { type: "MarkDuplicate", data: { ticketId, ofTicketId: ticketId, ofNumber: "SC-000001" } },
        { as: olga },
      ),
    ).toBe("linked_to_itself");
  });

  it("a machine may comment, but not internally", () => {
    const desk = ticketIn("in_work");
    desk.ok(on.comment(), { as: machine });
    expect(desk.refused(on.comment("internal"), { as: machine })).toBe("internal_not_for_customers");
  });

  it("a workaround is given by those who work on it (R §4.1.4)", () => {
    expect(ticketIn("classified").refused(on.workaround(), { as: olga })).toBe("wrong_status");
    const desk = ticketIn("in_work");
    desk.ok(on.workaround(), { as: ivan });
    expect(desk.ticket(ticketId).workaround).toBe("Через резервный шлюз");
  });
});

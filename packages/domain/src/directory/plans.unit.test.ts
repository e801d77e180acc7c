import { describe, expect, it } from "vitest";
import { uuidOf } from "../../test/desk.ts";
import { people, serviceCentre } from "../../test/service-centre.ts";
import { lookup, type AnyCommand } from "../index.ts";
import { nextOccurrence, rruleFault } from "./recurrence.ts";

const { boss, maria } = people;
type PlanData = Extract<AnyCommand, { type: "DefinePlan" }>["data"];
const plan = (data: Partial<PlanData> = {}): AnyCommand => ({
  type: "DefinePlan",
  data: {
    planId: "p-1",
    contractId: "c-1",
    rrule: "FREQ=WEEKLY;BYDAY=MO",
    start: "2024-04-01T10:00",
    zone: "Europe/Moscow",
    subject: "Профилактика",
    description: "",
    product: null,
    requesterPersonId: null,
    ...data,
  },
});
const occurrence = (at: string): AnyCommand => ({
  type: "RecordPlanOccurrence",
  data: { planId: "p-1", at, ticketId: uuidOf(8, 0x71) },
});

describe("rule 7: scheduled work comes from a plan", () => {
  it("owes no ticket for the time before it was defined, and one after the other from then on", () => {
    const desk = serviceCentre("2024-04-22T06:30:00.000Z");
    const [defined] = desk.ok(plan(), { as: maria });
    expect(defined).toMatchObject({ type: "PlanDefined", data: { nextAt: "2024-04-22T07:00:00.000Z" } });
    expect(desk.refused(occurrence("2024-04-29T07:00:00.000Z"))).toBe("plan_occurrence_unknown");
    const [first] = desk.ok(occurrence("2024-04-22T07:00:00.000Z"));
    expect(first).toMatchObject({ type: "PlanOccurred", data: { nextAt: "2024-04-29T07:00:00.000Z" } });
    expect(desk.ok(occurrence("2024-04-22T07:00:00.000Z"))).toEqual([]);
    desk.ok({ type: "StopPlan", data: { planId: "p-1", reason: null } }, { as: maria });
    expect(desk.ok({ type: "StopPlan", data: { planId: "p-1", reason: null } }, { as: maria })).toEqual([]);
    expect(lookup(desk.directory.plans, "p-1")).toMatchObject({ stopped: true, nextAt: null });
    expect(desk.refused(occurrence("2024-04-29T07:00:00.000Z"))).toBe("plan_stopped");
    expect(desk.refused(plan(), { as: maria })).toBe("plan_exists");
  });

  it("ends when its rule ends", () => {
    const desk = serviceCentre("2024-03-01T00:00:00.000Z");
    desk.ok(plan({ rrule: "FREQ=DAILY;COUNT=2" }), { as: maria });
    expect(desk.ok(occurrence("2024-04-01T07:00:00.000Z"))).toMatchObject([
      { data: { nextAt: "2024-04-02T07:00:00.000Z" } },
    ]);
    expect(desk.ok(occurrence("2024-04-02T07:00:00.000Z"))).toMatchObject([{ data: { nextAt: null } }]);
    expect(desk.refused(occurrence("2024-04-03T07:00:00.000Z"))).toBe("plan_occurrence_unknown");
  });

  const bad: [string, Partial<PlanData>, string][] = [
    ["a rule that is none", { rrule: "каждый понедельник" }, "bad_rrule"],
    ["an unknown frequency", { rrule: "FREQ=NOPE" }, "bad_rrule"],
    ["every second", { rrule: "FREQ=SECONDLY" }, "bad_rrule"],
    ["no step at all", { rrule: "FREQ=DAILY;INTERVAL=0" }, "bad_rrule"],
    ["an unknown part", { rrule: "FREQ=DAILY;FOO=1" }, "bad_rrule"],
    ["an unknown weekday", { rrule: "FREQ=WEEKLY;BYDAY=XX" }, "bad_rrule"],
    ["a part twice", { rrule: "FREQ=DAILY;FREQ=WEEKLY" }, "bad_rrule"],
    ["no frequency", { rrule: "COUNT=3" }, "bad_rrule"],
    ["a count and an end", { rrule: "FREQ=DAILY;COUNT=3;UNTIL=20250101" }, "bad_rrule"],
    ["a start of its own", { rrule: "DTSTART:20240101T000000Z\nRRULE:FREQ=DAILY" }, "bad_rrule"],
    ["30 February", { rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }, "plan_never_occurs"],
    ["a rule that is over", { rrule: "FREQ=DAILY;COUNT=2" }, "plan_never_occurs"],
    ["a day that does not exist", { start: "2024-02-30T10:00" }, "bad_local_time"],
    ["a start in the first century", { start: "0024-02-20T10:00" }, "bad_local_time"],
    ["an unknown zone", { zone: "Europe/Atlantis" }, "zone_unknown"],
    ["an unknown contract", { contractId: "no" }, "contract_unknown"],
    ["a foreign requester", { requesterPersonId: "stranger" }, "person_of_another_organization"],
  ];
  it.each(bad)("refuses %s", (_, data, code) => {
    expect(serviceCentre("2024-04-22T06:30:00.000Z").refused(plan(data), { as: boss })).toBe(code);
  });
});

describe("occurrences are local times", () => {
  const next = (rrule: string, start: string, zone: string, after: string) => {
    expect(rruleFault(rrule)).toBeNull();
    const at = nextOccurrence(rrule, start, zone, Date.parse(after));
    return at === null ? null : new Date(at).toISOString().slice(0, 16);
  };

  it("keep their hour when the clocks change", () => {
    const berlin = (after: string) => next("FREQ=DAILY", "2024-03-01T10:00", "Europe/Berlin", after);
    expect(berlin("2024-03-30T00:00:00Z")).toBe("2024-03-30T09:00");
    expect(berlin("2024-03-30T09:00:00Z")).toBe("2024-03-31T08:00");
    expect(berlin("2024-10-26T08:00:00Z")).toBe("2024-10-27T09:00");
  });

  it("an hour that a change skips takes the offset before it, one that comes twice its first pass", () => {
    expect(next("FREQ=DAILY", "2024-03-01T02:30", "Europe/Berlin", "2024-03-30T01:30:00Z")).toBe("2024-03-31T01:30");
    expect(next("FREQ=DAILY", "2024-03-01T02:30", "Europe/Berlin", "2024-10-26T00:30:00Z")).toBe("2024-10-27T00:30");
    expect(next("FREQ=DAILY", "2024-03-01T02:30", "Europe/Berlin", "2024-10-27T00:30:00Z")).toBe("2024-10-28T01:30");
  });

  it("lie strictly after the given instant, also far east and west", () => {
    expect(next("FREQ=DAILY", "2024-04-01T10:00", "Asia/Kamchatka", "2024-04-21T22:00:00Z")).toBe("2024-04-22T22:00");
    expect(next("FREQ=DAILY", "2024-04-01T10:00", "America/Los_Angeles", "2024-04-22T16:59:59Z")).toBe(
      "2024-04-22T17:00",
    );
    expect(next("FREQ=MONTHLY;BYDAY=-1FR", "2024-04-01T18:00", "Europe/Moscow", "2024-04-22T00:00:00Z")).toBe(
      "2024-04-26T15:00",
    );
    expect(
      next("FREQ=YEARLY;UNTIL=20240401T070000Z", "2023-04-01T10:00", "Europe/Moscow", "2023-05-01T00:00:00Z"),
    ).toBe(null);
    expect(
      next("FREQ=YEARLY;UNTIL=20240401T100000Z", "2023-04-01T10:00", "Europe/Moscow", "2023-05-01T00:00:00Z"),
    ).toBe("2024-04-01T07:00");
  });
});

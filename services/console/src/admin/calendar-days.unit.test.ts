import { describe, expect, it } from "vitest";
import { beginningOf, changeHoldsFrom, dayByKey } from "./calendar-days.ts";
import { specialDaysOf, withDay, type CalendarBody } from "./forms/special-days.ts";

describe("the year's days", () => {
  it("are walked by keys, within the year", () => {
    expect(dayByKey("ArrowRight", "2024-02-29")).toBe("2024-03-01");
    expect(dayByKey("ArrowUp", "2024-01-03")).toBeNull();
    expect(dayByKey("ArrowDown", "2024-12-24")).toBe("2024-12-31");
    expect(dayByKey("End", "2024-02-10")).toBe("2024-02-29");
    expect(dayByKey("Home", "2024-02-10")).toBe("2024-02-01");
    expect(dayByKey("PageDown", "2024-01-31")).toBe("2024-02-29");
    expect(dayByKey("PageUp", "2024-01-31")).toBe("2024-01-31");
    expect(dayByKey("PageDown", "2024-12-31")).toBe("2024-12-31");
    expect(dayByKey("x", "2024-01-31")).toBeNull();
  });

  it("begin when they begin in their zone, on days when clocks change as well", () => {
    expect(new Date(beginningOf("2024-05-08", "Europe/Moscow")).toISOString()).toBe("2024-05-07T21:00:00.000Z");
    expect(new Date(beginningOf("2024-03-31", "Europe/Berlin")).toISOString()).toBe("2024-03-30T23:00:00.000Z");
    expect(new Date(beginningOf("2024-04-01", "Europe/Berlin")).toISOString()).toBe("2024-03-31T22:00:00.000Z");
    expect(new Date(beginningOf("2024-05-08", "America/New_York")).toISOString()).toBe("2024-05-08T04:00:00.000Z");
  });

  it("change from now on when they are to come, from their beginning when they have begun, never before the last version", () => {
    const now = Date.parse("2024-05-08T10:20:30.000Z");
    const from = (date: string, last: string) => {
      const at = changeHoldsFrom(date, "Europe/Moscow", Date.parse(last), now);
      return at === null ? null : new Date(at).toISOString();
    };
    expect(from("2024-06-12", "2024-01-01T00:00:00Z")).toBe("2024-05-08T10:20:00.000Z");
    expect(from("2024-05-06", "2024-01-01T00:00:00Z")).toBe("2024-05-05T21:00:00.000Z");
    expect(from("2024-06-12", "2024-06-01T00:00:00Z")).toBe("2024-06-01T00:01:00.000Z");
    expect(from("2024-05-06", "2024-05-07T00:00:00Z")).toBeNull();
  });

  it("are put into a calendar one by one, each with its reason, and taken out again", () => {
    const calendar: CalendarBody = {
      tz: "Europe/Moscow",
      weeklyHours: { mon: [["09:00", "18:00"]] },
      nonWorkingDates: ["2024-05-01"],
      reasons: [{ date: "2024-05-01", reason: "Праздник" }],
    };
    const short = withDay(calendar, "2024-05-08", { kind: "shortened", said: "60", reason: " Канун " });
    expect(specialDaysOf(short)).toEqual([
      { date: "2024-05-01", kind: "off", said: "", reason: "Праздник" },
      { date: "2024-05-08", kind: "shortened", said: "60", reason: "Канун" },
    ]);
    const working = withDay(short, "2024-05-01", { kind: "working", said: "10:00–12:00", reason: "" });
    expect(working).toMatchObject({
      nonWorkingDates: [],
      workingDates: [{ date: "2024-05-01", hours: [["10:00", "12:00"]] }],
      reasons: [{ date: "2024-05-08", reason: "Канун" }],
    });
    expect(specialDaysOf(withDay(withDay(working, "2024-05-01", null), "2024-05-08", null))).toEqual([]);
    expect(withDay(short, "2024-05-08", null).reasons).toEqual(calendar.reasons);
  });
});

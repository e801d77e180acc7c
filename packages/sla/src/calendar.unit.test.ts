import { describe, expect, it } from "vitest";
import { parseCalendar } from "./calendar.ts";
import { compileCalendar } from "./compile.ts";
import { slaErrorCodes } from "./result.ts";
import { errorText } from "./texts.ts";
import { addWorkingTime } from "./working-time.ts";

const good = { tz: "Europe/Moscow", weeklyHours: { mon: [["09:00", "18:00"]] } };

function codes(input: unknown): string[] {
  const parsed = parseCalendar(input);
  return parsed.ok ? [] : parsed.errors.map((error) => `${error.code} ${error.path}`.trim());
}

describe("a calendar is read", () => {
  it.each([
    ["weekly hours", good],
    ["24x7 without a zone", { "24x7": true }],
    ["24x7 in a zone", { "24x7": true, tz: "Asia/Kathmandu" }],
    ["no working time at all", { tz: "UTC", weeklyHours: {} }],
    ["a night shift and 24:00", { tz: "UTC", weeklyHours: { mon: [["22:00", "06:00"]], fri: [["00:00", "24:00"]] } }],
    [
      "hours that meet",
      {
        tz: "UTC",
        weeklyHours: {
          mon: [
            ["09:00", "13:00"],
            ["13:00", "18:00"],
          ],
        },
      },
    ],
    [
      "a date in both lists",
      { ...good, nonWorkingDates: ["2026-06-12"], workingDates: [{ date: "2026-06-12", hours: [] }] },
    ],
    [
      "a night shift that ends when the next begins",
      { tz: "UTC", weeklyHours: { mon: [["20:00", "08:00"]], tue: [["08:00", "12:00"]] } },
    ],
    [
      "a declared date beside a running night shift",
      {
        tz: "UTC",
        weeklyHours: { fri: [["22:00", "06:00"]] },
        workingDates: [{ date: "2026-06-06", hours: [["05:00", "09:00"]] }],
      },
    ],
  ])("%s", (_, input) => expect(codes(input)).toEqual([]));

  it.each([
    ["not an object", 5, ["calendar_shape_invalid"]],
    ["nothing", undefined, ["calendar_shape_invalid"]],
    ["an unknown zone", { ...good, tz: "Mars/Olympus" }, ["calendar_zone_unknown tz"]],
    ["a bare offset", { ...good, tz: "+03:00" }, ["calendar_zone_unknown tz"]],
    ["no zone", { weeklyHours: {} }, ["calendar_zone_unknown tz"]],
    ["no hours", { tz: "UTC" }, ["calendar_hours_missing"]],
    ["both kinds of hours", { ...good, "24x7": true }, ["calendar_hours_both"]],
    [
      "a bad start",
      { ...good, weeklyHours: { mon: [["24:00", "08:00"]] } },
      ["calendar_time_invalid weeklyHours.mon.0.0"],
    ],
    [
      "a bad end",
      { ...good, weeklyHours: { mon: [["09:00", "18:60"]] } },
      ["calendar_time_invalid weeklyHours.mon.0.1"],
    ],
    ["one time only", { ...good, weeklyHours: { mon: [["09:00"]] } }, ["calendar_time_invalid weeklyHours.mon.0"]],
    [
      "overlapping hours",
      {
        ...good,
        weeklyHours: {
          mon: [
            ["12:00", "18:00"],
            ["09:00", "13:00"],
          ],
        },
      },
      ["calendar_hours_overlap weeklyHours.mon"],
    ],
    [
      "a night shift into the next day's hours",
      { ...good, weeklyHours: { sun: [["22:00", "06:00"]], mon: [["05:00", "09:00"]] } },
      ["calendar_hours_overlap weeklyHours.mon"],
    ],
    [
      "a date that does not exist",
      { ...good, nonWorkingDates: ["2026-02-29"] },
      ["calendar_date_invalid nonWorkingDates.0"],
    ],
    ["a date too far away", { ...good, nonWorkingDates: ["2200-01-01"] }, ["calendar_date_invalid nonWorkingDates.0"]],
    [
      "a date twice",
      { ...good, nonWorkingDates: ["2026-01-01", "2026-01-01"] },
      ["calendar_date_duplicate nonWorkingDates.1"],
    ],
    [
      "a shortened date twice",
      {
        ...good,
        shortened: [
          { date: "2026-01-05", minutes: 60 },
          { date: "2026-01-05", minutes: 30 },
        ],
      },
      ["calendar_date_duplicate shortened.1"],
    ],
    [
      "half a minute",
      { ...good, shortened: [{ date: "2026-01-05", minutes: 0.5 }] },
      ["calendar_minutes_invalid shortened.0.minutes"],
    ],
    [
      "a reason that says nothing",
      { ...good, reasons: [{ date: "2026-01-05", reason: " " }] },
      ["calendar_reason_invalid reasons.0.reason"],
    ],
    ["an unknown field", { ...good, holidays: [] }, ["calendar_field_unknown"]],
    ["an unknown weekday", { ...good, weeklyHours: { monday: [] } }, ["calendar_field_unknown weeklyHours"]],
    [
      "too many intervals",
      {
        ...good,
        weeklyHours: { mon: Array.from({ length: 25 }, (_, i) => [`${String(i % 24).padStart(2, "0")}:00`, "23:59"]) },
      },
      ["calendar_too_large weeklyHours.mon"],
    ],
    [
      "too many dates",
      { ...good, nonWorkingDates: Array.from({ length: 5_001 }, () => "2026-01-01") },
      ["calendar_too_large nonWorkingDates"],
    ],
  ])("refused: %s", (_, input, expected) => expect(codes(input)).toEqual(expected));

  it("every refusal has a text in both languages", () => {
    for (const code of slaErrorCodes) {
      const error = { code, path: "", params: {} };
      expect(errorText(error, "ru")).toMatch(/[а-я]/);
      expect(errorText(error, "en")).toMatch(/^[A-Z“]/);
    }
    const parsed = parseCalendar({ ...good, tz: "Mars/Olympus" });
    expect(parsed.ok ? "" : errorText(parsed.errors[0], "ru")).toBe(
      "Часовой пояс «Mars/Olympus» неизвестен; нужно имя IANA, например Europe/Moscow (tz)",
    );
  });

  it("a hostile one is refused without a throw", () => {
    let deep: unknown = [];
    for (let i = 0; i < 10_000; i++) deep = [deep];
    expect(codes({ tz: deep, weeklyHours: { mon: deep } }).length).toBeGreaterThan(0);
    expect(codes({ ...good, tz: "x".repeat(1_000_000) }).length).toBeGreaterThan(0);
    expect(codes(JSON.parse('{"__proto__":{"tz":"UTC"},"weeklyHours":{}}'))).toContain("calendar_zone_unknown tz");
  });
});

describe("a compiled calendar", () => {
  it("is kept for the same object and for equal content", () => {
    const calendar = { tz: "Europe/Moscow", weeklyHours: {} };
    expect(compileCalendar(calendar)).toBe(compileCalendar(calendar));
    expect(compileCalendar({ ...calendar })).toBe(compileCalendar(calendar));
    expect(compileCalendar({ ...calendar, tz: "UTC" })).not.toBe(compileCalendar(calendar));
  });

  it("24x7 keeps its exceptions, in its own zone", () => {
    const calendar = compileCalendar({ "24x7": true, tz: "Europe/Moscow", nonWorkingDates: ["2026-01-01"] });
    const start = Date.parse("2025-12-31T23:00:00+03:00");
    expect(addWorkingTime(calendar, start, 2 * 3_600_000)).toBe(Date.parse("2026-01-02T01:00:00+03:00"));
  });
});

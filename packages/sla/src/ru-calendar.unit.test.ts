import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileCalendar } from "./compile.ts";
import { parseCalendar } from "./calendar.ts";
import { isKnownZone } from "./zone.ts";
import { isRussianZone, russianCalendar, russianCalendarYears, russianDayName } from "./ru-calendar.ts";
import { russianYears } from "./ru-data.ts";
import { workingTimeBetween } from "./working-time.ts";

const HOUR = 3_600_000;
const moscowYear = (year: number): [number, number] => [
  Date.UTC(year, 0, 1) - 3 * HOUR,
  Date.UTC(year + 1, 0, 1) - 3 * HOUR,
];

describe("the Russian calendar", () => {
  it("covers 2020 to 2027, with what each year rests on", () => {
    expect(russianCalendarYears).toEqual([2020, 2021, 2022, 2023, 2024, 2025, 2026, 2027]);
    for (const year of russianYears) {
      expect(year.status).toBe("official");
      expect(year.basis.length).toBeGreaterThan(0);
    }
  });

  it("is a valid calendar", () => expect(parseCalendar(russianCalendar()).ok).toBe(true));

  // Working days and the norm of a 40-hour week, as officially published; presidential days are off.
  it.each([
    [2020, 219, 1749],
    [2021, 240, 1917],
    [2022, 247, 1973],
    [2023, 247, 1973],
    [2024, 248, 1979],
    [2025, 247, 1972],
    [2026, 247, 1972],
    [2027, 247, 1972],
  ])("%i has %i working days and %i hours", (year, days, hours) => {
    const calendar = compileCalendar(russianCalendar({ hours: [["09:00", "17:00"]] }));
    const [from, to] = moscowYear(year);
    expect(workingTimeBetween(calendar, from, to) / HOUR).toBe(hours);
    expect([...calendar.intervals(from, to)]).toHaveLength(days);
  });

  it.each([
    [2020, 247, 1971],
    [2021, 247, 1972],
  ])("%i with the presidential days worked has %i working days and %i hours", (year, days, hours) => {
    const calendar = compileCalendar(russianCalendar({ hours: [["09:00", "17:00"]], presidentialDays: "working" }));
    const [from, to] = moscowYear(year);
    expect(workingTimeBetween(calendar, from, to) / HOUR).toBe(hours);
    expect([...calendar.intervals(from, to)]).toHaveLength(days);
  });

  it("can keep the days before holidays whole, and other hours, in another zone", () => {
    const calendar = compileCalendar(
      russianCalendar({
        hours: [
          ["10:00", "13:00"],
          ["14:00", "18:00"],
        ],
        shortenPreHoliday: false,
        tz: "Asia/Yekaterinburg",
      }),
    );
    const day = Date.parse("2026-04-30T00:00:00+05:00");
    expect(workingTimeBetween(calendar, day, day + 24 * HOUR)).toBe(7 * HOUR);
  });

  it("agrees with the given cases' Moscow calendar", () => {
    const lines = readFileSync(new URL("../test-data/business-time.jsonl", import.meta.url), "utf8").split("\n");
    const given = JSON.parse(lines[0] ?? "") as {
      calendar: { nonWorkingDates: string[]; workingDates: object[]; shortened: object[] };
    };
    const ours = russianCalendar();
    const from2026 = (date: string): boolean => date >= "2026-01-01";
    expect(ours.nonWorkingDates?.filter(from2026)).toEqual(given.calendar.nonWorkingDates);
    expect(ours.workingDates?.filter((day) => from2026(day.date))).toEqual(given.calendar.workingDates);
    expect(ours.shortened?.filter((day) => from2026(day.date))).toEqual(given.calendar.shortened);
  });

  it("names its days in both languages", () => {
    expect(russianDayName("2024-05-09")).toEqual({ ru: "День Победы", en: "Victory Day" });
    expect(russianDayName("2024-05-10")?.ru).toBe(
      "выходной перенесён с 06.01.2024 (постановление Правительства РФ от 10.08.2023 № 1314)",
    );
    expect(russianDayName("2026-03-09")?.en).toBe("International Women's Day, day off moved from 2026-03-08");
    expect(russianDayName("2020-04-06")?.ru).toBe(
      "нерабочий день с сохранением зарплаты (указ Президента РФ от 02.04.2020 № 239)",
    );
    expect(russianDayName("2024-04-27")?.en).toBe(
      "working day instead of 2024-04-29 (Government decree No 1314 of 2023-08-10)",
    );
    expect(russianDayName("2024-04-26")).toBeNull();
    const days = russianCalendar().nonWorkingDates ?? [];
    expect(days.filter((date) => russianDayName(date) === null)).toEqual([]);
  });

  it("knows the zones of Russia", () => {
    for (const zone of ["Europe/Kaliningrad", "Asia/Anadyr", "Asia/Ust-Nera"]) {
      expect(isRussianZone(zone) && isKnownZone(zone)).toBe(true);
    }
    expect(isRussianZone("Europe/Berlin")).toBe(false);
  });
});

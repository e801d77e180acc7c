import { globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayWritten, localMoment, momentWritten, readDay, readMoment, readTime } from "./day-text.ts";

const days = fc
  .date({ min: new Date("1000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true })
  .map((date) => date.toISOString());
const languages = fc.constantFrom("ru" as const, "en" as const);
const value = (text: string) => ({ value: text });
const fault = (text: string) => ({ fault: text });

describe("days, moments and times in words", () => {
  it("are written as the page speaks, not as the browser does", () => {
    expect(dayWritten("2026-10-04", "ru")).toBe("04.10.2026");
    expect(dayWritten("2026-10-04", "en")).toBe("4 Oct 2026");
    expect(momentWritten("2026-11-22T13:05", "ru")).toBe("22.11.2026, 13:05");
    expect(momentWritten("2026-11-22T13:05:00", "en")).toBe("22 Nov 2026, 13:05");
    expect(momentWritten("2026-11-22T00:05:09", "en")).toBe("22 Nov 2026, 00:05:09");
    expect([dayWritten("", "ru"), momentWritten("", "en"), dayWritten("soon", "en")]).toEqual(["", "", "soon"]);
  });

  it("mean the same when they are read again, in whichever language they were written", () => {
    fc.assert(
      fc.property(days, languages, (iso, language) => {
        const [day, minutes, seconds] = [iso.slice(0, 10), iso.slice(0, 16), iso.slice(0, 19)];
        expect(readDay(dayWritten(day, language))).toEqual(value(day));
        expect(readMoment(momentWritten(minutes, language))).toEqual(value(minutes));
        expect(readMoment(momentWritten(seconds, language))).toEqual(
          value(seconds.endsWith(":00") ? minutes : seconds),
        );
        expect(readMoment(seconds)).toEqual(value(seconds.endsWith(":00") ? minutes : seconds));
      }),
    );
  });

  it.each([
    "24.10.2026",
    "24/10/2026",
    "24-10-2026",
    " 24 10 2026 ",
    "2026-10-24",
    "2026/10/24",
    "24 Oct 2026",
    "24 OCTOBER 2026",
    "Oct 24, 2026",
    "24 окт. 2026 г.",
    "24 октября 2026 года",
    "24 октября 2026 г.",
    "\u200e24.10.2026",
  ])("%j is one day, whatever the page speaks", (text) => {
    expect(readDay(text)).toEqual(value("2026-10-24"));
    expect(readMoment(`${text}, 9:05`)).toEqual(value("2026-10-24T09:05"));
    expect(readMoment(`${text} 23:59:58`)).toEqual(value("2026-10-24T23:59:58"));
  });

  it("know every month by its short and its whole name", () => {
    for (const locale of ["en-GB", "en-US", "ru-RU"])
      for (const month of ["short", "long"] as const)
        for (let at = 0; at < 12; at++) {
          const day = `2026-${String(at + 1).padStart(2, "0")}-15`;
          const said = new Intl.DateTimeFormat(locale, { day: "numeric", month, year: "numeric", timeZone: "UTC" });
          const text = said.format(Date.parse(day));
          expect({ text, ...readDay(text) }).toEqual({ text, ...value(day) });
        }
  });

  it("say what is wrong instead of guessing", () => {
    for (const text of ["", "завтра", "24.10", "24.10.26", "10 Ok 2026", "24 Ma 2026", "24.10.0026", "20261024", "1"])
      expect({ text, ...readDay(text) }).toEqual({ text, ...fault("unclear") });
    // the day stands before the month: what an American form would show is no day of ours
    for (const text of ["10/24/2026", "31.02.2026", "29.02.2025", "0.10.2026", "2026-13-01", "2026-00-10"])
      expect({ text, ...readDay(text) }).toEqual({ text, ...fault("noSuchDay") });
    expect(readMoment("24.10.2026")).toEqual(fault("noTime"));
    expect(readMoment("24.10.2026, 1:05 PM")).toEqual(fault("unclear"));
    expect(readMoment("24.10.2026, 24:00")).toEqual(fault("noSuchTime"));
    expect(readMoment("31.11.2026, 10:00")).toEqual(fault("noSuchDay"));
    expect(readMoment("13:05")).toEqual(fault("unclear"));
    expect(readTime("9:5")).toEqual(fault("unclear"));
    expect(readTime("09:60")).toEqual(fault("noSuchTime"));
    expect(readTime(" 9:05 ")).toEqual(value("09:05"));
  });

  it("never take a text for a day that does not exist", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const reading = readDay(text);
        if ("value" in reading) expect(new Date(reading.value).toISOString().slice(0, 10)).toBe(reading.value);
      }),
    );
    const part = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(part, part, fc.integer({ min: 1000, max: 9999 }), (day, month, year) => {
        const reading = readDay(`${day}.${month}.${year}`);
        if (!("value" in reading)) return;
        expect(reading.value.split("-").map(Number)).toEqual([year, month, day]);
        expect(new Date(reading.value).toISOString().slice(0, 10)).toBe(reading.value);
      }),
    );
  });

  it("understand an instant where the field has a zone", () => {
    const here = (at: number): string => new Date(at + 3 * 3_600_000).toISOString().slice(0, 19);
    expect(readMoment("2026-10-24T10:05:09.250Z", here)).toEqual(value("2026-10-24T13:05:09"));
    expect(readMoment("2026-10-24T10:05+02:00", here)).toEqual(value("2026-10-24T11:05:00"));
    expect(readMoment("2026-10-24T10:05:09Z")).toEqual(fault("unclear"));
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }), (date) => {
        const at = Math.floor(date.getTime() / 1000) * 1000;
        const local = localMoment(at);
        expect(readMoment(local)).toEqual(value(local));
        expect(readMoment(new Date(at).toISOString(), localMoment)).toEqual(value(local));
      }),
    );
  });

  it("leave no field to the language of the browser", () => {
    const source = new URL("../", import.meta.url);
    const fields = globSync("**/*.tsx", { cwd: source }).filter((name) =>
      /type=(?:\{[^}]*)?"(?:date|datetime-local|time|month|week)"/u.test(readFileSync(new URL(name, source), "utf8")),
    );
    expect(fields).toEqual([]);
  });
});

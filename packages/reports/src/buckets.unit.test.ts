import { compileCalendar, russianCalendar, type Zone, zoneOf } from "@docket/sla";
import { expect, test } from "vitest";
import { bucketsOf, type Span } from "./buckets.ts";

const calendar = compileCalendar(russianCalendar({ tz: "Europe/Moscow" }));
const moscow = zoneOf("Europe/Moscow");
const at = (text: string): Date => new Date(text);
const shown = (span: Span, from: Date, to: Date, zone: Zone): string[] => {
  const { starts, names, end } = bucketsOf(span, from, to, zone, calendar);
  return [...names.map((name, index) => `${name} ${starts[index]?.toISOString()}`), end.toISOString()];
};

test("days of a zone whose clocks change are 23 and 25 hours long", () => {
  const berlin = zoneOf("Europe/Berlin");
  expect(shown("day", at("2024-03-30T23:00:00Z"), at("2024-04-01T22:00:00Z"), berlin)).toEqual([
    "2024-03-31 2024-03-30T23:00:00.000Z",
    "2024-04-01 2024-03-31T22:00:00.000Z",
    "2024-04-01T22:00:00.000Z",
  ]);
});

test("weeks are those of ISO, over the end of a year", () => {
  const { names } = bucketsOf("week", at("2024-12-28T00:00:00Z"), at("2025-01-08T00:00:00Z"), moscow, calendar);
  expect(names).toEqual(["2024-W52", "2025-W01", "2025-W02"]);
});

test("months, quarters, years begin at local midnight", () => {
  expect(shown("month", at("2024-01-31T21:00:00Z"), at("2024-03-01T00:00:00Z"), moscow)).toEqual([
    "2024-02 2024-01-31T21:00:00.000Z",
    "2024-03 2024-02-29T21:00:00.000Z",
    "2024-03-01T21:00:00.000Z",
  ]);
  expect(bucketsOf("quarter", at("2024-03-31T00:00:00Z"), at("2024-04-02T00:00:00Z"), moscow, calendar).names).toEqual([
    "2024-Q1",
    "2024-Q2",
  ]);
  expect(bucketsOf("year", at("2023-12-31T00:00:00Z"), at("2024-04-02T00:00:00Z"), moscow, calendar).names).toEqual([
    "2023",
    "2024",
  ]);
});

test("a working day reaches from the end of the one before it, over a holiday and a declared working Saturday", () => {
  // Saturday 27 April 2024 was declared working, 28 April to 1 May were off
  expect(shown("workingDay", at("2024-04-26T15:00:00Z"), at("2024-05-02T15:00:00Z"), moscow)).toEqual([
    "2024-04-27 2024-04-26T15:00:00.000Z",
    "2024-05-02 2024-04-27T15:00:00.000Z",
    "2024-05-02T15:00:00.000Z",
  ]);
});

test("a period of no length has the stretch that it lies in", () => {
  expect(bucketsOf("day", at("2024-04-26T10:00:00Z"), at("2024-04-26T10:00:00Z"), moscow, calendar).names).toEqual([
    "2024-04-26",
  ]);
});

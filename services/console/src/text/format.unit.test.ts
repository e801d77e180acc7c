import { expect, it } from "vitest";
import { quarterText, sizeText, weekText } from "./format.ts";

const inYear = (year: number): number => Date.UTC(year, 5, 1);
const digits = (text: string): string[] => text.match(/\d+/gu) ?? [];

it("says a week by its days, with the year where it is another one", () => {
  expect(digits(weekText("2026-W47", inYear(2026)))).toEqual(["16", "22"]);
  expect(digits(weekText("2026-W47", inYear(2027)))).toEqual(["16", "22", "2026"]);
  // the first week is the one of the fourth of January, the last one of 2026 is its 53rd
  expect(digits(weekText("2026-W01", inYear(2027)))).toEqual(["29", "2025", "4", "2026"]);
  expect(digits(weekText("2026-W53", inYear(2027)))).toEqual(["28", "2026", "3", "2027"]);
});

it("says a quarter", () => {
  expect(digits(quarterText("2026-Q4")).toSorted()).toEqual(["2026", "4"]);
});

it("says a small file in whole words of its language", () => {
  expect(sizeText(12)).toMatch(/^12\s(bytes|байт)$/u);
  expect(sizeText(3)).toMatch(/^3\s(bytes|байта)$/u);
});

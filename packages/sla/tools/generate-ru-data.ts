/**
 * Writes src/ru-data.ts from the yearly JSON files of the Russian production calendar.
 * Usage: node tools/generate-ru-data.ts FOLDER [OUTPUT]   (FOLDER holds ru-2020.json, ru-2021.json, ...)
 * Every sentence it cannot read is an error: nothing is guessed. Each year's own totals are checked.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface SourceDay {
  readonly date: string;
  readonly kind?: string;
  readonly minutesShorter?: number;
  readonly reason: string;
}

interface SourceYear {
  readonly year: number;
  readonly status: string;
  readonly basis: readonly string[];
  readonly nonWorkingWeekdays: readonly SourceDay[];
  readonly workingWeekends: readonly SourceDay[];
  readonly shortenedDays: readonly SourceDay[];
  readonly shortenedOnlyIfPresidentialDaysAreWorked?: readonly string[];
  readonly presidentialNote?: string;
  readonly sources: {
    readonly dayByDay: readonly { readonly source: string; readonly result: string }[];
    readonly other: readonly string[];
  };
  readonly totals: { readonly workingDays: number; readonly shortenedDays: number };
}

const holidays: Readonly<Record<string, string>> = {
  "New Year holidays": "new_year",
  "Orthodox Christmas": "christmas",
  "Defender of the Fatherland Day": "defender",
  "International Women's Day": "women",
  "Spring and Labour Day": "spring_labour",
  "Victory Day": "victory",
  "Russia Day": "russia",
  "National Unity Day": "unity",
};

function fail(day: SourceDay): never {
  throw new Error(`cannot read ${day.date}: ${day.reason}`);
}

/** "Government decree of 10.07.2019 No 875" -> { by: "government", date: "2019-07-10", number: 875 }. */
function actIn(text: string): { by: string; date: string; number: number } | null {
  const found = /(Government|Presidential) decree of (\d{2})\.(\d{2})\.(\d{4}) No (\d+)/.exec(text);
  if (!found) return null;
  const [, by = "", day, month, year, number] = found;
  return {
    by: by === "Government" ? "government" : "president",
    date: `${year}-${month}-${day}`,
    number: Number(number),
  };
}

function dayOff(day: SourceDay): Record<string, unknown> {
  const { date, reason } = day;
  const act = actIn(reason);
  const movedFrom = /^day off moved from \w{3} (\d{4}-\d{2}-\d{2})/.exec(reason)?.[1];
  switch (day.kind) {
    case "holiday": {
      const holiday = holidays[/^([^(]+) \(/.exec(reason)?.[1] ?? ""] ?? fail(day);
      return { date, kind: "holiday", holiday };
    }
    case "labour-code-shift": {
      const holiday = holidays[/\(([^)]+)\)/.exec(reason)?.[1] ?? ""] ?? fail(day);
      return { date, kind: "shifted_holiday", holiday, movedFrom: movedFrom ?? fail(day) };
    }
    case "transfer":
      return { date, kind: "transfer", movedFrom: movedFrom ?? fail(day), act: act ?? fail(day) };
    case "presidential":
      return { date, kind: "presidential", act: act ?? fail(day) };
    case "vote-day":
      return { date, kind: "vote_day", act: act ?? fail(day) };
    default:
      return fail(day);
  }
}

function workingWeekend(day: SourceDay): Record<string, unknown> {
  const movedTo = /^day off moved to (\d{4}-\d{2}-\d{2})/.exec(day.reason)?.[1] ?? fail(day);
  return { date: day.date, movedTo, act: actIn(day.reason) ?? fail(day) };
}

function readYear(source: SourceYear): Record<string, unknown> {
  const off = new Set(source.nonWorkingWeekdays.map((day) => day.date));
  let workingDays = source.workingWeekends.length;
  for (let ms = Date.UTC(source.year, 0, 1); new Date(ms).getUTCFullYear() === source.year; ms += 86_400_000) {
    const weekday = new Date(ms).getUTCDay();
    if (weekday >= 1 && weekday <= 5 && !off.has(new Date(ms).toISOString().slice(0, 10))) workingDays++;
  }
  if (workingDays !== source.totals.workingDays) throw new Error(`${source.year}: ${workingDays} working days`);
  if (source.shortenedDays.length !== source.totals.shortenedDays) throw new Error(`${source.year}: shortened days`);
  return {
    year: source.year,
    status: source.status,
    basis: source.basis,
    sources: [...source.sources.dayByDay.map(({ source, result }) => `${source}: ${result}`), ...source.sources.other],
    note: source.presidentialNote ?? null,
    workingDays,
    daysOff: source.nonWorkingWeekdays.map(dayOff),
    workingWeekends: source.workingWeekends.map(workingWeekend),
    shortened: source.shortenedDays.map((day) => ({ date: day.date, minutes: day.minutesShorter ?? fail(day) })),
    shortenedIfPresidentialDaysAreWorked: source.shortenedOnlyIfPresidentialDaysAreWorked ?? [],
  };
}

/** One object a line where it fits, so that a changed day is one changed line. */
function print(value: unknown, indent: string): string {
  const flat = JSON.stringify(value)
    .replaceAll(/"(\w+)":/g, "$1: ")
    .replaceAll(/,(?=\S)/g, ", ");
  if (indent.length + flat.length < 118 && !(typeof value === "object" && value !== null && "year" in value)) {
    return flat.replaceAll("{", "{ ").replaceAll("}", " }");
  }
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((entry) => `${inner}${print(entry, inner)},\n`).join("")}${indent}]`;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, entry]) => `${inner}${key}: ${print(entry, inner)},\n`);
    return `{\n${entries.join("")}${indent}}`;
  }
  return JSON.stringify(value);
}

const [folder, output = fileURLToPath(new URL("../src/ru-data.ts", import.meta.url))] = process.argv.slice(2);
if (!folder) throw new Error("usage: node tools/generate-ru-data.ts FOLDER [OUTPUT]");
const years = readdirSync(folder)
  .filter((name) => /^ru-\d{4}\.json$/.test(name))
  .sort()
  .map((name) => readYear(JSON.parse(readFileSync(join(folder, name), "utf8")) as SourceYear));

writeFileSync(
  output,
  `import type { RussianYear } from "./ru-calendar.ts";

/** The Russian production calendar, five-day week. Written by tools/generate-ru-data.ts; not edited by hand. */
export const russianYears: readonly RussianYear[] = ${print(years, "")};
`,
);

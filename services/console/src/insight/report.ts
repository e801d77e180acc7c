import { currentLanguage, say, term } from "../text/i18n.ts";
import { durationText, monthText, numberText, quarterText, shortDateText, weekText } from "../text/format.ts";
import { useMoment, useRead } from "../moment/moment.ts";
import type { Query } from "../api/client.ts";
import type { TextKey } from "../text/keys.ts";

interface Titled {
  readonly ru: string;
  readonly en: string;
}
type Unit = "count" | "percent" | "seconds" | "number";

export interface Column {
  readonly name: string;
  readonly role: "dimension" | "measure";
  readonly unit: Unit | null;
  readonly title: Titled;
}
export interface Row {
  readonly keys: Readonly<Record<string, string | null>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, number | null>>;
  readonly tickets: string;
}
export interface Report {
  readonly report: string;
  readonly title: Titled;
  readonly from: string | null;
  readonly to: string | null;
  readonly zone: string;
  readonly position: string;
  readonly groupBy: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly total: Row | null;
  readonly leftOut: { readonly groups: number } | null;
}
export interface Menu {
  readonly reports: readonly {
    readonly name: string;
    readonly title: Titled;
    readonly about: Titled;
    readonly measures: readonly string[];
    readonly usualMeasures: readonly string[];
    readonly dimensions: readonly string[];
    readonly usualGroupBy: readonly string[];
    /** which moments of a ticket's life may put it into the period */
    readonly bases: readonly string[];
  }[];
  readonly measures: readonly {
    readonly name: string;
    readonly title: Titled;
    readonly definition: Titled;
    readonly unit: Unit;
    /** whether its number opens a list */
    readonly opens: boolean;
  }[];
  readonly dimensions: readonly {
    readonly name: string;
    readonly title: Titled;
    readonly values?: readonly { readonly value: string; readonly title: Titled }[];
  }[];
}

/** The language's own words, as a heading begins. */
export function inWords(title: Titled): string {
  const text = title[currentLanguage()];
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** One report at the moment that is shown. */
export const useReport = (name: string, query: Query, enabled = true) =>
  useRead<Report>(`/reports/${name}`, { query, enabled, staleTime: 30_000 });

/** The menu of reports: what there is to ask and what each word means. */
export const useMenu = () => useRead<Menu>("/reports", { timeless: true, staleTime: 3_600_000 });

/** A figure as people read it: per cent with one digit, seconds as a length of time, "–" where there is none. */
export function figureText(value: number | null | undefined, unit: Unit | null): string {
  if (value === null || value === undefined) return "–";
  if (unit === "percent") return `${numberText(Math.round(value * 10) / 10)} %`;
  if (unit === "seconds") return durationText(value * 1000);
  return numberText(Math.round(value * 100) / 100);
}

/** A promise, `4h`, `1h30m`, `3d`, as people say it; a day is one of the calendar's working days. */
export function targetText(target: string): string {
  const [, days] = /^(\d+)d$/u.exec(target) ?? [];
  if (days !== undefined) return `${days} ${workingDays[currentLanguage()]}`;
  const [, hours = "0", minutes = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?$/u.exec(target) ?? [];
  const { h, m } = bandUnits[currentLanguage()];
  return [Number(hours) > 0 ? `${hours} ${h}` : "", Number(minutes) > 0 ? `${minutes} ${m}` : ""].join(" ").trim();
}
const workingDays = { ru: "раб. дн.", en: "w. d." } as const;

/**
 * The address of the list behind a figure, as a search of our own list screen. Its moment goes under a name of its own (`at`): a list
 * that is pinned to the moment of its figure is no look at the past.
 */
export function listOf(row: Row, measure: string): Readonly<Record<string, string>> {
  const url = new URL(row.tickets, "http://x");
  const report = /\/reports\/([^/]+)\/tickets/u.exec(url.pathname)?.[1] ?? "";
  const { asOf, ...rest } = Object.fromEntries(url.searchParams);
  return { ...rest, ...(asOf === undefined ? {} : { at: asOf }), report, measure };
}

/** Turns a figure into the address of its list; at a past moment that moment stays. */
export function useListOf(): (row: Row, measure: string) => Readonly<Record<string, string>> {
  const { asOf } = useMoment();
  return (row, measure) => ({ ...listOf(row, measure), ...(asOf === null ? {} : { asOf }) });
}

const glossaryOf: Readonly<Record<string, string>> = {
  status: "ticketStatus",
  fromStatus: "ticketStatus",
  toStatus: "ticketStatus",
  type: "ticketType",
  topic: "ticketType",
  priority: "priority",
  channel: "channel",
  line: "line",
  reason: "pausedBecause",
  closedBecause: "closedBecause",
};

/** The name of a weekday, 1 is Monday. */
export const weekdayText = (weekday: number): string =>
  new Intl.DateTimeFormat(currentLanguage(), { weekday: "long", timeZone: "UTC" }).format(
    Date.UTC(2024, 0, Number(weekday)),
  );

/** A key of a dimension as people say it: a word of the glossary, a day, a week, a month, what is said where there is none, else the key itself. */
export function keyWord(dimension: string, key: string): string {
  if (key === "none") return noneText(dimension);
  if (dimension === "workingHour" && key === "outside") return say("insight.outside");
  const time = dimension.replace(/^working/u, "").toLowerCase();
  if (time === "weekday") return weekdayText(Number(key));
  if (time === "hour") return `${key}:00`;
  if (time === "day" && /^\d{4}-\d\d-\d\d$/u.test(key)) return shortDateText(key);
  if (time === "week" && /^\d{4}-W\d\d$/u.test(key)) return weekText(key);
  if (time === "month" && /^\d{4}-\d\d$/u.test(key)) return monthText(key);
  if (time === "quarter" && /^\d{4}-Q\d$/u.test(key)) return quarterText(key);
  const group = glossaryOf[dimension];
  return group === undefined ? (bandText(key) ?? key) : term(group, key);
}

const noneKeys: Readonly<Record<string, TextKey>> = {
  line: "insight.noLine",
  group: "insight.noGroup",
  groupId: "insight.noGroup",
  engineer: "insight.noEngineer",
  engineerId: "insight.noEngineer",
  contract: "insight.noContract",
  product: "insight.noProduct",
};

/** What is said of a ticket that has no value of a dimension: without a line, without an engineer. */
export const noneText = (dimension: string): string => say(noneKeys[dimension] ?? "insight.none");

const bandUnits = {
  ru: { m: "мин", h: "ч", d: "сут" },
  en: { m: "min", h: "h", d: "d" },
} as const;

/** A band of time, `15-30m`, `<1d`, `>40h`, as people write it; null for what is none. */
export function bandText(key: string): string | null {
  const [, sign, first, last, unit] = /^([<>]?)(\d+)(?:-(\d+))?([mhd])$/u.exec(key) ?? [];
  if (first === undefined || unit === undefined) return null;
  const word = bandUnits[currentLanguage()][unit as "m" | "h" | "d"];
  return `${sign === "" || sign === undefined ? "" : `${sign} `}${first}${last === undefined ? "" : `–${last}`} ${word}`;
}

/** What stands for a key of a dimension: a name, a word of the glossary, else the key itself; where there is none, that. */
export function keyText({ keys, labels }: Row, dimension: string): string {
  const key = keys[dimension];
  if (key == null) return noneText(dimension);
  return labels[dimension] ?? keyWord(dimension, key);
}

import { currentLanguage, term } from "../text/i18n.ts";
import { durationText, numberText } from "../text/format.ts";
import { useRead } from "../moment/moment.ts";
import type { Query } from "../api/client.ts";

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
  }[];
  readonly measures: readonly { readonly name: string; readonly title: Titled; readonly definition: Titled }[];
  readonly dimensions: readonly { readonly name: string; readonly title: Titled }[];
}

export const inWords = (title: Titled): string => title[currentLanguage()];

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

/** The address of the list behind a figure, as a search of our own list screen. */
export function listOf(row: Row, measure: string): Readonly<Record<string, string>> {
  const url = new URL(row.tickets, "http://x");
  const report = /\/reports\/([^/]+)\/tickets/u.exec(url.pathname)?.[1] ?? "";
  return { ...Object.fromEntries(url.searchParams), report, measure };
}

/** A local day, `2026-03-01`. */
export function dayOf(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 10);
}
const dayMs = 86_400_000;

/** The same length of time just before. */
export function periodBefore(from: string, to: string): { readonly from: string; readonly to: string } {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  const days = Math.max(1, Math.round((end - start) / dayMs));
  return { from: new Date(start - days * dayMs).toISOString().slice(0, 10), to: from };
}

const glossaryOf: Readonly<Record<string, string>> = {
  status: "ticketStatus",
  fromStatus: "ticketStatus",
  toStatus: "ticketStatus",
  type: "ticketType",
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

/** What stands for a key of a dimension: a name, a word of the glossary, else the key itself; null where there is none. */
export function keyText({ keys, labels }: Row, dimension: string): string | null {
  const key = keys[dimension];
  if (key == null) return null;
  if (labels[dimension] !== undefined) return labels[dimension];
  if (dimension === "weekday") return weekdayText(Number(key));
  const group = glossaryOf[dimension];
  return group === undefined ? key : term(group, key);
}

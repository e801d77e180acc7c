import type { DimensionName } from "@docket/api-contract";
import type { WorkingCalendar, Zone } from "@docket/sla";

/** A period cut into stretches, one after another: `starts[i]` begins the one that is called `names[i]`. */
export interface Buckets {
  readonly starts: readonly Date[];
  readonly names: readonly string[];
  /** where the last one ends */
  readonly end: Date;
}

export type Span = "day" | "week" | "month" | "quarter" | "year" | "workingDay" | "workingWeek" | "workingMonth";
const spans: ReadonlySet<string> = new Set<Span>([
  "day",
  "week",
  "month",
  "quarter",
  "year",
  "workingDay",
  "workingWeek",
  "workingMonth",
]);
export const isSpan = (name: DimensionName): name is Span => spans.has(name);

const dayMs = 86_400_000;
const dateText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** The ISO week of a local date (days since 1970): `2024-W17`. */
function weekText(day: number): string {
  const thursday = day - ((((day + 3) % 7) + 7) % 7) + 3;
  const date = new Date(thursday * dayMs);
  const first = Date.UTC(date.getUTCFullYear(), 0, 1) / dayMs;
  return `${date.getUTCFullYear()}-W${String(Math.floor((thursday - first) / 7) + 1).padStart(2, "0")}`;
}

const names: Readonly<Record<Span, (day: number) => string>> = {
  day: dateText,
  week: weekText,
  month: (day) => dateText(day).slice(0, 7),
  quarter: (day) => `${dateText(day).slice(0, 4)}-Q${Math.ceil(Number(dateText(day).slice(5, 7)) / 3)}`,
  year: (day) => dateText(day).slice(0, 4),
  workingDay: dateText,
  workingWeek: weekText,
  workingMonth: (day) => dateText(day).slice(0, 7),
};

/** Cuts [from, to) in a zone, or by the working days of a calendar. The first stretch begins at or before `from`. */
export function bucketsOf(span: Span, from: Date, to: Date, zone: Zone, calendar: WorkingCalendar): Buckets {
  const nameOf = names[span];
  const days = span.startsWith("working") ? workingDays(from, to, calendar) : localDays(from, to, zone);
  const starts: Date[] = [];
  const labels: string[] = [];
  for (const { day, start } of days.list) {
    const name = nameOf(day);
    if (labels.at(-1) === name) continue;
    starts.push(new Date(start));
    labels.push(name);
  }
  return { starts, names: labels, end: new Date(days.end) };
}

interface Days {
  readonly list: readonly { readonly day: number; readonly start: number }[];
  readonly end: number;
}

function localDays(from: Date, to: Date, zone: Zone): Days {
  const list: { day: number; start: number }[] = [];
  const last = zone.localDay(Math.max(to.getTime() - 1, from.getTime()));
  let day = zone.localDay(from.getTime());
  for (; day <= last; day++) list.push({ day, start: zone.toUtc(day * dayMs) });
  return { list, end: zone.toUtc(day * dayMs) };
}

/**
 * A working day reaches from the end of the one before it to its own end: what comes in the night or over a holiday belongs to
 * the next one. Where none comes for forty days, time is cut off there.
 */
function workingDays(from: Date, to: Date, calendar: WorkingCalendar): Days {
  const margin = 40 * dayMs;
  const ends = new Map<number, number>();
  for (const { day, to: end } of calendar.intervals(from.getTime() - margin, to.getTime() + margin)) {
    ends.set(day, end);
  }
  const list: { day: number; start: number }[] = [];
  let before = from.getTime();
  for (const [day, end] of ends) {
    if (end <= from.getTime()) before = end;
    else if (before < to.getTime()) {
      list.push({ day, start: before });
      before = end;
    }
  }
  return { list, end: Math.max(before, to.getTime()) };
}

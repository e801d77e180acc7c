/** Which period stands beside the one that is shown. */
export type Comparison = "none" | "before" | "year" | "own";

interface Period {
  readonly from: string;
  readonly to: string;
}

const dayMs = 86_400_000;

/** A local day, `2026-03-01`. */
export function dayOf(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 10);
}

const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10);
const lengthOf = ({ from, to }: Period): number => Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / dayMs));

/** The other period as local days, as long as the one that is shown; `own` begins at `from2`. Null: none. */
export function otherPeriod(compare: Comparison, from: string, to: string, from2: string | undefined): Period | null {
  const days = lengthOf({ from, to });
  if (compare === "none") return null;
  if (compare === "before") return { from: plusDays(from, -days), to: from };
  // 52 weeks, so that weekdays stand beside the same weekdays
  if (compare === "year") return { from: plusDays(from, -364), to: plusDays(to, -364) };
  if (from2 === undefined || Number.isNaN(Date.parse(from2))) return null;
  return { from: from2.slice(0, 10), to: plusDays(from2.slice(0, 10), days) };
}

/** Stretches of time that make a readable picture of a period. */
export function bucketOf(from: string, to: string): "day" | "week" | "month" {
  const days = lengthOf({ from, to });
  return days <= 62 ? "day" : days <= 400 ? "week" : "month";
}

/** Longer than a quarter of a year: some figures are too dear to be worked out for all of it unasked. */
export const isLong = (from: string, to: string): boolean => lengthOf({ from, to }) > 100;

/** The names of all stretches of a period, in their order, as reports name them: what has no row is missing, not left out. */
export function bucketKeys(bucket: "day" | "week" | "month", from: string, to: string): string[] {
  const keys = new Set<string>();
  const end = Date.parse(to);
  for (let at = Date.parse(from), days = 0; at < end && days < 4_000; at += dayMs, days++) {
    const day = new Date(at).toISOString().slice(0, 10);
    keys.add(bucket === "day" ? day : bucket === "month" ? day.slice(0, 7) : weekOf(at));
  }
  return [...keys];
}

/** The ISO week of a day: that of its Thursday. */
function weekOf(at: number): string {
  const weekday = (new Date(at).getUTCDay() + 6) % 7;
  const thursday = new Date(at + (3 - weekday) * dayMs);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * dayMs));
  return `${year}-W${String(week).padStart(2, "0")}`;
}

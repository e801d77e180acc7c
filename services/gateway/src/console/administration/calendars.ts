import type { z } from "zod";
import type { calendarYear } from "@docket/api-contract";
import { workingCalendarOf, type CalendarEntry, type Language } from "@docket/domain";
import { isRussianZone, russianDayName } from "@docket/sla";

const dayMs = 86_400_000;
type Year = z.output<typeof calendarYear>;
type Day = Year["days"][number];

/** Every day of a year as a calendar has it: the version that is in force on that day. */
export function yearOf(entry: CalendarEntry, year: number, language: Language): Year {
  const zone = entry.versions.at(-1)?.calendar.tz ?? "UTC";
  const calendar = workingCalendarOf(entry);
  const first = Date.UTC(year, 0, 1) / dayMs;
  const last = Date.UTC(year + 1, 0, 1) / dayMs;
  const byDay = new Map<number, { from: number; to: number }[]>();
  // a zone lies no more than a day away from UTC
  for (const { day, from, to } of calendar.intervals((first - 2) * dayMs, (last + 2) * dayMs)) {
    const known = byDay.get(day);
    const before = known?.at(-1);
    // long stretches come in pieces
    if (before !== undefined && before.to === from) before.to = to;
    else if (known) known.push({ from, to });
    else byDay.set(day, [{ from, to }]);
  }
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const reasons = reasonsOf(entry);
  const days: Day[] = [];
  for (let day = first; day < last; day++) {
    const { compiled } = calendar.pieceAt(day * dayMs + dayMs / 2);
    const open = byDay.get(day) ?? [];
    const date = new Date(day * dayMs).toISOString().slice(0, 10);
    const name = isRussianZone(zone) ? russianDayName(date)?.[language] : undefined;
    days.push({
      date,
      kind: kindOf(compiled.dayKind(day), compiled.cutOf(day).length > 0, open.length > 0),
      name: name ?? null,
      reason: reasons(day * dayMs + dayMs / 2, date),
      open: open.map(({ from, to }): [string, string] => [
        clock.format(from),
        to - from === dayMs ? "24:00" : clock.format(to),
      ]),
      seconds: open.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0),
    });
  }
  return {
    calendarId: entry.calendarId,
    year,
    zone,
    workingDays: days.filter(({ seconds }) => seconds > 0).length,
    days,
  };
}

/** What the version in force at an instant says of a date. */
function reasonsOf({ versions }: CalendarEntry): (at: number, date: string) => string | null {
  const known = versions.map(({ effectiveFrom, calendar }) => ({
    effectiveFrom,
    byDate: new Map(calendar.reasons?.map(({ date, reason }) => [date, reason])),
  }));
  // the earliest version also holds for all time before it
  return (at, date) =>
    (known.findLast(({ effectiveFrom }) => effectiveFrom <= at) ?? known[0])?.byDate.get(date) ?? null;
}

function kindOf(kind: "weekly" | "declared" | "day_off" | "holiday", cut: boolean, open: boolean): Day["kind"] {
  if (kind === "holiday") return "holiday";
  if (kind === "declared") return "declared_working";
  if (kind === "day_off" || !open) return "off";
  return cut ? "shortened" : "working";
}

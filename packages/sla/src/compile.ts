import type { Calendar } from "./calendar.ts";
import { DAY_MS, MINUTE_MS } from "./civil.ts";
import { dayRules } from "./day-rules.ts";
import { recentlyUsed } from "./recent.ts";
import { timelineOf } from "./timeline.ts";
import type { CalendarPiece, CompiledCalendar, WorkingInterval } from "./working-calendar.ts";
import { zoneOf } from "./zone.ts";

const byObject = new WeakMap<Calendar, CompiledCalendar>();
const byContent = recentlyUsed<CompiledCalendar>(256);

/**
 * Compiles a calendar, or gives the compiled one again: by identity at no cost, by equal content among the 256 last
 * used. Takes a valid calendar (`parseCalendar`); a 24x7 calendar without a zone is read in UTC.
 *
 * @example const moscow = compileCalendar(russianCalendar())
 */
export function compileCalendar(calendar: Calendar): CompiledCalendar {
  const known = byObject.get(calendar);
  if (known) return known;
  const compiled = byContent(JSON.stringify(calendar), () => compile(calendar));
  byObject.set(calendar, compiled);
  return compiled;
}

function compile(calendar: Calendar): CompiledCalendar {
  const zone = zoneOf(calendar.tz ?? "UTC");
  const rules = dayRules(calendar);
  const timeline = timelineOf(rules, zone);
  const compiled: CompiledCalendar = {
    calendar,
    zone,
    worked: timeline.worked,
    reach: timeline.reach,
    *intervals(from, to): Generator<WorkingInterval> {
      for (const stretch of timeline.stretches(from, to)) yield { ...stretch, version: 1, compiled };
    },
    pieceAt: () => piece,
    dayKind: rules.kindOf,
    cutOf: (day) =>
      rules
        .cutOf(day)
        .map(([start, end]) => [
          zone.toUtc(day * DAY_MS + start * MINUTE_MS),
          zone.toUtc(day * DAY_MS + end * MINUTE_MS),
        ]),
  };
  const piece: CalendarPiece = { version: 1, from: -Infinity, to: Infinity, compiled };
  return compiled;
}

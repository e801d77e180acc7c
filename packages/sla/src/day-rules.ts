import { minutesOfHours, weekdays } from "./calendar.ts";
import type { Calendar, Hours } from "./calendar.ts";
import { epochDayOf, weekdayOf } from "./civil.ts";
import { item } from "./item.ts";

/** Minutes from a date's 00:00: [start, end), sorted, never overlapping within the day; an end may reach 2880. */
type DayMinutes = readonly (readonly [number, number])[];

/** How a date came by its hours: the week, a declared working date, a weekday without hours, a non-working date. */
export type DayKind = "weekly" | "declared" | "day_off" | "holiday";

/** A calendar's rules by date, without a zone. */
export interface DayRules {
  /** The working minutes that start on a date, after cuts. */
  readonly hoursOf: (epochDay: number) => DayMinutes;
  readonly kindOf: (epochDay: number) => DayKind;
  /** The minutes cut from a shortened day's end. */
  readonly cutOf: (epochDay: number) => DayMinutes;
  /** Dates that do not follow the week lie between these two; Infinity and -Infinity where there are none. */
  readonly firstSpecial: number;
  readonly lastSpecial: number;
  /** No weekday has hours. */
  readonly weekIsEmpty: boolean;
  /** All time is working time. */
  readonly continuous: boolean;
}

const WHOLE_DAY: DayMinutes = [[0, 1440]];

const toMinutes = (hours: readonly Hours[]): DayMinutes => hours.map(minutesOfHours).sort((a, b) => a[0] - b[0]);

/** Epoch day of a date that the schema has let through. */
function knownDay(date: string): number {
  const day = epochDayOf(date);
  if (day === null) throw new RangeError(`not a date: ${date}`);
  return day;
}

/** Splits a day's intervals into what is left and what is cut when working minutes go from its end. */
function cutFromEnd(day: DayMinutes, minutes: number): { readonly kept: DayMinutes; readonly cut: DayMinutes } {
  const kept: (readonly [number, number])[] = [];
  const cut: (readonly [number, number])[] = [];
  let left = minutes;
  for (const [start, end] of day.toReversed()) {
    const gone = Math.min(left, end - start);
    left -= gone;
    if (end - gone > start) kept.unshift([start, end - gone]);
    if (gone > 0) cut.unshift([end - gone, end]);
  }
  return { kept, cut };
}

/** The rules of a valid calendar: declared dates win over non-working ones, then shortened days are cut. */
export function dayRules(calendar: Calendar): DayRules {
  const always = calendar["24x7"] === true;
  const weekly = weekdays.map((day) => (always ? WHOLE_DAY : toMinutes(calendar.weeklyHours?.[day] ?? [])));
  const off = new Set((calendar.nonWorkingDates ?? []).map(knownDay));
  const declared = new Map((calendar.workingDates ?? []).map((day) => [knownDay(day.date), toMinutes(day.hours)]));
  const cuts = new Map((calendar.shortened ?? []).map((day) => [knownDay(day.date), day.minutes]));

  const ofWeek = (day: number): DayMinutes => item(weekly, weekdayOf(day));
  const uncut = (day: number): DayMinutes => declared.get(day) ?? (off.has(day) ? [] : ofWeek(day));
  const special = new Map([...off, ...declared.keys()].map((day) => [day, uncut(day)]));
  const cutAway = new Map<number, DayMinutes>();
  for (const [day, minutes] of cuts) {
    const { kept, cut } = cutFromEnd(uncut(day), minutes);
    special.set(day, kept);
    cutAway.set(day, cut);
  }
  const days = [...special.keys()];

  return {
    hoursOf: (day) => special.get(day) ?? ofWeek(day),
    kindOf(day) {
      if (declared.has(day)) return "declared";
      if (off.has(day)) return "holiday";
      return ofWeek(day).length > 0 ? "weekly" : "day_off";
    },
    cutOf: (day) => cutAway.get(day) ?? [],
    firstSpecial: days.reduce((a, b) => Math.min(a, b), Infinity),
    lastSpecial: days.reduce((a, b) => Math.max(a, b), -Infinity),
    weekIsEmpty: weekly.every((day) => day.length === 0),
    continuous: always && days.length === 0,
  };
}

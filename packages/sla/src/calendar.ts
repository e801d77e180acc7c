import { z } from "zod";
import { epochDayOf } from "./civil.ts";
import { item } from "./item.ts";
import { refusal, success } from "./result.ts";
import type { Result, SlaError, SlaErrorCode } from "./result.ts";
import { isKnownZone } from "./zone.ts";

/** The seven keys of `weeklyHours`, Monday first. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/** ["HH:MM","HH:MM"] of local time; an end at or before the start, or "24:00", lies on the next date. */
export type Hours = readonly [string, string];

/** How large a calendar may be. */
export const calendarLimits = {
  intervalsPerDay: 24,
  dates: 5_000,
  reason: 200,
  firstDate: "1970-01-01",
  lastDate: "2199-12-31",
} as const;

const START_FORM = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const END_FORM = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** Refuses with a stable code; the code travels in the zod issue's `params`. */
function refuse(
  context: z.RefinementCtx,
  code: SlaErrorCode,
  path: readonly (string | number)[],
  params: Readonly<Record<string, string | number>> = {},
): void {
  context.addIssue({ code: "custom", message: code, path: [...path], params: { code, ...params } });
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** [start, end) of one interval in minutes from 00:00 of the date it starts on; the end may reach 2880. */
export function minutesOfHours(hours: Hours): [number, number] {
  const start = minutesOf(hours[0]);
  const end = minutesOf(hours[1]);
  return [start, end <= start ? end + 1440 : end];
}

const zoneSchema = z
  .string()
  .max(64)
  .superRefine((zone, context) => {
    if (!isKnownZone(zone)) refuse(context, "calendar_zone_unknown", [], { zone });
  });

const hoursSchema = z.tuple([z.string().max(5), z.string().max(5)]).superRefine((hours, context) => {
  if (!START_FORM.test(hours[0])) refuse(context, "calendar_time_invalid", [0], { time: hours[0] });
  if (!END_FORM.test(hours[1])) refuse(context, "calendar_time_invalid", [1], { time: hours[1] });
});

const isGood = (hours: Hours): boolean => START_FORM.test(hours[0]) && END_FORM.test(hours[1]);

/** One day's intervals. Overlaps within the day are refused here; overlaps across days where the week is known. */
const dayHoursSchema = z.array(hoursSchema).superRefine((day, context) => {
  if (day.length > calendarLimits.intervalsPerDay) {
    refuse(context, "calendar_too_large", [], { limit: calendarLimits.intervalsPerDay });
    return;
  }
  if (!day.every(isGood)) return;
  const sorted = day.map(minutesOfHours).sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < sorted.length; i++) {
    const earlier = item(sorted, i - 1);
    const later = item(sorted, i);
    if (later[0] < earlier[1]) return refuse(context, "calendar_hours_overlap", []);
  }
});

const dateSchema = z
  .string()
  .max(10)
  .superRefine((date, context) => {
    if (epochDayOf(date) === null || date < calendarLimits.firstDate || date > calendarLimits.lastDate) {
      refuse(context, "calendar_date_invalid", [], { date });
    }
  });

const minutesSchema = z.number().superRefine((minutes, context) => {
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > 2880) {
    refuse(context, "calendar_minutes_invalid", [], { minutes });
  }
});

const reasonSchema = z.string().superRefine((reason, context) => {
  if (reason.trim() === "" || reason.length > calendarLimits.reason)
    refuse(context, "calendar_reason_invalid", [], { limit: calendarLimits.reason });
});

/** A list of dated entries: bounded, each date once. */
function dated<T extends z.ZodType>(entry: T, dateOfEntry: (value: z.output<T>) => string) {
  return z.array(entry).superRefine((list, context) => {
    if (list.length > calendarLimits.dates) {
      refuse(context, "calendar_too_large", [], { limit: calendarLimits.dates });
      return;
    }
    const seen = new Set<string>();
    list.forEach((value, index) => {
      const date = dateOfEntry(value);
      if (seen.has(date)) refuse(context, "calendar_date_duplicate", [index], { date });
      seen.add(date);
    });
  });
}

const weeklySchema = z.strictObject({
  mon: dayHoursSchema.optional(),
  tue: dayHoursSchema.optional(),
  wed: dayHoursSchema.optional(),
  thu: dayHoursSchema.optional(),
  fri: dayHoursSchema.optional(),
  sat: dayHoursSchema.optional(),
  sun: dayHoursSchema.optional(),
});

/**
 * A night shift that runs into the next day's hours. Only the weekly pattern is held to this: a declared date beside
 * a running night shift is ordinary life, and the time they share counts once.
 */
function overlapAcrossDays(weekly: z.output<typeof weeklySchema>): Weekday | null {
  for (let i = 0; i < 7; i++) {
    const today = item(weekdays, i);
    const latest = Math.max(0, ...(weekly[today] ?? []).filter(isGood).map((hours) => minutesOfHours(hours)[1]));
    const next = item(weekdays, (i + 1) % 7);
    const first = Math.min(...(weekly[next] ?? []).filter(isGood).map((hours) => minutesOfHours(hours)[0]));
    if (latest - 1440 > first) return next;
  }
  return null;
}

/**
 * A working-time calendar, in the shape of the business-time data: an IANA zone, `24x7` or weekly hours, non-working
 * dates, declared working dates (they win), shortened days (minutes cut from the day's end, hours written uncut), and
 * why such days are as they are.
 * Refusals carry `params.code`; `parseCalendar` gives them as values. A calendar without any working time is valid:
 * its deadlines are never. Source of the rule: domain.md, Decisions, "Calendars".
 */
export const calendarSchema = z
  .strictObject({
    /** Left out only by 24x7, which then reads its dates in UTC. */
    tz: zoneSchema.optional(),
    "24x7": z.literal(true).optional(),
    weeklyHours: weeklySchema.optional(),
    nonWorkingDates: dated(dateSchema, (date) => date).optional(),
    workingDates: dated(z.strictObject({ date: dateSchema, hours: dayHoursSchema }), (day) => day.date).optional(),
    shortened: dated(z.strictObject({ date: dateSchema, minutes: minutesSchema }), (day) => day.date).optional(),
    /** Why a date is as it is, in people's words; nothing is reckoned by it. */
    reasons: dated(z.strictObject({ date: dateSchema, reason: reasonSchema }), (day) => day.date).optional(),
  })
  .superRefine((calendar, context) => {
    if (calendar["24x7"] && calendar.weeklyHours) refuse(context, "calendar_hours_both", []);
    if (!calendar["24x7"] && !calendar.weeklyHours) refuse(context, "calendar_hours_missing", []);
    if (!calendar["24x7"] && calendar.tz === undefined) refuse(context, "calendar_zone_unknown", ["tz"], { zone: "" });
    const overlapping = calendar.weeklyHours && overlapAcrossDays(calendar.weeklyHours);
    if (overlapping) refuse(context, "calendar_hours_overlap", ["weeklyHours", overlapping]);
  });

export type Calendar = z.output<typeof calendarSchema>;

/** One zod issue as a coded refusal of this package. */
function codedIssue(issue: z.core.$ZodIssue): SlaError {
  const path = issue.path.join(".");
  if (issue.code === "custom") {
    const { code, ...params } = (issue.params ?? {}) as { code: SlaErrorCode } & Record<string, string | number>;
    return { code, path, params };
  }
  if (issue.code === "unrecognized_keys") {
    return { code: "calendar_field_unknown", path, params: { field: issue.keys.join(", ").slice(0, 200) } };
  }
  const time = /(^|\.)(hours|weeklyHours\.[a-z]+)\.\d+(\.\d)?$/.test(path);
  return { code: time ? "calendar_time_invalid" : "calendar_shape_invalid", path, params: { time: "" } };
}

/**
 * Reads an untrusted calendar. Takes anything; gives the calendar, or every refusal found (at most 20), coded
 * `calendar_*`, each with the path it concerns.
 */
export function parseCalendar(input: unknown): Result<Calendar> {
  const parsed = calendarSchema.safeParse(input);
  if (parsed.success) return success(parsed.data);
  const errors = parsed.error.issues.slice(0, 20).map(codedIssue);
  const [first, ...rest] = errors;
  return first ? { ok: false, errors: [first, ...rest] } : refusal("calendar_shape_invalid");
}

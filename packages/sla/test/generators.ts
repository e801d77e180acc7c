import fc from "fast-check";
import type { Calendar } from "../src/index.ts";
import type { OracleCalendar } from "./oracle.ts";

/** Zones with whatever is odd about time: gaps at midnight, half-hour changes, a skipped day, changes in winter. */
export const oddZones = [
  "Europe/Moscow",
  "Europe/Berlin",
  "Europe/London",
  "Europe/Dublin",
  "America/New_York",
  "America/Sao_Paulo",
  "America/Havana",
  "America/St_Johns",
  "America/Santiago",
  "America/Caracas",
  "Australia/Lord_Howe",
  "Australia/Adelaide",
  "Pacific/Apia",
  "Pacific/Kwajalein",
  "Pacific/Chatham",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Gaza",
  "Asia/Beirut",
  "Asia/Tehran",
  "Asia/Pyongyang",
  "Africa/Casablanca",
  "Africa/Cairo",
  "Antarctica/Troll",
  "Atlantic/Azores",
  "UTC",
];

const time = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** One day's hours: up to three intervals that do not overlap; the last may run into the next date or end at 24:00. */
export const dayHours: fc.Arbitrary<[string, string][]> = fc
  .tuple(
    fc.uniqueArray(
      fc.oneof(
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 47 }).map((n) => n * 30),
      ),
      {
        maxLength: 6,
      },
    ),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([bounds, last]) => {
    const sorted = bounds.toSorted((a, b) => a - b);
    const hours: [string, string][] = [];
    for (let i = 0; i + 1 < sorted.length; i += 2) hours.push([time(sorted[i] ?? 0), time(sorted[i + 1] ?? 0)]);
    if (sorted.length % 2 === 1) {
      const start = sorted.at(-1) ?? 0;
      const ends = ["24:00", "00:00", time(start), time(Math.min(start, 240))];
      hours.push([time(start), ends[last] ?? "24:00"]);
    }
    return last === 0 ? hours.toReversed() : hours;
  });

const DAY = 86_400_000;
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A calendar whose special dates lie within some days of an instant. */
export function calendarNear(tz: string, center: number): fc.Arbitrary<{ calendar: Calendar; plain: OracleCalendar }> {
  const date = fc.integer({ min: -8, max: 12 }).map((n) => dateOf(center + n * DAY));
  return fc
    .record({
      week: fc.oneof(
        fc.array(dayHours, { minLength: 7, maxLength: 7 }),
        dayHours.map((hours) => [hours, hours, hours, hours, hours, [], []]),
        dayHours.map((hours) => Array.from({ length: 7 }, () => hours)),
      ),
      nonWorking: fc.uniqueArray(date, { maxLength: 4 }),
      declared: fc.uniqueArray(fc.tuple(date, dayHours), { maxLength: 3, selector: ([d]) => d }),
      shortened: fc.uniqueArray(fc.tuple(date, fc.integer({ min: 0, max: 700 })), {
        maxLength: 4,
        selector: ([d]) => d,
      }),
    })
    .map(({ week, nonWorking, declared, shortened }) => {
      const [mon = [], tue = [], wed = [], thu = [], fri = [], sat = [], sun = []] = week;
      const calendar: Calendar = {
        tz,
        weeklyHours: { mon, tue, wed, thu, fri, sat, sun },
        nonWorkingDates: nonWorking,
        workingDates: declared.map(([d, hours]) => ({ date: d, hours })),
        shortened: shortened.map(([d, minutes]) => ({ date: d, minutes })),
      };
      const plain: OracleCalendar = {
        tz,
        week,
        nonWorking,
        declared: new Map(declared),
        shortened: new Map(shortened),
      };
      return { calendar, plain };
    });
}

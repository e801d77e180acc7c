/** A day of the year at a glance, as the gateway tells it. */
export interface Day {
  readonly date: string;
  readonly kind: "working" | "off" | "declared_working" | "holiday" | "shortened";
  /** how a holiday is called */
  readonly name: string | null;
  /** why it is as it is, where somebody has said so */
  readonly reason: string | null;
  readonly open: readonly (readonly [string, string])[];
}

const dayMs = 86_400_000;

/** The date so many days further on. */
export const later = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10);

/**
 * The day to which a key leads from another one, within the year: arrows by days and weeks, Home and End to the ends of the
 * month, Page Up and Page Down by months. Null for other keys.
 */
export function dayByKey(key: string, date: string): string | null {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const inMonth = (of: number): string => {
    const last = new Date(Date.UTC(year, of, 0)).getUTCDate();
    return new Date(Date.UTC(year, of - 1, Math.min(day, last))).toISOString().slice(0, 10);
  };
  const ways: Readonly<Record<string, string>> = {
    ArrowLeft: later(date, -1),
    ArrowRight: later(date, 1),
    ArrowUp: later(date, -7),
    ArrowDown: later(date, 7),
    Home: `${date.slice(0, 8)}01`,
    End: new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10),
    PageUp: month === 1 ? date : inMonth(month - 1),
    PageDown: month === 12 ? date : inMonth(month + 1),
  };
  const next = ways[key];
  return next === undefined || !next.startsWith(date.slice(0, 4)) ? null : next;
}

/** The instant at which a date begins in a zone, milliseconds. */
export function beginningOf(date: string, zone: string): number {
  const wanted = Date.parse(date);
  const offsetAt = (instant: number): number => {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    }).formatToParts(instant);
    const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
    return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute")) - instant;
  };
  const near = wanted - offsetAt(wanted);
  return wanted - offsetAt(near);
}

/**
 * From when on a change of a day is to hold, milliseconds: from now for a day to come, from its beginning for one that has begun;
 * always behind the last version. Null where that holds from later than the day: nothing about it can be changed any more.
 */
export function changeHoldsFrom(date: string, zone: string, lastVersionFrom: number, now: number): number | null {
  const begins = beginningOf(date, zone);
  if (lastVersionFrom >= beginningOf(later(date, 1), zone)) return null;
  const minute = 60_000;
  const wanted = Math.floor(Math.min(now, begins) / minute) * minute;
  return Math.max(wanted, (Math.floor(lastVersionFrom / minute) + 1) * minute);
}

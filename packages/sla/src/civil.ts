/**
 * Civil dates as whole numbers: an "epoch day" is the number of days from 1970-01-01 in the proleptic Gregorian
 * calendar. Pure arithmetic, no zone.
 */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const DATE_FORM = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Epoch day of "YYYY-MM-DD", or null where no such date exists. */
export function epochDayOf(date: string): number | null {
  const parts = DATE_FORM.exec(date);
  if (!parts) return null;
  const year = Number(parts[1]);
  const month = Number(parts[2]);
  const day = Number(parts[3]);
  // Date.UTC reads the years 0..99 as 1900..1999; no calendar needs them.
  if (year < 100 || month < 1 || month > 12 || day < 1) return null;
  const ms = Date.UTC(year, month - 1, day);
  if (new Date(ms).getUTCDate() !== day) return null;
  return ms / DAY_MS;
}

/** "YYYY-MM-DD" of an epoch day. */
export function dateOf(epochDay: number): string {
  const iso = new Date(epochDay * DAY_MS).toISOString();
  return iso.slice(0, iso.indexOf("T"));
}

/** Weekday of an epoch day: 0 = Monday ... 6 = Sunday. */
export function weekdayOf(epochDay: number): number {
  return (((epochDay + 3) % 7) + 7) % 7;
}

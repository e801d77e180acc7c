import { currentLanguage } from "./i18n.ts";

const locales = { ru: "ru-RU", en: "en-GB" } as const;
const made = new Map<string, Intl.DateTimeFormat>();

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${currentLanguage()}${JSON.stringify(options)}`;
  let format = made.get(key);
  if (format === undefined) made.set(key, (format = new Intl.DateTimeFormat(locales[currentLanguage()], options)));
  return format;
}

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `12.03.2026, 14:00:05 GMT+3`: whole, with its zone. */
export const absoluteTime = (at: number, timeZone?: string): string =>
  dates({
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
    ...(timeZone === undefined ? {} : { timeZone }),
  }).format(at);

/** `14:00` of today, `12 мар., 14:00` of this year, `12 мар. 2024 г., 14:00` before. */
export function shortTime(at: number, now: number = Date.now()): string {
  const [then, today] = [new Date(at), new Date(now)];
  if (then.toDateString() === today.toDateString()) return dates({ hour: "2-digit", minute: "2-digit" }).format(at);
  const sameYear = then.getFullYear() === today.getFullYear();
  return dates({
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
  }).format(at);
}

export const dayText = (at: number): string => dates({ day: "numeric", month: "long", year: "numeric" }).format(at);
/** A calendar's day, `2026-03-12`, in words; it is the same day in every zone. */
export const dateText = (day: string): string =>
  dates({ day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(Date.parse(day));
/** The same day without its year. */
export const shortDateText = (day: string): string =>
  dates({ day: "numeric", month: "short", timeZone: "UTC" }).format(Date.parse(day));
/** A month, `2026-03`. */
export const monthText = (month: string): string =>
  dates({ month: "short", year: "numeric", timeZone: "UTC" }).format(Date.parse(month));
/** A quarter of a year, `2026-Q4`. */
export function quarterText(quarter: string): string {
  const [year = "", number = ""] = quarter.split("-Q");
  return currentLanguage() === "ru" ? `${number}-й кв. ${year} г.` : `Q${number} ${year}`;
}
/** An ISO week, `2026-W47`, by its days: `16–22 нояб.`, with the year unless it is this one. */
export function weekText(week: string, now: number = Date.now()): string {
  const [year = 0, number = 1] = week.split("-W").map(Number);
  const fourth = Date.UTC(year, 0, 4);
  const monday = fourth + ((number - 1) * 7 - ((new Date(fourth).getUTCDay() + 6) % 7)) * 86_400_000;
  return dates({
    day: "numeric",
    month: "short",
    ...(year === new Date(now).getFullYear() ? {} : { year: "numeric" }),
    timeZone: "UTC",
  }).formatRange(monday, monday + 6 * 86_400_000);
}
// Making a format takes longer than using it a thousand times, and every second all moments in sight are said anew.
const numbers = { ru: new Intl.NumberFormat(locales.ru), en: new Intl.NumberFormat(locales.en) } as const;
const relatives = {
  ru: new Intl.RelativeTimeFormat(locales.ru, { numeric: "auto", style: "short" }),
  en: new Intl.RelativeTimeFormat(locales.en, { numeric: "auto", style: "short" }),
} as const;
export const numberText = (value: number): string => numbers[currentLanguage()].format(value);

const steps = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** `3 часа назад`, `in 2 hours`. */
export function relativeTime(at: number, now: number = Date.now()): string {
  const seconds = Math.round((at - now) / 1000);
  const relative = relatives[currentLanguage()];
  for (const [unit, size] of steps)
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  return relative.format(0, "second");
}

const units = {
  ru: { d: "д", h: "ч", m: "м", s: "с" },
  en: { d: "d", h: "h", m: "m", s: "s" },
} as const;

/**
 * A length of working time: `2 ч 10 м`, and from a day on whole hours, `40 ч`. Never days: of a working day nobody would know whether
 * it has eight hours or twenty-four.
 */
export function workText(ms: number): string {
  const hours = Math.floor(Math.abs(ms) / 3_600_000);
  return hours < 24 ? durationText(ms) : `${numberText(hours)} ${units[currentLanguage()].h}`;
}

/** A length of time in at most two units: `2 ч 10 м`, `9 м 30 с`. Takes milliseconds, any sign; a day is 24 hours. */
export function durationText(ms: number): string {
  const unit = units[currentLanguage()];
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const [d, h, m, s] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const two = (a: number, ua: string, b: number, ub: string): string =>
    b === 0 ? `${a} ${ua}` : `${a} ${ua} ${b} ${ub}`;
  if (d > 0) return two(d, unit.d, h, unit.h);
  if (h > 0) return two(h, unit.h, m, unit.m);
  // Seconds only where they matter: nothing should move all the time.
  if (m >= 10) return `${m} ${unit.m}`;
  return m > 0 ? two(m, unit.m, s, unit.s) : `${s} ${unit.s}`;
}

export function sizeText(bytes: number): string {
  const [value, unit] =
    bytes < 1024 ? [bytes, "byte"] : bytes < 1_048_576 ? [bytes / 1024, "kilobyte"] : [bytes / 1_048_576, "megabyte"];
  return new Intl.NumberFormat(locales[currentLanguage()], {
    style: "unit",
    unit,
    // "12 byte" is no English
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: 1,
  }).format(value);
}

import type { Language } from "../text/i18n.ts";

/** Why a text is no day, moment or time. */
export type Misread = "unclear" | "noSuchDay" | "noTime" | "noSuchTime";
/** What a text says, or why it says nothing. */
export type Reading = { readonly value: string } | { readonly fault: Misread };

const isoDay = /^(\d{4})-(\d\d)-(\d\d)/u;
const isoMoment = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d))?/u;
const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/iu;

// The same words as everywhere in the console: they come from the same place.
const short = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });
const shortMonths = Array.from({ length: 12 }, (_, month) => short.format(Date.UTC(2001, month)));

/** Whole names: any beginning of at least three letters is understood, in either language whatever the page speaks. */
const months = [
  ["january", "январь", "января"],
  ["february", "февраль", "февраля"],
  ["march", "март", "марта"],
  ["april", "апрель", "апреля"],
  ["may", "май", "мая"],
  ["june", "июнь", "июня"],
  ["july", "июль", "июля"],
  ["august", "август", "августа"],
  ["september", "сентябрь", "сентября"],
  ["october", "октябрь", "октября"],
  ["november", "ноябрь", "ноября"],
  ["december", "декабрь", "декабря"],
] as const;

/** A day, `2026-10-24`, as a field shows it: `24.10.2026`, `24 Oct 2026`. What is no day stays as it is. */
export function dayWritten(value: string, language: Language): string {
  const [, year, month, day] = isoDay.exec(value) ?? [];
  if (year === undefined || month === undefined || day === undefined) return value;
  return language === "ru"
    ? `${day}.${month}.${year}`
    : `${Number(day)} ${shortMonths[Number(month) - 1] ?? month} ${year}`;
}

/** A moment, `2026-10-24T13:05`, as a field shows it: `24.10.2026, 13:05`; its seconds only where there are any. */
export function momentWritten(value: string, language: Language): string {
  const [, day, time, seconds = "00"] = isoMoment.exec(value) ?? [];
  if (day === undefined || time === undefined) return value;
  return `${dayWritten(day, language)}, ${time}${seconds === "00" ? "" : `:${seconds}`}`;
}

/**
 * The day that a text means, as `2026-10-24`. Understood, in either language: the day before the month in figures
 * (`24.10.2026`, `24/10/2026`), the year first (`2026-10-24`), the month in words (`24 Oct 2026`, `Oct 24, 2026`,
 * `24 октября 2026 г.`). The year has four figures. Nothing is guessed: what could be something else is no day.
 */
export function readDay(text: string): Reading {
  const said = plain(text);
  const figures = /^(\d{1,2})[./\s-]+(\d{1,2})[./\s-]+(\d{4})$/u.exec(said);
  if (figures !== null) return dayOf(figures[3], Number(figures[2]), figures[1]);
  const yearFirst = /^(\d{4})[./-](\d{1,2})[./-](\d{1,2})$/u.exec(said);
  if (yearFirst !== null) return dayOf(yearFirst[1], Number(yearFirst[2]), yearFirst[3]);
  const worded = /^(\d{1,2})\s*(\p{L}{3,})[.,]?\s*(\d{4})$/u.exec(said);
  if (worded !== null) return dayOf(worded[3], monthOf(worded[2]), worded[1]);
  const wordFirst = /^(\p{L}{3,})\.?\s*(\d{1,2}),?\s+(\d{4})$/u.exec(said);
  if (wordFirst !== null) return dayOf(wordFirst[3], monthOf(wordFirst[1]), wordFirst[2]);
  return { fault: "unclear" };
}

/** The time of day that a text means, as `09:05`, or `09:05:30` where it has seconds: 24 hours, with a colon. */
export function readTime(text: string): Reading {
  const [, hours, minutes, seconds = "00"] = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/u.exec(plain(text)) ?? [];
  if (hours === undefined || minutes === undefined) return { fault: "unclear" };
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return { fault: "noSuchTime" };
  return { value: `${hours.padStart(2, "0")}:${minutes}${seconds === "00" ? "" : `:${seconds}`}` };
}

/**
 * The moment that a text means, as `2026-10-24T13:05` without a zone: a day and a time. An instant that names its zone
 * (`2026-10-24T10:05:00Z`) is understood where the field says how it is called in its own zone.
 */
export function readMoment(text: string, here?: (at: number) => string): Reading {
  const said = plain(text);
  if (isoInstant.test(said)) {
    const at = Date.parse(said);
    return here === undefined || Number.isNaN(at) ? { fault: "unclear" } : { value: here(at) };
  }
  const [, before, clock] = /^(.*?)[,\sT]+(\d{1,2}:\d\d(?::\d\d)?)$/iu.exec(said) ?? [];
  if (before === undefined || clock === undefined) return { fault: "value" in readDay(said) ? "noTime" : "unclear" };
  const day = readDay(before);
  if ("fault" in day) return day;
  const time = readTime(clock);
  return "fault" in time ? time : { value: `${day.value}T${time.value}` };
}

/** How an instant is called in the zone of the browser: `2026-10-24T13:05`, with seconds where there are any. */
export function localMoment(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, local.slice(17, 19) === "00" ? 16 : 19);
}

/** One kind of blank, no marks that cannot be seen, and no `г.` after a year. */
const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replace(/\s+/gu, " ")
    .replace(/(\d{4}) ?г(?:ода|\.)?(?=$|[\s,])/iu, "$1")
    .trim();

function monthOf(word = ""): number {
  const said = word.toLowerCase();
  const at = months.findIndex((names) => names.some((name) => name.startsWith(said)));
  return at === -1 ? Number.NaN : at + 1;
}

function dayOf(year = "", month: number, day = ""): Reading {
  if (Number.isNaN(month) || year < "1000") return { fault: "unclear" };
  const found = new Date(Date.UTC(Number(year), month - 1, Number(day)));
  const real = month <= 12 && found.getUTCMonth() === month - 1 && found.getUTCDate() === Number(day);
  return real ? { value: found.toISOString().slice(0, 10) } : { fault: "noSuchDay" };
}

import { zoneOf } from "@docket/sla";

/**
 * Times as other systems write them. A form is one of the names below or a pattern: yyyy yy, M MM MMM, d dd, EEE (day of the
 * week, passed over), H HH h hh, m mm, s ss, S SS SSS (fraction), a (am/pm), Z (offset: Z, UTC, +03:00, +0300, +03), text in
 * 'quotes'; anything else stands for itself.
 */
export const namedForms = ["iso", "epoch-seconds", "epoch-milliseconds", "excel"] as const;

/** Reads a text as an instant (milliseconds); null when it is none. Local times are read in the zone. */
export type TimeReader = (text: string) => number | null;

/** Names of months are written so in many exports: in the language of whoever exported. */
const languages = ["en", "ru", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "cs", "uk"];
let months: ReadonlyMap<string, number> | undefined;

/** A month by its name or the beginning of it, in any of the languages; 0 when there is none. */
function monthNamed(name: string): number {
  months ??= monthNames();
  const plain = plainName(name);
  return months.get(plain) ?? months.get(plain.slice(0, 3)) ?? 0;
}

/** Every name, and its first three and four letters where only one month of that language begins so. */
function monthNames(): Map<string, number> {
  const found = new Map<string, number>();
  for (const language of languages) {
    const names = [...Array(12).keys()].flatMap((month) =>
      (["long", "short"] as const).flatMap((width) =>
        [{ month: width }, { month: width, day: "numeric" } as const].map((form) => {
          const parts = new Intl.DateTimeFormat(language, { ...form, timeZone: "UTC" }).formatToParts(
            Date.UTC(2024, month, 5),
          );
          return { month: month + 1, name: plainName(parts.find(({ type }) => type === "month")?.value ?? "") };
        }),
      ),
    );
    for (const { month, name } of names)
      for (const part of [name, name.slice(0, 4), name.slice(0, 3)])
        if (!found.has(part) && names.every((other) => other.month === month || !other.name.startsWith(part)))
          found.set(part, month);
  }
  return found;
}

const plainName = (name: string): string =>
  name
    .toLowerCase()
    .normalize("NFD")
    .replace(/[^\p{L}]/gu, "");
/** What a pattern's token matches, and what it fills. */
const tokens: Readonly<Record<string, readonly [pattern: string, part: string]>> = {
  yyyy: ["(\\d{4})", "year"],
  yy: ["(\\d{2})", "shortYear"],
  MMMM: ["(\\p{L}[\\p{L}\\p{M}]{2,14})\\.?", "monthName"],
  MMM: ["(\\p{L}[\\p{L}\\p{M}]{2,14})\\.?", "monthName"],
  EEEE: ["[\\p{L}\\p{M}]{2,14}\\.?", ""],
  EEE: ["[\\p{L}\\p{M}]{2,14}\\.?", ""],
  MM: ["(\\d{2})", "month"],
  M: ["(\\d{1,2})", "month"],
  dd: ["(\\d{2})", "day"],
  d: ["(\\d{1,2})", "day"],
  HH: ["(\\d{2})", "hour"],
  H: ["(\\d{1,2})", "hour"],
  hh: ["(\\d{2})", "hour12"],
  h: ["(\\d{1,2})", "hour12"],
  mm: ["(\\d{2})", "minute"],
  m: ["(\\d{1,2})", "minute"],
  ss: ["(\\d{2})", "second"],
  s: ["(\\d{1,2})", "second"],
  SSS: ["(\\d{1,9})", "fraction"],
  SS: ["(\\d{1,9})", "fraction"],
  S: ["(\\d{1,9})", "fraction"],
  a: ["([AaPp]\\.?[Mm]\\.?)", "half"],
  Z: ["(Z|z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)", "offset"],
};
const tokenNames = Object.keys(tokens).toSorted((a, b) => b.length - a.length);

/** Whether a form can be read at all: a known name, or a pattern with a year, a month and a day. */
export function isTimeForm(form: string): boolean {
  if ((namedForms as readonly string[]).includes(form)) return true;
  const parts = new Set(compile(form).parts);
  return (
    (parts.has("year") || parts.has("shortYear")) && (parts.has("month") || parts.has("monthName")) && parts.has("day")
  );
}

/** A reader that tries the forms in their order. The zone is an IANA name; it must be known. */
export function timeReader(forms: readonly string[], zone: string): TimeReader {
  const readers = forms.map((form) => readerOf(form, zone));
  const known = new Map<string, number | null>();
  return (raw) => {
    const text = raw.trim();
    const before = known.get(text);
    if (before !== undefined) return before;
    let found: number | null = null;
    for (const read of readers) {
      found = read(text);
      if (found !== null) break;
    }
    // Many rows bear the same times; the memory of them must not grow with the file.
    if (known.size > 20_000) known.clear();
    known.set(text, found);
    return found;
  };
}

const farthest = 8.64e15;
const within = (at: number): number | null => (Number.isFinite(at) && Math.abs(at) < farthest ? Math.round(at) : null);

function readerOf(form: string, zone: string): TimeReader {
  switch (form) {
    case "iso":
      return patternReader(
        /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/,
        ["year", "month", "day", "hour", "minute", "second", "fraction", "offset"],
        zone,
      );
    case "epoch-seconds":
      return (text) => numberOf(text, (value) => within(value * 1000));
    case "epoch-milliseconds":
      return (text) => numberOf(text, within);
    case "excel":
      // Days since 1899-12-30, as spreadsheets count them; a local time.
      return (text) => numberOf(text, (value) => toUtc(within((value - 25_569) * 86_400_000), zone));
    default: {
      const { pattern, parts } = compile(form);
      return patternReader(pattern, parts, zone);
    }
  }
}

/** A number with a point or a comma before its fraction. */
function numberOf(text: string, make: (value: number) => number | null): number | null {
  return /^-?\d{1,16}(?:[.,]\d{1,12})?$/.test(text) ? make(Number(text.replace(",", "."))) : null;
}

function toUtc(local: number | null, zone: string): number | null {
  return local === null ? null : zoneOf(zone).toUtc(local);
}

function compile(form: string): { pattern: RegExp; parts: string[] } {
  let pattern = "";
  const parts: string[] = [];
  for (let at = 0; at < form.length;) {
    if (form[at] === "'") {
      const close = form.indexOf("'", at + 1);
      const quoted = form.slice(at + 1, close < 0 ? undefined : close);
      pattern += escape(quoted === "" ? "'" : quoted);
      at = close < 0 ? form.length : close + 1;
      continue;
    }
    const name = tokenNames.find((token) => form.startsWith(token, at));
    const token = name === undefined ? undefined : tokens[name];
    if (name === undefined || token === undefined) {
      pattern += form[at] === " " ? "\\s+" : escape(form[at] ?? "");
      at++;
      continue;
    }
    pattern += token[0];
    if (token[1] !== "") parts.push(token[1]);
    at += name.length;
  }
  return { pattern: new RegExp(`^${pattern}$`, "u"), parts };
}

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

function patternReader(pattern: RegExp, parts: readonly string[], zone: string): TimeReader {
  return (text) => {
    const match = pattern.exec(text);
    if (match === null) return null;
    const found: Record<string, string | undefined> = {};
    parts.forEach((part, i) => (found[part] = match[i + 1]));
    return instantOf(found, zone);
  };
}

function instantOf(found: Readonly<Record<string, string | undefined>>, zone: string): number | null {
  const number = (name: string): number => Number(found[name] ?? 0);
  const short = found["shortYear"];
  const year = short === undefined ? number("year") : Number(short) + (Number(short) < 70 ? 2000 : 1900);
  const name = found["monthName"];
  const month = name === undefined ? number("month") : monthNamed(name);
  const day = number("day");
  const hour = hourOf(found);
  const [minute, second] = [number("minute"), number("second")];
  const ms = Math.floor(Number(`0.${found["fraction"] ?? "0"}`) * 1000);
  if (hour === null || hour > 24 || minute > 59 || second > 60) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // 31 April is no day, and neither is month 13.
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const local = date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
  const { offset } = found;
  if (offset === undefined) return within(zoneOf(zone).toUtc(local));
  return within(local - offsetMinutes(offset) * 60_000);
}

function hourOf(found: Readonly<Record<string, string | undefined>>): number | null {
  const twelve = found["hour12"];
  if (twelve === undefined) return Number(found["hour"] ?? 0);
  const hour = Number(twelve);
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (found["half"]?.toLowerCase().startsWith("p") === true ? 12 : 0);
}

function offsetMinutes(offset: string): number {
  if (/^[a-z]/i.test(offset)) return 0;
  const digits = offset.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || "0");
  return offset.startsWith("-") ? -minutes : minutes;
}

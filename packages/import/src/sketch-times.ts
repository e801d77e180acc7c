import { type TimeReader, timeReader } from "./times.ts";

/** The forms of times that a sketch knows: every order of a date with every way to write the time of day. */

const dates = [
  "d/M/yyyy",
  "M/d/yyyy",
  "d.M.yyyy",
  "yyyy/M/d",
  "d-M-yyyy",
  "M-d-yyyy",
  "yyyy.M.d",
  "d.M.yy",
  "d/M/yy",
  "M/d/yy",
  "d MMM yyyy",
  "d. MMM yyyy",
  "d-MMM-yyyy",
  "d-MMM-yy",
  "d/MMM/yy",
  "MMM d, yyyy",
];
const timesOfDay = [
  "HH:mm",
  "HH:mm:ss",
  "HH:mm:ss.SSS",
  "H:mm",
  "H:mm:ss",
  "H:mm:ss.SSS",
  "h:mm a",
  "h:mm:ss a",
  "HH:mm:ss Z",
];
export const knownForms: readonly string[] = [
  "iso",
  ...dates.flatMap((date) => timesOfDay.map((time) => `${date} ${time}`)),
  ...dates.flatMap((date) => ["HH:mm", "HH:mm:ss"].map((time) => `${date}, ${time}`)),
  ...dates,
  "EEE MMM d HH:mm:ss yyyy",
  "EEE, d MMM yyyy HH:mm:ss Z",
  "yyyyMMddHHmmss",
  "yyyyMMdd",
  "epoch-seconds",
  "epoch-milliseconds",
];
const earliest = Date.UTC(1995, 0, 1);
const latest = Date.UTC(2100, 0, 1);
const readers = new Map<string, TimeReader>();

/** The time that a cell is in a form; null for what is none, or no time of a help desk. */
export function timeIn(form: string, cell: string): number | null {
  let read = readers.get(form);
  if (read === undefined) readers.set(form, (read = timeReader([form], "UTC")));
  const at = read(cell);
  return at !== null && at > earliest && at < latest ? at : null;
}

export function plausibleForms(forms: readonly string[], cell: string): readonly string[] {
  const left = forms.filter((form) => timeIn(form, cell) !== null);
  return left.length === forms.length ? forms : left;
}

/** Times in several forms: the fewest forms that nine of ten samples fit; none where they are no times. */
export function severalForms(samples: readonly string[]): string[] {
  const chosen: string[] = [];
  let left = [...samples];
  while (left.length > samples.length / 10 && chosen.length < 4) {
    const best = knownForms
      .map((form) => ({ form, rest: left.filter((cell) => timeIn(form, cell) === null) }))
      .toSorted((a, b) => a.rest.length - b.rest.length)[0];
    if (best === undefined || best.rest.length === left.length) return [];
    chosen.push(best.form);
    left = best.rest;
  }
  return chosen;
}

/** Of forms that fit, those that would read some sample as another time than the first of them does: day and month, mostly. */
export function formsThatDiffer([first, ...rest]: readonly string[], samples: readonly string[]): string[] {
  if (first === undefined) return [];
  const chosen = [first];
  for (const form of rest)
    if (chosen.every((other) => samples.some((cell) => timeIn(form, cell) !== timeIn(other, cell)))) chosen.push(form);
  return chosen.slice(1);
}

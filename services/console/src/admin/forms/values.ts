import type { FormField } from "../../../build/command-forms.ts";
import { localMoment } from "../../ui/day-text.ts";

/** What stands in a form, by the names of the command's fields. */
export type Values = Readonly<Record<string, unknown>>;

/** A form with nothing filled in. */
export function blankOf(fields: readonly FormField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, blank(field)]));
}

function blank({ kind, options, parts, required }: FormField): unknown {
  switch (kind) {
    case "flag":
      return false;
    case "list":
    case "choices":
      return [];
    case "parts":
      return blankOf(parts ?? []);
    case "choice":
      return required ? (options?.[0] ?? "") : "";
    default:
      return "";
  }
}

/** What is sent: texts without blanks around them; nothing written where nothing needs to be is null. */
export function bodyOf(fields: readonly FormField[], values: Values): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field) => {
      const value = values[field.name];
      if (field.kind === "parts") return [field.name, bodyOf(field.parts ?? [], (value ?? {}) as Values)];
      const said = typeof value === "string" ? value.trim() : value;
      return [field.name, said === "" || said === undefined ? (field.required ? "" : null) : said];
    }),
  );
}

/** The fields that are still to be filled in. */
export function missingOf(fields: readonly FormField[], values: Values, hidden: readonly string[]): readonly string[] {
  return fields.flatMap((field): readonly string[] => {
    const value = values[field.name];
    if (hidden.includes(field.name)) return [];
    if (field.kind === "parts") return missingOf(field.parts ?? [], (value ?? {}) as Values, hidden);
    const empty = value === "" || value === null || value === undefined;
    return field.required && empty ? [field.name] : [];
  });
}

/** Of an entry's state what a command's fields take. */
export function valuesOf(fields: readonly FormField[], state: Values): Values {
  return Object.fromEntries(
    fields.flatMap((field): [string, unknown][] => {
      const value = state[field.name];
      if (value === undefined) return [];
      if (field.kind === "parts") return [[field.name, valuesOf(field.parts ?? [], (value ?? {}) as Values)]];
      return [[field.name, value ?? ""]];
    }),
  );
}

const letters: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", (letter, place) => [
    letter,
    "a b v g d e e zh z i y k l m n o p r s t u f h c ch sh sch - y - e yu ya".split(" ")[place]?.replace("-", "") ??
      "",
  ]),
);

/** An identifier that reads like the name: `ООО «Ромашка»` is `ooo-romashka`. */
export const idFrom = (name: string): string =>
  Array.from(name.toLowerCase(), (letter) => letters[letter] ?? letter)
    .join("")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/gu, "")
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "")
    .slice(0, 60);

/** `2026-03-12T14:00` in the browser's zone, as a field of moments takes it; and back. */
export function localOf(instant: string): string {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? "" : localMoment(at);
}
export const instantOf = (local: string): string => {
  const at = Date.parse(local);
  return Number.isNaN(at) ? "" : new Date(at).toISOString();
};

/** A list with an entry moved, replaced, taken out. */
export function moved<T>(list: readonly T[], from: number, by: number): readonly T[] {
  const one = list[from];
  const rest = list.filter((_, place) => place !== from);
  return one === undefined ? list : rest.toSpliced(Math.max(0, Math.min(rest.length, from + by)), 0, one);
}
export const replaced = <T>(list: readonly T[], at: number, by: T): readonly T[] => list.toSpliced(at, 1, by);
export const without = <T>(list: readonly T[], at: number): readonly T[] => list.toSpliced(at, 1);

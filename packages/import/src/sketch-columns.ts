import { plausibleForms, severalForms } from "./sketch-times.ts";

/** What is known of one column after the whole file was read. */
export interface ColumnSeen {
  readonly name: string;
  filled: number;
  /** words with their counts; undefined once there were too many to be a table */
  words: Map<string, number> | undefined;
  readonly samples: string[];
  /** forms of times that every cell so far fits; at the end, where none is left, those that fit most of the samples together */
  forms: readonly string[];
  /** no one form fits all: those of `forms` are all needed */
  several: boolean;
  /** values so far; undefined once one came again, or there were too many to tell */
  once: Set<string> | undefined;
  /** a value stands in more than one row, as a ticket's key does */
  repeats: boolean;
}

export const MAX_WORDS = 60;
const SAMPLES = 300;
const REMEMBERED = 100_000;
/** How systems write that they do not know. */
export const missingWords: readonly string[] = [
  "?",
  "-",
  "--",
  "---",
  ".",
  "NULL",
  "null",
  "None",
  "none",
  "nil",
  "N/A",
  "n/a",
  "#N/A",
  "#N/B",
  "NaN",
  "(null)",
  "(blank)",
  "(empty)",
  "unassigned",
  "Unassigned",
  "не указано",
  "нет",
  "не назначен",
  "keine Angabe",
  "k.A.",
];

export function newColumn(name: string, forms: readonly string[]): ColumnSeen {
  return {
    name,
    filled: 0,
    words: new Map(),
    samples: [],
    forms,
    several: false,
    once: new Set(),
    repeats: false,
  };
}

export function seeCell(column: ColumnSeen, cell: string): void {
  if (cell === "") return;
  if (column.words !== undefined) {
    column.words.set(cell, (column.words.get(cell) ?? 0) + 1);
    if (column.words.size > MAX_WORDS) column.words = undefined;
  }
  if (missingWords.includes(cell)) return;
  column.filled++;
  if (column.once !== undefined) {
    if (column.once.has(cell)) column.repeats = true;
    if (column.repeats || column.once.size > REMEMBERED) column.once = undefined;
    else column.once.add(cell);
  }
  // Every thousandth row is looked at as well, lest the first days of a month decide between day and month.
  if (column.samples.length >= SAMPLES && column.filled % 1_000 !== 0) return;
  if (column.samples.length < SAMPLES) column.samples.push(cell);
  column.forms = plausibleForms(column.forms, cell);
}

/** After the last row: times in several forms are told apart from what is no time. */
export function settleForms(column: ColumnSeen): void {
  if (column.forms.length > 0) return;
  column.forms = severalForms(column.samples);
  column.several = column.forms.length > 1;
}

export const isTime = (column: ColumnSeen): boolean => column.filled > 0 && column.forms.length > 0;
export const isTable = (column: ColumnSeen): boolean =>
  column.words !== undefined && column.words.size > 0 && !isTime(column);

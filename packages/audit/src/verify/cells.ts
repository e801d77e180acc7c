import { createHash } from "node:crypto";
import { erasedText } from "@docket/domain";
import type { Row, Table } from "@docket/projection-engine";

/** A value in the form that both sides share. */
export type Cell = string | number | boolean | null;

/** Longer texts are kept as their beginning and a hash: a row of a read model may be as long as it likes, memory may not. */
const longest = 200;
const blankMark = " [blank]";

/** Instants as milliseconds, numbers as numbers, bytes as hex, long texts in short. */
export function cellOf(value: unknown, type: Table["columns"][number][1]): Cell {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.getTime();
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (type === "int8" || type === "int4" || type === "int2" || type === "timestamptz") return Number(value);
  if (typeof value === "object") return inShort(JSON.stringify(value));
  return typeof value === "string" ? inShort(value) : (value as number | boolean);
}

function inShort(text: string): string {
  if (text.length <= longest) return text;
  const hash = createHash("sha256").update(text).digest("hex");
  return `${text.slice(0, 80)}… (${text.length}, sha256 ${hash})${text.includes(erasedText) ? blankMark : ""}`;
}

/** Whether a cell shows something that was erased. */
export const isBlank = (cell: Cell): boolean =>
  typeof cell === "string" && (cell.includes(erasedText) || cell.endsWith(blankMark));

/** The cells of a row as a projection writes it, or as the database gives it. */
export const cellsOf = ({ columns }: Table, row: Row): readonly Cell[] =>
  columns.map(([, type], place) => cellOf(row[place], type));
export const cellsOfFound = ({ columns }: Table, found: Readonly<Record<string, unknown>>): readonly Cell[] =>
  columns.map(([name, type]) => cellOf(found[name], type));

/** What tells a row from the others of its table: its key, or all of it. */
export function keyOf({ columns, key = [] }: Table, cells: readonly Cell[]): string {
  if (key.length === 0) return JSON.stringify(cells);
  return JSON.stringify(key.map((name) => cells[columns.findIndex(([column]) => column === name)]));
}

/** The same for a key alone, in the order of the key's columns. */
export const keyText = ({ columns, key = [] }: Table, values: Row): string =>
  JSON.stringify(
    key.map((name, place) => cellOf(values[place], columns.find(([column]) => column === name)?.[1] ?? "text")),
  );

/** A text for a finding. */
export const shown = (cell: Cell | string): string => {
  const text = String(cell);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
};

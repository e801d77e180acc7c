import { terms, type Language, type Text } from "@docket/domain";
import { shownAt } from "./time.ts";

/** A column of a table for a reader: where its value stands in a row, and how it is told. */
export interface Column {
  readonly name: string;
  readonly title: Text;
  readonly as?: "instant" | "duration" | keyof typeof terms;
}

export interface Reader {
  readonly language: Language;
  readonly zone: string;
}

type Row = Readonly<Record<string, unknown>>;

const widest = 60;
/** The last column may run on: nothing stands behind it. */
const longest = 300;
const cut = (text: string, most: number): string =>
  length(text) > most
    ? `${Array.from(text)
        .slice(0, most - 1)
        .join("")}…`
    : text;

/** Rows as a table of text; in a terminal and in a file alike. */
export function tableOf(columns: readonly Column[], rows: readonly Row[], reader: Reader): string {
  const head = columns.map(({ title }) => title[reader.language]);
  const last = columns.length - 1;
  const cells = rows.map((row) =>
    columns.map((column, place) => cut(told(row[column.name], column, reader), place === last ? longest : widest)),
  );
  const widths = head.map((title, index) => Math.max(length(title), ...cells.map((line) => length(line[index] ?? ""))));
  const line = (parts: readonly string[]): string =>
    parts
      .map((part, index) => part + " ".repeat((widths[index] ?? 0) - length(part)))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("──");
  return [line(head), rule, ...cells.map(line), ""].join("\n");
}

const length = (text: string): number => Array.from(text).length;

export function told(value: unknown, { as }: Pick<Column, "as">, { language, zone }: Reader): string {
  if (value === null || value === undefined || value === "") return "—";
  if (as === "instant") return shownAt(String(value), zone);
  if (as === "duration") return durationOf(Number(value), language);
  if (as !== undefined) {
    const found = (terms[as] as Readonly<Record<string, Text>>)[String(value)];
    if (found !== undefined) return found[language];
  }
  if (typeof value === "boolean") return value ? (language === "ru" ? "да" : "yes") : language === "ru" ? "нет" : "no";
  return (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(/\s+/gu, " ");
}

function durationOf(seconds: number, language: Language): string {
  const [h, m] = language === "ru" ? ["ч", "мин"] : ["h", "min"];
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  return hours > 0 ? `${hours} ${h} ${String(minutes).padStart(2, "0")} ${m}` : `${minutes} ${m}`;
}

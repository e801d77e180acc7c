import type { Filter } from "./filter.ts";

type Row = Readonly<Record<string, unknown>>;

/** Says whether a row, as read from the read model, fulfils the condition: what its SQL would say. */
export function matches(filter: Filter, row: Row): boolean {
  switch (filter.op) {
    case "always":
      return true;
    case "never":
      return false;
    case "and":
      return filter.of.every((part) => matches(part, row));
    case "or":
      return filter.of.some((part) => matches(part, row));
    case "not":
      return !matches(filter.of, row);
    case "in": {
      const value = row[filter.column];
      return value !== null && value !== undefined && filter.values.includes(value as string);
    }
    case "missing":
      return row[filter.column] === null || row[filter.column] === undefined;
    case "between": {
      const value = row[filter.column];
      if (!(value instanceof Date)) return false;
      return (filter.from === undefined || value >= filter.from) && (filter.to === undefined || value < filter.to);
    }
    case "contains":
      return textOf(row[filter.column]).includes(filter.text.toLowerCase());
    case "words":
      return filter.words.every((word) =>
        filter.columns.some((column) => textOf(row[column]).includes(word.toLowerCase())),
      );
    case "startsWith":
      return textOf(row[filter.column]).startsWith(filter.text.toLowerCase());
    case "ofTicket":
    case "calendarOf":
      throw new Error(`a condition ${filter.op} needs the database`);
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value.toLowerCase() : "");

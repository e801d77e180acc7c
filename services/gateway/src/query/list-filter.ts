import type { ListField } from "@docket/api-contract";
import { Refusal } from "../http/refusal.ts";
import { and, missing, oneOf, or, present, type Filter, type Scalar } from "./filter.ts";

export type Fields = Readonly<Record<string, ListField>>;
export type QueryValues = Readonly<Record<string, unknown>>;

/**
 * The condition that the parameters of a list's address stand for. `columns` says which columns of the table the caller
 * may use: a filter on a column that he does not see would tell him what stands there.
 */
export function filterOfQuery(fields: Fields, query: QueryValues, mayUse: (field: ListField) => boolean): Filter {
  const parts: Filter[] = [];
  for (const [name, field] of Object.entries(fields)) {
    const given = [name, `${name}.from`, `${name}.to`].filter((key) => query[key] !== undefined);
    if (given.length === 0) continue;
    if (!mayUse(field)) throw new Refusal("unknown_field", { field: given[0], params: { name: given[0] } });
    parts.push(field.kind === "instant" ? instantFilter(field, name, query) : valueFilter(field, name, query[name]));
  }
  return and(...parts);
}

function instantFilter(field: ListField, name: string, query: QueryValues): Filter {
  const { column } = field;
  const presence = query[name];
  const from = query[`${name}.from`];
  const to = query[`${name}.to`];
  return and(
    ...(presence === "none" ? [missing(column)] : presence === "any" ? [present(column)] : []),
    ...(from === undefined && to === undefined
      ? []
      : [{ op: "between", column, from: dateOf(from), to: dateOf(to) } as const]),
  );
}

const dateOf = (value: unknown): Date | undefined => (typeof value === "string" ? new Date(value) : undefined);

/** "Any of these": repeated parameters, and within one, commas (not in free texts, which may hold some themselves). */
function valueFilter(field: ListField, name: string, given: unknown): Filter {
  const texts = (Array.isArray(given) ? given : [given]).flatMap((value) =>
    field.kind === "text" ? [String(value)] : String(value).split(","),
  );
  const values = texts.filter((value) => value !== "none").map((value) => scalar(field, name, value));
  const listed: Filter = values.length === 0 ? { op: "never" } : oneOf(field.column, ...values);
  return texts.includes("none") ? or(missing(field.column), listed) : listed;
}

function scalar(field: ListField, name: string, value: string): Scalar {
  if (field.kind === "flag") return value === "true";
  if (field.kind !== "int") return value;
  if (!/^-?\d{1,9}$/.test(value)) throw new Refusal("wrong_type", { field: name });
  return Number(value);
}

/** Words that are looked for in several columns at once. */
export function searchFilter(columns: readonly string[], text: string | undefined): Filter {
  if (text === undefined || text.trim() === "") return { op: "always" };
  const words = text.trim().split(/\s+/).slice(0, 8);
  return and(...words.map((word) => or(...columns.map((column): Filter => ({ op: "contains", column, text: word })))));
}

/** The same of tickets as they are now, for which the words of these columns are indexed together. */
export function ticketSearch(columns: readonly string[], text: string | undefined): Filter {
  const words = text?.trim().split(/\s+/).slice(0, 8) ?? [];
  return words.length === 0 || words[0] === "" ? { op: "always" } : { op: "words", columns, words };
}

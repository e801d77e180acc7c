import type { Mapping, Meaning } from "./mapping-schema.ts";

/**
 * Files in which one row is a whole ticket, with a column for each time at which something happened. Such a row is told as so
 * many rows of one ticket, each with a state of its own: the column's name, with the word beside it where a table decides.
 */

export function stateOfMoment(column: string, word: string | null): string {
  return word === null ? column : `${column}: ${word}`;
}

/** What the states of moments mean. */
export function statusOfMoments(moments: NonNullable<Mapping["moments"]>): Mapping["status"] {
  const values: Record<string, Meaning> = {};
  for (const { column, as } of moments) {
    if (typeof as === "string") {
      values[column] = as;
      continue;
    }
    for (const [word, meaning] of Object.entries(as.values)) values[stateOfMoment(column, word)] = meaning;
    values[column] = as.otherwise;
    values[stateOfMoment(column, "*")] ??= as.otherwise;
  }
  return { values, transitions: [] };
}

/** A mapping with moments needs neither state nor row's time; what stands for them lets the rest be checked as ever. */
export function withMoments(mapping: unknown): unknown {
  if (!isObject(mapping) || !Array.isArray(mapping["moments"]) || mapping["status"] !== undefined) return mapping;
  const first: unknown = mapping["moments"][0];
  const { ticket } = mapping;
  if (!isObject(first) || !isObject(ticket) || ticket["rowTime"] !== undefined) return mapping;
  return { ...mapping, status: { values: {} }, ticket: { ...ticket, rowTime: first["column"] } };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

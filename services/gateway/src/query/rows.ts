import type { ListField } from "@docket/api-contract";

type Row = Readonly<Record<string, unknown>>;

/** A value of a read model as it stands in JSON: instants as UTC text, the far end of time as null. */
export function jsonValue(value: unknown): unknown {
  if (value instanceof Date) return Number.isFinite(value.getTime()) ? value.toISOString() : null;
  // pg gives 'infinity' as a number
  if (value === Infinity || value === -Infinity || value === undefined) return null;
  return value;
}

/** The columns of a read model under the names of the interface. */
export function namedColumns(row: Row, names: Readonly<Record<string, string>>): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const name in names) named[name] = jsonValue(row[names[name] as string]);
  return named;
}

export const columnsOf = (fields: Readonly<Record<string, ListField>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([name, { column }]) => [name, column]));

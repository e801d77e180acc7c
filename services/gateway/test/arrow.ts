import { DataType, tableFromIPC } from "apache-arrow";

/** The rows of an Arrow stream as JSON has them: instants as ISO texts in UTC. */
export function arrowRows(bytes: Buffer): Record<string, unknown>[] {
  const table = tableFromIPC(bytes);
  const instants = new Set(
    table.schema.fields.filter(({ type }) => DataType.isTimestamp(type)).map(({ name }) => name as string),
  );
  const jsonOf = (name: string, value: unknown): unknown =>
    value !== null && instants.has(name) ? new Date(Number(value)).toISOString() : value;
  return table
    .toArray()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row.toJSON() as Record<string, unknown>).map(([name, value]) => [name, jsonOf(name, value)]),
      ),
    );
}

/** What the stream says of itself. */
export const arrowFacts = (bytes: Buffer): Record<string, string> =>
  Object.fromEntries(tableFromIPC(bytes).schema.metadata);

import type { Projection, Table } from "@docket/projection-engine";

/** How the rows of streams are found in a table of a read model, and whose a row is. */
export interface RowOwner {
  /** the stream of a row `t`, in SQL; null where a row tells its event's place alone */
  readonly stream: string | null;
  /** the rows of streams, in SQL over `t` */
  readonly where: string;
  /** the parameters of `where`: the streams, the places of their events in the log, the keys of the rows that are expected */
  readonly values: (
    streams: readonly string[],
    positions: readonly number[],
    keys: readonly string[],
  ) => readonly unknown[];
  /**
   * How all rows are known to have been looked at: `by_stream`, `where` finds every row of a stream; `by_key`, only those that are
   * expected, so that others show by counting.
   */
  readonly finds: "by_stream" | "by_key";
}

const idOf =
  (kind: string) =>
  (stream: string): string =>
    stream.slice(kind.length + 1);

const ofKind = (kind: string, column: string): RowOwner => ({
  stream: `'${kind}-' || t.${column}`,
  where: `t.${column} = any($1::uuid[])`,
  values: (streams) => [streams.map(idOf(kind))],
  finds: "by_stream",
});

/** A table whose rows are of `kind` and `id`; a single stream's name is both. */
const ofKindAndId = (kind: string, id: string, kinds: readonly string[]): RowOwner => ({
  stream: `case when t.${kind} = t.${id} then t.${kind} else t.${kind} || '-' || t.${id} end`,
  where: `(t.${kind}, t.${id}) in (select * from unnest($1::text[], $2::text[]))`,
  values: (streams) => {
    const parts = streams.map((stream): readonly [string, string] => {
      const found = kinds.find((one) => stream.startsWith(`${one}-`)) ?? stream;
      return [found, found === stream ? stream : stream.slice(found.length + 1)];
    });
    return [parts.map(([one]) => one), parts.map(([, one]) => one)];
  },
  finds: "by_stream",
});

/** Tells by a table's columns whose its rows are; null: they cannot be told apart. */
export function rowOwnerOf(projection: Projection, { columns, key = [] }: Table): RowOwner | null {
  const kinds = projection.kinds === "all" ? [] : projection.kinds;
  const has = (name: string): boolean => columns.some(([column]) => column === name);
  if (kinds.includes("ticket") && has("ticket_id")) return ofKind("ticket", "ticket_id");
  if (kinds.includes("ticket") && has("from_id")) return ofKind("ticket", "from_id");
  if (kinds.includes("contact") && has("contact_id")) return ofKind("contact", "contact_id");
  if (has("owner_kind") && has("owner")) return ofKindAndId("owner_kind", "owner", kinds);
  if (has("kind") && has("entry_id")) return ofKindAndId("kind", "entry_id", kinds);
  const [only] = key;
  if (has("stream") && only !== undefined && key.length === 1)
    return {
      stream: "t.stream",
      where: `t.${only} = any($1::uuid[])`,
      values: (_streams, _positions, keys) => [keys.map((one) => (JSON.parse(one) as string[])[0])],
      finds: "by_key",
    };
  if (has("position"))
    return {
      stream: null,
      where: "t.position = any($1::int8[])",
      values: (_streams, positions) => [positions],
      finds: "by_stream",
    };
  return null;
}

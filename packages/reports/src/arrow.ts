import type { Cell, Column } from "./table.ts";

/**
 * Batches of rows as an Arrow IPC stream, piece by piece as they come. Texts are utf8, numbers float64 (missing ones null), instants
 * timestamps in milliseconds of UTC, yes and no bool. `facts` go into the schema's metadata. The library comes with the first stream:
 * whoever writes none does not wait for it.
 */
export async function* arrowStream(
  columns: readonly Column[],
  batches: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>,
  facts: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array> {
  const { writeArrow } = await import("./arrow-writer.ts");
  yield* writeArrow(columns, batches, facts);
}

import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { arrowStream, type Cell, type Column, csvHeader, csvLine } from "@docket/reports";

export type TableFormat = "csv" | "ndjson" | "arrow";

const media = {
  csv: "text/csv; charset=utf-8",
  ndjson: "application/x-ndjson",
  arrow: "application/vnd.apache.arrow.stream",
} as const satisfies Record<TableFormat, string>;
const formats = Object.keys(media) as readonly TableFormat[];
const extensions: Readonly<Record<TableFormat, string>> = { csv: "csv", ndjson: "ndjson", arrow: "arrows" };

/** The form in which rows are asked for: `format=`, or the Accept header; undefined: a page of JSON. */
export function tableFormat(format: unknown, accept: string | undefined): TableFormat | undefined {
  if (format !== undefined) return formats.find((one) => one === format);
  return formats.find((one) => accept?.includes(media[one].split(";")[0] as string));
}

/** What is sent: its columns (JSON Lines hold the rows as they are), its rows one after the other, and of which moment and position they are. */
export interface SentTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: AsyncIterator<object>;
  readonly asOf: string;
  readonly position: string;
}

const rowsAtOnce = 2_000;

/**
 * Sends rows as they come, none kept: CSV (RFC 4180, first line the names), JSON Lines or an Arrow stream. The first row is awaited, so that what
 * is refused is refused with its code; what breaks later ends the connection, and the reader sees that the file is not whole.
 */
export async function sendTable(reply: FastifyReply, format: TableFormat, table: SentTable): Promise<FastifyReply> {
  const { name, columns, rows, asOf, position } = table;
  const first = await rows.next();
  async function* batches(): AsyncGenerator<readonly object[]> {
    let batch: object[] = [];
    try {
      for (let next = first; !next.done; next = await rows.next()) {
        batch.push(next.value);
        if (batch.length < rowsAtOnce) continue;
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    } finally {
      // who stops reading stops what makes the rows
      await rows.return?.();
    }
  }
  const bytes =
    format === "arrow"
      ? arrowStream(columns, cellsOf(columns, batches()), { table: name, asOf, position })
      : linesOf(format, columns, batches());
  return reply
    .header("content-type", media[format])
    .header("content-disposition", `attachment; filename="${name}.${extensions[format]}"`)
    .header("docket-as-of", asOf)
    .header("docket-report-position", position)
    .send(Readable.from(bytes, { objectMode: false }));
}

async function* linesOf(
  format: "csv" | "ndjson",
  columns: readonly Column[],
  batches: AsyncIterable<readonly object[]>,
): AsyncGenerator<string> {
  if (format === "csv") {
    yield csvHeader(columns);
    for await (const cells of cellsOf(columns, batches)) yield cells.map(csvLine).join("");
  } else for await (const rows of batches) yield rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

async function* cellsOf(
  columns: readonly Column[],
  batches: AsyncIterable<readonly object[]>,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  for await (const rows of batches)
    yield rows.map((row) => columns.map(({ name }) => (row as Record<string, Cell | undefined>)[name] ?? null));
}

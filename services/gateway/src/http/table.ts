import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";

export type TableFormat = "csv" | "ndjson";

const media = { csv: "text/csv; charset=utf-8", ndjson: "application/x-ndjson" } as const;

/** The form in which rows are asked for: `format=`, or the Accept header; undefined: a page of JSON. */
export function tableFormat(format: unknown, accept: string | undefined): TableFormat | undefined {
  if (format === "csv" || format === "ndjson") return format;
  if (format === "json") return undefined;
  if (accept?.includes("text/csv")) return "csv";
  return accept?.includes("application/x-ndjson") ? "ndjson" : undefined;
}

/**
 * Sends rows as they come, none kept: CSV (RFC 4180, first line the names) or JSON Lines. The first row is awaited, so that what
 * is refused is refused with its code; what breaks later ends the connection, and the reader sees that the file is not whole.
 */
export async function sendTable(
  reply: FastifyReply,
  format: TableFormat,
  columns: readonly string[],
  rows: AsyncIterator<object>,
  name: string,
): Promise<FastifyReply> {
  const first = await rows.next();
  async function* lines(): AsyncGenerator<string> {
    if (format === "csv") yield `${columns.join(",")}\r\n`;
    const line = (row: object): string => (format === "csv" ? csvLine(columns, row) : `${JSON.stringify(row)}\n`);
    let chunk = "";
    for (let next = first; !next.done; next = await rows.next()) {
      chunk += line(next.value);
      if (chunk.length < 32_768) continue;
      yield chunk;
      chunk = "";
    }
    if (chunk !== "") yield chunk;
  }
  reply.header("content-type", media[format]).header("content-disposition", `attachment; filename="${name}.${format}"`);
  return reply.send(Readable.from(lines(), { objectMode: false }));
}

const csvLine = (columns: readonly string[], row: object): string =>
  `${columns.map((column) => csvCell((row as Record<string, unknown>)[column])).join(",")}\r\n`;

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

import { Readable } from "node:stream";
import { sql, type RawBuilder } from "kysely";
import type pg from "pg";
import type { EventStore } from "@docket/event-store";
import type { Db } from "@docket/postgres";
import { filterSql } from "../query/filter-sql.ts";
import type { Filter } from "../query/filter.ts";
import type { Row } from "../query/page.ts";
import { decodeRows } from "./facts.ts";
import { entryColumns, entryOf } from "./search.ts";

export type ExportFormat = "csv" | "jsonl";

export const exportMedia: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/x-ndjson; charset=utf-8",
};

/** Rows in memory at a time. */
const runLength = 500;

export interface ExportParts {
  readonly db: Db;
  readonly pool: pg.Pool;
  readonly store: Pick<EventStore, "facts">;
}

export interface ExportRequest {
  readonly source: RawBuilder<unknown>;
  readonly filter: Filter;
  readonly descending: boolean;
  readonly format: ExportFormat;
  /** told how many rows went out, and whether all did */
  onEnd?(rows: number, complete: boolean): void;
}

/**
 * Everything that matches, in the order of the log, as text. Read through a cursor of the database, a run of rows at a time and only as
 * fast as the reader takes it, so that memory does not depend on how much it is; all of it is seen as of one moment. When the
 * reader goes away the cursor is closed.
 */
export function exportJournal(parts: ExportParts, request: ExportRequest): Readable {
  return Readable.from(textOf(parts, request), { objectMode: false, highWaterMark: 256 * 1024 });
}

async function* textOf(parts: ExportParts, request: ExportRequest): AsyncGenerator<string> {
  const { source, filter, descending, format, onEnd } = request;
  const way = descending ? sql`desc` : sql`asc`;
  const columns = sql.join(entryColumns.map((column) => sql.ref(`t.${column}`)));
  const query = sql`declare trail no scroll cursor for select ${columns} from ${source} as t
    where ${filterSql(filter, "t")} order by t.position ${way}, t.prepare_position ${way}`.compile(parts.db);
  const client = await parts.pool.connect();
  let rows = 0;
  let complete = false;
  let broken: Error | undefined;
  try {
    await client.query("begin transaction isolation level repeatable read read only");
    // A cursor is planned for its first rows; here all are wanted.
    await client.query("set local cursor_tuple_fraction = 1; set local statement_timeout = '10min'");
    await client.query(query.sql, [...query.parameters]);
    if (format === "csv") yield `${csvHead}\r\n`;
    for (;;) {
      const run = await client.query<Row>(`fetch ${runLength} from trail`);
      if (run.rows.length === 0) break;
      const decoded = await decodeRows(parts.store, run.rows);
      rows += decoded.length;
      yield decoded
        .map((row) => (format === "csv" ? csvLine(entryOf(row)) : `${JSON.stringify(entryOf(row))}\n`))
        .join("");
    }
    complete = true;
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    onEnd?.(rows, complete);
    await client.query("rollback").then(
      () => client.release(broken !== undefined && !("code" in broken)),
      (error: Error) => client.release(error),
    );
  }
}

const csvColumns = [
  "position",
  "stream",
  "number",
  "revision",
  "type",
  "occurredAt",
  "recordedAt",
  "actorId",
  "actorRole",
  "actorName",
  "channel",
  "changed",
  "eventId",
  "commandId",
  "correlationId",
  "causationId",
  "schemaVersion",
  "prevHash",
  "hash",
  "data",
] as const;

const csvHead = csvColumns.join(",");

function csvLine(entry: Record<string, unknown>): string {
  return `${csvColumns.map((name) => cell(entry[name])).join(",")}\r\n`;
}

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front, as spreadsheets themselves write it. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const plain = Array.isArray(value)
    ? value.join(" ")
    : typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
  const text = typeof value === "string" && /^[=+\-@\t\r]/u.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

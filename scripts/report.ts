import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { menuOfReports, reportLimits, reportNames, type TicketMeasures } from "@docket/api-contract";
import { createPool, openDb } from "@docket/postgres";
import {
  arrowStream,
  type Asked,
  type Cell,
  type Column,
  csvHeader,
  csvLine,
  extract,
  jsonLines,
  questionOf,
  report,
  tableOf,
  ticketCellsOf,
  ticketTable,
} from "@docket/reports";
import { clockFromConfig, CodedError, commonSettings, loadConfig } from "@docket/service-kit";
import { z } from "zod";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket report NAME [OPTION...]
scripts/docket report rows [OPTION...]
scripts/docket report --list

Prints a report, or (rows) every ticket of a period with all its measures. docs/metrics.md says what the numbers mean.
Reports: ${reportNames.join(", ")}.

  --from, --to WHEN     the period: local dates (2024-05-01) or instants; the end is outside; default the last 30 days
  --zone ZONE           IANA zone; default the organization's, when one is asked for, else Europe/Moscow
  --calendar ID         cuts workingDay, workingWeek, workingMonth, workingHour; default ru
  --by WHAT             registered (default), accepted, resolved or closed within the period
  --group-by A,B,C      up to ${reportLimits.groupBy} dimensions, or none
  --measures X,Y        or all
  --where NAME=VALUE    only what has this value of a dimension; may be repeated
  --as-of INSTANT       as it was known then
  --at-position N       counting facts up to this position of the log
  --limit N             most rows (default ${reportLimits.rows})
  --format FORMAT       table (default), json, csv, ndjson, arrow; for rows csv is the default and there is no table
  --out FILE            default: the standard output
  --list                which reports, measures and dimensions there are
  --help                this text

The read models are those of the running Docket, or of the database that DATABASE_URL names.
`;

const options = {
  from: { type: "string" },
  to: { type: "string" },
  zone: { type: "string" },
  calendar: { type: "string" },
  by: { type: "string" },
  "group-by": { type: "string" },
  measures: { type: "string" },
  where: { type: "string", multiple: true },
  "as-of": { type: "string" },
  "at-position": { type: "string" },
  limit: { type: "string" },
  format: { type: "string" },
  out: { type: "string" },
  list: { type: "boolean" },
} as const;

type Values = { readonly [K in keyof typeof options]?: unknown };
type Format = "table" | "json" | "csv" | "arrow" | "ndjson";

await runVerb({ usage, options, words: { min: 0, max: 1 } }, async (values, [name]) => {
  if (values.list === true) return list();
  if (name === undefined) throw new CodedError("option_invalid", "which report? see --list");
  const format = formatOf(name, values.format);
  const settings = loadConfig(
    z.object({ DATABASE_URL: commonSettings.DATABASE_URL, DOCKET_CLOCK: commonSettings.DOCKET_CLOCK }),
  );
  const pool = createPool(settings.DATABASE_URL, { max: 3, name: "docket report" });
  const db = openDb(pool);
  try {
    const asked = askedBy(values);
    const { rows: reached } = await pool.query<{ position: string }>(
      "select coalesce(max(commit_position), 0)::text as position from engine.checkpoints",
    );
    const position = reached[0]?.position ?? "0";
    const zones = await zonesOf(pool);
    const question = said(() =>
      questionOf(name === "rows" ? "tickets" : name, asked, {
        now: clockFromConfig(settings.DOCKET_CLOCK).now(),
        position,
        zoneOfOrganization: (id) => zones.get(id),
      }),
    );
    const facts = { report: name, asOf: question.asOf.toISOString(), position: question.position };
    if (name === "rows") return await write(values.out, rowsAs(format, extract(db, question), facts));
    const answer = await report(db, question, limitOf(values.limit)).catch((error: unknown) => {
      throw told(error);
    });
    const table = tableOf(answer);
    await write(values.out, reportAs(format, answer, table.columns, table.rows, facts));
    const about = `as of ${answer.asOf}, position ${answer.position}, zone ${answer.zone}, definitions ${answer.definitions}`;
    const left = answer.leftOut ? `; ${answer.leftOut.groups} groups left out (--limit)` : "";
    process.stderr.write(`${about}${left}\n`);
  } finally {
    // the pool itself: where nothing was asked through `db`, that knows of no connection, and one that idles keeps the process
    await pool.end();
  }
});

function list(): void {
  const { reports, measures, dimensions } = menuOfReports();
  for (const one of reports)
    process.stdout.write(
      `${one.name}: ${one.title.en} / ${one.title.ru}\n  measures: ${one.measures.join(", ")}\n  dimensions: ${one.dimensions.join(", ")}\n`,
    );
  process.stdout.write("\n");
  for (const { name, title, definition } of [...measures, ...dimensions])
    process.stdout.write(`${name}: ${title.en} (${definition.en})\n`);
}

function formatOf(name: string, given: string | undefined): Format {
  const allowed = name === "rows" ? ["csv", "ndjson", "json", "arrow"] : ["table", "json", "csv", "ndjson", "arrow"];
  const format = given ?? allowed[0] ?? "table";
  if (!allowed.includes(format)) throw new CodedError("option_invalid", `--format is one of ${allowed.join(", ")}`);
  return format as Format;
}

function limitOf(given: string | undefined): number {
  const limit = Number(given ?? reportLimits.rows);
  if (!Number.isInteger(limit) || limit < 1 || limit > reportLimits.mostRows)
    throw new CodedError("option_invalid", `--limit is a number from 1 to ${reportLimits.mostRows}`);
  return limit;
}

function askedBy(values: Values): Asked {
  const asked: Record<string, unknown> = {
    from: values.from,
    to: values.to,
    zone: values.zone,
    calendar: values.calendar,
    by: values.by,
    groupBy: values["group-by"],
    measures: values.measures,
    asOf: values["as-of"],
    atPosition: values["at-position"],
  };
  for (const pair of (values.where ?? []) as string[]) {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || name in asked)
      throw new CodedError("option_invalid", `--where wants NAME=VALUE, not ${pair}`);
    asked[name] = value;
  }
  return asked;
}

/** What reports refuse, in words of the command line. */
function told(error: unknown): unknown {
  const { code, params, field } = error as { code?: string; field?: string; params?: Record<string, unknown> };
  if (code === undefined || params === undefined) return error;
  const parts = Object.entries(params).map(([name, value]) => `${name}: ${String(value)}`);
  return new CodedError("option_invalid", [code, ...(field === undefined ? [] : [field]), ...parts].join("; "));
}

function said<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw told(error);
  }
}

async function zonesOf(pool: ReturnType<typeof createPool>): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ id: string; zone: string }>(
    "select entry_id as id, state->>'zone' as zone from read.directory where kind = 'organization' and valid_to = 'infinity'",
  );
  return new Map(rows.map(({ id, zone }) => [id, zone]));
}

async function* reportAs(
  format: Format,
  answer: object,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  facts: Readonly<Record<string, string>>,
): AsyncGenerator<string | Uint8Array> {
  if (format === "json") yield `${JSON.stringify(answer, null, 2)}\n`;
  else if (format === "arrow") yield* arrowStream(columns, [rows], facts);
  else if (format === "ndjson") yield jsonLines(columns, rows);
  else if (format === "csv") yield csvHeader(columns) + rows.map(csvLine).join("");
  else yield aligned(columns, rows);
}

async function* rowsAs(
  format: Format,
  batches: AsyncGenerator<readonly TicketMeasures[]>,
  facts: Readonly<Record<string, string>>,
): AsyncGenerator<string | Uint8Array> {
  async function* cells() {
    for await (const batch of batches) yield batch.map(ticketCellsOf);
  }
  if (format === "arrow") return yield* arrowStream(ticketTable, cells(), facts);
  if (format === "csv") {
    yield csvHeader(ticketTable);
    for await (const batch of cells()) yield batch.map(csvLine).join("");
    return;
  }
  let before = format === "json" ? "[\n" : "";
  for await (const batch of batches)
    for (const ticket of batch) {
      yield `${before}${JSON.stringify(ticket)}`;
      before = format === "json" ? ",\n" : "\n";
    }
  if (format === "json") yield `${before === "[\n" ? "[" : ""}\n]\n`;
  else if (before !== "") yield "\n";
}

/** A table for a terminal: texts to the left, numbers to the right. The position is left to the other formats. */
function aligned(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const shown = columns.filter(({ name }) => name !== "position");
  const texts = [
    shown.map(({ name }) => name),
    ...rows.map((row) => shown.map((_, index) => (row[index] === null ? "-" : String(row[index])))),
  ];
  const widths = shown.map((_, index) => Math.max(...texts.map((cells) => (cells[index] ?? "").length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) =>
        shown[index]?.type === "number" ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return `${texts.map(line).join("\n")}\n`;
}

async function write(out: string | undefined, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  if (out === undefined) {
    for await (const piece of pieces)
      if (!process.stdout.write(piece)) await new Promise((resolve) => process.stdout.once("drain", resolve));
    return;
  }
  await pipeline(Readable.from(pieces, { objectMode: false }), createWriteStream(out));
}

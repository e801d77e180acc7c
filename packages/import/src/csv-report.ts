import type { ReportEntry } from "./job-file.ts";

const columns: readonly (keyof ReportEntry)[] = ["row", "ticket", "outcome", "code", "field", "done", "detail"];

/** The report as CSV, in pieces: a file of any length has a report of any length. */
export function* csvReport(entries: Iterable<ReportEntry>): Generator<string> {
  yield `${columns.join(",")}\n`;
  for (const entry of entries) yield `${columns.map((name) => cell(entry[name])).join(",")}\n`;
}

function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  // A spreadsheet takes what begins so for a formula.
  const safe = /^[=+@\t]|^-[^\d]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

import type { ReportEntry } from "./job-file.ts";

const columns: readonly (keyof ReportEntry)[] = ["row", "ticket", "outcome", "code", "field", "done", "detail"];

/** The report as CSV, by row. */
export function csvReport(entries: readonly (ReportEntry & { readonly id: number })[]): string {
  const lines = byRow(entries).map((entry) => columns.map((name) => cell(entry[name])).join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

/** The report's entries in the order of the file's rows. */
export function byRow<T extends ReportEntry & { readonly id: number }>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => a.row - b.row || a.id - b.id);
}

function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  // A spreadsheet takes what begins so for a formula.
  const safe = /^[=+@\t]|^-[^\d]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

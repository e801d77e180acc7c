import type { ImportSummary, JobFile, ReportEntry } from "@docket/import";

/** The report as text, in the form that the file's name asks for (.json, .jsonl, else CSV), by row. */
export function reportText(path: string, job: JobFile, summary: ImportSummary): string {
  const entries = job
    .report()
    .toSorted((a, b) => a.row - b.row || a.id - b.id)
    .map(({ id: _id, ...entry }) => entry);
  if (path.endsWith(".json"))
    return `${JSON.stringify({ summary, differing: job.differingTickets(10_000), rows: entries }, null, 2)}\n`;
  if (path.endsWith(".jsonl")) return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  const columns: readonly (keyof ReportEntry)[] = ["row", "ticket", "outcome", "code", "field", "done", "detail"];
  return (
    [columns.join(","), ...entries.map((entry) => columns.map((name) => cell(entry[name])).join(","))].join("\n") + "\n"
  );
}

function cell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What is printed at the end. */
export function summaryText(summary: ImportSummary, reportFile: string): string {
  const { outcomes, rows, tickets, events, seconds, from, to } = summary;
  const lines = [
    `${summary.dryRun ? "dry run, nothing was written: " : ""}${summary.source}, ${rows} rows of ${tickets} tickets, ${events} events, ${seconds} s`,
    ...(from === null ? [] : [`  from ${from} to ${to ?? ""}`]),
    `  rows: ${Object.entries(outcomes)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${count} ${name.replaceAll("_", " ")}`)
      .join(", ")}`,
    ...summary.reasons.map(
      ({ code, outcome, count }) => `    ${String(count).padStart(7)}  ${outcome.padEnd(8)}  ${code}`,
    ),
    ...judged(summary),
    `  report: ${reportFile}`,
    `  import: ${summary.jobId}`,
  ];
  return `${lines.join("\n")}\n`;
}

function judged({ judgements }: ImportSummary): string[] {
  if (judgements.every(({ theirs }) => theirs === null)) return [];
  return [
    "  judgements (ours / the source's):",
    ...judgements.map(
      ({ ours, theirs, count }) => `    ${String(count).padStart(7)}  ${ours ?? "none"} / ${theirs ?? "none"}`,
    ),
  ];
}

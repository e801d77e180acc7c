import { byRow, csvReport, type ImportSummary, type JobFile } from "@docket/import";

/** The report as text, in the form that the file's name asks for (.json, .jsonl, else CSV), by row. */
export function reportText(path: string, job: JobFile, summary: ImportSummary): string {
  const entries = job.report();
  if (!/[.]jsonl?$/.test(path)) return csvReport(entries);
  const rows = byRow(entries).map(({ id: _id, ...entry }) => entry);
  if (path.endsWith(".jsonl")) return rows.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  return `${JSON.stringify({ summary, differing: job.differingTickets(10_000), rows }, null, 2)}\n`;
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

import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { csvReport, type ImportSummary, type JobFile } from "@docket/import";

/** Writes the report in the form that the file's name asks for (.json, .jsonl, else CSV), by row, whatever its length. */
export async function writeReport(path: string, job: JobFile, summary: ImportSummary): Promise<void> {
  await pipeline(Readable.from(pieces(path, job, summary)), createWriteStream(path));
}

function* pieces(path: string, job: JobFile, summary: ImportSummary): Generator<string> {
  if (path.endsWith(".jsonl")) {
    for (const entry of job.reportByRow()) yield `${JSON.stringify(entry)}\n`;
  } else if (path.endsWith(".json")) {
    const head = JSON.stringify({ summary, differing: job.differingTickets(10_000) }, null, 2);
    yield `${head.slice(0, -2)},\n  "rows": [`;
    let between = "\n    ";
    for (const entry of job.reportByRow()) {
      yield between + JSON.stringify(entry);
      between = ",\n    ";
    }
    yield "\n  ]\n}\n";
  } else yield* csvReport(job.reportByRow());
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
      ({ code, outcome, count, words }) =>
        `    ${String(count).padStart(7)}  ${outcome.padEnd(8)}  ${code}${words.length === 0 ? "" : `: ${words.join(", ")}`}`,
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

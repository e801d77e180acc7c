import { join, resolve } from "node:path";
import { type ImportProgress, type ImportSummary, type JobFile, runImport, sketchMapping } from "@docket/import";
import { CodedError } from "@docket/service-kit";
import { summaryText, writeReport } from "./import/report.ts";
import { progressLine } from "./import/progress.ts";
import { openStoreForPeople } from "./trail/open-store.ts";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket import MAPPING.yaml FILE.csv[.gz] [OPTION...]
scripts/docket import --sketch FILE.csv[.gz] > MAPPING.yaml

Brings in another system's history: reads the file as the mapping says (docs/import.md), and tells every ticket's life to the
event store at the source's own times. Run again, it adds nothing twice. Rows that the rules cannot take are reported.

  --sketch        read a file that nobody has described yet and propose a mapping for it
  --dry-run       write nothing; say what would be taken and what not
  --resume        go on with the work file of a run that was broken off
  --report FILE   every row that was not taken as it stands: .csv, .jsonl or .json (default: beside the work file)
  --work DIR      where work files are kept (default: DATA/imports)
  --json          the summary as JSON
  --quiet         no progress
  --help          this text

The event store is the running Docket's, or the one that EVENTSTORE_URL names; a dry run needs none.
Exit code: 0 when every row was taken, 1 when the report has rows (or the import failed), 2 for a mistake in the command line or mapping.
`;

const options = {
  sketch: { type: "boolean" },
  "dry-run": { type: "boolean" },
  resume: { type: "boolean" },
  report: { type: "string" },
  work: { type: "string" },
  json: { type: "boolean" },
  quiet: { type: "boolean" },
} as const;

await runVerb({ usage, options, words: { min: 1, max: 2 } }, async (values, [mappingFile = "", dataFile = ""]) => {
  if (values.sketch === true) {
    if (dataFile !== "") throw new CodedError("option_invalid", "--sketch takes one file");
    process.stdout.write(await sketchMapping(resolve(mappingFile)));
    return 0;
  }
  if (dataFile === "") throw new CodedError("option_invalid", "a mapping and a file are wanted; see --help");
  const dryRun = values["dry-run"] === true;
  const eventStoreUrl = process.env["EVENTSTORE_URL"] ?? null;
  if (eventStoreUrl === null && !dryRun)
    throw new CodedError(
      "not_running",
      "no Docket runs on this data folder; start one, set EVENTSTORE_URL, or use --dry-run",
    );
  const workFolder = resolve(values.work ?? join(process.env["DOCKET_DATA"] ?? ".docket", "imports"));
  const report = values.report === undefined ? undefined : resolve(values.report);
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => stopping.abort(new CodedError("interrupted", "broken off; go on with --resume")));
  const tell = progressLine(values.quiet === true ? undefined : process.stderr);
  const finish = async (job: JobFile, summary: ImportSummary): Promise<number> => {
    tell.end();
    const path = report ?? join(job.folder, "report.csv");
    await writeReport(path, job, summary);
    process.stdout.write(
      values.json === true ? `${JSON.stringify({ ...summary, report: path }, null, 2)}\n` : summaryText(summary, path),
    );
    return summary.reasons.some(({ outcome }) => outcome !== "adjusted") ? 1 : 0;
  };
  try {
    return await runImport(
      {
        mappingFile: resolve(mappingFile),
        dataFile: resolve(dataFile),
        openStore: eventStoreUrl === null ? null : () => openStoreForPeople(),
        workFolder,
        dryRun,
        resume: values.resume === true,
        onProgress: (progress: ImportProgress) => tell.show(progress),
        signal: stopping.signal,
      },
      finish,
    );
  } finally {
    tell.end();
  }
});

import { checks } from "./checks/checks.ts";
import { runChecks } from "./checks/run-checks.ts";
import { runVerb } from "./verb.ts";

const usage = `scripts/docket test [--only NAME[,NAME...]] [FILTER...]

Runs every check of the project; the last line is "N passed, N failed" over all that ran, exit code 1 on any failure.

  --only NAME   only the checks named:
${checks.map(({ name, what }) => `                  ${name.padEnd(11)} ${what}`).join("\n")}
  FILTER        only test files whose path holds this text
  --help        this text
`;

await runVerb(
  { usage, options: { only: { type: "string" } }, words: { min: 0, max: 1_000 } },
  async ({ only }, filters) => runChecks(only?.split(",") ?? checks.map(({ name }) => name), filters),
);

import { CodedError } from "@docket/service-kit";
import { type Check, checks, type Outcome } from "./checks.ts";

/**
 * Runs the named checks: those of little output beside each other, the tests one level after the other. Prints progress
 * and, as the last line, `N passed, N failed` over all of it; gives the exit code. Test files can be narrowed by parts of
 * their paths. Errors: `option_invalid` for a name that is no check.
 */
export async function runChecks(names: readonly string[], filters: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) throw new CodedError("option_invalid", `there is no check ${unknown.join(", ")}; see --help`);
  const chosen = checks.filter(({ name }) => names.includes(name));
  const outcomes: Outcome[] = [];
  const quiet = chosen.filter((check) => check.quiet);
  outcomes.push(...(await Promise.all(quiet.map((check) => runOne(check, filters)))));
  for (const check of chosen.filter((each) => !each.quiet)) outcomes.push(await runOne(check, filters));
  const sum = (part: "passed" | "failed"): number => outcomes.reduce((total, outcome) => total + outcome[part], 0);
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed\n`);
  return sum("failed") === 0 ? 0 : 1;
}

async function runOne(check: Check, filters: readonly string[]): Promise<Outcome> {
  const began = performance.now();
  process.stdout.write(`${check.name}: ${check.what} ...\n`);
  const outcome = await check.run(filters);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  if (outcome.failed > 0) process.stdout.write(`${outcome.output}\n`);
  process.stdout.write(`${check.name}: ${outcome.failed === 0 ? "ok" : "FAILED"} (${seconds} s)\n`);
  return outcome;
}

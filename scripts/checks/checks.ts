import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { faultsOfGuarantees } from "./guarantees.ts";
import { faultsOfAllPlaces } from "./places.ts";
import { root, runTool } from "./run-tool.ts";

/** What a check found: how many of its parts passed and failed, and what to show of a failure. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly output: string;
}

export interface Check {
  readonly name: string;
  readonly what: string;
  /** A quiet check shows its output only when it fails, and may run beside others. */
  readonly quiet: boolean;
  run(filters: readonly string[]): Promise<Outcome>;
}

const sources = ["packages", "projections", "services", "scripts"];

/** Every check of `npm test`, in order. */
export const checks: readonly Check[] = [
  tool("typecheck", "types, by tsc", { package: "typescript", file: "bin/tsc" }, ["-p", "tsconfig.base.json"]),
  tool(
    "typecheck-console",
    "types of the console, which runs in browsers",
    { package: "typescript", file: "bin/tsc" },
    ["-p", "services/console/tsconfig.json"],
  ),
  tool("format", "one form of the code, by prettier", { package: "prettier", file: "bin/prettier.cjs" }, [
    "--check",
    "--log-level",
    "warn",
    ".",
  ]),
  tool("lint", "faults and habits, by oxlint with type information", { package: "oxlint", file: "bin/oxlint" }, [
    "--quiet",
    ...sources,
  ]),
  tool(
    "boundaries",
    "which room may import which, by dependency-cruiser",
    { package: "dependency-cruiser", file: "bin/dependency-cruiser.mjs" },
    ["--config", "scripts/checks/boundaries.mjs", ...sources],
  ),
  tool(
    "unused",
    "files, exports and dependencies that nobody uses, by knip",
    { package: "knip", file: "bin/knip.js" },
    ["--no-config-hints"],
  ),
  tool("docs", "docs/events.md and docs/errors.md say what the schemas say", { file: "scripts/catalogue.ts" }, [
    "--check",
  ]),
  {
    name: "guarantees",
    what: "every promise of docs/guarantees.md names a test that exists",
    quiet: true,
    async run() {
      const faults = faultsOfGuarantees(await readFile(join(root, "docs/guarantees.md"), "utf8"), root);
      return { passed: faults.length === 0 ? 1 : 0, failed: faults.length === 0 ? 0 : 1, output: faults.join("\n") };
    },
  },
  {
    name: "places",
    what: "every file and picture that a document points to is there",
    quiet: true,
    async run() {
      const faults = faultsOfAllPlaces(root);
      return { passed: faults.length === 0 ? 1 : 0, failed: faults.length === 0 ? 0 : 1, output: faults.join("\n") };
    },
  },
  tests("unit", "pure tests"),
  tests("int", "tests with a real event store and a real Postgres"),
  tests("e2e", "tests that start the processes"),
];

function tool(name: string, what: string, program: Parameters<typeof runTool>[0], args: readonly string[]): Check {
  return {
    name,
    what,
    quiet: true,
    async run() {
      const { code, output } = await runTool(program, args);
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
    },
  };
}

function tests(level: string, what: string): Check {
  return {
    name: level,
    what,
    quiet: false,
    async run(filters) {
      const folder = await mkdtemp(join(tmpdir(), "docket-test-"));
      try {
        const report = join(folder, "report.json");
        const args = ["run", "--config", "scripts/vitest.config.ts", "--project", level, "--passWithNoTests"];
        const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${report}`];
        const { code } = await runTool({ package: "vitest", file: "vitest.mjs" }, [...args, ...reporters, ...filters], {
          show: true,
        });
        return { ...countTests(await readFile(report, "utf8").catch(() => "{}"), code), output: "" };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

interface Report {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly testResults?: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * Counts the tests of a vitest report. A file that could not even be loaded has no failed test in it and counts as one
 * failure; so does a run that ended badly (exit code not 0) for a reason that no test shows, an unhandled error say.
 */
export function countTests(report: string, exitCode: number): { passed: number; failed: number } {
  const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = JSON.parse(report) as Report;
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = numFailedTests + unloaded;
  return { passed: numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

import { conformanceCases } from "./catalog.ts";
import { type HostOptions, openHost } from "./host.ts";
import type { ConformanceCase, ConformanceResult } from "./types.ts";

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly notRun: number;
}

/**
 * Runs the suite against a server (`url`), against nodes that it starts itself (`nodeFactory`), or both, and reports each
 * case as it ends. Takes the cases to run, all by default. Errors: only when no server can be reached or started at all;
 * a failing case is a result.
 */
export const runConformance = async (
  options: HostOptions & { readonly cases?: readonly ConformanceCase[] },
  onResult: (result: ConformanceResult) => void,
): Promise<Tally> => {
  const host = await openHost(options);
  const tally = { passed: 0, failed: 0, notRun: 0 };
  try {
    for (const one of options.cases ?? conformanceCases) {
      const outcome = await host.run(one);
      if (outcome.kind === "passed") tally.passed += 1;
      else if (outcome.kind === "failed") tally.failed += 1;
      else tally.notRun += 1;
      onResult({ case: one, outcome });
    }
  } finally {
    await host.close();
  }
  return tally;
};

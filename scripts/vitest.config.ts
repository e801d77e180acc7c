import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";

/**
 * Three levels, told by the file name: `x.unit.test.ts` is pure, `x.int.test.ts` uses a real store or a real Postgres,
 * `x.e2e.test.ts` starts processes. The heavier the level, the longer a test may take.
 */
const projects = [
  { level: "unit", testTimeout: 20_000, maxWorkers: 2 },
  { level: "int", testTimeout: 120_000, maxWorkers: 2 },
  { level: "e2e", testTimeout: 240_000, maxWorkers: 2 },
];

/** The scenes of the console take as long as all other end-to-end tests together: they begin first, so that those run beside them. */
class LongestFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer["sort"]>[0]): ReturnType<BaseSequencer["sort"]> {
    const sorted = await super.sort(files);
    const long = sorted.filter(({ moduleId }) => moduleId.endsWith("/console.e2e.test.ts"));
    const first = sorted.findIndex(({ project }) => project.name === "e2e");
    if (first < 0) return sorted;
    return [...sorted.slice(0, first), ...long, ...sorted.slice(first).filter((file) => !long.includes(file))];
  }
}

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  // The same instant must read the same on every developer's machine; tests name the zones they mean.
  test: {
    // Waiting for a condition ends with the condition; the bound is for what never comes, on a busy machine too.
    expect: { poll: { timeout: 20_000 } },
    env: { TZ: "UTC", LOG_LEVEL: "silent" },
    sequence: { sequencer: LongestFirst },
    // one Postgres for the run, started when the first test asks for a database
    globalSetup: [fileURLToPath(new URL("../packages/test-kit/src/postgres-broker.ts", import.meta.url))],
    projects: projects.map(({ level, testTimeout, maxWorkers }) => ({
      extends: true,
      test: {
        name: level,
        include: [`{packages,projections,services,scripts}/**/*.${level}.test.ts`],
        exclude: ["**/node_modules/**", ".docket/**", ".tools/**"],
        testTimeout,
        hookTimeout: testTimeout,
        maxWorkers,
        sequence: { groupOrder: projects.findIndex((project) => project.level === level) },
      },
    })),
  },
});

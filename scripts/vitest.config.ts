import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/**
 * Three levels, told by the file name: `x.unit.test.ts` is pure, `x.int.test.ts` uses a real store or a real Postgres,
 * `x.e2e.test.ts` starts processes. The heavier the level, the longer a test may take; the heaviest ones run one file at
 * a time, so that on two cores the processes under test have room to be as quick as they are.
 */
const projects = [
  { level: "unit", testTimeout: 10_000, maxWorkers: 2 },
  { level: "int", testTimeout: 60_000, maxWorkers: 2 },
  { level: "e2e", testTimeout: 180_000, maxWorkers: 1 },
];

export default defineConfig({
  root: fileURLToPath(new URL("..", import.meta.url)),
  // The same instant must read the same on every developer's machine; tests name the zones they mean.
  test: {
    // Waiting for a condition ends with the condition; the bound is for what never comes, on a busy machine too.
    expect: { poll: { timeout: 20_000 } },
    env: { TZ: "UTC", LOG_LEVEL: "silent" },
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

import { expect, it } from "vitest";
import { countTests } from "./checks.ts";

const report = (...files: [status: string, ...tests: string[]][]): string =>
  JSON.stringify({
    numPassedTests: files.flat().filter((status) => status === "ok").length,
    numFailedTests: files.flatMap(([, ...tests]) => tests).filter((status) => status === "failed").length,
    testResults: files.map(([status, ...tests]) => ({
      status,
      assertionResults: tests.map((test) => ({ status: test })),
    })),
  });

it("counts tests, files that did not load and runs that ended badly", () => {
  expect(countTests(report(["passed", "ok", "ok"]), 0)).toEqual({ passed: 2, failed: 0 });
  expect(countTests(report(["failed", "ok", "failed"], ["passed", "ok"]), 1)).toEqual({ passed: 2, failed: 1 });
  expect(countTests(report(["failed"], ["passed", "ok"]), 1)).toEqual({ passed: 1, failed: 1 });
  expect(countTests(report(["passed", "ok"]), 1)).toEqual({ passed: 1, failed: 1 });
  expect(countTests("{}", 130)).toEqual({ passed: 0, failed: 1 });
});

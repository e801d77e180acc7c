import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { faultsOfGuarantees } from "./guarantees.ts";

it("finds promises without a test, with a missing file or with a test of another name", () => {
  const root = mkdtempSync(join(tmpdir(), "docket-guarantees-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, "a.unit.test.ts"), `it("keeps what it took", () => {})`);
  const table = (...rows: string[]) =>
    ["# Guarantees", "", "| Promise | Where | Test |", "|---|---|---|", ...rows].join("\n");

  expect(faultsOfGuarantees(table("| kept | store | `a.unit.test.ts` › keeps what it took |"), root)).toEqual([]);
  expect(faultsOfGuarantees("nothing here", root)).toEqual(["no table of guarantees found"]);
  expect(
    faultsOfGuarantees(
      table(
        "| untested | store | later |",
        "| gone | store | `b.unit.test.ts` › keeps what it took |",
        "| renamed | store | `a.unit.test.ts` › keeps what it took<br>`a.unit.test.ts` › forgets nothing |",
      ),
      root,
    ),
  ).toEqual([
    'line 5: no test is named for "untested"',
    "line 6: there is no b.unit.test.ts",
    'line 7: a.unit.test.ts has no test "forgets nothing"',
  ]);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { faultsOfPlaces } from "./places.ts";

it("finds links, pictures and paths that lead nowhere, and leaves placeholders and addresses alone", () => {
  const root = mkdtempSync(join(tmpdir(), "docket-places-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "docs"));
  for (const name of ["docs/a.md", "docs/b.png"]) writeFileSync(join(root, name), "");
  const fine = "[a](a.md#top) ![b](b.png) [out](https://example.org/x) `docs/a.md` `packages/*/src` `npm start`";
  expect(faultsOfPlaces(fine, "docs/a.md", root)).toEqual([]);
  expect(faultsOfPlaces(`\n[c](c.md) ![d](../d.png) \`scripts/gone.ts\``, "docs/a.md", root)).toEqual([
    "docs/a.md:2: there is no c.md",
    "docs/a.md:2: there is no ../d.png",
    "docs/a.md:2: there is no scripts/gone.ts",
  ]);
});

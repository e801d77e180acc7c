import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const source = new URL("../", import.meta.url);
const areas = ["admin", "audit", "insight", "ops", "portal"];

/** a question that is asked once more by hand shows nothing older beside its failure */
const apart = ["insight/what-if-screen.tsx: again"];

it("whatever stays when it cannot be fetched anew says how old it is", () => {
  const silent = globSync(`{${areas.join(",")}}/**/*.tsx`, { cwd: source }).flatMap((file) => {
    const text = readFileSync(new URL(file, source), "utf8");
    const failing = [...text.matchAll(/<Failure\s+error=\{([\w.]+?)\.error/gu)].map(([, asked = ""]) => asked);
    return failing
      .filter((asked) => !new RegExp(`<Stale of=\\{${asked}\\b`, "u").test(text))
      .map((asked) => `${file}: ${asked}`);
  });
  expect(silent.filter((one) => !apart.includes(one))).toEqual([]);
});

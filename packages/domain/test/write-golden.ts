import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { allEvents } from "../src/index.ts";
import { fingerprintOf } from "./shape.ts";
import { wholeLife } from "./whole-life.ts";

/**
 * Writes the golden files that are missing (node packages/domain/test/write-golden.ts). What stands is never written anew:
 * it is what was once stored.
 */
const folder = new URL("../golden/", import.meta.url);
const list = new URL("fingerprints.json", folder);
const fingerprints: Record<string, string> = existsSync(list)
  ? (JSON.parse(readFileSync(list, "utf8")) as Record<string, string>)
  : {};
const { facts } = wholeLife();
for (const { type, version, schema } of allEvents.values()) {
  const name = `${type}.v${version}`;
  fingerprints[name] ??= fingerprintOf(schema);
  const path = new URL(`${name}.json`, folder);
  const told = facts.filter((fact) => fact.type === type);
  // The example that says most.
  const fact = told.toSorted((a, b) => JSON.stringify(b.data).length - JSON.stringify(a.data).length)[0];
  if (!existsSync(path) && fact) writeFileSync(path, `${JSON.stringify(schema.parse(fact.data), null, 2)}\n`);
}
const sorted = Object.fromEntries(Object.entries(fingerprints).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(list, `${JSON.stringify(sorted, null, 2)}\n`);

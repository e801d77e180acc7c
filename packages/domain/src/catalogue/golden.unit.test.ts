import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { wholeLife } from "../../test/whole-life.ts";
import { allEvents } from "../definitions.ts";
import { upcast } from "../upcast.ts";
import { jsonSchemaOf, shapeOf } from "./json-schema.ts";

const folder = new URL("../../golden/", import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const fingerprints = read("fingerprints.json") as Record<string, string>;
const goldenFiles = readdirSync(folder).filter((name) => name !== "fingerprints.json");
const fingerprintOf = (type: string) => createHash("sha256").update(shapeOf(jsonSchemaOf(allEvents.get(type)!.schema))).digest("hex").slice(0, 16);

describe("golden files: an example of every version of every event ever written", () => {
  it.each([...allEvents.values()].map((event) => [event.type, event.version] as const))("%s keeps the shape of its version %i", (type, version) => {
    expect(fingerprintOf(type), "the shape changed: raise the version, add an upcaster, keep the old golden file").toBe(fingerprints[`${type}.v${version}`]);
  });

  it("has a file for every version in the list of shapes, and no other", () => {
    expect(goldenFiles.toSorted()).toEqual(Object.keys(fingerprints).map((name) => `${name}.json`).toSorted());
  });

  it.each(goldenFiles)("%s still reads, as of today's schema", (name) => {
    const [type = "", version = ""] = name.split(".");
    const data = read(name) as Record<string, unknown>;
    const definition = allEvents.get(type);
    expect(definition).toBeDefined();
    const current = upcast(type, Number(version.slice(1)), data);
    const parsed = definition!.schema.parse(current);
    expect(parsed).toEqual(current);
    if (version === `v${definition!.version}`) expect(`${JSON.stringify(parsed, null, 2)}\n`).toBe(readFileSync(new URL(name, folder), "utf8"));
  });

  it("the whole life tells every event of the catalogue", () => {
    const told = new Set<string>(wholeLife().facts.map((fact) => fact.type));
    expect([...allEvents.keys()].filter((type) => !told.has(type))).toEqual([]);
  });
});

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fingerprintOf } from "../test/shape.ts";
import { wholeLife } from "../test/whole-life.ts";
import { allEvents } from "./definitions.ts";
import { UnreadableEvent, upcast } from "./upcast.ts";

const folder = new URL("../golden/", import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const fingerprints = read("fingerprints.json") as Record<string, string>;
const goldenFiles = readdirSync(folder).filter((name) => name !== "fingerprints.json");

describe("golden files: an example of every version of every event ever written", () => {
  it.each([...allEvents.values()].map((event) => [event.type, event.version] as const))(
    "%s keeps the shape of its version %i",
    (type, version) => {
      expect(
        fingerprintOf(allEvents.get(type)!.schema),
        "the shape changed: raise the version, add an upcaster, keep the old golden file",
      ).toBe(fingerprints[`${type}.v${version}`]);
    },
  );

  it("has a file for every version in the list of shapes, and no other", () => {
    expect(goldenFiles.toSorted()).toEqual(
      Object.keys(fingerprints)
        .map((name) => `${name}.json`)
        .toSorted(),
    );
  });

  it.each(goldenFiles)("%s still reads, as of today's schema", (name) => {
    const [type = "", version = ""] = name.split(".");
    const data = read(name) as Record<string, unknown>;
    const definition = allEvents.get(type);
    expect(definition).toBeDefined();
    const current = upcast(type, Number(version.slice(1)), data);
    const parsed = definition!.schema.parse(current);
    expect(parsed).toEqual(current);
    if (version === `v${definition!.version}`)
      expect(`${JSON.stringify(parsed, null, 2)}\n`).toBe(readFileSync(new URL(name, folder), "utf8"));
  });

  it("the whole life tells every event of the catalogue", () => {
    const told = new Set<string>(wholeLife().facts.map((fact) => fact.type));
    // records of the engine itself follow from no command
    const commanded = [...allEvents.values()].filter(
      ({ stream }) => !["erasure", "checkpoint", "access", "rights"].includes(stream),
    );
    expect(commanded.filter(({ type }) => !told.has(type))).toEqual([]);
  });
});

describe("upcasters", () => {
  const registry = {
    Walked: {
      1: (data: Readonly<Record<string, unknown>>) => ({ metres: Number(data["km"]) * 1000 }),
      2: (data: Readonly<Record<string, unknown>>) => ({ ...data, by: "foot" }),
    },
  };

  it("lead from any old version to the current one, step by step", () => {
    expect(upcast("Walked", 1, { km: 2 }, registry, 3)).toEqual({ metres: 2000, by: "foot" });
    expect(upcast("Walked", 2, { metres: 5 }, registry, 3)).toEqual({ metres: 5, by: "foot" });
    const data = { metres: 5, by: "car" };
    expect(upcast("Walked", 3, data, registry, 3)).toBe(data);
    expect(upcast("NeverHeardOf", 7, data)).toBe(data);
  });

  it("refuse a version from the future and a gap in the way", () => {
    expect(() => upcast("Walked", 4, {}, registry, 3)).toThrow(UnreadableEvent);
    expect(() => upcast("Walked", 1, {}, {}, 2)).toThrow(UnreadableEvent);
    expect(() => upcast("TicketRegistered", 99, {})).toThrow(UnreadableEvent);
  });
});

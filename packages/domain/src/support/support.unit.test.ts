import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uuid } from "../values.ts";
import { derivedUuid } from "./derived-uuid.ts";
import { emptyMap, lookup, put, remove, valuesOf, type PersistentMap } from "./persistent-map.ts";

describe("the persistent map", () => {
  it("is a map whose older versions never change", () => {
    const change = fc.record({ key: fc.stringMatching(/^[a-e]{1,3}$/), value: fc.option(fc.integer()) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        let map: PersistentMap<number> = emptyMap();
        const model = new Map<string, number>();
        const versions: [PersistentMap<number>, string][] = [];
        for (const { key, value } of changes) {
          versions.push([map, JSON.stringify(valuesOf(map))]);
          map = value === null ? remove(map, key) : put(map, key, value);
          if (value === null) model.delete(key);
          else model.set(key, value);
          expect(lookup(map, key)).toBe(model.get(key));
          expect(map.size).toBe(model.size);
        }
        const inOrder = [...model].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
        expect(valuesOf(map)).toEqual(inOrder);
        for (const [version, text] of versions) expect(JSON.stringify(valuesOf(version))).toBe(text);
      }),
    );
  });

  it("gives the same map back when nothing changes", () => {
    const map = put(emptyMap<number>(), "a", 1);
    expect(put(map, "a", 1)).toBe(map);
    expect(remove(map, "b")).toBe(map);
  });
});

describe("a derived uuid", () => {
  it("has a uuid's form, follows from its name alone and differs for different names", () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(fc.string(), (name) => {
        const id = derivedUuid(name);
        expect(uuid.safeParse(id).success).toBe(true);
        expect(id[14]).toBe("8");
        expect(derivedUuid(name)).toBe(id);
        expect(seen.get(id) ?? name).toBe(name);
        seen.set(id, name);
      }),
      { numRuns: 2_000 },
    );
    const close = Array.from({ length: 50_000 }, (_, n) => derivedUuid(`ticket resolution ${n}`));
    expect(new Set(close).size).toBe(close.length);
  });
});

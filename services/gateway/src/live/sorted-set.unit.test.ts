import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SortedSet, type SortKey } from "./sorted-set.ts";

type Entry = { id: string; key: SortKey };
const compare = (a: Entry, b: Entry): number => {
  if (a.key !== b.key) {
    if (a.key === null) return 1;
    if (b.key === null) return -1;
    return a.key < b.key ? -1 : 1;
  }
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
};
const model = (entries: ReadonlyMap<string, SortKey>, descending: boolean): string[] => {
  const sorted = [...entries].map(([id, key]) => ({ id, key })).toSorted(compare);
  return (descending ? sorted.toReversed() : sorted).map(({ id }) => id);
};

const id = fc.integer({ min: 0, max: 30 }).map(String);
const key = fc.option(fc.integer({ min: 0, max: 5 }), { nil: null });
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("put" as const), id, key }),
    fc.record({ do: fc.constant("remove" as const), id, key }),
  ),
  { maxLength: 200 },
);

describe("a sorted set", () => {
  it("holds what a plain sort would, whatever comes, goes and moves", () => {
    fc.assert(
      fc.property(steps, fc.boolean(), fc.dictionary(id, key), (all, descending, start) => {
        const set = new SortedSet(descending, 1_000);
        const plain = new Map(Object.entries(start));
        set.fill(
          [...plain].map(([one, value]) => ({ id: one, key: value })),
          false,
        );
        for (const step of all) {
          if (step.do === "put") {
            set.put(step.id, step.key);
            plain.set(step.id, step.key);
          } else expect(set.remove(step.id)).toBe(plain.delete(step.id));
        }
        const expected = model(plain, descending);
        expect(set.ids(0, 1_000)).toEqual(expected);
        expect(set.ids(3, 4)).toEqual(expected.slice(3, 7));
        expect(set.size).toBe(expected.length);
      }),
    );
  });

  it("of more than it keeps holds those that come first, and says so", () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (all, descending) => {
        const set = new SortedSet(descending, 5);
        const plain = new Map<string, SortKey>();
        for (const step of all.filter((one) => one.do === "put")) {
          if (plain.has(step.id)) continue;
          set.put(step.id, step.key);
          plain.set(step.id, step.key);
        }
        expect(set.ids(0, 10)).toEqual(model(plain, descending).slice(0, 5));
        expect(set.capped).toBe(plain.size > 5);
      }),
    );
  });
});

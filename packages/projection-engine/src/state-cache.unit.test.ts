import fc from "fast-check";
import { expect, test } from "vitest";
import { stateCache } from "./state-cache.ts";

test("it never gives a state that is not the last one set, and holds at least what was used since the last trim", () => {
  const key = fc.integer({ min: 0, max: 20 }).map(String);
  const action = fc.oneof(
    fc.record({ do: fc.constant("set" as const), key, value: fc.integer() }),
    fc.record({ do: fc.constant("get" as const), key }),
    fc.record({ do: fc.constant("delete" as const), key }),
    fc.record({ do: fc.constant("trim" as const) }),
  );
  fc.assert(
    fc.property(fc.array(action), fc.integer({ min: 1, max: 8 }), (actions, size) => {
      const cache = stateCache<{ value: number }>(size);
      const truth = new Map<string, { value: number }>();
      const recent = new Set<string>();
      for (const one of actions) {
        if (one.do === "trim") {
          cache.trim();
          recent.clear();
        } else if (one.do === "set") {
          const state = { value: one.value };
          cache.set(one.key, state);
          truth.set(one.key, state);
          recent.add(one.key);
        } else if (one.do === "delete") {
          cache.delete(one.key);
          truth.delete(one.key);
          recent.delete(one.key);
        } else {
          const found = cache.get(one.key);
          if (found !== undefined) expect(found).toBe(truth.get(one.key));
          if (found !== undefined) recent.add(one.key);
        }
        for (const held of recent) expect(cache.get(held)).toBe(truth.get(held));
      }
    }),
  );
});

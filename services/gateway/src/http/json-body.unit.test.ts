import fc from "fast-check";
import { expect, it } from "vitest";
import { isNestedDeeper, parseJsonBody } from "./json-body.ts";

const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

it("knows the depth of any JSON without building it, brackets in texts not counted", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 8 }), (value, limit) => {
      const text = Buffer.from(JSON.stringify(value));
      expect(isNestedDeeper(text, limit)).toBe(depthOf(value) > limit);
    }),
  );
});

it("gives back what JSON says", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parseJsonBody(Buffer.from(JSON.stringify(value)))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it.each([
  ["", "empty_body"],
  ["{", "malformed_json"],
  ["{'a':1}", "malformed_json"],
  ["[".repeat(1_000_000), "nesting_too_deep"],
])("refuses %.20s as %s", (text, code) => {
  expect(() => parseJsonBody(Buffer.from(text))).toThrow(expect.objectContaining({ code }));
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

/** JSON values whose strings are well-formed. */
const json = fc.jsonValue({ maxDepth: 4, stringUnit: "binary" });

describe("canonical JSON (RFC 8785)", () => {
  it("sorts members by UTF-16 code units, at every depth", () => {
    // The example of RFC 8785, section 3.2.3: the order of code points would put U+1F600 after U+FB33.
    const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\u{1f600}": 5, "\u0080": 6, "\u00f6": { b: 1, a: 2 } };
    expect(canonicalJson(value)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":{"a":2,"b":1},"\u20ac":1,"\u{1f600}":5,"\ufb33":3}',
    );
  });

  it("writes numbers as ECMAScript does", () => {
    expect(canonicalJson([333333333.33333329, 1e30, 4.5, 2e-3, 1e-27, -0, 9007199254740991])).toBe(
      "[333333333.3333333,1e+30,4.5,0.002,1e-27,0,9007199254740991]",
    );
  });

  it("escapes only what must be escaped", () => {
    expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/\u2028')).toBe('"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\u2028"');
  });

  it("tells objects apart whose members' names run together", () => {
    for (const value of [
      { a: 1, "b\ud800\udc00c": 2 },
      { "a\ud800\udc00b": 1, c: 2 },
      { a: 1, b: 2, c: 3 },
      { "a\0b": 1, c: 2 },
      { a: 1, "b\0c": 2 },
      { "": 1, a: 2 },
      { a: 2 },
    ]) {
      expect(JSON.parse(canonicalJson(value))).toEqual(value);
    }
    expect(canonicalJson({ a: 1, b: 2 })).toBe('{"a":1,"b":2}');
    for (const value of [{ "a\ud800b": 1 }, { a: 1, "\udc00b": 2 }])
      expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it("leaves out undefined members", () => {
    expect(canonicalJson({ a: undefined, b: null })).toBe('{"b":null}');
  });

  it.each([
    [Number.NaN],
    [Infinity],
    [10n],
    [new Date(0)],
    [new Map()],
    [() => 1],
    [[undefined]],
    ["\ud800"],
    [{ "\udc00": 1 }],
  ])("refuses %s", (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });

  it("is read back as the same value, and is the same for any order of members", () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(shuffled(value))).toBe(text);
      }),
    );
  });
});

/** The same value with every object's members in the opposite order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  const reversed = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(value).reverse()) reversed[name] = shuffled(member);
  return reversed;
}

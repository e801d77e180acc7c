import fc from "fast-check";
import { expect, test } from "vitest";
import { instantOf } from "./instant.ts";

test("it reads every instant as the runtime does", () => {
  const date = fc.date({
    min: new Date("0000-01-01T00:00:00.000Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, (at) => {
      expect(instantOf(at.toISOString())).toBe(at.getTime());
    }),
    { numRuns: 2_000 },
  );
  for (const text of [
    "2024-02-29T00:00:00.000Z",
    "2024-12-31T23:59:59.999Z",
    "2000-03-01T00:00:00.000Z",
    "1999-02-28T12:30:45.678Z",
  ])
    expect(instantOf(text)).toBe(Date.parse(text));
});

test("what is no instant is refused", () => {
  for (const text of [
    "",
    "yesterday",
    "2024-13-01T00:00:00.000Z",
    "2024-01-01T25:00:00.000Z",
    "2024-04-31T00:00:60.000Z",
    "2024-0a-01T00:00:00.000Z",
  ])
    expect(() => instantOf(text), text).toThrow(RangeError);
});

import { expect, it } from "vitest";
import { askedBy, isSameQuestion, lacking, termsIn, wordsOf } from "./what-if-terms.ts";

it("terms of a what-if stand in the address and come back from it, whatever they are", () => {
  for (const words of [
    {},
    { policy: "severny-2024@2", calendar: "moscow-5x9@1" },
    { policy: "own", targets: "incident.high.1h.4h,change.low..3d", ola: "2.30m", pauses: "customer.runs" },
    { calendar: "round-the-clock", clocks: "resolution,ola", by: "resolvedAt" },
    { clocks: "-" },
  ]) {
    const back = wordsOf(termsIn(words));
    expect(Object.fromEntries(Object.entries(back).filter(([, value]) => value !== undefined))).toEqual(words);
  }
});

it("asks for a contract's version with a calendar's version, and for several targets at once; what is not said is left out", () => {
  expect(askedBy(termsIn({ policy: "severny-2024@2", calendar: "moscow-5x9@1" }))).toEqual({
    kinds: ["reaction", "resolution"],
    by: "registeredAt",
    contractId: "severny-2024",
    version: 2,
    calendarId: "moscow-5x9",
    calendarVersion: 1,
  });
  expect(
    askedBy(termsIn({ policy: "own", targets: "incident.high.1h.4h,change.low..3d", pauses: "approval.stops" })),
  ).toEqual({
    kinds: ["reaction", "resolution"],
    by: "registeredAt",
    policy: {
      targets: [
        { type: "incident", priority: "high", reaction: "1h", resolution: "4h" },
        { type: "change", priority: "low", resolution: "3d" },
      ],
      pauses: { approval: true },
    },
  });
  // own terms that are not chosen do not count
  expect(askedBy(termsIn({ targets: "incident.high.1h.4h", calendar: "ural-5x8" }))).not.toHaveProperty("policy");
});

it("says what is lacking before anything can be judged", () => {
  expect(lacking(termsIn({ policy: "own" }))).toBe("terms");
  expect(lacking(termsIn({ policy: "own", targets: "incident.high.soon." }))).toBe("target");
  expect(lacking(termsIn({ calendar: "ural-5x8", clocks: "-" }))).toBe("clocks");
  expect(lacking(termsIn({ calendar: "ural-5x8" }))).toBeNull();
  expect(lacking(termsIn({ policy: "own", pauses: "customer.runs" }))).toBeNull();
});

it("knows the same question in another order of its parts", () => {
  expect(isSameQuestion({ a: [1, { b: 2, c: null }], d: undefined }, { a: [1, { c: null, b: 2 }] })).toBe(true);
  expect(isSameQuestion({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
});

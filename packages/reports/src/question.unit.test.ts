import fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf, filterText, filterValues, questionOf } from "./question.ts";

const present = { now: new Date("2024-05-20T12:00:00Z"), position: "500", zoneOfOrganization: () => "Asia/Omsk" };

test("whatever a value holds, it comes back from an address as it was", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.string()), { minLength: 1, maxLength: 5 }), (values) => {
      const wanted = [...new Set(values)];
      expect(filterValues(wanted.map(filterText).join(","))).toEqual(wanted);
    }),
  );
});

test("a question said in full, asked again, is the same question", () => {
  const question = questionOf("sla", { organization: "a\\,b,none", from: "2024-05-01", groupBy: "month" }, present);
  const asked = Object.fromEntries(addressOf(question));
  const again = questionOf(
    "sla",
    { ...asked, groupBy: "month" },
    { ...present, now: new Date("2025-01-01T00:00:00Z"), position: "900" },
  );
  expect({ ...again, zone: again.zone.name }).toEqual({ ...question, zone: question.zone.name });
});

test("local dates are midnight in the organization's zone when one is asked for, else in Moscow's", () => {
  const of = (organization: object) =>
    questionOf("sla", { from: "2024-05-01", to: "2024-05-02", ...organization }, present).from;
  expect(of({ organization: "romashka" })).toEqual(new Date("2024-04-30T18:00:00Z"));
  expect(of({})).toEqual(new Date("2024-04-30T21:00:00Z"));
});

test("ten years are a period, and a day more is not", () => {
  const ask = (to: string) => () =>
    questionOf("sla", { from: "2014-05-01", to, asOf: "2024-05-19T00:00:00Z" }, present);
  expect(ask("2024-05-01")).not.toThrow();
  expect(ask("2024-05-04")).toThrow("period_too_long");
});

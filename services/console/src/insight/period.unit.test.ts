import { expect, it } from "vitest";
import { bucketKeys, bucketOf, otherPeriod } from "./period.ts";

it("the other period is as long as the one that is shown", () => {
  expect(otherPeriod("none", "2026-03-01", "2026-03-31", undefined)).toBeNull();
  expect(otherPeriod("before", "2026-03-01", "2026-03-31", undefined)).toEqual({
    from: "2026-01-30",
    to: "2026-03-01",
  });
  // weekdays beside the same weekdays
  expect(otherPeriod("year", "2026-03-02", "2026-03-09", undefined)).toEqual({ from: "2025-03-03", to: "2025-03-10" });
  expect(otherPeriod("own", "2026-03-01", "2026-03-08", "2024-02-26")).toEqual({
    from: "2024-02-26",
    to: "2024-03-04",
  });
  expect(otherPeriod("own", "2026-03-01", "2026-03-08", undefined)).toBeNull();
  expect(otherPeriod("own", "2026-03-01", "2026-03-08", "soon")).toBeNull();
});

it("a long period is cut into longer stretches", () => {
  expect([
    bucketOf("2026-03-01", "2026-03-02"),
    bucketOf("2026-01-01", "2026-03-31"),
    bucketOf("2020-01-01", "2026-01-01"),
  ]).toEqual(["day", "week", "month"]);
});

it("names every stretch of a period, weeks by their Thursday", () => {
  expect(bucketKeys("day", "2024-02-28", "2024-03-02")).toEqual(["2024-02-28", "2024-02-29", "2024-03-01"]);
  expect(bucketKeys("month", "2025-11-30", "2026-02-01")).toEqual(["2025-11", "2025-12", "2026-01"]);
  expect(bucketKeys("week", "2024-12-29", "2025-01-07")).toEqual(["2024-W52", "2025-W01", "2025-W02"]);
  expect(bucketKeys("week", "2026-12-31", "2027-01-04")).toEqual(["2026-W53"]);
});

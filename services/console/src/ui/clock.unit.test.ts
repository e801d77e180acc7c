import { describe, expect, it } from "vitest";
import { joinHours, readClock, remainingAt, workedBetween, type OpenHours, type RibbonClock } from "./clock.ts";

const at = (text: string): number => Date.parse(text);
const hours: OpenHours = {
  zone: "Europe/Moscow",
  open: [
    ["2026-11-23T06:00:00.000Z", "2026-11-23T15:00:00.000Z"],
    ["2026-11-24T06:00:00.000Z", "2026-11-24T15:00:00.000Z"],
  ],
};
const clock: RibbonClock = {
  kind: "resolution",
  cycle: 1,
  state: "running",
  ticking: true,
  pausedBecause: null,
  startedAt: "2026-11-23T12:00:00.000Z",
  deadline: "2026-11-24T07:00:00.000Z",
  stoppedAt: null,
  missedAt: null,
  usedSeconds: 3_600,
  remainingSeconds: 3 * 3_600,
  parts: [],
};
const words = {
  t: (key: string, values?: object) => `${key} ${JSON.stringify(values ?? {})}`,
  term: (_group: string, key: string | null | undefined) => key ?? "",
};
const read = (now: string, over: Partial<RibbonClock> = {}) =>
  readClock({ ...clock, ...over }, hours, at("2026-11-23T13:00:00.000Z"), at(now), words);

describe("a clock on a calendar", () => {
  it("counts only what lies in working hours", () => {
    expect(workedBetween(hours, at("2026-11-23T14:00:00.000Z"), at("2026-11-24T07:30:00.000Z"))).toBe(2.5 * 3_600_000);
  });

  it("goes down in working hours and stands still outside of them", () => {
    const left = (now: string) => remainingAt(clock, hours, at("2026-11-23T13:00:00.000Z"), at(now));
    expect(left("2026-11-23T13:30:00.000Z")).toBe(2.5 * 3_600_000);
    expect(left("2026-11-23T15:00:00.000Z")).toBe(3_600_000);
    expect(left("2026-11-23T22:00:00.000Z")).toBe(3_600_000);
    expect(read("2026-11-23T22:00:00.000Z").moving).toBe(false);
    expect(read("2026-11-24T06:30:00.000Z").moving).toBe(true);
  });

  it("tells working time in hours, and in days only where the calendar goes on day and night", () => {
    const long = { deadline: "2026-12-01T07:00:00.000Z", remainingSeconds: 40 * 3_600 };
    const now = "2026-11-23T13:00:00.000Z";
    expect(read(now, long).text).toMatch(/^40 (?:ч|h)$/u);
    const always: OpenHours = { zone: "UTC", open: [["2026-11-23T00:00:00.000Z", "2026-12-03T00:00:00.000Z"]] };
    expect(readClock({ ...clock, ...long }, always, at(now), at(now), words).text).toMatch(/^1 (?:д|d) 16 (?:ч|h)$/u);
  });

  it("warns when little is left, is late after its deadline, and says why it is paused", () => {
    expect(read("2026-11-23T13:00:00.000Z").risk).toBe("none");
    expect(read("2026-11-24T06:40:00.000Z").risk).toBe("warn");
    expect(read("2026-11-24T07:00:00.000Z").risk).toBe("bad");
    expect(
      read("2026-11-23T13:00:00.000Z", { state: "paused", pausedBecause: "customer", deadline: null }).sentence,
    ).toContain("customer");
    expect(read("2026-11-25T13:00:00.000Z", { state: "met" }).risk).toBe("good");
  });
});

describe("a calendar's hours that are told again", () => {
  const later = (open: OpenHours["open"]): OpenHours => ({ zone: hours.zone, open });

  it("stay the same object while they say the same, so that nothing is drawn anew", () => {
    const again = later([["2026-11-23T07:12:00.000Z", "2026-11-23T15:00:00.000Z"], ...hours.open.slice(1)]);
    expect(joinHours(hours, again)).toBe(hours);
  });

  it("keep what lay before, for clocks that were read before", () => {
    const again = later([
      ["2026-11-23T12:00:00.000Z", "2026-11-23T15:00:00.000Z"],
      ...hours.open.slice(1),
      ["2026-11-27T06:00:00.000Z", "2026-11-27T15:00:00.000Z"],
    ]);
    const joined = joinHours(hours, again);
    expect(workedBetween(joined, at("2026-11-23T10:00:00.000Z"), at("2026-11-23T13:00:00.000Z"))).toBe(3 * 3_600_000);
    expect(workedBetween(joined, at("2026-11-27T05:00:00.000Z"), at("2026-11-27T07:00:00.000Z"))).toBe(3_600_000);
  });

  it("follow a calendar that was changed", () => {
    const shorter = later([
      ["2026-11-23T12:00:00.000Z", "2026-11-23T14:00:00.000Z"],
      ["2026-11-24T06:00:00.000Z", "2026-11-24T14:00:00.000Z"],
    ]);
    const joined = joinHours(hours, shorter);
    expect(workedBetween(joined, at("2026-11-23T06:00:00.000Z"), at("2026-11-23T18:00:00.000Z"))).toBe(8 * 3_600_000);
  });
});

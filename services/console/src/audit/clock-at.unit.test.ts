import { expect, it } from "vitest";
import type { RibbonClock } from "../ui/clock.ts";
import { clockAt } from "./clock-at.ts";

const clock: RibbonClock = {
  kind: "resolution",
  cycle: 1,
  state: "running",
  ticking: false,
  pausedBecause: null,
  startedAt: "2026-11-02T10:00:00Z",
  deadline: "2026-11-03T11:00:00Z",
  stoppedAt: null,
  missedAt: null,
  usedSeconds: 99_999,
  remainingSeconds: 0,
  parts: [
    { from: "2026-11-02T10:00:00Z", to: "2026-11-02T18:00:00Z", kind: "counted", because: null },
    { from: "2026-11-02T18:00:00Z", to: "2026-11-03T09:00:00Z", kind: "off", because: null },
    { from: "2026-11-03T09:00:00Z", to: "2026-11-03T18:00:00Z", kind: "counted", because: null },
  ],
};
const read = (at: string, of = clock): unknown => {
  const { usedSeconds, remainingSeconds, ticking } = clockAt(of, Date.parse(at));
  return [usedSeconds / 3600, remainingSeconds === null ? null : remainingSeconds / 3600, ticking];
};

it("tells how far a clock was, whenever it was read", () => {
  expect(read("2026-11-02T10:00:00Z")).toEqual([0, 10, true]);
  expect(read("2026-11-02T16:00:00Z")).toEqual([6, 4, true]);
  expect(read("2026-11-02T23:00:00Z")).toEqual([8, 2, false]);
  expect(read("2026-11-03T12:00:00Z")).toEqual([11, 0, true]);
});

it("knows what was left of a clock that was read before its deadline", () => {
  const early: RibbonClock = {
    ...clock,
    usedSeconds: 8 * 3600,
    remainingSeconds: 2 * 3600,
    parts: clock.parts.slice(0, 2),
  };
  expect(read("2026-11-02T16:00:00Z", early)).toEqual([6, 4, true]);
  expect(read("2026-11-02T23:00:00Z", early)).toEqual([8, 2, false]);
});

it("leaves a clock alone that had stopped by then, and one without a deadline without one", () => {
  const stopped: RibbonClock = { ...clock, state: "met", stoppedAt: "2026-11-02T12:00:00Z" };
  expect(clockAt(stopped, Date.parse("2026-11-02T12:00:00Z"))).toBe(stopped);
  expect(read("2026-11-02T12:00:00Z", { ...clock, deadline: null, remainingSeconds: null })).toEqual([2, null, true]);
});

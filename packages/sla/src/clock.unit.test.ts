import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alarmTimes, parseAlarm } from "./alarms.ts";
import { evaluateClock, nextCycle, retarget } from "./clock.ts";
import type { ClockInput, ClockPause, PauseReason } from "./clock-model.ts";
import { compileCalendar } from "./compile.ts";
import { explainClock } from "./explain.ts";
import { russianCalendar } from "./ru-calendar.ts";
import { versionedCalendar } from "./versions.ts";
import { workingTimeBetween } from "./working-time.ts";

const moscow = compileCalendar(russianCalendar());
const at = (local: string): number => Date.parse(`2026-${local}:00+03:00`);
const never = compileCalendar({ tz: "Europe/Moscow", weeklyHours: {} });

/** Monday 16 March 2026, 10:00, eight hours. */
const base: ClockInput = {
  kind: "resolution",
  cycle: 1,
  startedAt: at("03-16T10:00"),
  target: { kind: "duration", seconds: 8 * 3_600 },
  pauses: [],
  policyVersion: 3,
  contractId: "contract-1",
  calendarId: "calendar-1",
};
const pause = (from: string, to: string | null, reason: PauseReason = "customer"): ClockPause => ({
  from: at(from),
  to: to === null ? null : at(to),
  reason,
});

describe("a clock", () => {
  it("runs, is missed at its deadline, and stays missed when it is stopped late", () => {
    expect(evaluateClock(base, moscow, at("03-16T12:00"))).toEqual({
      kind: "resolution",
      cycle: 1,
      line: null,
      state: "running",
      startedAt: base.startedAt,
      target: base.target,
      deadline: at("03-16T18:00"),
      extended: false,
      usedSeconds: 7_200,
      remainingSeconds: 21_600,
      remainingDays: null,
      pausedReason: null,
      policyVersion: 3,
      calendarVersions: [1],
      stoppedAt: null,
      missedAt: null,
    });
    expect(evaluateClock(base, moscow, at("03-16T18:00") - 1).state).toBe("running");
    expect(evaluateClock(base, moscow, at("03-16T18:00"))).toMatchObject({
      state: "missed",
      missedAt: at("03-16T18:00"),
      remainingSeconds: 0,
    });
    const late: ClockInput = { ...base, stoppedAt: { at: at("03-17T09:30"), outcome: "done" } };
    expect(evaluateClock(late, moscow, at("03-20T00:00"))).toMatchObject({
      state: "missed",
      missedAt: at("03-16T18:00"),
      stoppedAt: { at: at("03-17T09:30"), outcome: "done" },
      usedSeconds: 8 * 3_600 + 1_800,
    });
    const cancelledLate: ClockInput = { ...base, stoppedAt: { at: at("03-17T09:30"), outcome: "cancelled" } };
    expect(evaluateClock(cancelledLate, moscow, at("03-20T00:00")).state).toBe("missed");
  });

  it("is met when stopped in time, to the very instant, and cancelled when cancelled", () => {
    const met: ClockInput = { ...base, stoppedAt: { at: at("03-16T18:00"), outcome: "done" } };
    expect(evaluateClock(met, moscow, at("03-20T00:00"))).toMatchObject({ state: "met", remainingSeconds: 0 });
    const cancelled: ClockInput = { ...base, stoppedAt: { at: at("03-16T11:00"), outcome: "cancelled" } };
    expect(evaluateClock(cancelled, moscow, at("03-20T00:00"))).toMatchObject({
      state: "cancelled",
      usedSeconds: 3_600,
      missedAt: null,
    });
  });

  it("stands still while paused: deadline unknown, what is left known", () => {
    const input: ClockInput = { ...base, pauses: [pause("03-16T12:00", "03-18T09:00", "approval")] };
    expect(evaluateClock(input, moscow, at("03-17T12:00"))).toMatchObject({
      state: "paused",
      pausedReason: "approval",
      deadline: null,
      usedSeconds: 7_200,
      remainingSeconds: 21_600,
    });
    expect(evaluateClock(input, moscow, at("03-16T12:00")).state).toBe("paused");
    expect(evaluateClock(input, moscow, at("03-18T09:00"))).toMatchObject({
      state: "running",
      pausedReason: null,
      deadline: at("03-18T15:00"),
    });
  });

  it("as of a past moment knows nothing of what came later", () => {
    const whole: ClockInput = {
      ...base,
      pauses: [pause("03-16T12:00", "03-16T13:00"), pause("03-16T15:00", "03-17T10:00")],
      stoppedAt: { at: at("03-17T12:00"), outcome: "done" },
      missRecordedAt: at("03-18T00:00"),
    };
    const then: ClockInput = { ...base, pauses: [pause("03-16T12:00", null)] };
    expect(evaluateClock(whole, moscow, at("03-16T12:30"))).toEqual(evaluateClock(then, moscow, at("03-16T12:30")));
    expect(evaluateClock(whole, moscow, at("03-17T13:00")).state).toBe("met");
    expect(evaluateClock(whole, moscow, at("03-18T01:00"))).toMatchObject({
      state: "missed",
      missedAt: at("03-18T00:00"),
    });
  });

  it("an agreed deadline replaces the computed one, and is unknown while a pause is open; an earlier miss stays", () => {
    const input: ClockInput = { ...base, override: at("03-20T18:00"), pauses: [pause("03-17T10:00", null)] };
    expect(evaluateClock(input, moscow, at("03-18T12:00"))).toMatchObject({
      state: "paused",
      extended: true,
      deadline: null,
      remainingSeconds: (8 + 9 + 9 + 9) * 3_600,
    });
    expect(evaluateClock(input, moscow, at("03-20T18:00")).state).toBe("paused");
    const resumed: ClockInput = { ...input, pauses: [pause("03-17T10:00", "03-18T12:00")] };
    expect(evaluateClock(resumed, moscow, at("03-18T12:00"))).toMatchObject({
      state: "running",
      deadline: at("03-20T18:00"),
      remainingSeconds: (6 + 9 + 9) * 3_600,
    });
    expect(evaluateClock(resumed, moscow, at("03-20T18:00")).state).toBe("missed");
    const pausedLate: ClockInput = { ...base, override: at("03-17T10:00"), pauses: [pause("03-17T10:00", null)] };
    expect(evaluateClock(pausedLate, moscow, at("03-17T12:00"))).toMatchObject({ state: "missed" });
    const missed: ClockInput = { ...base, override: at("03-20T18:00"), missRecordedAt: at("03-16T18:00") };
    expect(evaluateClock(missed, moscow, at("03-17T12:00"))).toMatchObject({
      state: "missed",
      missedAt: at("03-16T18:00"),
    });
  });

  it("never is missed on a calendar without working time", () => {
    expect(evaluateClock(base, never, at("12-31T00:00"))).toMatchObject({
      state: "running",
      deadline: null,
      usedSeconds: 0,
    });
  });

  it("counts working days, and says how many are left", () => {
    const input: ClockInput = { ...base, target: { kind: "working_days", days: 3 } };
    expect(evaluateClock(input, moscow, at("03-18T12:00"))).toMatchObject({
      deadline: at("03-20T00:00"),
      remainingDays: 2,
      remainingSeconds: (6 + 9) * 3_600,
    });
    const paused: ClockInput = { ...input, pauses: [pause("03-17T10:00", null)] };
    expect(evaluateClock(paused, moscow, at("03-19T12:00"))).toMatchObject({
      state: "paused",
      deadline: null,
      remainingDays: 2,
      remainingSeconds: null,
    });
  });

  it("before its start has used nothing", () => {
    expect(evaluateClock(base, moscow, at("03-15T00:00"))).toMatchObject({ state: "running", usedSeconds: 0 });
    expect(explainClock(base, moscow, at("03-15T00:00")).intervals).toEqual([]);
  });
});

describe("a clock of several cycles", () => {
  const first: ClockInput = {
    ...base,
    pauses: [pause("03-16T11:00", "03-16T12:00")],
    stoppedAt: { at: at("03-16T14:00"), outcome: "done" },
  };

  it("goes on with what it had used, and keeps the earlier cycle", () => {
    const second = nextCycle(first, at("03-19T09:00"));
    expect(second).toMatchObject({ cycle: 2, startedAt: at("03-19T09:00"), pauses: [], stoppedAt: null });
    expect(second.earlier).toEqual([
      { startedAt: first.startedAt, pauses: first.pauses, stoppedAt: at("03-16T14:00") },
    ]);
    // Three of eight hours were used.
    expect(evaluateClock(second, moscow, at("03-19T10:00"))).toMatchObject({
      cycle: 2,
      state: "running",
      usedSeconds: 4 * 3_600,
      deadline: at("03-19T14:00"),
    });
    expect(evaluateClock(first, moscow, at("03-20T00:00"))).toMatchObject({ cycle: 1, state: "met" });
    const third = nextCycle({ ...second, stoppedAt: { at: at("03-19T12:00"), outcome: "done" } }, at("03-20T17:00"));
    expect(evaluateClock(third, moscow, at("03-20T17:30"))).toMatchObject({ cycle: 3, deadline: at("03-23T10:00") });
    expect(explainClock(third, moscow, at("03-20T17:30")).intervals.map((i) => [i.why, i.seconds])).toEqual([
      ["working_hours", 3_600],
      ["paused_customer", 0],
      ["working_hours", 7_200],
      ["paused_confirmation", 0],
      ["working_hours", 10_800],
      ["paused_confirmation", 0],
      ["working_hours", 1_800],
    ]);
  });

  it("may carry seconds alone", () => {
    const carried: ClockInput = { ...base, cycle: 2, startedAt: at("03-19T09:00"), carriedSeconds: 3 * 3_600 };
    expect(evaluateClock(carried, moscow, at("03-19T10:00"))).toEqual({
      ...evaluateClock(nextCycle(first, at("03-19T09:00")), moscow, at("03-19T10:00")),
      calendarVersions: [1],
    });
    const overdrawn: ClockInput = { ...carried, carriedSeconds: 9 * 3_600 };
    expect(evaluateClock(overdrawn, moscow, at("03-19T09:00"))).toMatchObject({
      state: "missed",
      deadline: at("03-19T09:00"),
    });
  });

  it("stays missed when it was missed before", () => {
    const late: ClockInput = { ...base, stoppedAt: { at: at("03-17T12:00"), outcome: "done" } };
    expect(evaluateClock(nextCycle(late, at("03-19T09:00")), moscow, at("03-19T10:00"))).toMatchObject({
      state: "missed",
      missedAt: at("03-16T18:00"),
    });
  });

  it("with another priority has the same start and pauses, and the new target over all of it", () => {
    const second = nextCycle(first, at("03-19T09:00"));
    const urgent = retarget(second, { target: { kind: "duration", seconds: 4 * 3_600 }, policyVersion: 4 });
    expect(evaluateClock(urgent, moscow, at("03-19T09:30"))).toMatchObject({
      policyVersion: 4,
      deadline: at("03-19T10:00"),
      usedSeconds: 3.5 * 3_600,
    });
    const inTheFirst = retarget(second, { target: { kind: "duration", seconds: 2 * 3_600 }, policyVersion: 4 });
    expect(evaluateClock(inTheFirst, moscow, at("03-19T09:30"))).toMatchObject({
      state: "missed",
      deadline: at("03-16T13:00"),
    });
  });
});

describe("alarms", () => {
  it("fall at shares of the working time, before, at and after the deadline", () => {
    const steps = ["50%", "80%", "-30m", "100%", "+2h", "125%"].map((step) => ({ at: step }));
    expect(alarmTimes(base, moscow, steps)).toEqual([
      at("03-16T14:00"),
      at("03-16T16:24"),
      at("03-16T17:30"),
      at("03-16T18:00"),
      at("03-17T11:00"),
      at("03-17T11:00"),
    ]);
  });

  it("are unknown beyond an open pause, and known before it", () => {
    const input: ClockInput = { ...base, pauses: [pause("03-16T15:00", null)] };
    expect(alarmTimes(input, moscow, [{ at: "50%" }, { at: "80%" }, { at: "100%" }, { at: "+1h" }])).toEqual([
      at("03-16T14:00"),
      null,
      null,
      null,
    ]);
  });

  it("of a target in days take its working time", () => {
    const input: ClockInput = { ...base, target: { kind: "working_days", days: 1 } };
    // Eight hours on Monday, nine on Tuesday.
    expect(alarmTimes(input, moscow, [{ at: "50%" }, { at: "-30m" }, { at: "100%" }, { at: "+1h" }])).toEqual([
      at("03-17T09:30"),
      at("03-17T17:30"),
      at("03-18T00:00"),
      at("03-18T10:00"),
    ]);
  });

  it("follow an agreed deadline and what was carried, and end with the clock", () => {
    const extended: ClockInput = { ...base, override: at("03-17T12:00") };
    expect(alarmTimes(extended, moscow, [{ at: "-1h" }, { at: "100%" }])).toEqual([
      at("03-17T11:00"),
      at("03-17T12:00"),
    ]);
    const carried: ClockInput = { ...base, carriedSeconds: 5 * 3_600 };
    expect(alarmTimes(carried, moscow, [{ at: "50%" }, { at: "75%" }, { at: "100%" }])).toEqual([
      base.startedAt,
      at("03-16T11:00"),
      at("03-16T13:00"),
    ]);
    const stopped: ClockInput = { ...base, stoppedAt: { at: at("03-16T15:00"), outcome: "done" } };
    expect(alarmTimes(stopped, moscow, [{ at: "50%" }, { at: "5h" }, { at: "80%" }])).toEqual([
      at("03-16T14:00"),
      null,
      null,
    ]);
    expect(alarmTimes(stopped, moscow, [{ at: "62.5%" }])).toEqual([at("03-16T15:00")]);
    expect(alarmTimes(base, never, [{ at: "50%" }, { at: "100%" }, { at: "nonsense" }])).toEqual([null, null, null]);
  });

  it.each(["", "80", "0%", "1001%", "30m", "-3d", "+", "-0m", "8.125%", "--30m"])("refused: %j", (step) => {
    expect(parseAlarm(step)).toMatchObject({ ok: false, errors: [{ code: "alarm_invalid" }] });
  });
});

describe("an explanation", () => {
  it("says why, day by day", () => {
    const input: ClockInput = {
      ...base,
      startedAt: at("04-30T15:00"),
      target: { kind: "duration", seconds: 13 * 3_600 },
      pauses: [pause("05-05T10:00", "05-05T11:30")],
    };
    const explained = explainClock(input, moscow, at("05-05T12:00"));
    const day = (t: number): string => new Date(t + 3 * 3_600_000).toISOString().slice(5, 16);
    expect(explained.intervals.map((i) => [day(i.from), day(i.to), i.why, i.seconds, i.date, i.dayName?.ru])).toEqual([
      ["04-30T15:00", "04-30T17:00", "working_hours", 7_200, "2026-04-30", undefined],
      ["04-30T17:00", "04-30T18:00", "shortened_day", 0, "2026-04-30", undefined],
      ["04-30T18:00", "05-01T00:00", "outside_hours", 0, "2026-04-30", undefined],
      ["05-01T00:00", "05-02T00:00", "holiday", 0, "2026-05-01", "Праздник Весны и Труда"],
      ["05-02T00:00", "05-04T00:00", "day_off", 0, "2026-05-02", undefined],
      ["05-04T00:00", "05-04T09:00", "outside_hours", 0, "2026-05-04", undefined],
      ["05-04T09:00", "05-04T18:00", "working_hours", 32_400, "2026-05-04", undefined],
      ["05-04T18:00", "05-05T09:00", "outside_hours", 0, "2026-05-04", undefined],
      ["05-05T09:00", "05-05T10:00", "working_hours", 3_600, "2026-05-05", undefined],
      ["05-05T10:00", "05-05T11:30", "paused_customer", 0, "2026-05-05", undefined],
      ["05-05T11:30", "05-05T12:00", "working_hours", 1_800, "2026-05-05", undefined],
    ]);
    expect(explained).toMatchObject({ usedSeconds: 45_000, deadline: at("05-05T12:30"), state: "running" });
  });

  it("shows what a shortened day lost, part by part, and which of two pauses was first", () => {
    const parts = compileCalendar({
      tz: "Europe/Moscow",
      weeklyHours: {
        thu: [
          ["09:00", "17:00"],
          ["17:30", "18:00"],
        ],
      },
      shortened: [{ date: "2026-04-30", minutes: 60 }],
    });
    const input: ClockInput = {
      ...base,
      startedAt: at("04-30T15:00"),
      pauses: [pause("04-30T15:30", "04-30T16:10"), pause("04-30T15:40", "04-30T16:20", "approval")],
    };
    const explained = explainClock(input, parts, at("04-30T18:30"));
    expect(explained.intervals.map((i) => [i.why, (i.to - i.from) / 60_000])).toEqual([
      ["working_hours", 30],
      ["paused_customer", 40],
      ["paused_approval", 10],
      ["working_hours", 10],
      ["shortened_day", 30],
      ["outside_hours", 30],
      ["shortened_day", 30],
      ["outside_hours", 30],
    ]);
  });

  it("foresees what lies ahead, and names the days of a target in days", () => {
    const input: ClockInput = { ...base, target: { kind: "working_days", days: 2 } };
    const explained = explainClock(input, moscow, at("03-16T12:00"));
    expect(explained.days.map((day) => day.date)).toEqual(["2026-03-17", "2026-03-18"]);
    expect(explained.ahead.map((i) => i.why)).toEqual([
      "working_hours",
      "outside_hours",
      "working_hours",
      "outside_hours",
      "working_hours",
      "outside_hours",
    ]);
    expect(explained.ahead.at(-1)?.to).toBe(at("03-19T00:00"));
  });

  it("names a declared working day, and which version of the calendar counted", () => {
    const saturday = Date.parse("2027-02-20T12:00:00+03:00");
    const made = versionedCalendar([
      { version: 7, effectiveFrom: 0, calendar: russianCalendar() },
      { version: 8, effectiveFrom: saturday, calendar: russianCalendar({ hours: [["09:00", "20:00"]] }) },
    ]);
    if (!made.ok) throw new Error("refused");
    const input: ClockInput = { ...base, startedAt: saturday - 3_600_000 };
    const explained = explainClock(input, made.value, saturday + 8 * 3_600_000);
    expect(explained.intervals.map((i) => [i.why, i.seconds, i.calendarVersion])).toEqual([
      ["working_day_declared", 3_600, 7],
      ["working_day_declared", 7 * 3_600, 8],
      ["shortened_day", 0, 8],
    ]);
    expect(explained.intervals[0]?.dayName?.en).toMatch(/^working day instead of 2027-02-22/);
    expect(evaluateClock(input, made.value, saturday + 8 * 3_600_000).calendarVersions).toEqual([7, 8]);
  });

  it("tiles its span, and adds up to the second", () => {
    const moment = fc.integer({ min: at("01-01T00:00"), max: at("12-31T00:00") });
    const reason = fc.constantFrom<PauseReason[]>("customer", "approval", "confirmation");
    const versions = versionedCalendar([
      { version: 1, effectiveFrom: 0, calendar: russianCalendar() },
      { version: 2, effectiveFrom: at("06-17T12:00"), calendar: { "24x7": true, tz: "America/New_York" } },
      {
        version: 3,
        effectiveFrom: at("10-24T12:00"),
        calendar: { tz: "Europe/Berlin", weeklyHours: { sat: [["22:00", "06:00"]], tue: [["01:00", "02:30"]] } },
      },
    ]);
    if (!versions.ok) throw new Error("refused");
    const calendar = versions.value;
    fc.assert(
      fc.property(
        moment,
        moment,
        fc.array(fc.record({ from: moment, to: fc.option(moment), reason }), { maxLength: 5 }),
        fc.option(moment),
        fc.oneof(
          fc.integer({ min: 1, max: 3_000_000 }).map((seconds) => ({ kind: "duration", seconds }) as const),
          fc.integer({ min: 1, max: 40 }).map((n) => ({ kind: "working_days", days: n }) as const),
        ),
        (startedAt, now, pauses, stop, target) => {
          const input: ClockInput = {
            ...base,
            startedAt,
            target,
            pauses,
            stoppedAt: stop !== null && stop >= startedAt ? { at: stop, outcome: "done" } : null,
          };
          const snapshot = evaluateClock(input, calendar, now);
          const explained = explainClock(input, calendar, now);
          const end = Math.max(startedAt, Math.min(now, snapshot.stoppedAt?.at ?? now));
          const all = [...explained.intervals, ...explained.ahead];
          let reached = startedAt;
          for (const interval of all) {
            expect(interval.from).toBe(reached);
            expect(interval.to).toBeGreaterThan(interval.from);
            expect(interval.counted || interval.seconds === 0).toBe(true);
            reached = interval.to;
          }
          const ahead = explained.ahead.at(-1);
          expect(reached).toBe(ahead ? snapshot.deadline : end);
          const counted = explained.intervals.reduce((sum, interval) => sum + interval.seconds, 0);
          expect(counted).toBe(snapshot.usedSeconds);
          expect(explained.usedSeconds).toBe(snapshot.usedSeconds);
          const known = pauses.map((p) => ({ from: p.from, to: p.to !== null && p.to <= now ? p.to : null }));
          const inForce = known.filter((p) => p.from <= now);
          expect(snapshot.usedSeconds).toBe(Math.floor(workingTimeBetween(calendar, startedAt, end, inForce) / 1_000));
          expect(snapshot.state === "paused").toBe(snapshot.pausedReason !== null);
          if (target.kind === "duration" && snapshot.state === "running" && now >= startedAt) {
            const planned = explained.ahead.reduce((sum, interval) => sum + interval.seconds, 0);
            expect(Math.abs(planned - (snapshot.remainingSeconds ?? 0))).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

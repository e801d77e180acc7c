import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calendarNear, oddZones } from "../test/generators.ts";
import { compileCalendar } from "./compile.ts";
import { mergePauses } from "./pauses.ts";
import { russianCalendar } from "./ru-calendar.ts";
import { versionedCalendar } from "./versions.ts";
import type { WorkingCalendar } from "./working-calendar.ts";
import { addWorkingTime, isWorkingAt, workingTimeBetween } from "./working-time.ts";

const HOUR = 3_600_000;
const center = Date.UTC(2026, 2, 20);
const instant = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2200, 0, 1) });
const near = fc.integer({ min: center - 30 * 24 * HOUR, max: center + 30 * 24 * HOUR });
const pause = fc.record({ from: near, to: fc.oneof(near, fc.constant(null)) });

/** One calendar, or two or three versions in different zones. */
const anyCalendar: fc.Arbitrary<WorkingCalendar> = fc
  .array(
    fc
      .constantFrom(...oddZones)
      .chain((tz) => fc.record({ from: near, calendar: calendarNear(tz, center).map((both) => both.calendar) })),
    { minLength: 1, maxLength: 3 },
  )
  .map((list) => {
    const [only, ...more] = list;
    if (only && more.length === 0) return compileCalendar(only.calendar);
    const versions = list.map(({ from, calendar }, i) => ({ version: i + 1, effectiveFrom: from + i, calendar }));
    const made = versionedCalendar(versions);
    return made.ok ? made.value : compileCalendar(russianCalendar());
  });

describe("laws of working time", () => {
  it("the deadline is the earliest instant at which the amount is used up", () => {
    fc.assert(
      fc.property(
        anyCalendar,
        near,
        fc.integer({ min: 1, max: 400 * HOUR }),
        fc.array(pause, { maxLength: 3 }),
        (c, start, amount, pauses) => {
          const deadline = addWorkingTime(c, start, amount, pauses);
          if (deadline === null) return;
          expect(workingTimeBetween(c, start, deadline, pauses)).toBe(amount);
          expect(workingTimeBetween(c, start, deadline - 1, pauses)).toBe(amount - 1);
        },
      ),
    );
  });

  it("never comes only when there is not enough working time left", () => {
    fc.assert(
      fc.property(anyCalendar, near, fc.integer({ min: 1, max: 100 * HOUR }), (c, start, amount) => {
        if (addWorkingTime(c, start, amount) !== null) return;
        expect(workingTimeBetween(c, start, Date.UTC(9000, 0, 1))).toBeLessThan(amount);
      }),
    );
  });

  it("between adds up, and takes no more than the clock on the wall", () => {
    fc.assert(
      fc.property(
        anyCalendar,
        fc.array(instant, { minLength: 3, maxLength: 3 }),
        fc.array(pause, { maxLength: 3 }),
        (c, instants, pauses) => {
          const [a = 0, b = 0, d = 0] = instants.toSorted((x, y) => x - y);
          const whole = workingTimeBetween(c, a, d, pauses);
          expect(workingTimeBetween(c, a, b, pauses) + workingTimeBetween(c, b, d, pauses)).toBe(whole);
          expect(whole).toBeLessThanOrEqual(d - a);
          expect(whole).toBeGreaterThanOrEqual(0);
        },
      ),
      // Two centuries are worked out for each calendar here.
      { numRuns: 20 },
    );
  });

  it("a longer target, a later start or one more pause never brings the deadline forward", () => {
    fc.assert(
      fc.property(anyCalendar, near, near, fc.integer({ min: 0, max: 90 * HOUR }), pause, (c, a, b, amount, extra) => {
        const [early, late] = a < b ? [a, b] : [b, a];
        const orNever = (t: number | null): number => t ?? Infinity;
        const base = orNever(addWorkingTime(c, early, amount));
        expect(orNever(addWorkingTime(c, early, amount + HOUR))).toBeGreaterThanOrEqual(base);
        expect(orNever(addWorkingTime(c, late, amount))).toBeGreaterThanOrEqual(base);
        expect(orNever(addWorkingTime(c, early, amount, [extra]))).toBeGreaterThanOrEqual(base);
      }),
    );
  });

  it("the stretches are the working time: in order, apart, and adding up", () => {
    fc.assert(
      fc.property(anyCalendar, near, near, (c, a, b) => {
        let reached = a;
        let sum = 0;
        for (const stretch of c.intervals(a, b)) {
          expect(stretch.from).toBeGreaterThanOrEqual(reached);
          expect(stretch.to).toBeGreaterThan(stretch.from);
          expect(isWorkingAt(c, stretch.from)).toBe(true);
          reached = stretch.to;
          sum += stretch.to - stretch.from;
        }
        expect(sum).toBe(workingTimeBetween(c, a, b));
      }),
    );
  });

  it("pauses in any order and overlap are one set", () => {
    fc.assert(
      fc.property(anyCalendar, near, near, fc.array(pause, { maxLength: 5 }), (c, a, b, pauses) => {
        const merged = mergePauses(pauses).map((span) => ({
          from: span.from,
          to: span.to === Infinity ? null : span.to,
        }));
        const expected = workingTimeBetween(c, a, b, pauses);
        expect(workingTimeBetween(c, a, b, merged)).toBe(expected);
        expect(workingTimeBetween(c, a, b, pauses.toReversed())).toBe(expected);
      }),
    );
  });
});

describe("versions of a calendar", () => {
  const at = Date.parse("2026-03-17T09:00:00Z");
  const old = russianCalendar({ hours: [["09:00", "18:00"]] });
  const longer = russianCalendar({ hours: [["08:00", "20:00"]] });

  it("count each stretch by the version in force, even within a shift", () => {
    // The longer day begins at noon on 17 March, Moscow time.
    const made = versionedCalendar([
      { version: 2, effectiveFrom: at, calendar: longer },
      { version: 1, effectiveFrom: 0, calendar: old },
    ]);
    if (!made.ok) throw new Error("refused");
    const day = (n: number, hour: number): number => Date.UTC(2026, 2, n, hour - 3);
    expect(workingTimeBetween(made.value, day(17, 0), day(18, 0))).toBe((3 + 8) * HOUR);
    expect(workingTimeBetween(made.value, day(16, 0), day(17, 0))).toBe(9 * HOUR);
    expect(workingTimeBetween(made.value, day(18, 0), day(19, 0))).toBe(12 * HOUR);
    expect(addWorkingTime(made.value, day(17, 9), 11 * HOUR)).toBe(day(17, 20));
    expect([...made.value.intervals(day(17, 0), day(18, 0))].map((i) => i.version)).toEqual([1, 2]);
  });

  it("a later version never changes what lies before it", () => {
    fc.assert(
      fc.property(near, near, near, (effectiveFrom, a, b) => {
        const made = versionedCalendar([
          { version: 1, effectiveFrom: 0, calendar: old },
          { version: 2, effectiveFrom, calendar: longer },
        ]);
        if (!made.ok) throw new Error("refused");
        const [from, to] = [Math.min(a, b, effectiveFrom), Math.min(Math.max(a, b), effectiveFrom)];
        expect(workingTimeBetween(made.value, from, to)).toBe(workingTimeBetween(compileCalendar(old), from, to));
      }),
    );
  });

  it("are refused when empty, or ambiguous", () => {
    expect(versionedCalendar([])).toMatchObject({ ok: false, errors: [{ code: "calendar_versions_empty" }] });
    const twice = { version: 1, effectiveFrom: 5, calendar: old };
    expect(versionedCalendar([twice, { ...twice, version: 2 }])).toMatchObject({
      errors: [{ code: "calendar_versions_order", params: { version: 2 } }],
    });
    expect(versionedCalendar([twice, { ...twice, effectiveFrom: 9 }])).toMatchObject({
      errors: [{ code: "calendar_versions_order" }],
    });
  });
});

describe("far away in time", () => {
  const moscow = compileCalendar(russianCalendar());

  it("a year without special dates has its weekdays, in 1975 as in 2199", () => {
    const year = (y: number): number =>
      workingTimeBetween(moscow, Date.UTC(y, 0, 1) - 3 * HOUR, Date.UTC(y + 1, 0, 1) - 3 * HOUR);
    expect(year(2199)).toBe(261 * 9 * HOUR);
    expect(year(1975)).toBe(261 * 9 * HOUR);
  });

  it("repeats after 400 years", () => {
    const cycle = 146_097 * 24 * HOUR;
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2110, 0, 1), max: Date.UTC(2500, 0, 1) }),
        fc.integer({ min: 1, max: 3 }),
        (t, n) => {
          const base = workingTimeBetween(moscow, t, t + 1_000 * HOUR);
          expect(workingTimeBetween(moscow, t + n * cycle, t + n * cycle + 1_000 * HOUR)).toBe(base);
        },
      ),
    );
  });

  it("one minute a week takes centuries, and dates alone run out", () => {
    const minute = compileCalendar({ tz: "Europe/Moscow", weeklyHours: { wed: [["10:00", "10:01"]] } });
    const start = Date.parse("2026-03-18T07:00:00Z");
    expect(addWorkingTime(minute, start, 60_000 * 50_001)).toBe(start + 50_000 * 7 * 24 * HOUR + 60_000);
    const dates = compileCalendar({
      tz: "Europe/Moscow",
      weeklyHours: {},
      workingDates: [{ date: "2150-08-15", hours: [["10:00", "12:00"]] }],
    });
    expect(addWorkingTime(dates, start, 2 * HOUR)).toBe(Date.parse("2150-08-15T09:00:00Z"));
    expect(addWorkingTime(dates, start, 2 * HOUR + 1)).toBeNull();
  });

  it("a deadline that no date can hold never comes", () => {
    expect(addWorkingTime(moscow, 0, 8.64e15)).toBeNull();
    expect(addWorkingTime(compileCalendar({ "24x7": true }), 1, 8.64e15)).toBeNull();
  });

  it("answers at once", () => {
    const cold = compileCalendar({ ...russianCalendar(), tz: "Europe/Samara" });
    const begun = performance.now();
    workingTimeBetween(cold, Date.UTC(1970, 0, 1), Date.UTC(2200, 0, 1));
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

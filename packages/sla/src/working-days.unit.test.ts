import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, dateOf } from "./civil.ts";
import { compileCalendar } from "./compile.ts";
import { russianCalendar } from "./ru-calendar.ts";
import { formatTarget, parseTarget, targetLimits } from "./target.ts";
import { autoCloseAt, countedDays, deadlineFor, reminderTimes } from "./working-days.ts";

const moscow = compileCalendar(russianCalendar());
const always = compileCalendar({ "24x7": true, tz: "Europe/Moscow" });
const never = compileCalendar({ tz: "Europe/Moscow", weeklyHours: {} });
/** An instant of Moscow time, and back. */
const at = (local: string): number => Date.parse(`${local}:00+03:00`);
const text = (t: number | null): string | null => (t === null ? null : new Date(t).toISOString());
const days = (n: number) => ({ kind: "working_days", days: n }) as const;

describe("a target is read", () => {
  it.each([
    ["4h", { kind: "duration", seconds: 14_400 }],
    ["30m", { kind: "duration", seconds: 1_800 }],
    ["1h30m", { kind: "duration", seconds: 5_400 }],
    ["45s", { kind: "duration", seconds: 45 }],
    ["90m", { kind: "duration", seconds: 5_400 }],
    ["3d", { kind: "working_days", days: 3 }],
  ])("%s", (written, target) => expect(parseTarget(written)).toEqual({ ok: true, value: target }));

  it.each(["", "0h", "0d", "0m0s", "4", "h", "-4h", "4H", "1.5h", "1d2h", "30m1h", " 4h", "4 h", "٤h"])(
    "refused: %j",
    (written) => expect(parseTarget(written)).toMatchObject({ ok: false, errors: [{ code: "target_invalid" }] }),
  );

  it.each(["87601h", "3661d"])("refused as too long: %s", (written) =>
    expect(parseTarget(written)).toMatchObject({ ok: false, errors: [{ code: "target_too_large" }] }),
  );

  it("what is written is read back", () => {
    const target = fc.oneof(
      fc.integer({ min: 1, max: targetLimits.seconds }).map((seconds) => ({ kind: "duration", seconds }) as const),
      fc.integer({ min: 1, max: targetLimits.days }).map(days),
    );
    fc.assert(
      fc.property(target, (t) => {
        expect(parseTarget(formatTarget(t))).toEqual({ ok: true, value: t });
      }),
    );
  });
});

describe("a target in working days", () => {
  it("ends at 24:00 of the n-th working day after the day it started", () => {
    const friday = at("2026-03-13T15:00");
    expect(deadlineFor(days(1), friday, [], moscow)).toBe(at("2026-03-17T00:00"));
    expect(deadlineFor(days(3), friday, [], moscow)).toBe(at("2026-03-19T00:00"));
    // The time of day does not matter, nor whether the day works.
    expect(deadlineFor(days(1), at("2026-03-13T00:00"), [], moscow)).toBe(at("2026-03-17T00:00"));
    expect(deadlineFor(days(1), at("2026-03-14T23:59"), [], moscow)).toBe(at("2026-03-17T00:00"));
  });

  it("never comes without working days", () => {
    expect(deadlineFor(days(1), 0, [], never)).toBeNull();
    expect(
      deadlineFor(days(1), at("2026-03-13T15:00"), [{ from: at("2026-03-14T00:00"), to: null }], moscow),
    ).toBeNull();
  });

  it("does not count days that lie wholly in a pause", () => {
    const friday = at("2026-03-13T15:00");
    const pause = { from: at("2026-03-15T00:00"), to: at("2026-03-18T00:00") };
    expect(deadlineFor(days(1), friday, [pause], moscow)).toBe(at("2026-03-19T00:00"));
    // Two pauses that share the day between them swallow it too.
    const parts = [
      { from: at("2026-03-16T00:00"), to: at("2026-03-16T13:00") },
      { from: at("2026-03-16T13:00"), to: at("2026-03-16T18:00") },
    ];
    expect(deadlineFor(days(1), friday, parts, moscow)).toBe(at("2026-03-18T00:00"));
  });

  it("counts a day on which the clock ran at all", () => {
    const friday = at("2026-03-13T15:00");
    const untilEvening = { from: at("2026-03-16T00:00"), to: at("2026-03-16T17:59") };
    expect(deadlineFor(days(1), friday, [untilEvening], moscow)).toBe(at("2026-03-17T00:00"));
  });

  it("never falls inside a pause", () => {
    const friday = at("2026-03-13T15:00");
    // It ran on Monday morning, stands still at Monday's 24:00, and runs again on Wednesday noon.
    const pause = { from: at("2026-03-16T10:00"), to: at("2026-03-18T12:00") };
    expect(deadlineFor(days(1), friday, [pause], moscow)).toBe(at("2026-03-19T00:00"));
    // A pause that begins at the deadline does not move it.
    const atDeadline = { from: at("2026-03-17T00:00"), to: at("2026-03-18T12:00") };
    expect(deadlineFor(days(1), friday, [atDeadline], moscow)).toBe(at("2026-03-17T00:00"));
  });

  it("a pause of years is leapt over", () => {
    const pause = { from: at("2026-03-14T00:00"), to: at("2090-01-01T00:00") };
    expect(deadlineFor(days(1), at("2026-03-13T15:00"), [pause], moscow)).toBe(at("2090-01-03T00:00"));
  });

  it("gives a night shift to the day it starts on", () => {
    const nights = compileCalendar({
      tz: "Europe/Moscow",
      weeklyHours: { mon: [["20:00", "04:00"]], wed: [["20:00", "04:00"]] },
    });
    // Started on Tuesday at 02:00, within Monday's shift: Monday is over, Wednesday is the first day after.
    expect(deadlineFor(days(1), at("2026-03-17T02:00"), [], nights)).toBe(at("2026-03-19T00:00"));
  });

  it("does not count a day for hours past its 24:00", () => {
    const nights = compileCalendar({
      tz: "Europe/Moscow",
      weeklyHours: { mon: [["20:00", "04:00"]], tue: [["20:00", "04:00"]] },
    });
    const pause = { from: at("2026-03-16T00:00"), to: at("2026-03-17T01:00") };
    expect(deadlineFor(days(1), at("2026-03-15T12:00"), [pause], nights)).toBe(at("2026-03-18T00:00"));
  });

  it("a date the zone left out is no working day", () => {
    const apia = compileCalendar({
      tz: "Pacific/Apia",
      weeklyHours: { thu: [["09:00", "17:00"]], fri: [["09:00", "17:00"]] },
    });
    // Thursday 2011-12-29 was followed by Saturday 2011-12-31.
    const counted = [];
    for (const day of countedDays(apia, Date.parse("2011-12-28T12:00:00-10:00"))) {
      counted.push(dateOf(day.day));
      if (counted.length === 3) break;
    }
    expect(counted).toEqual(["2011-12-29", "2012-01-05", "2012-01-06"]);
  });

  it("agrees with a walk over the dates", () => {
    const offDays = new Set(russianCalendar().nonWorkingDates);
    const onDays = new Set((russianCalendar().workingDates ?? []).map((day) => day.date));
    fc.assert(
      fc.property(
        fc.integer({ min: at("2020-01-01T00:00"), max: at("2027-12-01T00:00") }),
        fc.integer({ min: 1, max: 30 }),
        (start, n) => {
          let day = Math.floor((start + 3 * 3_600_000) / DAY_MS);
          for (let left = n; left > 0;) {
            day++;
            const weekend = [0, 6].includes(new Date(day * DAY_MS).getUTCDay());
            if (onDays.has(dateOf(day)) || (!weekend && !offDays.has(dateOf(day)))) left--;
          }
          expect(deadlineFor(days(n), start, [], moscow)).toBe((day + 1) * DAY_MS - 3 * 3_600_000);
        },
      ),
    );
  });
});

describe("after the resolution", () => {
  const resolved = at("2024-04-26T16:20");

  it("the ticket closes when the fifth working day ends", () => {
    expect(text(autoCloseAt(moscow, resolved))).toBe("2024-05-07T21:00:00.000Z");
    expect(text(autoCloseAt(moscow, at("2024-04-26T00:00")))).toBe("2024-05-07T21:00:00.000Z");
    expect(autoCloseAt(moscow, resolved, 1)).toBe(at("2024-04-28T00:00"));
    expect(autoCloseAt(never, resolved)).toBeNull();
  });

  it("reminders go out on the second and the fourth working day, when it opens", () => {
    expect(reminderTimes(moscow, resolved, [2, 4])).toEqual([at("2024-05-02T09:00"), at("2024-05-06T09:00")]);
    expect(reminderTimes(moscow, resolved, [4, 2, 9])).toEqual([
      at("2024-05-06T09:00"),
      at("2024-05-02T09:00"),
      at("2024-05-15T09:00"),
    ]);
    expect(reminderTimes(never, resolved, [2])).toEqual([null]);
    expect(reminderTimes(moscow, resolved, [])).toEqual([]);
  });

  it("a day that opens at midnight reminds at nine, or when the policy says", () => {
    expect(reminderTimes(always, resolved, [1])).toEqual([at("2024-04-27T09:00")]);
    expect(reminderTimes(always, resolved, [1], { midnightOpening: 630 })).toEqual([at("2024-04-27T10:30")]);
    const nightOnly = compileCalendar({ tz: "Europe/Moscow", weeklyHours: { sat: [["00:00", "06:00"]] } });
    expect(reminderTimes(nightOnly, resolved, [1])).toEqual([at("2024-04-27T00:00")]);
  });
});

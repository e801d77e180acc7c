import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calendarNear, oddZones } from "../test/generators.ts";
import { oracleSegments, paint, unpaint } from "../test/oracle.ts";
import { compileCalendar } from "./compile.ts";
import { BLOCK_MS } from "./zone.ts";
import { addWorkingTime, workingTimeBetween } from "./working-time.ts";

const runs = Number(process.env["ORACLE_RUNS"] ?? 60);
const DAYS = 16;
const LENGTH = DAYS * 86_400;

/** Changes that no other zone has: a day left out, twice; half an hour; a minute past midnight. */
const rarities: readonly (readonly [string, string])[] = [
  ["Pacific/Apia", "2011-12-30T10:00:00Z"],
  ["Pacific/Kwajalein", "1993-08-21T12:00:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30:00Z"],
  ["America/St_Johns", "2009-11-01T02:31:00Z"],
  ["America/St_Johns", "2009-03-08T03:31:00Z"],
  ["America/Sao_Paulo", "2018-11-04T03:00:00Z"],
  ["America/Sao_Paulo", "2018-02-18T02:00:00Z"],
  ["Africa/Casablanca", "2026-02-15T02:00:00Z"],
  ["Asia/Pyongyang", "2018-05-04T15:00:00Z"],
  ["America/Boa_Vista", "2000-10-15T04:00:00Z"],
];

/** The start of a window around a moment in some zone; most of the moments lie on a change of its offset. */
const place = fc.oneof(
  fc.constantFrom(...rarities).map(([tz, at]) => ({ tz, origin: windowAround(Date.parse(at) / 1_000) })),
  // The edges of the blocks that time is cut into.
  fc.tuple(fc.constantFrom(...oddZones), fc.integer({ min: 8, max: 140 })).map(([tz, block]) => {
    return { tz, origin: windowAround((block * BLOCK_MS) / 1_000) };
  }),
  fc
    .record({
      tz: fc.constantFrom(...oddZones),
      second: fc.oneof(secondIn(1973, 2045), secondIn(1600, 3000)),
      onChange: fc.boolean(),
    })
    .map(({ tz, second, onChange }) => {
      const change = onChange ? oracleSegments(tz, second, second + 200 * 86_400).at(-1)?.from : undefined;
      return { tz, origin: windowAround(change ?? second) };
    }),
);

function secondIn(firstYear: number, lastYear: number): fc.Arbitrary<number> {
  return fc.integer({ min: Date.UTC(firstYear, 0, 1) / 1_000, max: Date.UTC(lastYear, 0, 1) / 1_000 });
}

function windowAround(second: number): number {
  return Math.floor(second / 86_400) * 86_400 - 7 * 86_400;
}

const scene = place.chain(({ tz, origin }) => {
  const second = fc.integer({ min: 0, max: LENGTH - 1 }).map((n) => origin + n);
  return fc.record({
    origin: fc.constant(origin),
    both: calendarNear(tz, (origin + 7 * 86_400) * 1_000),
    start: second,
    end: second,
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    pauses: fc.array(
      fc.record({
        from: second,
        to: fc.oneof({ weight: 9, arbitrary: second }, { weight: 1, arbitrary: fc.constant(null) }),
      }),
      { maxLength: 4 },
    ),
  });
});

const inMs = (pauses: readonly { from: number; to: number | null }[]) =>
  pauses.map(({ from, to }) => ({ from: from * 1_000, to: to === null ? null : to * 1_000 }));

const hour = 3_600_000;

describe("the edge of a block", () => {
  it("does not cut off a shift that began two dates before it", () => {
    const edge = 108 * BLOCK_MS;
    const date = new Date(edge - 48 * hour).toISOString().slice(0, 10);
    const calendar = compileCalendar({
      tz: "Pacific/Honolulu",
      weeklyHours: {},
      workingDates: [{ date, hours: [["23:00", "22:59"]] }],
    });
    expect(workingTimeBetween(calendar, edge, edge + 24 * hour)).toBe(9 * hour - 60_000);
  });
});

describe("bounds moved by a gap", () => {
  it("may pass each other, and share their time once", () => {
    // 02:00-03:00 does not exist on 2026-03-29 in Berlin: 02:30 and 02:45 are 03:30 and 03:45 in summer time.
    const calendar = compileCalendar({
      tz: "Europe/Berlin",
      weeklyHours: {
        sun: [
          ["02:30", "02:45"],
          ["03:00", "04:00"],
        ],
      },
    });
    const day = Date.parse("2026-03-29T00:00:00+01:00");
    expect(workingTimeBetween(calendar, day, day + 23 * hour)).toBe(hour);
    expect(addWorkingTime(calendar, day, 1)).toBe(Date.parse("2026-03-29T03:00:00+02:00") + 1);
  });
});

describe("working time against painted seconds", () => {
  it("counts the same between two instants, in any zone, over any change, with pauses", () => {
    fc.assert(
      fc.property(scene, ({ origin, both, start, end, pauses }) => {
        const left = unpaint(paint(both.plain, origin, LENGTH), origin, pauses);
        let expected = 0;
        for (let s = start; s < end; s++) expected += left[s - origin] ?? 0;
        const compiled = compileCalendar(both.calendar);
        expect(workingTimeBetween(compiled, start * 1_000, end * 1_000, inMs(pauses))).toBe(expected * 1_000);
      }),
      { numRuns: runs },
    );
  });

  it("finds the same deadline", () => {
    fc.assert(
      fc.property(scene, ({ origin, both, start, share, pauses }) => {
        const left = unpaint(paint(both.plain, origin, LENGTH), origin, pauses);
        let available = 0;
        for (let s = start; s < origin + LENGTH; s++) available += left[s - origin] ?? 0;
        const amount = Math.floor(available * share);
        let deadline = start;
        for (let counted = 0; counted < amount; deadline++) counted += left[deadline - origin] ?? 0;
        const compiled = compileCalendar(both.calendar);
        expect(addWorkingTime(compiled, start * 1_000, amount * 1_000, inMs(pauses))).toBe(deadline * 1_000);
      }),
      { numRuns: runs },
    );
  });
});

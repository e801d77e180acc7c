import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askForWindows, type WindowAsking } from "./window-asking.ts";

/** A list whose window follows what is asked for when it is answered, and a clock that moves when told. */
function list() {
  const asked: { readonly offset: number; readonly limit: number }[] = [];
  let time = 0;
  let due: { readonly at: number; readonly run: () => void } | undefined;
  let held = { offset: 0, limit: 80 };
  const asking: WindowAsking = askForWindows(held, (stretch) => asked.push(stretch), {
    now: () => time,
    later(run, ms) {
      const mine = { at: time + ms, run };
      due = mine;
      return () => {
        if (due === mine) due = undefined;
      };
    },
  });
  return {
    asked,
    asking,
    held: () => held,
    answer() {
      const last = asked.at(-1);
      if (last === undefined || last === held) return;
      held = last;
      asking.answered(last.offset);
    },
    pass(ms: number) {
      time += ms;
      if (due === undefined || due.at > time) return;
      const { run } = due;
      due = undefined;
      run();
    },
  };
}

describe("which rows of a long list are asked for", () => {
  it("nothing, while those around what is in sight are known", () => {
    const { asking, asked, pass } = list();
    asking.show(0, 34);
    asking.show(6, 46);
    pass(1_000);
    expect(asked).toEqual([]);
  });

  it("a long stretch in the way of the scroll, long before its end, and a small one when it has come to rest", () => {
    const { asking, asked, answer, pass } = list();
    asking.show(50, 84);
    expect(asked).toEqual([{ offset: 30, limit: 200 }]);
    answer();
    asking.show(90, 124);
    expect(asked.length).toBe(1);
    asking.show(130, 164);
    expect(asked.at(-1)).toEqual({ offset: 110, limit: 200 });
    answer();
    pass(300);
    expect(asked.at(-1)).toEqual({ offset: 90, limit: 114 });
    answer();
    asking.show(120, 154);
    expect(asked.at(-1)).toEqual({ offset: 0, limit: 174 });
  });

  it("from the first in sight on, when as many are in sight as may be asked for at once", () => {
    const { asking, asked } = list();
    asking.show(0, 200);
    expect(asked).toEqual([{ offset: 0, limit: 200 }]);
  });

  it("nothing, when rows that came above move the list by a little", () => {
    const { asking, asked, pass } = list();
    asking.show(0, 34);
    for (let first = 1; first <= 8; first++) asking.show(first, first + 34);
    pass(300);
    expect(asked).toEqual([]);
  });

  it("one question at a time: what was scrolled past meanwhile is never asked for", () => {
    const { asking, asked, answer } = list();
    for (let first = 1_000; first <= 9_000; first += 100) asking.show(first, first + 34);
    expect(asked).toEqual([{ offset: 980, limit: 200 }]);
    answer();
    expect(asked.slice(1)).toEqual([{ offset: 8_980, limit: 200 }]);
  });

  it("again, when an answer does not come", () => {
    const { asking, asked, pass } = list();
    asking.show(1_000, 1_034);
    pass(1_000);
    asking.show(1_001, 1_035);
    expect(asked.length).toBe(2);
  });

  it("whatever is done: in the end all that is in sight is held, and no more than a window may have", () => {
    const steps = fc.array(
      fc.record({
        first: fc.nat(50_000),
        rows: fc.integer({ min: 1, max: 120 }),
        answered: fc.boolean(),
        ms: fc.nat(400),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const { asking, asked, answer, pass, held } = list();
        for (const { first, rows, answered, ms } of all) {
          asking.show(first, first + rows);
          if (answered) answer();
          pass(ms);
        }
        for (let turn = 0; turn < 3; turn++) {
          answer();
          pass(1_000);
        }
        const { first, rows } = all.at(-1) as { first: number; rows: number };
        expect(held().offset).toBeLessThanOrEqual(first);
        expect(held().offset + held().limit).toBeGreaterThanOrEqual(first + rows);
        for (const { limit } of asked) expect(limit).toBeLessThanOrEqual(200);
      }),
    );
  });
});

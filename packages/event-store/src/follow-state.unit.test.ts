import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance, begin, type FollowEffect, type FollowEvent, type FollowState } from "./follow-state.ts";
import { comparePositions, type LogPosition } from "./position.ts";

const at = (n: number): LogPosition => ({ commit: n, prepare: n });
const error = new Error("lost");

/** An event that may come in a state: mostly of its own subscription, now and then of the one before. */
type Happening = (state: FollowState) => FollowEvent;
const mostlyOwn = fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) });
/** Positions move on by a little, stand still, or go back a little. */
const stepOn = fc.integer({ min: -2, max: 3 });
const onward = (state: FollowState, step: number): LogPosition => at(Math.max(0, state.received.commit + step));

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(mostlyOwn, stepOn).map(([back, step]): Happening => (state) => ({
      type: "event",
      call: state.call - back,
      position: onward(state, step),
    })),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(mostlyOwn, stepOn).map(([back, step]): Happening => (state) => ({
      type: "checkpoint",
      call: state.call - back,
      position: onward(state, step),
    })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(mostlyOwn, fc.constantFrom("confirmed" as const, "caught_up" as const))
      .map(([back, type]): Happening => (state) => ({ type, call: state.call - back })),
  },
  {
    weight: 4,
    arbitrary: mostlyOwn.map((back): Happening => (state) => ({ type: "lost", call: state.call - back, error })),
  },
  { weight: 6, arbitrary: fc.constant<Happening>(() => ({ type: "retry_due" })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Happening>(
      () => ({ type: "handler_failed", error }),
      () => ({ type: "stop" }),
    ),
  },
);

/** Plays what happens from the beginning and gives every effect, with the state before it and the event it came from. */
function play(happenings: readonly (Happening | FollowEvent)[]): {
  state: FollowState;
  log: { effect: FollowEffect; before: FollowState | undefined; event: FollowEvent | undefined }[];
} {
  const first = begin(at(3));
  let { state } = first;
  const log: { effect: FollowEffect; before: FollowState | undefined; event: FollowEvent | undefined }[] =
    first.effects.map((effect) => ({ effect, before: undefined, event: undefined }));
  for (const each of happenings) {
    const event = typeof each === "function" ? each(state) : each;
    const step = advance(state, event);
    for (const effect of step.effects) log.push({ effect, before: state, event });
    state = step.state;
  }
  return { state, log };
}

describe("the machine of a following: whatever happens,", () => {
  const runs = fc.array(happening, { maxLength: 60, size: "max" });

  it("1. what was received never goes back", () => {
    fc.assert(
      fc.property(runs, (events) => {
        let { state } = begin(at(3));
        for (const each of events) {
          const next = advance(state, each(state)).state;
          expect(comparePositions(next.received, state.received)).toBeGreaterThanOrEqual(0);
          state = next;
        }
      }),
    );
  });

  it("2. every subscription begins where the last delivery or mark was", () => {
    fc.assert(
      fc.property(runs, (events) => {
        let last = at(3);
        for (const { effect, event } of play(events).log) {
          if (effect.do === "subscribe") expect(effect.from).toEqual(last);
          if (effect.do === "deliver") last = (event as { position: LogPosition }).position;
          if (effect.do === "mark") last = effect.position;
        }
      }),
    );
  });

  it("3. positions handed on grow strictly", () => {
    fc.assert(
      fc.property(runs, (events) => {
        let last = at(3);
        for (const { effect, event } of play(events).log) {
          if (effect.do !== "deliver" && effect.do !== "mark") continue;
          const { position } = event as { position: LogPosition };
          expect(comparePositions(position, last)).toBeGreaterThan(0);
          last = position;
        }
      }),
    );
  });

  it("4. at most one subscription or timer stands, and none after the end", () => {
    fc.assert(
      fc.property(runs, (events) => {
        let standing = 0;
        const { state, log } = play(events);
        for (const { effect, before } of log) {
          if (effect.do === "cancel") standing = 0;
          if (effect.do === "subscribe") standing = before?.name === "backing_off" ? 1 : standing + 1;
          if (effect.do === "back_off") standing += 1;
          expect(standing).toBeLessThanOrEqual(1);
          if (before?.name === "failed" || before?.name === "stopped") expect.unreachable("an ended machine acted");
        }
        if (state.name === "failed" || state.name === "stopped") expect(standing).toBe(0);
      }),
    );
  });

  it("events of a subscription that was given up change nothing", () => {
    fc.assert(
      fc.property(runs, happening, (events, each) => {
        const { state } = play(events);
        const event = each(state);
        fc.pre("call" in event && event.call !== state.call);
        expect(advance(state, event)).toEqual({ state, effects: [] });
      }),
    );
  });
});

describe("the machine of a following", () => {
  it("goes through catch-up, live, loss and return", () => {
    const { state, log } = play([
      { type: "confirmed", call: 1 },
      { type: "event", call: 1, position: at(5) },
      { type: "caught_up", call: 1 },
      { type: "checkpoint", call: 1, position: at(9) },
      { type: "lost", call: 1, error },
      { type: "event", call: 1, position: at(10) },
      { type: "retry_due" },
      { type: "event", call: 2, position: at(10) },
    ]);
    expect(log.map(({ effect }) => effect.do)).toEqual([
      "subscribe",
      "deliver",
      "announce_live",
      "mark",
      "cancel",
      "back_off",
      "subscribe",
      "deliver",
    ]);
    expect(state).toEqual({ name: "catching_up", call: 2, received: at(10), attempt: 0 });
  });

  it("counts tries until the store answers", () => {
    const lost = (call: number): FollowEvent => ({ type: "lost", call, error });
    const { state } = play([lost(1), { type: "retry_due" }, lost(2), { type: "retry_due" }, lost(3)]);
    expect(state).toMatchObject({ name: "backing_off", attempt: 4, error });
    expect(advance(advance(state, { type: "retry_due" }).state, { type: "confirmed", call: 4 }).state).toEqual({
      name: "catching_up",
      call: 4,
      received: at(3),
      attempt: 0,
    });
  });
});

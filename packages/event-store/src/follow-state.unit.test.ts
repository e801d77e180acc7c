import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance, begin, type FollowEffect, type FollowEvent, type FollowState } from "./follow-state.ts";
import { comparePositions, type LogPosition } from "./position.ts";

const at = (n: number): LogPosition => ({ commit: n, prepare: n });
const error = new Error("lost");

/** Any event, of this, an earlier or a made-up subscription, with any position. */
const anyEvent: fc.Arbitrary<FollowEvent> = fc.oneof(
  fc.record({ type: fc.constant("event" as const), call: fc.integer({ min: 0, max: 4 }), position: fc.integer({ min: 0, max: 30 }).map(at) }),
  fc.record({ type: fc.constant("checkpoint" as const), call: fc.integer({ min: 0, max: 4 }), position: fc.integer({ min: 0, max: 30 }).map(at) }),
  fc.record({ type: fc.constantFrom("confirmed" as const, "caught_up" as const), call: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ type: fc.constant("lost" as const), call: fc.integer({ min: 0, max: 4 }), error: fc.constant(error) }),
  fc.constant({ type: "retry_due" as const }),
  fc.record({ type: fc.constant("handler_failed" as const), error: fc.constant(error) }),
  fc.constant({ type: "stop" as const }),
);

/** Plays events from the beginning and gives every effect, each with the state that it led to and the event it came from. */
function play(events: readonly FollowEvent[]): { state: FollowState; log: { effect: FollowEffect; before: FollowState | undefined; event: FollowEvent | undefined }[] } {
  const first = begin(at(3));
  let { state } = first;
  const log: { effect: FollowEffect; before: FollowState | undefined; event: FollowEvent | undefined }[] = first.effects.map((effect) => ({ effect, before: undefined, event: undefined }));
  for (const event of events) {
    const step = advance(state, event);
    for (const effect of step.effects) log.push({ effect, before: state, event });
    state = step.state;
  }
  return { state, log };
}

describe("the machine of a following: whatever happens,", () => {
  const runs = fc.array(anyEvent, { maxLength: 60 });

  it("1. what was received never goes back", () => {
    fc.assert(
      fc.property(runs, (events) => {
        let { state } = begin(at(3));
        for (const event of events) {
          const next = advance(state, event).state;
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
      fc.property(runs, anyEvent, (events, event) => {
        const { state } = play(events);
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
    expect(log.map(({ effect }) => effect.do)).toEqual(["subscribe", "deliver", "announce_live", "mark", "cancel", "back_off", "subscribe", "deliver"]);
    expect(state).toEqual({ name: "catching_up", call: 2, received: at(10), attempt: 0 });
  });

  it("counts tries until the store answers", () => {
    const lost = (call: number): FollowEvent => ({ type: "lost", call, error });
    const { state } = play([lost(1), { type: "retry_due" }, lost(2), { type: "retry_due" }, lost(3)]);
    expect(state).toMatchObject({ name: "backing_off", attempt: 4, error });
    expect(advance(advance(state, { type: "retry_due" }).state, { type: "confirmed", call: 4 }).state).toEqual({ name: "catching_up", call: 4, received: at(3), attempt: 0 });
  });
});

import { comparePositions, type LogPosition } from "./position.ts";

/**
 * The life of one following of the log, as a pure machine: what each event does in each state, and what is to be done.
 *
 * | state       | meaning                                             | left by                                            |
 * |-------------|-----------------------------------------------------|----------------------------------------------------|
 * | connecting  | a subscription was asked for, nothing came yet      | confirmed -> catching_up; lost -> backing_off      |
 * | catching_up | events of the past arrive                           | caught_up -> live; lost -> backing_off             |
 * | live        | events arrive as they are written                   | lost -> backing_off                                |
 * | backing_off | waiting before the next try                         | retry_due -> connecting                            |
 * | failed      | a batch could not be dealt with: end                | nothing                                            |
 * | stopped     | told to stop: end                                   | nothing                                            |
 *
 * `stop` and `handler_failed` lead to the ends from every state but the ends. Each subscription has a number (`call`);
 * events of an earlier one, still on their way when it was given up, are ignored. So is an event that does not lie behind
 * the last one received: no server may make us repeat one.
 *
 * Invariants (follow-state.unit.test.ts):
 * 1. `received` never goes back.
 * 2. Every subscription begins at `received`: nothing between two subscriptions is left out, nothing comes twice.
 * 3. What is handed on (`deliver`, `mark`) has strictly growing positions.
 * 4. There is at most one subscription or one timer at a time, and none in an end state.
 */
export type StateName = "connecting" | "catching_up" | "live" | "backing_off" | "failed" | "stopped";

export interface FollowState {
  readonly name: StateName;
  /** number of the present or last subscription */
  readonly call: number;
  /** the last event or checkpoint received */
  readonly received: LogPosition;
  /** tries since the store last answered */
  readonly attempt: number;
  readonly error?: unknown;
}

export type FollowEvent =
  | { readonly type: "confirmed"; readonly call: number }
  | { readonly type: "event"; readonly call: number; readonly position: LogPosition }
  | { readonly type: "checkpoint"; readonly call: number; readonly position: LogPosition }
  | { readonly type: "caught_up"; readonly call: number }
  | { readonly type: "lost"; readonly call: number; readonly error: unknown }
  | { readonly type: "retry_due" }
  | { readonly type: "handler_failed"; readonly error: unknown }
  | { readonly type: "stop" };

export type FollowEffect =
  | { readonly do: "subscribe"; readonly call: number; readonly from: LogPosition }
  /** the event belongs behind everything delivered before */
  | { readonly do: "deliver" }
  /** nothing that the filter lets through lies between the last delivery and this position */
  | { readonly do: "mark"; readonly position: LogPosition }
  /** the end of the log is reached behind everything delivered before */
  | { readonly do: "announce_live" }
  | { readonly do: "back_off"; readonly attempt: number }
  | { readonly do: "cancel" };

export interface Step {
  readonly state: FollowState;
  readonly effects: readonly FollowEffect[];
}

type EventOf<Type extends FollowEvent["type"]> = Extract<FollowEvent, { type: Type }>;
/** Every state must say what every event does to it. */
type Table = {
  readonly [S in StateName]: { readonly [T in FollowEvent["type"]]: (state: FollowState, event: EventOf<T>) => Step };
};

/** The beginning: the first subscription is asked for at `from`. */
export function begin(from: LogPosition): Step {
  return {
    state: { name: "connecting", call: 1, received: from, attempt: 1 },
    effects: [{ do: "subscribe", call: 1, from }],
  };
}

/** What an event does. */
export function advance(state: FollowState, event: FollowEvent): Step {
  if ("call" in event && event.call !== state.call) return stay(state);
  // The table's own type says that each entry fits its event; TypeScript cannot follow that through a look-up.
  const row = table[state.name] as Record<FollowEvent["type"], (state: FollowState, event: FollowEvent) => Step>;
  return row[event.type](state, event);
}

const stay = (state: FollowState): Step => ({ state, effects: [] });

/** The store has answered: the count of tries begins anew. */
function answered(state: FollowState, name: "catching_up" | "live"): FollowState {
  const { error: _error, ...rest } = state;
  return { ...rest, name, attempt: 0 };
}

function receive(state: FollowState, position: LogPosition, name: "catching_up" | "live", effect: FollowEffect): Step {
  if (comparePositions(position, state.received) <= 0) return stay(state);
  return { state: { ...answered(state, name), received: position }, effects: [effect] };
}

const pastEvent = (state: FollowState, event: EventOf<"event">): Step =>
  receive(state, event.position, "catching_up", { do: "deliver" });
const pastMark = (state: FollowState, event: EventOf<"checkpoint">): Step =>
  receive(state, event.position, "catching_up", { do: "mark", position: event.position });
const becomeLive = (state: FollowState): Step => ({
  state: answered(state, "live"),
  effects: [{ do: "announce_live" }],
});
const lose = (state: FollowState, event: EventOf<"lost">): Step => {
  const attempt = state.attempt + 1;
  return {
    state: { ...state, name: "backing_off", attempt, error: event.error },
    effects: [{ do: "cancel" }, { do: "back_off", attempt }],
  };
};
const fail = (state: FollowState, event: EventOf<"handler_failed">): Step => ({
  state: { ...state, name: "failed", error: event.error },
  effects: [{ do: "cancel" }],
});
const end = (state: FollowState): Step => ({ state: { ...state, name: "stopped" }, effects: [{ do: "cancel" }] });
const ended = {
  confirmed: stay,
  event: stay,
  checkpoint: stay,
  caught_up: stay,
  lost: stay,
  retry_due: stay,
  handler_failed: stay,
  stop: stay,
} as const;

const table: Table = {
  connecting: {
    confirmed: (state) => ({ state: answered(state, "catching_up"), effects: [] }),
    // A server may begin with events before it confirms; nothing is lost by taking them.
    event: pastEvent,
    checkpoint: pastMark,
    caught_up: becomeLive,
    lost: lose,
    retry_due: stay,
    handler_failed: fail,
    stop: end,
  },
  catching_up: {
    confirmed: stay,
    event: pastEvent,
    checkpoint: pastMark,
    caught_up: becomeLive,
    lost: lose,
    retry_due: stay,
    handler_failed: fail,
    stop: end,
  },
  live: {
    confirmed: stay,
    event: (state, event) => receive(state, event.position, "live", { do: "deliver" }),
    checkpoint: (state, event) => receive(state, event.position, "live", { do: "mark", position: event.position }),
    // A burst larger than the server's queue sends it back to catch-up, and the word comes again.
    caught_up: becomeLive,
    lost: lose,
    retry_due: stay,
    handler_failed: fail,
    stop: end,
  },
  backing_off: {
    confirmed: stay,
    event: stay,
    checkpoint: stay,
    caught_up: stay,
    lost: stay,
    retry_due: (state) => {
      const call = state.call + 1;
      return {
        state: { ...state, name: "connecting", call },
        effects: [{ do: "subscribe", call, from: state.received }],
      };
    },
    handler_failed: fail,
    stop: end,
  },
  failed: ended,
  stopped: ended,
};

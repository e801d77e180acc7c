import { backoffMs } from "@docket/service-kit";
import type { Batch, FollowOptions, FollowStatus } from "./api.ts";
import type { Connection, ReadCall } from "./connection.ts";
import { advance, begin, type FollowEffect, type FollowEvent, type FollowState, type Step } from "./follow-state.ts";
import type { LogPosition } from "./position.ts";
import type { RawEvent } from "./raw-event.ts";
import { decodeReadMessage, encodeAllSubscription, type LogFilter } from "./wire/read-messages.ts";

interface Following extends FollowOptions {
  readonly filter: LogFilter;
  connect(): Connection;
  drop(connection: Connection): Promise<void>;
}

const MAX_EVENTS = 1_000;
const MAX_BYTES = 4 * 1024 * 1024;
/** A server that takes the call and says nothing is as good as none. */
const CONFIRM_WITHIN_MS = 10_000;

/**
 * Follows the log: drives the machine of follow-state.ts with a real subscription, and hands batches to `onBatch`, one at a
 * time.
 *
 * Between both lies the shelf: what was received and not yet handed over. It outlives the subscription, so after a lost
 * connection the next one begins behind what was received, not behind what was dealt with. When the shelf holds a full
 * batch while another is being dealt with, the subscription is paused, which holds the server back; memory is bounded by
 * two batches and what the transport has in flight. Checkpoints of the server's filter lie on the shelf in their place,
 * so one is handed over only after every event before it.
 */
export function follow(options: Following): Promise<void> {
  const { signal, filter } = options;
  const maxEvents = options.maxEvents ?? MAX_EVENTS;
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const { promise, resolve, reject } = Promise.withResolvers<void>();

  let state: FollowState;
  let shelf: RawEvent[] = [];
  let shelfBytes = 0;
  /** behind everything on the shelf; undefined when the shelf adds nothing to what was handed over */
  let mark: LogPosition | undefined;
  let live = false;
  let handling = false;
  let handOverDue = false;
  let finished = false;
  let call: ReadCall | undefined;
  let connection: Connection | undefined;
  let timer: NodeJS.Timeout | undefined;

  const tell = (): void => {
    const status: FollowStatus = {
      state: state.name,
      received: state.received,
      attempt: state.attempt,
      ...("error" in state ? { lastError: state.error } : {}),
    };
    options.onStatus?.(status);
  };

  const take = (step: Step, event?: RawEvent): void => {
    const before = state?.name;
    state = step.state;
    if (before === "connecting" && state.name !== "connecting") clearTimeout(timer);
    for (const effect of step.effects) perform(effect, event);
    if (state.name !== before) tell();
    if (isOver() && before !== state.name) finish();
  };
  const on = (event: FollowEvent, raw?: RawEvent): void => take(advance(state, event), raw);

  const perform = (effect: FollowEffect, event: RawEvent | undefined): void => {
    switch (effect.do) {
      case "subscribe":
        void subscribe(effect.call, effect.from);
        return;
      case "deliver":
        if (event === undefined) throw new Error("nothing to deliver");
        shelf.push(event);
        shelfBytes += event.size;
        mark = event.position;
        // Events that were written after the end was reached wait for nothing; those of a catch-up are not live.
        live = state.name === "live";
        shelved();
        return;
      case "mark":
        mark = effect.position;
        shelved();
        return;
      case "announce_live":
        live = true;
        mark ??= state.received;
        tell();
        shelved();
        return;
      case "back_off":
        live = false;
        timer = setTimeout(() => on({ type: "retry_due" }), backoffMs(effect.attempt, { firstMs: 50, maxMs: 2_000 }));
        return;
      case "cancel":
        clearTimeout(timer);
        call?.cancel();
        call = undefined;
        return;
    }
  };

  const subscribe = async (number: number, from: LogPosition): Promise<void> => {
    const lost = (error: unknown): void => on({ type: "lost", call: number, error });
    timer = setTimeout(() => lost(new Error(`no confirmation within ${CONFIRM_WITHIN_MS} ms`)), CONFIRM_WITHIN_MS);
    // A connection that broke is replaced: whether its socket is to blame cannot be told from here.
    const before = connection;
    try {
      connection = options.connect();
    } catch (error) {
      on({ type: "handler_failed", error });
      return;
    }
    if (before !== undefined) void options.drop(before);
    try {
      const opened = await connection.read(encodeAllSubscription(from, filter), lost);
      if (state.call !== number || state.name !== "connecting") {
        opened.cancel();
        return;
      }
      call = opened;
      opened.on("end", () => lost(new Error("the server ended the subscription")));
      opened.on("close", () => lost(new Error("the subscription was closed")));
      opened.on("data", (bytes: Buffer) => {
        const message = decodeReadMessage(bytes);
        switch (message.kind) {
          case "event":
            on({ type: "event", call: number, position: message.event.position }, message.event);
            return;
          case "checkpoint":
            on({ type: "checkpoint", call: number, position: message.position });
            return;
          case "confirmed":
          case "caught_up":
            on({ type: message.kind, call: number });
            return;
          default:
            return;
        }
      });
    } catch (error) {
      lost(error);
    }
  };

  const isFull = (): boolean => shelf.length >= maxEvents || shelfBytes >= maxBytes;

  /** Something was put on the shelf. Whatever else arrives in the same turn of the loop goes into the same batch. */
  const shelved = (): void => {
    if (handling) {
      if (isFull()) call?.pause();
    } else if (isFull()) void handOver();
    else if (!handOverDue) {
      handOverDue = true;
      setImmediate(() => void handOver());
    }
  };

  const handOver = async (): Promise<void> => {
    handOverDue = false;
    if (handling || mark === undefined || isOver()) return;
    handling = true;
    while (mark !== undefined && !isOver()) {
      const batch: Batch = { events: shelf, checkpoint: mark, live };
      shelf = [];
      shelfBytes = 0;
      mark = undefined;
      call?.resume();
      try {
        await options.onBatch(batch);
      } catch (error) {
        handling = false;
        on({ type: "handler_failed", error });
        // Told to stop meanwhile, the work may well have been broken off: that is no failure.
        if (isOver()) finish();
        return;
      }
    }
    handling = false;
    if (isOver()) finish();
  };

  const isOver = (): boolean => state.name === "stopped" || state.name === "failed";
  const stop = (): void => on({ type: "stop" });
  /** Ends when the batch in hand, if any, has been dealt with. */
  const finish = (): void => {
    if (handling || finished) return;
    finished = true;
    signal.removeEventListener("abort", stop);
    if (connection !== undefined) void options.drop(connection);
    connection = undefined;
    if (state.name === "failed") reject(state.error);
    else resolve();
  };

  state = begin(options.from).state;
  if (signal.aborted) return Promise.resolve();
  signal.addEventListener("abort", stop, { once: true });
  take(begin(options.from));
  return promise;
}

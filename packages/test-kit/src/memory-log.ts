import { type Batch, type EventStore, type FollowOptions, type LogPosition, RawEvent } from "@docket/event-store";

export type MemoryLog = Pick<EventStore, "followAll"> & {
  /** Adds events to the end; followers get them at once. */
  readonly append: (...events: readonly RawEvent[]) => void;
  readonly events: readonly RawEvent[];
  readonly head: () => LogPosition;
};

/**
 * A log in memory for tests of what follows a log: it keeps the promises of `followAll` (order, back-pressure, everything after
 * `from`, the batch in hand dealt with before the end) and nothing else of a store.
 *
 * @param sizes the sizes of the batches it hands over, again and again; default 100
 */
export function memoryLog(sizes: readonly number[] = [100]): MemoryLog {
  const events: RawEvent[] = [];
  const wakers = new Set<() => void>();
  const start = { commit: 0, prepare: 0 };
  return {
    events,
    head: () => events.at(-1)?.position ?? start,
    append: (...added) => {
      events.push(...added);
      for (const wake of wakers) wake();
    },
    followAll: async (options: FollowOptions) => {
      const { signal, onBatch, onStatus } = options;
      let next = events.findIndex(({ position }) => position.commit > options.from.commit);
      if (next < 0) next = events.length;
      let checkpoint = options.from;
      let turn = 0;
      const tell = (state: "live" | "catching_up"): void => onStatus?.({ state, received: checkpoint, attempt: 0 });
      tell("catching_up");
      while (!signal.aborted) {
        const size = Math.min(sizes[turn++ % sizes.length] ?? 100, options.maxEvents ?? Infinity);
        const batch = events.slice(next, next + size);
        if (batch.length === 0) {
          tell("live");
          await new Promise<void>((resolve) => {
            wakers.add(resolve);
            signal.addEventListener("abort", () => resolve(), { once: true });
            if (next < events.length) resolve();
          }).finally(() => wakers.clear());
          continue;
        }
        next += batch.length;
        checkpoint = batch.at(-1)?.position ?? checkpoint;
        const handed: Batch = { events: batch, checkpoint, live: next === events.length };
        await onBatch(handed);
      }
    },
  };
}

let serial = 0;

/** An event for tests; what is not given gets a plain value. Times go up with the position. */
export function testEvent(fields: {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  /** a text is taken as it is, be it JSON or not */
  readonly data: object | string;
  readonly position: number;
  readonly meta?: object;
}): RawEvent {
  const { stream, revision, type, position } = fields;
  const id = `00000000-0000-7000-8000-${(++serial).toString(16).padStart(12, "0")}`;
  const at = new Date(Date.parse("2024-01-01T00:00:00.000Z") + position * 1_000).toISOString();
  const meta = {
    commandId: id,
    actor: { id: "tester", role: "operator" },
    channel: "console",
    occurredAt: at,
    recordedAt: at,
    schemaVersion: 1,
    $correlationId: id,
    $causationId: null,
    prevHash: null,
    hash: "00".repeat(32),
    ...fields.meta,
  };
  return new RawEvent({
    stream,
    revision,
    type,
    eventId: id,
    createdMs: 0,
    position: { commit: position, prepare: position },
    dataText: typeof fields.data === "string" ? fields.data : JSON.stringify(fields.data),
    metaText: JSON.stringify(meta),
  });
}

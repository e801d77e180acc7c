import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { EventEmitter } from "node:events";
import { type EventData, type EventStoreDBClient, jsonEvent, type ResolvedEvent } from "@eventstore/db-client";

/** `count` small JSON events whose data carry their place, so that order can be checked. */
export const numbered = (count: number, type = "conformance"): EventData[] =>
  Array.from({ length: count }, (_, index) => jsonEvent({ type, data: { index } }));

/** A JSON event with a chosen id. */
export const withId = (id: string, index = 0, type = "conformance"): EventData =>
  jsonEvent({ id, type, data: { index } });

/** Fresh ids. */
export const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

/** Everything a read yields. */
export const collect = async (read: AsyncIterable<ResolvedEvent>): Promise<ResolvedEvent[]> => {
  const all: ResolvedEvent[] = [];
  for await (const one of read) all.push(one);
  return all;
};

/** Revisions of the events read (of the link where there is one). */
export const revisionsOf = (events: readonly ResolvedEvent[]): bigint[] =>
  events.map((one) => (one.link ?? one.event)!.revision);

type ErrorClass<E extends Error> = abstract new (...parameters: never[]) => E;

/** Waits for the promise to fail with an error of the given class; gives the error, fails on anything else. */
export const failsWith = async <E extends Error>(promise: Promise<unknown>, kind: ErrorClass<E>): Promise<E> => {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!("error" in outcome)) assert.fail(`expected ${kind.name}, but the call succeeded`);
  const { error } = outcome;
  if (!(error instanceof kind)) {
    assert.fail(
      `expected ${kind.name}, got ${error instanceof Error ? `${error.constructor.name}: ${error.message}` : String(error)}`,
    );
  }
  return error;
};

/** The error of a promise that must fail, whatever its class. */
export const failure = async (
  promise: Promise<unknown>,
): Promise<Error & { code?: number; type?: string; details?: string }> =>
  failsWith(promise, Error as unknown as ErrorClass<Error>);

/** Waits until the condition holds, looking again every few milliseconds; fails after the limit with the description. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> => {
  const end = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > end) assert.fail(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Gives the promise's value, or fails when it has not settled in time. */
export const inTime = async <T>(what: string, promise: Promise<T>, limitMs = 10_000): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `not within ${limitMs} ms: ${what}` })),
      limitMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** What a subscription has shown so far, in order of arrival. */
export interface Recording {
  readonly events: ResolvedEvent[];
  /** "confirmation", "caughtUp", "error", "end", "close" and "event" marks in the order seen. */
  readonly marks: string[];
  confirmations: number;
  caughtUp: number;
  error: Error | undefined;
  ended: boolean;
  /** Waits until `count` events have arrived; fails early when the subscription failed. */
  has(count: number, limitMs?: number): Promise<ResolvedEvent[]>;
  /** Waits for the first caught-up mark. */
  live(limitMs?: number): Promise<void>;
  confirmed(limitMs?: number): Promise<void>;
  /** Waits for the subscription's error. */
  failed(limitMs?: number): Promise<Error>;
}

/** Listens to a subscription (classic or persistent) and keeps what it shows. */
export const record = (
  subscription: Pick<EventEmitter, "on">,
  onEvent?: (event: ResolvedEvent) => unknown,
): Recording => {
  const seen: Recording = {
    events: [],
    marks: [],
    confirmations: 0,
    caughtUp: 0,
    error: undefined,
    ended: false,
    async has(count, limitMs) {
      const described = () => `${count} events (saw ${seen.events.length})`;
      await until(described(), () => seen.events.length >= count || seen.error !== undefined, limitMs).catch(() =>
        assert.fail(`timed out waiting for ${described()}`),
      );
      if (seen.error && seen.events.length < count) throw seen.error;
      return seen.events;
    },
    live: (limitMs) => until("caught up", () => seen.caughtUp > 0, limitMs),
    confirmed: (limitMs) => until("confirmation", () => seen.confirmations > 0, limitMs),
    async failed(limitMs) {
      await until("an error of the subscription", () => seen.error !== undefined, limitMs);
      return seen.error!;
    },
  };
  subscription.on("confirmation", () => {
    seen.confirmations += 1;
    seen.marks.push("confirmation");
  });
  subscription.on("caughtUp", () => {
    seen.caughtUp += 1;
    seen.marks.push("caughtUp");
  });
  subscription.on("error", (error: Error) => {
    seen.error = error;
    seen.marks.push("error");
  });
  subscription.on("end", () => {
    seen.ended = true;
    seen.marks.push("end");
  });
  subscription.on("close", () => seen.marks.push("close"));
  subscription.on("data", (event: ResolvedEvent) => {
    seen.events.push(event);
    seen.marks.push("event");
    onEvent?.(event);
  });
  return seen;
};

/** Number of streaming calls that a client object has open. */
export const openStreams = (client: EventStoreDBClient): number =>
  (client as unknown as { disposableStreams: Set<unknown> }).disposableStreams.size;

/** The gRPC channel that a client object uses now. */
export const channelOf = (client: EventStoreDBClient): Promise<{ getTarget(): string }> =>
  (client as unknown as { getChannel(): Promise<{ getTarget(): string }> }).getChannel();

/** Appends `count` numbered events in several large appends; gives the revision of the last. */
export const fill = async (
  client: EventStoreDBClient,
  stream: string,
  count: number,
  type?: string,
): Promise<bigint> => {
  let last = -1n;
  for (let left = count; left > 0; left -= 5000) {
    last = (await client.appendToStream(stream, numbered(Math.min(left, 5000), type))).nextExpectedRevision;
  }
  return last;
};

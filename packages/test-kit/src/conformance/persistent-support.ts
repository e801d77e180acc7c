import assert from "node:assert/strict";
import {
  type EventStoreDBClient,
  type PersistentSubscriptionToStream,
  type PersistentSubscriptionToStreamSettings,
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  type PersistentSubscriptionToAllSettings,
  type ResolvedEvent,
} from "@eventstore/db-client";
import { type Recording, record } from "./support.ts";

/** An event of a persistent subscription carries how often it was retried before. */
export type Delivered = ResolvedEvent & { readonly retryCount: number };

export const streamSettings = (
  changes: Partial<PersistentSubscriptionToStreamSettings> = {},
): PersistentSubscriptionToStreamSettings =>
  persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: "start", ...changes });

export const allSettings = (
  changes: Partial<PersistentSubscriptionToAllSettings> = {},
): PersistentSubscriptionToAllSettings =>
  persistentSubscriptionToAllSettingsFromDefaults({ startFrom: "start", ...changes });

/** A consumer of a group and what it has received. */
export interface Consumer extends Recording {
  readonly subscription: PersistentSubscriptionToStream;
  readonly delivered: Delivered[];
  ack(...events: ResolvedEvent[]): Promise<void>;
  nack(action: "park" | "retry" | "skip" | "stop", ...events: ResolvedEvent[]): Promise<void>;
}

type Handler = (event: Delivered, consumer: Consumer) => unknown;

/** Connects to a group of a stream, or of `$all` when the stream is "$all", and waits for the confirmation. */
export const consume = async (
  client: EventStoreDBClient,
  stream: string,
  group: string,
  options: { bufferSize?: number; onEvent?: Handler } = {},
): Promise<Consumer> => {
  const settings = options.bufferSize === undefined ? {} : { bufferSize: options.bufferSize };
  const subscription = (
    stream === "$all"
      ? client.subscribeToPersistentSubscriptionToAll(group, settings)
      : client.subscribeToPersistentSubscriptionToStream(stream, group, settings)
  ) as PersistentSubscriptionToStream;
  let consumer: Consumer;
  const seen = record(subscription, (event) => options.onEvent?.(event as Delivered, consumer));
  consumer = Object.assign(seen, {
    subscription,
    delivered: seen.events as Delivered[],
    ack: (...events: ResolvedEvent[]) => subscription.ack(...(events as never[])),
    nack: (action: "park" | "retry" | "skip" | "stop", ...events: ResolvedEvent[]) =>
      subscription.nack(action, "conformance", ...(events as never[])),
  });
  const end = performance.now() + 10_000;
  while (seen.confirmations === 0 && seen.error === undefined) {
    if (performance.now() > end) assert.fail("no confirmation of the persistent subscription");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return consumer;
};

/** Acknowledges each event as it comes. */
export const acknowledging: Handler = (event, consumer) => void consumer.ack(event);

import { fileURLToPath } from "node:url";
import { childNodeFactory } from "@docket/test-kit";
import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  streamNameFilter,
} from "@eventstore/db-client";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const EVENTS = 900;
const KILLS = 3;

/** Three consumers that acknowledge, retry and park while the node is killed again and again: in the end every event was acknowledged. */
test("consumers of a node that is killed again and again miss nothing", { timeout: 120_000 }, async () => {
  const node = await childNodeFactory([process.execPath, main])({});
  const client = EventStoreDBClient.connectionString(node.url);
  const settings = persistentSubscriptionToAllSettingsFromDefaults({
    startFrom: "start",
    checkPointLowerBound: 1,
    checkPointUpperBound: 20,
    checkPointAfter: 200,
    messageTimeout: 2_000,
    maxRetryCount: 3,
  });
  await client.createPersistentSubscriptionToAll("g", settings, {
    filter: streamNameFilter({ prefixes: ["wanted-"] }),
  });
  const acknowledged = new Set<number>();
  let running = true;

  const consume = async (number: number): Promise<void> => {
    let seen = 0;
    while (running) {
      const subscription = client.subscribeToPersistentSubscriptionToAll("g", { bufferSize: 7 });
      try {
        for await (const resolved of subscription) {
          const { index } = resolved.event!.data as { index: number };
          seen += 1;
          if (seen % 11 === number) await subscription.nack("retry", "again", resolved);
          else if (seen % 13 === number && resolved.link === undefined)
            await subscription.nack("park", "aside", resolved);
          else {
            await subscription.ack(resolved);
            acknowledged.add(index);
          }
        }
      } catch {
        // The node is gone: it comes back.
        await new Promise((resolve) => setTimeout(resolve, 20));
      } finally {
        await subscription.unsubscribe().catch(() => undefined);
      }
    }
  };
  const consumers = [0, 1, 2].map(consume);

  // Exact revisions and the events' own ids make an append whose outcome is unknown safe to repeat.
  const append = async (index: number): Promise<void> => {
    const event = jsonEvent({ type: "t", data: { index } });
    const expectedRevision = index < 5 ? "no_stream" : BigInt(Math.floor(index / 5) - 1);
    for (;;) {
      const done = await client
        .appendToStream(`wanted-${index % 5}`, event, { expectedRevision })
        .catch(() => undefined);
      if (done?.success) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const killAt = new Set(Array.from({ length: KILLS }, (_, kill) => Math.floor(((kill + 1) * EVENTS) / (KILLS + 1))));
  for (let index = 0; index < EVENTS; index += 1) {
    if (killAt.has(index)) {
      await node.kill();
      await node.restart();
    }
    await append(index);
  }
  const missing = () => Array.from({ length: EVENTS }, (_, index) => index).filter((index) => !acknowledged.has(index));
  await expect
    .poll(
      async () => {
        await client.replayParkedMessagesToAll("g").catch(() => undefined);
        return missing();
      },
      { timeout: 30_000, interval: 250 },
    )
    .toEqual([]);
  running = false;
  await client.dispose();
  await Promise.all(consumers);
  await node.dispose();
});

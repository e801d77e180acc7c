import assert from "node:assert/strict";
import {
  PersistentSubscriptionDoesNotExistError,
  PersistentSubscriptionExistsError,
  PersistentSubscriptionMaximumSubscribersReachedError,
} from "@eventstore/db-client";
import { acknowledging, type Consumer, consume, type Delivered, streamSettings } from "./persistent-support.ts";
import { failsWith, numbered, revisionsOf, until } from "./support.ts";
import { type ConformanceCase, must } from "./types.ts";

/** Items 88-94: existence, start, buffer, retries, parking, timeouts. */
export const persistentCases: readonly ConformanceCase[] = [
  must(
    88,
    "given create twice, then PersistentSubscriptionExistsError; info/replay/connect/delete on an unknown group -> PersistentSubscriptionDoesNotExistError with its message; a second consumer with maxSubscriberCount 1 -> PersistentSubscriptionMaximumSubscribersReachedError",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("ps");
      await client.createPersistentSubscriptionToStream(stream, "g", streamSettings({ maxSubscriberCount: 1 }));
      const exists = await failsWith(
        client.createPersistentSubscriptionToStream(stream, "g", streamSettings()),
        PersistentSubscriptionExistsError,
      );
      assert.equal(exists.streamName, stream);
      assert.equal(exists.groupName, "g");
      const refused = (await consume(client, stream, "nobody")).error;
      assert.ok(refused instanceof PersistentSubscriptionDoesNotExistError, String(refused));
      const attempts = [
        () => client.getPersistentSubscriptionToStreamInfo(stream, "nobody"),
        () => client.replayParkedMessagesToStream(stream, "nobody"),
        () => client.deletePersistentSubscriptionToStream(stream, "nobody"),
        () => client.updatePersistentSubscriptionToStream(stream, "nobody", streamSettings()),
        () => Promise.reject(refused),
      ];
      for (const attempt of attempts) {
        const error = await failsWith(attempt(), PersistentSubscriptionDoesNotExistError);
        assert.equal(error.message, `5 NOT_FOUND: Subscription group nobody on stream ${stream} does not exist.`);
        assert.equal(error.streamName, stream);
        assert.equal(error.groupName, "nobody");
      }
      const onAll = await failsWith(
        client.getPersistentSubscriptionToAllInfo(ctx.name("nobody")),
        PersistentSubscriptionDoesNotExistError,
      );
      assert.match(onAll.message, /^5 NOT_FOUND: Subscription group .* on stream \$all does not exist\.$/);
      await consume(client, stream, "g");
      const second = (await consume(client, stream, "g")).error;
      assert.ok(second instanceof PersistentSubscriptionMaximumSubscribersReachedError, String(second));
      assert.equal(second.streamName, stream);
      assert.equal(second.groupName, "g");
    },
  ),

  must(
    89,
    "given startFrom START / 1n / END on a stream of 4, then first delivered revision 0 / 1 / the next new one",
    async (ctx) => {
      const client = ctx.connect();
      for (const [startFrom, first] of [
        ["start", 0n],
        [1n, 1n],
        ["end", 4n],
      ] as const) {
        const stream = ctx.name(`ps-${startFrom}`);
        await client.appendToStream(stream, numbered(4));
        await client.createPersistentSubscriptionToStream(stream, "g", streamSettings({ startFrom }));
        const consumer = await consume(client, stream, "g", { onEvent: acknowledging });
        if (startFrom !== "end") await consumer.has(Number(4n - first));
        await client.appendToStream(stream, numbered(2));
        await consumer.has(Number(6n - first));
        const expected = [0n, 1n, 2n, 3n, 4n, 5n].filter((revision) => revision >= first);
        assert.deepEqual(revisionsOf(consumer.events), expected);
        assert.deepEqual(consumer.marks[0], "confirmation");
        assert.ok(consumer.subscription.id!.length > 0);
      }
    },
  ),

  must(90, "given bufferSize b, then at most b un-acked messages are outstanding per consumer", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("ps-buffer");
    await client.appendToStream(stream, numbered(30));
    await client.createPersistentSubscriptionToStream(stream, "g", streamSettings());
    const held: Delivered[] = [];
    let most = 0;
    const consumer = await consume(client, stream, "g", {
      bufferSize: 4,
      onEvent: (event) => {
        held.push(event);
        most = Math.max(most, held.length);
      },
    });
    await consumer.has(4);
    const info = await client.getPersistentSubscriptionToStreamInfo(stream, "g");
    assert.equal(info.stats.totalInFlightMessages, 4);
    assert.equal(info.connections[0]!.inFlightMessages, 4);
    assert.equal(info.connections[0]!.availableSlots, 0);
    assert.equal(consumer.events.length, 4);
    await consumer.ack(held.shift()!);
    await consumer.has(5);
    while (consumer.events.length < 30 || held.length > 0) {
      await until("something to acknowledge", () => held.length > 0);
      await consumer.ack(...held.splice(0, 2));
    }
    assert.equal(most, 4);
    assert.deepEqual(
      revisionsOf(consumer.events),
      Array.from({ length: 30 }, (_, index) => BigInt(index)),
    );
  }),

  must(91, "given nack skip on 20 and retry (once) on 20 of 41 events, then deliveries = 20 + 40 + 1", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("ps-nack");
    await client.appendToStream(stream, numbered(41));
    await client.createPersistentSubscriptionToStream(stream, "g", streamSettings());
    const consumer = await consume(client, stream, "g", {
      onEvent: (event, self) => {
        const revision = Number(event.event!.revision);
        if (revision < 20) return void self.nack("skip", event);
        if (revision < 40 && event.retryCount === 0) return void self.nack("retry", event);
        return void self.ack(event);
      },
    });
    await consumer.has(61);
    await until(
      "nothing is outstanding",
      async () => (await client.getPersistentSubscriptionToStreamInfo(stream, "g")).stats.totalInFlightMessages === 0,
    );
    assert.equal(consumer.events.length, 61);
    const times = (from: number, to: number) =>
      consumer.events.filter((one) => one.event!.revision >= BigInt(from) && one.event!.revision < BigInt(to)).length;
    assert.deepEqual([times(0, 20), times(20, 40), times(40, 41)], [20, 40, 1]);
  }),

  must(
    92,
    "given retries, then retryCount counts 0,1,2...; after maxRetryCount the message is parked and not delivered again",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("ps-retry");
      await client.appendToStream(stream, numbered(1));
      await client.createPersistentSubscriptionToStream(stream, "g", streamSettings({ maxRetryCount: 4 }));
      const counts: number[] = [];
      const consumer = await consume(client, stream, "g", {
        onEvent: (event, self) => {
          if (event.event!.revision > 0n) return void self.ack(event);
          counts.push(event.retryCount);
          return void self.nack("retry", event);
        },
      });
      await consumer.has(5);
      const parked = async () =>
        (await client.getPersistentSubscriptionToStreamInfo(stream, "g")).stats.parkedMessageCount;
      await until("it is parked", async () => (await parked()) === 1n);
      await client.appendToStream(stream, numbered(1));
      await until("the next event arrives", () => consumer.events.some((one) => one.event!.revision === 1n));
      assert.deepEqual(counts, [0, 1, 2, 3, 4]);
      assert.equal(consumer.events.length, 6);
    },
  ),

  must(93, "given 20 parked messages, when replayParked, then 20 deliveries; with stopAt 4 exactly 4", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("ps-replay");
    await client.appendToStream(stream, numbered(20));
    await client.createPersistentSubscriptionToStream(stream, "g", streamSettings());
    let parking = true;
    const replayed: Delivered[] = [];
    const consumer = await consume(client, stream, "g", {
      onEvent: (event, self: Consumer) => {
        if (parking) return void self.nack("park", event);
        replayed.push(event);
        return void self.ack(event);
      },
    });
    await consumer.has(20);
    const parked = async () =>
      (await client.getPersistentSubscriptionToStreamInfo(stream, "g")).stats.parkedMessageCount;
    await until("20 are parked", async () => (await parked()) === 20n);
    parking = false;
    await client.replayParkedMessagesToStream(stream, "g", { stopAt: 4 });
    await until("4 are replayed", () => replayed.length >= 4);
    await until("16 stay parked", async () => (await parked()) === 16n);
    assert.equal(replayed.length, 4);
    await client.replayParkedMessagesToStream(stream, "g");
    await until("all are replayed", () => replayed.length >= 20);
    await until("none stays parked", async () => (await parked()) === 0n);
    assert.equal(replayed.length, 20);
    assert.deepEqual(
      replayed.map((one) => one.event!.revision),
      Array.from({ length: 20 }, (_, index) => BigInt(index)),
    );
    for (const one of replayed) {
      assert.equal(one.event!.streamId, stream);
      assert.equal(one.link!.type, "$>");
      assert.equal(one.link!.streamId, `$persistentsubscription-${stream}::g-parked`);
      assert.equal(one.retryCount, 0);
    }
  }),

  must(
    94,
    "given message timeout, then the un-acked message is redelivered; given consumer disconnect, its un-acked messages go to the next consumer at once",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("ps-timeout");
      await client.appendToStream(stream, numbered(2));
      await client.createPersistentSubscriptionToStream(stream, "g", streamSettings({ messageTimeout: 300 }));
      const consumer = await consume(client, stream, "g", {
        onEvent: (event, self) => {
          if (event.event!.revision === 0n && event.retryCount === 0) return;
          void self.ack(event);
        },
      });
      await consumer.has(3);
      assert.deepEqual(
        consumer.delivered.map((one) => [one.event!.revision, one.retryCount]),
        [
          [0n, 0],
          [1n, 0],
          [0n, 1],
        ],
      );

      const other = ctx.name("ps-disconnect");
      await client.appendToStream(other, numbered(4));
      await client.createPersistentSubscriptionToStream(other, "g", streamSettings({ messageTimeout: 600_000 }));
      const leaving = await consume(client, other, "g");
      await leaving.has(4);
      const staying = await consume(client, other, "g", { onEvent: acknowledging });
      await leaving.ack(leaving.events[1]!);
      const inFlight = async () =>
        (await client.getPersistentSubscriptionToStreamInfo(other, "g")).stats.totalInFlightMessages;
      await until("the acknowledgement counts", async () => (await inFlight()) === 3);
      assert.deepEqual(staying.events, []);
      await leaving.subscription.unsubscribe();
      await staying.has(3, 3_000);
      assert.deepEqual(
        staying.delivered.map((one) => [one.event!.revision, one.retryCount]),
        [
          [0n, 1],
          [2n, 1],
          [3n, 1],
        ],
      );
    },
  ),
];

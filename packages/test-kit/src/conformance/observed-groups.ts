import assert from "node:assert/strict";
import {
  PersistentSubscriptionDoesNotExistError,
  PersistentSubscriptionDroppedError,
  PersistentSubscriptionFailedError,
  UnavailableError,
} from "@eventstore/db-client";
import { acknowledging, allSettings, type Consumer, consume, streamSettings } from "./persistent-support.ts";
import { collect, failsWith, failure, numbered, revisionsOf, until } from "./support.ts";
import { type ConformanceCase, type ConformanceContext, should } from "./types.ts";

const statsOf = async (client: ConformanceContext["client"], stream: string) =>
  (await client.getPersistentSubscriptionToStreamInfo(stream, "g")).stats;

/** Section 11, "Persistent subscriptions": start, checkpoints, life cycle, consumers. */
export const observedGroupCases: readonly ConformanceCase[] = [
  should(
    "11.32",
    "create: read batch >= history buffer and an $all position beyond the end fail; prepare > commit and $all as a stream name give UNKNOWN; a revision beyond the end is accepted",
    async (ctx) => {
      const { client } = ctx;
      const stream = ctx.name("create");
      for (const readBatchSize of [20, 21]) {
        const error = await failsWith(
          client.createPersistentSubscriptionToStream(
            stream,
            "g",
            streamSettings({ readBatchSize, historyBufferSize: 20 }),
          ),
          PersistentSubscriptionFailedError,
        );
        assert.equal(error.reason, "ReadBatchSize may not be greater than or equal to BufferSize");
        assert.equal(error.streamName, stream);
        assert.equal(error.groupName, "g");
        assert.equal(error.code, 13);
      }
      const beyond = { commit: 1n << 50n, prepare: 1n << 50n };
      const onAll = await failsWith(
        client.createPersistentSubscriptionToAll(ctx.name("g"), allSettings({ startFrom: beyond })),
        PersistentSubscriptionFailedError,
      );
      assert.equal(onAll.streamName, "$all");
      const { position } = await client.appendToStream(stream, numbered(1));
      const twisted = { commit: position!.commit, prepare: position!.prepare + 1n };
      assert.equal(
        (await failure(client.createPersistentSubscriptionToAll(ctx.name("g"), allSettings({ startFrom: twisted }))))
          .code,
        2,
      );
      assert.equal(
        (await failure(client.createPersistentSubscriptionToStream("$all", ctx.name("g"), streamSettings()))).code,
        2,
      );
      await client.createPersistentSubscriptionToStream(
        stream,
        "far",
        streamSettings({ startFrom: 1_000_000_000_000_000_000n }),
      );
      const { settings } = await client.getPersistentSubscriptionToStreamInfo(stream, "far");
      assert.equal(settings.startFrom, 1_000_000_000_000_000_000n);
    },
  ),

  should(
    "11.33",
    "listing a stream that never had a group fails with an empty group name; after its last group was deleted the list is empty",
    async (ctx) => {
      const stream = ctx.name("listed");
      const error = await failsWith(
        ctx.client.listPersistentSubscriptionsToStream(stream),
        PersistentSubscriptionDoesNotExistError,
      );
      assert.equal(error.message, `5 NOT_FOUND: Subscription group  on stream ${stream} does not exist.`);
      assert.equal(error.groupName, "");
      await ctx.client.createPersistentSubscriptionToStream(stream, "g", streamSettings());
      assert.equal((await ctx.client.listPersistentSubscriptionsToStream(stream)).length, 1);
      await ctx.client.deletePersistentSubscriptionToStream(stream, "g");
      assert.deepEqual(await ctx.client.listPersistentSubscriptionsToStream(stream), []);
    },
  ),

  should("11.34", "an acknowledgement through any consumer frees the owner's slot", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("any-consumer");
    await client.createPersistentSubscriptionToStream(
      stream,
      "g",
      streamSettings({ consumerStrategyName: "DispatchToSingle" }),
    );
    const owner = await consume(client, stream, "g", { bufferSize: 2 });
    const other = await consume(client, stream, "g", { bufferSize: 1 });
    await client.appendToStream(stream, numbered(5));
    await until("three are out", () => owner.events.length + other.events.length >= 3);
    assert.equal(owner.events.length, 2);
    await other.ack(owner.events[0]!, owner.events[1]!);
    await owner.has(4);
    assert.deepEqual([owner.events.length, other.events.length], [4, 1]);
  }),

  should("11.35", "disconnects raise the retry count without limit and never park", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("leaving");
    await client.appendToStream(stream, numbered(1));
    await client.createPersistentSubscriptionToStream(stream, "g", streamSettings({ maxRetryCount: 1 }));
    for (let round = 0; round < 5; round += 1) {
      const consumer = await consume(client, stream, "g");
      await consumer.has(1);
      assert.equal(consumer.delivered[0]!.retryCount, round);
      await consumer.subscription.unsubscribe();
      await until(
        "it is gone",
        async () => (await client.getPersistentSubscriptionToStreamInfo(stream, "g")).connections.length === 0,
      );
    }
    const stats = await statsOf(client, stream);
    assert.equal(stats.parkedMessageCount, 0n);
    assert.equal(stats.retryBufferCount, 1);
  }),

  should(
    "11.36",
    "a tombstone of the source arrives as $streamDeleted with revision int64 max, and the consumer stays",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("source-tombstoned");
      await client.appendToStream(stream, numbered(2));
      await client.createPersistentSubscriptionToStream(stream, "g", streamSettings());
      const consumer = await consume(client, stream, "g", { onEvent: acknowledging });
      await consumer.has(2);
      await client.tombstoneStream(stream);
      await consumer.has(3);
      assert.equal(consumer.events[2]!.event!.type, "$streamDeleted");
      assert.equal(consumer.events[2]!.event!.revision, 9223372036854775807n);
      const { connections } = await client.getPersistentSubscriptionToStreamInfo(stream, "g");
      assert.equal(connections.length, 1);
      assert.equal(consumer.error, undefined);
    },
  ),

  should("11.37", "pinned: messages of a stream wait while its consumer is full, others pass", async (ctx) => {
    const client = ctx.connect();
    const mark = ctx.name("pinned-full");
    const group = ctx.name("g");
    ctx.defer(() => ctx.client.deletePersistentSubscriptionToAll(group).catch(() => undefined));
    await client.createPersistentSubscriptionToAll(
      group,
      allSettings({ startFrom: "end", consumerStrategyName: "Pinned" }),
      {
        filter: { filterOn: "streamName", prefixes: [mark], checkpointInterval: 1 },
      },
    );
    const full = await consume(client, "$all", group, { bufferSize: 2 });
    const free = await consume(client, "$all", group, { bufferSize: 100, onEvent: acknowledging });
    let stream = "";
    for (let index = 0; full.events.length === 0; index += 1) {
      stream = `${mark}-${index}`;
      await client.appendToStream(stream, numbered(1));
      await until("it is delivered", () => full.events.length + free.events.length > index);
    }
    await client.appendToStream(stream, numbered(3));
    const others = Array.from({ length: 40 }, (_, index) => `${mark}-other-${index}`);
    const before = free.events.length;
    for (const other of others) await client.appendToStream(other, numbered(1));
    await until("others pass", () => free.events.length > before + 5);
    assert.ok(
      free.events.every((one) => one.event!.streamId !== stream),
      "nothing of the pinned stream goes elsewhere",
    );
    assert.equal(full.events.length, 2);
    await full.ack(...full.events);
    await full.has(4);
    assert.deepEqual(revisionsOf(full.events.filter((one) => one.event!.streamId === stream)).slice(0, 4), [
      0n,
      1n,
      2n,
      3n,
    ]);
  }),

  should(
    "11.38",
    "parked, skipped and stopped messages do not hold the checkpoint back; the lower bound is inclusive",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("not-held-back");
      await client.appendToStream(stream, numbered(9));
      await client.createPersistentSubscriptionToStream(
        stream,
        "g",
        streamSettings({ checkPointLowerBound: 9, checkPointAfter: 100 }),
      );
      const actions = ["park", "skip", "stop"] as const;
      await consume(client, stream, "g", {
        onEvent: (event, self: Consumer) => void self.nack(actions[Number(event.event!.revision) % 3]!, event),
      });
      await until("the checkpoint", async () => (await statsOf(client, stream)).lastCheckpointedEventRevision === 8n);
      assert.equal((await statsOf(client, stream)).parkedMessageCount, 3n);
      const stored = await collect(client.readStream(`$persistentsubscription-${stream}::g-checkpoint`));
      assert.equal(stored.length, 1);
      assert.equal(stored[0]!.event!.type, "$SubscriptionCheckpoint");
      assert.equal(stored[0]!.event!.data, "8");
    },
  ),

  should(
    "11.39",
    "a checkpoint that falls due while another is written is not lost: the stored one reaches the last finished message",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("none-lost");
      await client.appendToStream(stream, numbered(500));
      await client.createPersistentSubscriptionToStream(
        stream,
        "g",
        streamSettings({ checkPointLowerBound: 1, checkPointUpperBound: 1, checkPointAfter: 100 }),
      );
      const consumer = await consume(client, stream, "g", { bufferSize: 100, onEvent: acknowledging });
      await consumer.has(500);
      const storedNow = async () => {
        const [last] = await collect(
          client.readStream(`$persistentsubscription-${stream}::g-checkpoint`, {
            direction: "backwards",
            fromRevision: "end",
            maxCount: 1,
          }),
        );
        return last!.event!.data;
      };
      await until("it is stored", async () => (await storedNow()) === "499");
      await until("info shows it", async () => (await statsOf(client, stream)).lastCheckpointedEventRevision === 499n);
    },
  ),

  should(
    "11.40",
    "start END is from now each time the group starts without a checkpoint; update flushes none; after a restart everything behind it comes again with retry count 0",
    async (ctx) => {
      const node = await ctx.freshNode();
      const client = ctx.connect({}, node.url);
      await client.appendToStream("ended", numbered(2));
      await client.createPersistentSubscriptionToStream("ended", "g", streamSettings({ startFrom: "end" }));
      await client.createPersistentSubscriptionToStream("started", "g", streamSettings({ checkPointAfter: 600_000 }));
      await client.appendToStream("ended", numbered(2));
      await client.appendToStream("started", numbered(3));
      const first = await consume(client, "started", "g", { onEvent: acknowledging });
      await first.has(3);
      await client.updatePersistentSubscriptionToStream(
        "started",
        "g",
        streamSettings({ checkPointAfter: 600_000, maxRetryCount: 2 }),
      );
      assert.ok((await first.failed()) instanceof PersistentSubscriptionDroppedError);
      const second = await consume(client, "started", "g", { onEvent: acknowledging });
      await second.has(3);
      await node.stop();
      await node.restart();
      const after = ctx.connect({}, node.url);
      const third = await consume(after, "started", "g", { onEvent: acknowledging });
      await third.has(3);
      assert.deepEqual(
        third.delivered.map((one) => [one.event!.revision, one.retryCount]),
        [
          [0n, 0],
          [1n, 0],
          [2n, 0],
        ],
      );
      const ended = await consume(after, "ended", "g", { onEvent: acknowledging });
      await after.appendToStream("ended", numbered(1));
      await ended.has(1);
      assert.deepEqual(revisionsOf(ended.events), [4n]);
      assert.equal((await after.listAllPersistentSubscriptions()).length, 2);
    },
    { needs: "control" },
  ),

  should(
    "11.41",
    "when the node stops, consumers get PersistentSubscriptionDroppedError; when it is killed, UnavailableError",
    async (ctx) => {
      const node = await ctx.freshNode();
      for (const way of ["stop", "kill"] as const) {
        const client = ctx.connect({}, node.url);
        await client.createPersistentSubscriptionToStream(way, "g", streamSettings());
        const consumer = await consume(client, way, "g");
        await node[way]();
        const error = await consumer.failed();
        assert.ok(
          error instanceof (way === "stop" ? PersistentSubscriptionDroppedError : UnavailableError),
          `${way}: ${error}`,
        );
        await node.restart();
      }
    },
    { needs: "control" },
  ),

  should("11.42", "delete takes checkpoint and parked messages along: the same name starts afresh", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("afresh");
    await client.appendToStream(stream, numbered(6));
    const settings = streamSettings({ checkPointLowerBound: 1, checkPointUpperBound: 1 });
    await client.createPersistentSubscriptionToStream(stream, "g", settings);
    await consume(client, stream, "g", {
      onEvent: (event, self) => void (event.event!.revision < 3n ? self.nack("park", event) : self.ack(event)),
    });
    await until("all is settled", async () => {
      const stats = await statsOf(client, stream);
      return stats.lastCheckpointedEventRevision === 5n && stats.parkedMessageCount === 3n;
    });
    await client.deletePersistentSubscriptionToStream(stream, "g");
    await client.createPersistentSubscriptionToStream(stream, "g", settings);
    const stats = await statsOf(client, stream);
    assert.equal(stats.parkedMessageCount, 0n);
    const again = await consume(client, stream, "g", { onEvent: acknowledging });
    await again.has(6);
    assert.deepEqual(revisionsOf(again.events), [0n, 1n, 2n, 3n, 4n, 5n]);
  }),
];

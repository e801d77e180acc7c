import assert from "node:assert/strict";
import {
  eventTypeFilter,
  PersistentSubscriptionDoesNotExistError,
  PersistentSubscriptionDroppedError,
  streamNameFilter,
} from "@eventstore/db-client";
import { acknowledging, allSettings, consume, streamSettings } from "./persistent-support.ts";
import { failsWith, numbered, revisionsOf, until } from "./support.ts";
import { type ConformanceCase, type ConformanceContext, must, should } from "./types.ts";

/** Deletes a group on `$all` when the case ends, so that a shared server does not keep it running. */
const toAll = (ctx: ConformanceContext, group: string): string => {
  ctx.defer(() => ctx.client.deletePersistentSubscriptionToAll(group).catch(() => undefined));
  return group;
};

/** Items 95-100: checkpoints, `$all`, life cycle, info, strategies. */
export const persistentGroupCases: readonly ConformanceCase[] = [
  must(
    95,
    "given acked messages beyond checkPointUpperBound and a server restart, then delivery resumes after the checkpoint (at-least-once, no loss); outstanding and retrying messages hold the checkpoint back",
    async (ctx) => {
      const node = await ctx.freshNode();
      const client = ctx.connect({}, node.url);
      for (const stream of ["all-acked", "one-held"]) {
        await client.appendToStream(stream, numbered(40));
        await client.createPersistentSubscriptionToStream(
          stream,
          "g",
          streamSettings({ checkPointLowerBound: 1, checkPointUpperBound: 5, checkPointAfter: 500 }),
        );
      }
      const acked = await consume(client, "all-acked", "g", { onEvent: acknowledging });
      const held = await consume(client, "one-held", "g", {
        bufferSize: 20,
        onEvent: (event, self) => (event.event!.revision === 7n ? undefined : void self.ack(event)),
      });
      await acked.has(40);
      await held.has(40);
      const checkpoint = async (stream: string) =>
        (await client.getPersistentSubscriptionToStreamInfo(stream, "g")).stats.lastCheckpointedEventRevision;
      await until("the checkpoint of the acked group", async () => (await checkpoint("all-acked")) === 39n);
      await until("the held-back checkpoint", async () => (await checkpoint("one-held")) === 6n);
      // What is stored is what counts, so wait for the write before the kill.
      for (const [stream, data] of [
        ["all-acked", "39"],
        ["one-held", "6"],
      ] as const) {
        await until("the stored checkpoint", async () => {
          for await (const { event } of client.readStream(`$persistentsubscription-${stream}::g-checkpoint`, {
            direction: "backwards",
            fromRevision: "end",
            maxCount: 1,
          })) {
            return (
              event!.data === data ||
              String(event!.data) === data ||
              JSON.stringify(event!.data) === JSON.stringify(data)
            );
          }
          return false;
        });
      }
      await node.kill();
      await node.restart();
      const after = ctx.connect({}, node.url);
      await after.appendToStream("all-acked", numbered(1));
      const resumed = await consume(after, "all-acked", "g", { onEvent: acknowledging });
      await resumed.has(1);
      assert.deepEqual(revisionsOf(resumed.events), [40n]);
      const again = await consume(after, "one-held", "g", { onEvent: acknowledging });
      await again.has(33);
      assert.deepEqual(
        revisionsOf(again.events),
        Array.from({ length: 33 }, (_, index) => BigInt(7 + index)),
      );
      assert.ok(again.delivered.every((one) => one.retryCount === 0));
    },
    { needs: "control", timeoutMs: 60_000 },
  ),

  must(
    96,
    "given $all with stream/event-type filters and startFrom position, then matching events are delivered, start inclusive",
    async (ctx) => {
      const client = ctx.connect();
      const mark = ctx.name("psa");
      await client.appendToStream(`${mark}-a`, numbered(3, `T-${mark}`));
      const second = await client.appendToStream(`${mark}-b`, numbered(1, `T-${mark}`));
      await client.appendToStream(ctx.name("noise"), numbered(3));
      await client.appendToStream(`${mark}-a`, numbered(2, "plain"));
      const cases = [
        [streamNameFilter({ prefixes: [`${mark}-`] }), "start", ["a0", "a1", "a2", "b0", "a3", "a4", "a5"]],
        [streamNameFilter({ regex: `^${mark}-b$` }), "start", ["b0"]],
        [eventTypeFilter({ prefixes: [`T-${mark}`] }), "start", ["a0", "a1", "a2", "b0", "a5"]],
        [eventTypeFilter({ regex: `^T-${mark}$` }), second.position!, ["b0", "a5"]],
        [streamNameFilter({ prefixes: [`${mark}-`] }), second.position!, ["b0", "a3", "a4", "a5"]],
        [streamNameFilter({ prefixes: [`${mark}-`] }), "end", ["a5"]],
      ] as const;
      const groups = cases.map((_, index) => toAll(ctx, ctx.name(`g${index}`)));
      for (const [index, [filter, startFrom]] of cases.entries()) {
        await client.createPersistentSubscriptionToAll(groups[index]!, allSettings({ startFrom }), {
          filter: filter as never,
        });
      }
      const consumers = await Promise.all(
        groups.map((group) => consume(client, "$all", group, { onEvent: acknowledging })),
      );
      await client.appendToStream(`${mark}-a`, numbered(1, `T-${mark}`));
      for (const [index, [, , expected]] of cases.entries()) {
        await consumers[index]!.has(expected.length, 20_000);
        const seen = consumers[index]!.events.map(
          (one) => `${one.event!.streamId.slice(mark.length + 1)}${one.event!.revision}`,
        );
        assert.deepEqual(seen, expected, `group ${index}`);
      }
    },
    { timeoutMs: 60_000 },
  ),

  must(
    97,
    "given update, delete or subsystem restart while connected, then the consumer gets PersistentSubscriptionDroppedError and the call itself resolves",
    async (ctx) => {
      const node = await ctx.freshNode();
      const client = ctx.connect({}, node.url);
      const changes: Record<string, (stream: string) => Promise<void>> = {
        update: (stream) =>
          client.updatePersistentSubscriptionToStream(stream, "g", streamSettings({ maxRetryCount: 3 })),
        restart: () => client.restartPersistentSubscriptionSubsystem(),
        delete: (stream) => client.deletePersistentSubscriptionToStream(stream, "g"),
      };
      for (const [change, run] of Object.entries(changes)) {
        const stream = `while-${change}`;
        await client.appendToStream(stream, numbered(2));
        await client.createPersistentSubscriptionToStream(stream, "g", streamSettings());
        const consumer = await consume(client, stream, "g");
        await consumer.has(2);
        await run(stream);
        const error = await consumer.failed();
        assert.ok(error instanceof PersistentSubscriptionDroppedError, `${change}: ${error}`);
        assert.equal(error.streamName, stream);
        assert.equal(error.groupName, "g");
        if (change === "delete") {
          await failsWith(
            client.getPersistentSubscriptionToStreamInfo(stream, "g"),
            PersistentSubscriptionDoesNotExistError,
          );
          continue;
        }
        const again = await consume(client, stream, "g", { onEvent: acknowledging });
        await again.has(2);
        if (change === "update") {
          const { settings } = await client.getPersistentSubscriptionToStreamInfo(stream, "g");
          assert.equal(settings.maxRetryCount, 3);
        }
      }
    },
    { needs: "fresh" },
  ),

  must(
    98,
    "given getInfo/list, then settings equal what was created, connections show connected consumers with connectionName; after processing lastKnown/lastCheckpointed are set; list-all on an empty server is empty",
    async (ctx) => {
      const node = await ctx.freshNode();
      const client = ctx.connect({ connectionName: "conformance-connection" }, node.url);
      assert.deepEqual(await client.listAllPersistentSubscriptions(), []);
      const { position } = await client.appendToStream("s", numbered(4));
      const settings = {
        resolveLinkTos: true,
        extraStatistics: true,
        messageTimeout: 4_321,
        maxRetryCount: 7,
        checkPointAfter: 1_234,
        checkPointLowerBound: 1,
        checkPointUpperBound: 2,
        maxSubscriberCount: 9,
        liveBufferSize: 111,
        readBatchSize: 22,
        historyBufferSize: 333,
      };
      for (const [index, startFrom] of (["start", "end", 2n] as const).entries()) {
        const consumerStrategyName = (["DispatchToSingle", "RoundRobin", "Pinned"] as const)[index]!;
        const wanted = streamSettings({ ...settings, startFrom, consumerStrategyName });
        await client.createPersistentSubscriptionToStream("s", `g${index}`, wanted);
        const info = await client.getPersistentSubscriptionToStreamInfo("s", `g${index}`);
        assert.deepEqual(info.settings, wanted);
        assert.equal(info.eventSource, "s");
        assert.equal(info.groupName, `g${index}`);
        assert.deepEqual(info.connections, []);
      }
      for (const [index, startFrom] of (["start", "end", position!] as const).entries()) {
        const wanted = allSettings({ startFrom, maxSubscriberCount: "unbounded" });
        await client.createPersistentSubscriptionToAll(`a${index}`, wanted);
        const info = await client.getPersistentSubscriptionToAllInfo(`a${index}`);
        assert.deepEqual(info.settings, wanted);
        assert.equal(info.eventSource, "$all");
      }
      assert.equal((await client.listAllPersistentSubscriptions()).length, 6);
      assert.deepEqual((await client.listPersistentSubscriptionsToStream("s")).map((info) => info.groupName).sort(), [
        "g0",
        "g1",
        "g2",
      ]);
      assert.deepEqual((await client.listPersistentSubscriptionsToAll()).map((info) => info.groupName).sort(), [
        "a0",
        "a1",
        "a2",
      ]);
      const consumer = await consume(client, "s", "g0", { onEvent: acknowledging, bufferSize: 6 });
      await consumer.has(4);
      await until("the group has caught up and checkpointed", async () => {
        const { stats } = await client.getPersistentSubscriptionToStreamInfo("s", "g0");
        return stats.lastKnownEventRevision === 3n && stats.lastCheckpointedEventRevision === 3n;
      });
      const { connections, stats, status } = await client.getPersistentSubscriptionToStreamInfo("s", "g0");
      assert.equal(connections.length, 1);
      assert.equal(connections[0]!.connectionName, "conformance-connection");
      assert.equal(connections[0]!.availableSlots, 6);
      assert.equal(connections[0]!.totalItems, 4n);
      assert.equal(stats.totalItems, 4n);
      assert.equal(stats.parkedMessageCount, 0n);
      assert.equal(status, "Live");
      const onAll = await consume(client, "$all", "a0", { onEvent: acknowledging });
      await until("the position of $all is known", async () => {
        const all = await client.getPersistentSubscriptionToAllInfo("a0");
        return (all.stats.lastKnownEventPosition?.commit ?? 0n) >= position!.commit;
      });
      assert.ok(onAll.events.length > 0);
    },
    { needs: "fresh", timeoutMs: 60_000 },
  ),

  should(
    99,
    "given RoundRobin / DispatchToSingle / Pinned with two consumers, then distribution follows section 5",
    async (ctx) => {
      const client = ctx.connect();
      const shares = async (consumerStrategyName: "RoundRobin" | "DispatchToSingle") => {
        const stream = ctx.name(`ps-${consumerStrategyName}`);
        await client.createPersistentSubscriptionToStream(stream, "g", streamSettings({ consumerStrategyName }));
        const consumers = [
          await consume(client, stream, "g", { bufferSize: 6 }),
          await consume(client, stream, "g", { bufferSize: 6 }),
        ];
        await client.appendToStream(stream, numbered(8));
        await until("8 deliveries", () => consumers[0]!.events.length + consumers[1]!.events.length >= 8);
        return consumers.map((consumer) => consumer.events.length).sort();
      };
      assert.deepEqual(await shares("RoundRobin"), [4, 4]);
      assert.deepEqual(await shares("DispatchToSingle"), [2, 6]);

      const mark = ctx.name("pinned");
      const group = toAll(ctx, ctx.name("g"));
      await client.createPersistentSubscriptionToAll(
        group,
        allSettings({ startFrom: "end", consumerStrategyName: "Pinned" }),
        {
          filter: streamNameFilter({ prefixes: [mark] }),
        },
      );
      const pinned = [
        await consume(client, "$all", group, { onEvent: acknowledging }),
        await consume(client, "$all", group, { onEvent: acknowledging }),
      ];
      const streams = Array.from({ length: 40 }, (_, index) => `${mark}-${index}`);
      for (let round = 0; round < 3; round += 1)
        for (const stream of streams) await client.appendToStream(stream, numbered(1));
      await until("120 deliveries", () => pinned[0]!.events.length + pinned[1]!.events.length >= 120);
      for (const stream of streams) {
        const by = pinned.map((consumer) => consumer.events.filter((one) => one.event!.streamId === stream).length);
        assert.deepEqual([...by].sort(), [0, 3], `${stream} stays with one consumer`);
      }
      assert.ok(
        pinned.every((consumer) => consumer.events.length > 0),
        "both consumers get streams",
      );
    },
    { timeoutMs: 60_000 },
  ),

  should(100, 'given extraStatistics, then the connection\'s statistics contain "quintile 3"', async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("ps-statistics");
    await client.appendToStream(stream, numbered(20));
    await client.createPersistentSubscriptionToStream(stream, "g", streamSettings({ extraStatistics: true }));
    const consumer = await consume(client, stream, "g", { onEvent: acknowledging });
    await consumer.has(20);
    await until("statistics", async () => {
      const { connections } = await client.getPersistentSubscriptionToStreamInfo(stream, "g");
      return connections[0]?.extraStatistics?.has("quintile 3") === true;
    });
    const { connections } = await client.getPersistentSubscriptionToStreamInfo(stream, "g");
    const keys = [...connections[0]!.extraStatistics!.keys()];
    for (const key of ["mean", "median", "fastest", "quintile 1", "quintile 5", "90%", "99.9%", "highest"])
      assert.ok(keys.includes(key as never), key);
  }),
];

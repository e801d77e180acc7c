import assert from "node:assert/strict";
import { PersistentSubscriptionFailedError, type ResolvedEvent } from "@eventstore/db-client";
import { acknowledging, consume, type Delivered, streamSettings } from "./persistent-support.ts";
import { linkTo } from "./reads.ts";
import { collect, failsWith, numbered, until } from "./support.ts";
import { type ConformanceCase, type ConformanceContext, should } from "./types.ts";

const parkedStream = (stream: string) => `$persistentsubscription-${stream}::g-parked`;

const statsOf = async (ctx: ConformanceContext, stream: string) =>
  (await ctx.client.getPersistentSubscriptionToStreamInfo(stream, "g")).stats;

const parkedIs = (ctx: ConformanceContext, stream: string, count: bigint) =>
  until(`${count} parked`, async () => (await statsOf(ctx, stream)).parkedMessageCount === count);

const text = (event: ResolvedEvent) => Buffer.from(event.event!.data as Uint8Array).toString("utf8");

/** A group on a new stream of `count` events whose consumer parks everything while `parking.on`. */
const parkingGroup = async (ctx: ConformanceContext, label: string, count: number) => {
  const stream = ctx.name(label);
  await ctx.client.appendToStream(stream, numbered(count));
  await ctx.client.createPersistentSubscriptionToStream(stream, "g", streamSettings());
  const parking = { on: true };
  const replayed: Delivered[] = [];
  const consumer = await consume(ctx.connect(), stream, "g", {
    onEvent: (event, self) => {
      if (parking.on) return void self.nack("park", event);
      replayed.push(event);
      return void self.ack(event);
    },
  });
  await parkedIs(ctx, stream, BigInt(count));
  return { stream, parking, replayed, consumer };
};

/** Section 11, "Persistent subscriptions": infos, parking, replays. */
export const observedPersistentCases: readonly ConformanceCase[] = [
  should(
    "11.24",
    "info of a connection: from is empty, the user is system on an insecure node and the login on a secure one",
    async (ctx) => {
      for (const tls of [false, true]) {
        const node = await ctx.freshNode({ tls });
        const client = ctx.connect({}, tls ? node.url.replace("esdb://", "esdb://admin:changeit@") : node.url);
        await client.createPersistentSubscriptionToStream("s", "g", streamSettings());
        await consume(client, "s", "g");
        const [connection] = (await client.getPersistentSubscriptionToStreamInfo("s", "g")).connections;
        assert.equal(connection!.from, "");
        assert.equal(connection!.username, tls ? "admin" : "system");
      }
    },
    { needs: "tls" },
  ),

  should(
    "11.25",
    "parked links: not JSON, data <rev>@<stream>, metadata added, reason and subscriptionEventNumber (left out when 0); $acl for $admins only",
    async (ctx) => {
      const { stream } = await parkingGroup(ctx, "parked", 2);
      const links = await collect(ctx.client.readStream(parkedStream(stream)));
      assert.deepEqual(links.map(text), [`0@${stream}`, `1@${stream}`]);
      for (const { event } of links) {
        assert.equal(event!.type, "$>");
        assert.equal(event!.isJson, false);
        const metadata = event!.metadata as { added: string; reason: string };
        assert.equal(metadata.reason, "Client explicitly NAK'ed message.\nconformance");
        assert.ok(Math.abs(new Date(metadata.added).getTime() - Date.now()) < 60_000);
      }
      assert.deepEqual(
        links.map(({ event }) => (event!.metadata as { subscriptionEventNumber?: number }).subscriptionEventNumber),
        [undefined, 1],
      );
      const { metadata } = await ctx.client.getStreamMetadata(parkedStream(stream));
      const admins = "$admins";
      const roles = {
        readRoles: admins,
        writeRoles: admins,
        deleteRoles: admins,
        metaReadRoles: admins,
        metaWriteRoles: admins,
      };
      assert.deepEqual((metadata as { acl: unknown }).acl, roles);
      const [resolved] = await collect(
        ctx.client.readStream(parkedStream(stream), { resolveLinkTos: true, fromRevision: 1n }),
      );
      assert.equal(resolved!.event!.revision, 1n);
    },
  ),

  should("11.26", 'after retries or timeouts the reason is "Reached retry count of N"', async (ctx) => {
    const stream = ctx.name("gave-up");
    await ctx.client.appendToStream(stream, numbered(1));
    await ctx.client.createPersistentSubscriptionToStream(
      stream,
      "g",
      streamSettings({ maxRetryCount: 0, messageTimeout: 100 }),
    );
    const silent = await consume(ctx.connect(), stream, "g");
    await parkedIs(ctx, stream, 1n);
    const [link] = await collect(ctx.client.readStream(parkedStream(stream)));
    assert.equal((link!.event!.metadata as { reason: string }).reason, "Reached retry count of 0");
    assert.equal(silent.events.length, 1);
  }),

  should("11.27", "with resolved links a parked link names the target and the number of the link", async (ctx) => {
    const [target, source] = [ctx.name("target"), ctx.name("links")];
    await ctx.client.appendToStream(target, numbered(5));
    await ctx.client.appendToStream(source, [linkTo(3, target), linkTo(4, target), linkTo(99, target)] as never);
    await ctx.client.createPersistentSubscriptionToStream(source, "g", streamSettings({ resolveLinkTos: true }));
    const consumer = await consume(ctx.connect(), source, "g");
    await consumer.has(3);
    assert.deepEqual(
      consumer.events.map((one) => one.event?.revision),
      [3n, 4n, undefined],
    );
    assert.ok(consumer.events.every((one) => one.link!.streamId === source));
    await consumer.nack("park", consumer.events[1]!);
    await consumer.ack(consumer.events[0]!, consumer.events[2]!);
    await parkedIs(ctx, source, 1n);
    const [link] = await collect(ctx.client.readStream(parkedStream(source)));
    assert.equal(text(link!), `4@${target}`);
    assert.equal((link!.event!.metadata as { subscriptionEventNumber: number }).subscriptionEventNumber, 1);
    assert.equal((await statsOf(ctx, source)).totalInFlightMessages, 0);
  }),

  should(
    "11.28",
    "replay: stopAt is an event number of the parked stream (4, 4, 6 deliver 4, 0, 2), 0 does nothing, negative fails, concurrent calls deliver each message once",
    async (ctx) => {
      const { stream, parking, replayed, consumer } = await parkingGroup(ctx, "replayed", 10);
      parking.on = false;
      const replay = (stopAt?: number) =>
        ctx.client.replayParkedMessagesToStream(stream, "g", stopAt === undefined ? {} : { stopAt });
      const error = await failsWith(replay(-1), PersistentSubscriptionFailedError);
      assert.equal(error.reason, "Cannot stop replaying parked message at a negative version.");
      assert.equal(error.code, 13);
      for (const [stopAt, total] of [
        [0, 0],
        [4, 4],
        [4, 4],
        [6, 6],
      ] as const) {
        await replay(stopAt);
        await parkedIs(ctx, stream, BigInt(10 - total));
        await until(`${total} replayed`, () => replayed.length >= total);
        assert.equal(replayed.length, total);
      }
      await Promise.all(Array.from({ length: 8 }, () => replay()));
      await until("all replayed", () => replayed.length >= 10);
      await ctx.client.appendToStream(stream, numbered(1));
      await until("the new event", () => consumer.events.some((one) => one.event!.revision === 10n));
      assert.deepEqual(
        replayed.map((one) => one.event!.revision),
        Array.from({ length: 11 }, (_, index) => BigInt(index)),
      );
      await parkedIs(ctx, stream, 0n);
    },
  ),

  should("11.29", "a replayed message that fails again is parked again under its original event", async (ctx) => {
    const { stream, parking, replayed } = await parkingGroup(ctx, "parked-again", 2);
    await ctx.client.replayParkedMessagesToStream(stream, "g");
    await until("both are parked again", async () => {
      const links = await collect(ctx.client.readStream(parkedStream(stream), { fromRevision: 2n }));
      return links.length === 2;
    });
    const links = await collect(ctx.client.readStream(parkedStream(stream), { fromRevision: 2n }));
    assert.deepEqual(links.map(text), [`0@${stream}`, `1@${stream}`]);
    await parkedIs(ctx, stream, 2n);
    parking.on = false;
    await ctx.client.replayParkedMessagesToStream(stream, "g");
    await until("both are delivered", () => replayed.length === 2);
    assert.deepEqual(
      replayed.map((one) => [one.event!.revision, one.retryCount]),
      [
        [0n, 0],
        [1n, 0],
      ],
    );
    await parkedIs(ctx, stream, 0n);
  }),

  should("11.30", "replayed messages of a source that was soft-deleted are dropped", async (ctx) => {
    const { stream, parking, replayed, consumer } = await parkingGroup(ctx, "parked-deleted", 3);
    parking.on = false;
    await ctx.client.deleteStream(stream);
    await ctx.client.replayParkedMessagesToStream(stream, "g");
    await parkedIs(ctx, stream, 0n);
    await ctx.client.appendToStream(stream, numbered(1));
    await until("the new event", () => consumer.events.some((one) => one.event!.revision === 3n));
    assert.deepEqual(
      replayed.map((one) => one.event!.revision),
      [3n],
    );
  }),

  should(
    "11.31",
    "parked messages survive a restart, replayed ones that were not acknowledged included",
    async (ctx) => {
      const node = await ctx.freshNode();
      const client = ctx.connect({}, node.url);
      await client.appendToStream("s", numbered(6));
      await client.createPersistentSubscriptionToStream("s", "g", streamSettings());
      const parker = await consume(client, "s", "g", { onEvent: (event, self) => void self.nack("park", event) });
      await parker.has(6);
      const parked = async (of: typeof client) =>
        (await of.getPersistentSubscriptionToStreamInfo("s", "g")).stats.parkedMessageCount;
      await until("6 are parked", async () => (await parked(client)) === 6n);
      await parker.subscription.unsubscribe();
      const holder = await consume(client, "s", "g");
      await client.replayParkedMessagesToStream("s", "g", { stopAt: 3 });
      await holder.has(3);
      await holder.ack(holder.events[0]!);
      await until(
        "one is answered",
        async () => (await client.getPersistentSubscriptionToStreamInfo("s", "g")).stats.totalInFlightMessages === 2,
      );
      await node.kill();
      await node.restart();
      const after = ctx.connect({}, node.url);
      const again = await consume(after, "s", "g", { onEvent: acknowledging });
      const stillParked = Number(await parked(after));
      assert.ok(stillParked >= 5, `${stillParked} parked after the crash`);
      await after.replayParkedMessagesToStream("s", "g");
      await until("what was parked is delivered", async () => (await parked(after)) === 0n && again.events.length >= 5);
      const seen = new Set(again.events.map((one) => one.event!.revision));
      for (const revision of [1n, 2n, 3n, 4n, 5n]) assert.ok(seen.has(revision), `revision ${revision}`);
    },
    { needs: "control" },
  ),
];

import assert from "node:assert/strict";
import { pipeline, Writable } from "node:stream";
import { StreamDeletedError } from "@eventstore/db-client";
import { fill, numbered, openStreams, record, revisionsOf, until } from "./support.ts";
import { type ConformanceCase, must } from "./types.ts";

/** Items 70-77 and 82: stream and `$all` subscriptions. */
export const subscriptionCases: readonly ConformanceCase[] = [
  must(
    70,
    "given 4 events, when subscribed from start, then confirmation once, 4 events, caughtUp once, then live events",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("four");
      await client.appendToStream(stream, numbered(4));
      const subscription = client.subscribeToStream(stream, { fromRevision: "start" });
      const seen = record(subscription);
      await seen.live();
      assert.deepEqual(seen.marks, ["confirmation", "event", "event", "event", "event", "caughtUp"]);
      assert.equal(typeof subscription.id, "string");
      assert.ok(subscription.id!.length > 0);
      await client.appendToStream(stream, numbered(2));
      await seen.has(6);
      assert.deepEqual(revisionsOf(seen.events), [0n, 1n, 2n, 3n, 4n, 5n]);
      assert.equal(seen.caughtUp, 1);
      assert.equal(seen.confirmations, 1);
    },
  ),

  must(71, "given subscription from revision 2 of 4 events, then the first event is revision 3", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("from-two");
    await client.appendToStream(stream, numbered(4));
    const seen = record(client.subscribeToStream(stream, { fromRevision: 2n }));
    await seen.live();
    assert.deepEqual(revisionsOf(seen.events), [3n]);
    await client.appendToStream(stream, numbered(1));
    await seen.has(2);
    assert.deepEqual(revisionsOf(seen.events), [3n, 4n]);
    // Beyond the end: what is not newer than the asked revision is skipped when it arrives.
    const beyond = record(client.subscribeToStream(stream, { fromRevision: 6n }));
    await beyond.live();
    await client.appendToStream(stream, numbered(4));
    await beyond.has(2);
    assert.deepEqual(revisionsOf(beyond.events), [7n, 8n]);
  }),

  must(72, "given from end, then caughtUp with 0 events, then only new ones", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("from-end");
    await client.appendToStream(stream, numbered(4));
    const ofStream = record(client.subscribeToStream(stream, { fromRevision: "end" }));
    const ofAll = record(client.subscribeToAll({ fromPosition: "end" }));
    await ofStream.live();
    await ofAll.live();
    assert.deepEqual(ofStream.marks, ["confirmation", "caughtUp"]);
    assert.deepEqual(ofAll.marks, ["confirmation", "caughtUp"]);
    await client.appendToStream(stream, numbered(2));
    await ofStream.has(2);
    await ofAll.has(2);
    assert.deepEqual(revisionsOf(ofStream.events), [4n, 5n]);
    assert.deepEqual(
      ofAll.events.map((one) => one.event!.streamId),
      [stream, stream],
    );
  }),

  must(73, "given a missing stream, when subscribed and later written, then the events arrive", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("later");
    const seen = [
      record(client.subscribeToStream(stream)),
      record(client.subscribeToStream(stream, { fromRevision: "end" })),
    ];
    for (const one of seen) {
      await one.live();
      assert.deepEqual(one.marks, ["confirmation", "caughtUp"]);
    }
    await client.appendToStream(stream, numbered(3));
    for (const one of seen) {
      await one.has(3);
      assert.deepEqual(revisionsOf(one.events), [0n, 1n, 2n]);
    }
  }),

  must(74, "given subscribeToAll from appendResult.position, then only later events arrive", async (ctx) => {
    const client = ctx.connect();
    const first = await client.appendToStream(ctx.name("before"), numbered(3));
    const stream = ctx.name("after");
    const appended = await client.appendToStream(stream, numbered(2));
    const seen = record(client.subscribeToAll({ fromPosition: first.position! }));
    await seen.live();
    assert.deepEqual(
      seen.events.map((one) => one.event!.streamId),
      [stream, stream],
    );
    assert.deepEqual(seen.events[1]!.event!.position, appended.position);
    await client.appendToStream(stream, numbered(1));
    await seen.has(3);
    assert.equal(seen.events[2]!.event!.revision, 2n);
  }),

  must(
    75,
    "given concurrent appends during catch-up (>= 10 000 events), then every event arrives exactly once in order",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("hand-over");
      await fill(client, stream, 10_000);
      const start = (await client.appendToStream(ctx.name("mark"), numbered(1))).position!;
      await fill(client, stream, 2_000);
      const ofStream = record(client.subscribeToStream(stream));
      const ofAll = record(client.subscribeToAll({ fromPosition: start }));
      const writers = Array.from({ length: 4 }, async () => {
        for (let round = 0; round < 250; round += 1) await client.appendToStream(stream, numbered(2));
      });
      await Promise.all(writers);
      await ofStream.has(14_000, 30_000);
      await until(
        "all of $all",
        () => ofAll.events.filter((one) => one.event!.streamId === stream).length >= 4_000,
        30_000,
      );
      await client.appendToStream(stream, numbered(1));
      await ofStream.has(14_001);
      assert.equal(ofStream.events.length, 14_001);
      ofStream.events.forEach((one, index) => assert.equal(one.event!.revision, BigInt(index)));
      const inAll = ofAll.events.filter((one) => one.event!.streamId === stream).map((one) => one.event!.revision);
      inAll.forEach((revision, index) => assert.equal(revision, BigInt(10_000 + index)));
    },
    { timeoutMs: 90_000 },
  ),

  must(76, "given unsubscribe()/break/pipeline end, then end without error and the server cleans up", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("unsubscribed");
    await client.appendToStream(stream, numbered(50));
    const subscription = client.subscribeToStream(stream);
    const seen = record(subscription);
    await seen.live();
    await subscription.unsubscribe();
    await until("the subscription ends", () => seen.ended);
    assert.equal(seen.error, undefined);

    const all = client.subscribeToAll({ fromPosition: "end" });
    const seenAll = record(all);
    await seenAll.live();
    await all.unsubscribe();
    await until("the subscription ends", () => seenAll.ended);
    assert.equal(seenAll.error, undefined);

    let broken = 0;
    const broke = client.subscribeToStream(stream);
    for await (const one of broke) {
      broken += one.event ? 1 : 0;
      if (broken === 10) break;
    }
    assert.equal(broken, 10);

    const piped = client.subscribeToStream(stream);
    let received = 0;
    const sink = new Writable({
      objectMode: true,
      write(_one, _encoding, next) {
        received += 1;
        if (received === 50) void piped.unsubscribe();
        next();
      },
    });
    await new Promise<void>((resolve, reject) => pipeline(piped, sink, (error) => (error ? reject(error) : resolve())));
    assert.equal(received, 50);
    // Breaking out leaves the call open until it is cancelled: the server must bear it.
    await broke.unsubscribe();
    await client.appendToStream(stream, numbered(1));
    await client.dispose();
    await until("no open calls", () => openStreams(client) === 0);
  }),

  must(
    77,
    "given a consumer slower than the writer (10 ms per event), then nothing is lost and no error occurs",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("slow");
      const start = (await client.appendToStream(ctx.name("mark"), numbered(1))).position!;
      const subscription = client.subscribeToAll({ fromPosition: start });
      const revisions: bigint[] = [];
      let error: unknown;
      const consumer = (async () => {
        try {
          for await (const { event } of subscription) {
            if (event!.streamId !== stream) continue;
            revisions.push(event!.revision);
            if (revisions.length === 400) break;
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
        } catch (caught) {
          error = caught;
        }
      })();
      for (let batch = 0; batch < 40; batch += 1) await client.appendToStream(stream, numbered(10));
      await consumer;
      await subscription.unsubscribe();
      assert.equal(error, undefined);
      assert.deepEqual(
        revisions,
        Array.from({ length: 400 }, (_, index) => BigInt(index)),
      );
    },
    { timeoutMs: 40_000 },
  ),

  must(
    82,
    "given a tombstone while subscribed, then the subscription errors with StreamDeletedError; given soft delete, it continues",
    async (ctx) => {
      const client = ctx.connect();
      const hard = ctx.name("tombstoned-live");
      await client.appendToStream(hard, numbered(2));
      const seen = record(client.subscribeToStream(hard));
      await seen.live();
      await client.tombstoneStream(hard);
      const error = await seen.failed();
      assert.ok(error instanceof StreamDeletedError);
      assert.equal(error.streamName, hard);
      assert.equal(seen.events.at(-1)!.event!.type, "$streamDeleted");
      assert.equal(seen.events.length, 3);
      const refused = record(client.subscribeToStream(hard));
      const refusal = await refused.failed();
      assert.ok(refusal instanceof StreamDeletedError);
      assert.equal(refused.confirmations, 0);

      const soft = ctx.name("deleted-live");
      await client.appendToStream(soft, numbered(2));
      const going = record(client.subscribeToStream(soft));
      await going.live();
      await client.deleteStream(soft);
      await client.appendToStream(soft, numbered(2));
      await going.has(4);
      assert.deepEqual(revisionsOf(going.events), [0n, 1n, 2n, 3n]);
      assert.equal(going.error, undefined);
    },
  ),
];

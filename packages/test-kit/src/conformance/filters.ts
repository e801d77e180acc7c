import assert from "node:assert/strict";
import { eventTypeFilter, excludeSystemEvents, type Position, streamNameFilter } from "@eventstore/db-client";
import { kindsOf, rawRead, readRequest } from "./messages.ts";
import { numbered, record, revisionsOf, until } from "./support.ts";
import { type ConformanceCase, must } from "./types.ts";

const rising = (positions: readonly Position[]): void =>
  positions.forEach((position, index) => {
    assert.equal(typeof position.commit, "bigint");
    assert.equal(typeof position.prepare, "bigint");
    if (index > 0) assert.ok(position.commit > positions[index - 1]!.commit, "a checkpoint never repeats or decreases");
  });

/** Items 78-81: filtered `$all` subscriptions and their checkpoints. */
export const filterCases: readonly ConformanceCase[] = [
  must(
    78,
    "given stream prefixes / regex, event-type prefixes / regex filters, then exactly matching events are delivered from start",
    async (ctx) => {
      const client = ctx.connect();
      const mark = ctx.name("f");
      const inside = `${mark}-inside`;
      const outside = `x-${mark}-outside`;
      const type = `T-${mark}`;
      await client.appendToStream(inside, numbered(3, type));
      await client.appendToStream(outside, numbered(3, "other"));
      const filters = [
        [streamNameFilter({ prefixes: [`${mark}-in`, "never-"] }), inside, 3],
        [streamNameFilter({ regex: `^${mark}-ins.d.$` }), inside, 3],
        [streamNameFilter({ regex: `${mark}-outs` }), outside, 3],
        [eventTypeFilter({ prefixes: [`T-${mark}`] }), inside, 3],
        [eventTypeFilter({ regex: `^T-${mark}$` }), inside, 3],
        [streamNameFilter({ regex: `^${mark.toUpperCase()}-INSIDE$` }), inside, 0],
      ] as const;
      for (const [filter, stream, count] of filters) {
        const subscription = client.subscribeToAll({ fromPosition: "start", filter });
        const seen = record(subscription);
        await seen.live(20_000);
        assert.deepEqual(revisionsOf(seen.events), [0n, 1n, 2n].slice(0, count), JSON.stringify(filter));
        assert.ok(seen.events.every((one) => one.event!.streamId === stream));
        await subscription.unsubscribe();
      }
      const live = filters.map(([filter]) => record(client.subscribeToAll({ fromPosition: "end", filter })));
      for (const one of live) await one.live();
      await client.appendToStream(inside, numbered(1, type));
      await client.appendToStream(outside, numbered(1, "other"));
      await client.appendToStream(inside, numbered(1, type));
      for (const [index, [, stream, count]] of filters.entries()) {
        if (count === 0) continue;
        await live[index]!.has(stream === inside ? 2 : 1);
        assert.deepEqual(revisionsOf(live[index]!.events), stream === inside ? [3n, 4n] : [3n], `filter ${index}`);
      }
      assert.deepEqual(live[5]!.events, []);
    },
    { timeoutMs: 120_000 },
  ),

  must(79, "given excludeSystemEvents, then no event whose type starts with $", async (ctx) => {
    const client = ctx.connect();
    const stream = ctx.name("no-system");
    const start = (await client.appendToStream(ctx.name("mark"), numbered(1))).position!;
    await client.appendToStream(stream, numbered(2));
    await client.setStreamMetadata(stream, { maxCount: 100 });
    await client.appendToStream(`$${stream}`, numbered(1, "user-typed"));
    const seen = record(client.subscribeToAll({ fromPosition: start, filter: excludeSystemEvents() }));
    await seen.live();
    await client.setStreamMetadata(stream, { maxCount: 101 });
    await client.appendToStream(stream, numbered(2));
    await seen.has(5);
    assert.deepEqual(
      seen.events.map((one) => one.event!.streamId),
      [stream, stream, `$${stream}`, stream, stream],
    );
    assert.ok(seen.events.every((one) => !one.event!.type.startsWith("$")));
  }),

  must(
    80,
    "given filter with checkpointInterval 2 and 384 events, then 6-7 checkpoints with bigint positions, the callback awaited before the next event; none repeats, decreases, or appears on unfiltered subscriptions",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("checkpoints");
      const start = (await client.appendToStream(ctx.name("mark"), numbered(1))).position!;
      const appended = await client.appendToStream(stream, numbered(384));
      const checkpoints: Position[] = [];
      let inCallback = false;
      const early: bigint[] = [];
      const filter = streamNameFilter({
        prefixes: [stream],
        checkpointInterval: 2,
        checkpointReached: async (_subscription, position) => {
          inCallback = true;
          checkpoints.push(position);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inCallback = false;
        },
      });
      const seen = record(client.subscribeToAll({ fromPosition: start, filter }), (one) => {
        if (inCallback && checkpoints.length > 0 && one.event!.position!.commit > checkpoints.at(-1)!.commit)
          early.push(one.event!.revision);
      });
      await seen.live();
      assert.equal(seen.events.length, 384);
      assert.ok(checkpoints.length === 6 || checkpoints.length === 7, `${checkpoints.length} checkpoints`);
      rising(checkpoints);
      assert.ok(checkpoints.at(-1)!.commit <= appended.position!.commit);
      assert.deepEqual(early, [], "an event was delivered while the callback of an earlier checkpoint ran");
      const known = checkpoints.length;
      await client.appendToStream(stream, numbered(10));
      await seen.has(394);
      assert.equal(checkpoints.length, known, "fewer than an interval of events gives no checkpoint");

      const read = rawRead(ctx.raw(), readRequest({ from: start, subscribe: true }));
      await until("the unfiltered subscription is live", () => kindsOf(read.messages).includes("caughtUp"));
      read.cancel();
      assert.ok(!kindsOf(read.messages).includes("checkpoint"));
    },
  ),

  must(
    81,
    "given a filter that matches nothing over many events, then checkpoints advance; resuming from one misses nothing",
    async (ctx) => {
      const client = ctx.connect();
      const mark = ctx.name("nothing");
      const start = (await client.appendToStream(ctx.name("mark"), numbered(1))).position!;
      await client.appendToStream(ctx.name("noise"), numbered(500));
      const checkpoints: Position[] = [];
      const filter = streamNameFilter({
        prefixes: [mark],
        checkpointInterval: 1,
        checkpointReached: (_subscription, position) => {
          checkpoints.push(position);
        },
      });
      const subscription = client.subscribeToAll({ fromPosition: start, filter });
      const seen = record(subscription);
      await seen.live();
      assert.ok(checkpoints.length >= 10, `${checkpoints.length} checkpoints in catch-up`);
      const caughtUpAt = checkpoints.length;
      await client.appendToStream(ctx.name("noise"), numbered(200));
      await until("checkpoints go on while live", () => checkpoints.length >= caughtUpAt + 5);
      rising(checkpoints);
      assert.deepEqual(seen.events, []);
      await client.appendToStream(mark, numbered(2));
      await seen.has(2);
      await subscription.unsubscribe();
      for (const position of [checkpoints[0]!, checkpoints[caughtUpAt - 1]!, checkpoints.at(-1)!]) {
        const resumed = record(
          client.subscribeToAll({ fromPosition: position, filter: streamNameFilter({ prefixes: [mark] }) }),
        );
        await resumed.live();
        assert.deepEqual(revisionsOf(resumed.events), [0n, 1n]);
      }
    },
  ),
];

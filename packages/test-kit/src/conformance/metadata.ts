import assert from "node:assert/strict";
import { jsonEvent, WrongExpectedVersionError } from "@eventstore/db-client";
import { collect, failsWith, numbered, revisionsOf, until } from "./support.ts";
import { type ConformanceCase, must, should } from "./types.ts";

/** Items 49-56: stream metadata. */
export const metadataCases: readonly ConformanceCase[] = [
  must(49, "given no metadata, when getStreamMetadata, then {streamName} only", async (ctx) => {
    const stream = ctx.name("bare");
    assert.deepEqual(await ctx.client.getStreamMetadata(stream), { streamName: stream });
    await ctx.client.appendToStream(stream, numbered(1));
    assert.deepEqual(await ctx.client.getStreamMetadata(stream), { streamName: stream });
  }),

  must(
    50,
    "given setStreamMetadata with all keys and custom keys (emoji), then getStreamMetadata returns them equal; a second set replaces the first",
    async (ctx) => {
      const stream = ctx.name("all-keys");
      const metadata = {
        maxAge: 3600,
        maxCount: 20,
        cacheControl: 60,
        truncateBefore: 1,
        acl: {
          readRoles: ["$all"],
          writeRoles: ["a", "b"],
          deleteRoles: ["c"],
          metaReadRoles: ["$all"],
          metaWriteRoles: ["$admins"],
        },
        "🦀": "🐙",
        nested: { list: [1, "two", null], deep: { yes: true } },
      };
      const first = await ctx.client.setStreamMetadata(stream, metadata);
      assert.equal(first.nextExpectedRevision, 0n);
      const read = await ctx.client.getStreamMetadata<typeof metadata>(stream);
      assert.equal(read.streamName, stream);
      assert.deepEqual(read.metadata, metadata);
      assert.equal(read.metastreamRevision, first.position!.commit);
      await ctx.client.setStreamMetadata(stream, { only: "this" });
      assert.deepEqual((await ctx.client.getStreamMetadata(stream)).metadata, { only: "this" });
    },
  ),

  must(
    51,
    "given maxCount 2 and 20 events, then a forward read from start (count 200) returns exactly the last 2",
    async (ctx) => {
      const stream = ctx.name("max-count");
      await ctx.client.appendToStream(stream, numbered(20));
      await ctx.client.setStreamMetadata(stream, { maxCount: 2 });
      assert.deepEqual(revisionsOf(await collect(ctx.client.readStream(stream, { maxCount: 200 }))), [18n, 19n]);
      await ctx.client.appendToStream(stream, numbered(1), { expectedRevision: 19n });
      assert.deepEqual(revisionsOf(await collect(ctx.client.readStream(stream))), [19n, 20n]);
      const backwards = await collect(ctx.client.readStream(stream, { direction: "backwards", fromRevision: "end" }));
      assert.deepEqual(revisionsOf(backwards), [20n, 19n]);
      // Hidden events do not count towards maxCount of the read.
      assert.deepEqual(revisionsOf(await collect(ctx.client.readStream(stream, { fromRevision: 3n, maxCount: 1 }))), [
        19n,
      ]);
    },
  ),

  must(
    52,
    "given truncateBefore 2 of 5 events, then forward and backward reads return revisions 2..4; lowering it to 1 shows 4 events",
    async (ctx) => {
      const stream = ctx.name("truncated");
      await ctx.client.appendToStream(stream, numbered(5));
      await ctx.client.setStreamMetadata(stream, { truncateBefore: 2 });
      assert.deepEqual(revisionsOf(await collect(ctx.client.readStream(stream))), [2n, 3n, 4n]);
      const backwards = await collect(ctx.client.readStream(stream, { direction: "backwards", fromRevision: "end" }));
      assert.deepEqual(revisionsOf(backwards), [4n, 3n, 2n]);
      await ctx.client.setStreamMetadata(stream, { truncateBefore: 1 });
      assert.deepEqual(revisionsOf(await collect(ctx.client.readStream(stream))), [1n, 2n, 3n, 4n]);
      await ctx.client.setStreamMetadata(stream, { truncateBefore: 100 });
      assert.deepEqual(
        await collect(ctx.client.readStream(stream)),
        [],
        "all hidden is an empty read, not a missing stream",
      );
    },
  ),

  should(
    53,
    "given maxAge 1 and older events, then they disappear from stream reads but not from $all",
    async (ctx) => {
      const stream = ctx.name("max-age");
      await ctx.client.setStreamMetadata(stream, { maxAge: 1 });
      const old = await ctx.client.appendToStream(stream, numbered(3));
      await until("the old events expire", async () => (await collect(ctx.client.readStream(stream))).length === 0);
      await ctx.client.appendToStream(stream, numbered(1));
      assert.deepEqual(revisionsOf(await collect(ctx.client.readStream(stream))), [3n]);
      const [inAll] = await collect(ctx.client.readAll({ fromPosition: old.position!, maxCount: 1 }));
      assert.equal(inAll!.event!.streamId, stream);
      assert.equal(inAll!.event!.revision, 2n);
    },
  ),

  should(54, "given an ill-typed $maxCount (string), then all metadata is ignored for reads", async (ctx) => {
    const stream = ctx.name("ill-typed");
    await ctx.client.appendToStream(stream, numbered(5));
    const set = (data: Record<string, unknown>) =>
      ctx.client.appendToStream(`$$${stream}`, jsonEvent({ type: "$metadata", data: data as never }));
    const length = async () => (await collect(ctx.client.readStream(stream))).length;
    await set({ $maxCount: 2, $tb: 1 });
    assert.equal(await length(), 2);
    await set({ $maxCount: "2", $tb: 1 });
    assert.equal(await length(), 5);
    await set({ $maxCount: 1.5, $tb: 1 });
    assert.equal(await length(), 5);
    await set({ $maxCount: 0, $tb: 1 });
    assert.equal(await length(), 4, "a count that is not positive is ignored alone");
    await set({ $maxCount: -3, $maxAge: 0, $tb: 3 });
    assert.equal(await length(), 2);
  }),

  must(55, "given expectedRevision on setStreamMetadata, then it is checked against the metastream", async (ctx) => {
    const stream = ctx.name("metadata-expected");
    await ctx.client.appendToStream(stream, numbered(5));
    const error = await failsWith(
      ctx.client.setStreamMetadata(stream, { a: 1 }, { expectedRevision: 4n }),
      WrongExpectedVersionError,
    );
    assert.equal(error.actualVersion, "no_stream");
    assert.equal(error.streamName, `$$${stream}`);
    const first = await ctx.client.setStreamMetadata(stream, { a: 1 }, { expectedRevision: "no_stream" });
    assert.equal(first.nextExpectedRevision, 0n);
    const second = await ctx.client.setStreamMetadata(stream, { a: 2 }, { expectedRevision: 0n });
    assert.equal(second.nextExpectedRevision, 1n);
    await failsWith(
      ctx.client.setStreamMetadata(stream, { a: 3 }, { expectedRevision: 0n }),
      WrongExpectedVersionError,
    );
    assert.deepEqual((await ctx.client.getStreamMetadata(stream)).metadata, { a: 2 });
  }),

  should(56, "given several metadata writes, then reading $$stream returns only the last event", async (ctx) => {
    const stream = ctx.name("metastream");
    for (const version of [1, 2, 3]) await ctx.client.setStreamMetadata(stream, { version });
    const events = await collect(ctx.client.readStream(`$$${stream}`));
    assert.deepEqual(revisionsOf(events), [2n]);
    assert.deepEqual(events[0]!.event!.data, { version: 3 });
    const backwards = await collect(
      ctx.client.readStream(`$$${stream}`, { direction: "backwards", fromRevision: "end" }),
    );
    assert.deepEqual(revisionsOf(backwards), [2n]);
  }),
];

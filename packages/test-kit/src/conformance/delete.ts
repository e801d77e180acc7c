import assert from "node:assert/strict";
import { StreamDeletedError, StreamNotFoundError, WrongExpectedVersionError } from "@eventstore/db-client";
import { collect, failsWith, numbered, revisionsOf } from "./support.ts";
import { type ConformanceCase, type ConformanceContext, must, should } from "./types.ts";

/** A stream of `count` events. */
const filled = async (ctx: ConformanceContext, label: string, count: number) => {
  const stream = ctx.name(label);
  const first = await ctx.client.appendToStream(stream, numbered(count));
  return { stream, position: first.position! };
};

/** Items 37-48: soft and hard deletes. */
export const deleteCases: readonly ConformanceCase[] = [
  must(
    37,
    "given a stream, when deleteStream(any), then reads give StreamNotFoundError and the result has a position",
    async (ctx) => {
      const { stream, position } = await filled(ctx, "deleted", 4);
      const result = await ctx.client.deleteStream(stream, { expectedRevision: "any" });
      assert.ok(result.position!.commit > position.commit);
      for (const direction of ["forwards", "backwards"] as const) {
        const error = await failsWith(
          collect(
            ctx.client.readStream(stream, { direction, fromRevision: direction === "forwards" ? "start" : "end" }),
          ),
          StreamNotFoundError,
        );
        assert.equal(error.streamName, stream);
      }
    },
  ),

  must(
    38,
    "given last = 3, when deleteStream(exact 2), then WrongExpectedVersionError{streamName, expectedVersion 2n}; exact 3 succeeds",
    async (ctx) => {
      const { stream } = await filled(ctx, "delete-exact", 4);
      const error = await failsWith(
        ctx.client.deleteStream(stream, { expectedRevision: 2n }),
        WrongExpectedVersionError,
      );
      assert.equal(error.streamName, stream);
      assert.equal(error.expectedVersion, 2n);
      assert.equal(error.actualVersion, 3n);
      assert.equal((await collect(ctx.client.readStream(stream))).length, 4);
      assert.ok((await ctx.client.deleteStream(stream, { expectedRevision: 3n })).position);
    },
  ),

  must(39, "given an existing stream, when deleteStream(no_stream), then WEV", async (ctx) => {
    const { stream } = await filled(ctx, "delete-no-stream", 2);
    const error = await failsWith(
      ctx.client.deleteStream(stream, { expectedRevision: "no_stream" }),
      WrongExpectedVersionError,
    );
    assert.equal(error.expectedVersion, -1n);
    assert.equal((await collect(ctx.client.readStream(stream))).length, 2);
  }),

  must(
    40,
    "given a never-existing stream, when deleteStream(any or no_stream), then WrongExpectedVersionError",
    async (ctx) => {
      for (const expectedRevision of ["any", "no_stream", 0n] as const) {
        const stream = ctx.name("never");
        const error = await failsWith(ctx.client.deleteStream(stream, { expectedRevision }), WrongExpectedVersionError);
        assert.equal(error.streamName, stream);
        assert.equal(error.actualVersion, -1n);
      }
    },
  ),

  must(41, "given only metadata, when deleteStream(no_stream), then success", async (ctx) => {
    const stream = ctx.name("only-metadata");
    await ctx.client.setStreamMetadata(stream, { maxCount: 3 });
    assert.ok((await ctx.client.deleteStream(stream, { expectedRevision: "no_stream" })).position);
    await failsWith(collect(ctx.client.readStream(stream)), StreamNotFoundError);
  }),

  must(
    42,
    "given soft-deleted with last = 1, when 3 events are appended with any, no_stream or exact 1, then revisions 2,3,4 and reads from start return exactly those",
    async (ctx) => {
      for (const expectedRevision of ["any", "no_stream", 1n] as const) {
        const { stream } = await filled(ctx, "recreated", 2);
        await ctx.client.deleteStream(stream);
        const result = await ctx.client.appendToStream(stream, numbered(3), { expectedRevision });
        assert.equal(result.nextExpectedRevision, 4n);
        const forwards = await collect(ctx.client.readStream(stream));
        assert.deepEqual(revisionsOf(forwards), [2n, 3n, 4n]);
        const backwards = await collect(ctx.client.readStream(stream, { direction: "backwards", fromRevision: "end" }));
        assert.deepEqual(revisionsOf(backwards), [4n, 3n, 2n]);
      }
      const { stream } = await filled(ctx, "recreated-wrong", 2);
      await ctx.client.deleteStream(stream);
      await failsWith(
        ctx.client.appendToStream(stream, numbered(1), { expectedRevision: 0n }),
        WrongExpectedVersionError,
      );
      await failsWith(collect(ctx.client.readStream(stream)), StreamNotFoundError);
    },
  ),

  must(43, "given soft-deleted, when appended with stream_exists, then StreamDeletedError", async (ctx) => {
    for (const settings of [{}, { credentials: { username: "admin", password: "changeit" } }]) {
      const { stream } = await filled(ctx, "deleted-exists", 2);
      await ctx.client.deleteStream(stream);
      const error = await failsWith(
        ctx.client.appendToStream(stream, numbered(1), { expectedRevision: "stream_exists", ...settings }),
        StreamDeletedError,
      );
      assert.equal(error.streamName, stream);
    }
  }),

  should(
    44,
    'given recreated as in 42, then metadata is {"$tb":2} at metastream revision 1, and a further no_stream append with new ids is WEV',
    async (ctx) => {
      const { stream } = await filled(ctx, "recreated-metadata", 2);
      await ctx.client.deleteStream(stream);
      await ctx.client.appendToStream(stream, numbered(3), { expectedRevision: "no_stream" });
      const [last] = await collect(
        ctx.client.readStream(`$$${stream}`, { direction: "backwards", fromRevision: "end", maxCount: 1 }),
      );
      assert.equal(last!.event!.revision, 1n);
      assert.equal(last!.event!.type, "$metadata");
      assert.deepEqual(last!.event!.data, { $tb: 2 });
      assert.deepEqual((await ctx.client.getStreamMetadata(stream)).metadata, { truncateBefore: 2 });
      const error = await failsWith(
        ctx.client.appendToStream(stream, numbered(1), { expectedRevision: "no_stream" }),
        WrongExpectedVersionError,
      );
      assert.equal(error.actualVersion, 4n);
    },
  ),

  should(
    45,
    "given soft-deleted, when JSON metadata is set, then $tb = last+1 is merged in and reads are empty-OK",
    async (ctx) => {
      const { stream } = await filled(ctx, "undeleted", 2);
      await ctx.client.deleteStream(stream);
      await ctx.client.setStreamMetadata(stream, { maxCount: 50, colour: "green" });
      assert.deepEqual(await collect(ctx.client.readStream(stream)), []);
      const { metadata } = await ctx.client.getStreamMetadata(stream);
      assert.deepEqual(metadata, { maxCount: 50, colour: "green", truncateBefore: 2 });
      await ctx.client.appendToStream(stream, numbered(1));
      assert.deepEqual(revisionsOf(await collect(ctx.client.readStream(stream))), [2n]);
    },
  ),

  must(
    46,
    "given tombstoneStream(any) on an existing, missing or soft-deleted stream, then success and reads/appends/deletes give StreamDeletedError{streamName}",
    async (ctx) => {
      const existing = (await filled(ctx, "tombstoned", 2)).stream;
      const soft = (await filled(ctx, "tombstoned-soft", 2)).stream;
      await ctx.client.deleteStream(soft);
      for (const stream of [existing, ctx.name("tombstoned-missing"), soft]) {
        assert.ok((await ctx.client.tombstoneStream(stream, { expectedRevision: "any" })).position);
        const attempts = [
          () => collect(ctx.client.readStream(stream)),
          () => collect(ctx.client.readStream(stream, { direction: "backwards", fromRevision: "end" })),
          () => ctx.client.appendToStream(stream, numbered(1)),
          () => ctx.client.appendToStream(stream, numbered(1), { expectedRevision: "no_stream" }),
          () =>
            ctx.client.appendToStream(stream, numbered(1), {
              credentials: { username: "admin", password: "changeit" },
            }),
          () => ctx.client.deleteStream(stream),
          () => ctx.client.tombstoneStream(stream),
        ];
        for (const attempt of attempts)
          assert.equal((await failsWith(attempt(), StreamDeletedError)).streamName, stream);
      }
    },
  ),

  must(47, "given tombstone with wrong exact revision, or no_stream on an existing stream, then WEV", async (ctx) => {
    const { stream } = await filled(ctx, "tombstone-wrong", 3);
    for (const expectedRevision of [0n, 7n, "no_stream"] as const) {
      const error = await failsWith(
        ctx.client.tombstoneStream(stream, { expectedRevision }),
        WrongExpectedVersionError,
      );
      assert.equal(error.streamName, stream);
      assert.equal(error.actualVersion, 2n);
    }
    assert.equal((await collect(ctx.client.readStream(stream))).length, 3);
    assert.ok((await ctx.client.tombstoneStream(stream, { expectedRevision: 2n })).position);
  }),

  should(
    48,
    "given deletes, then $all still lists the old events plus $metadata on $$stream / $streamDeleted on the stream",
    async (ctx) => {
      const soft = await filled(ctx, "all-soft", 2);
      await ctx.client.deleteStream(soft.stream);
      const hard = await filled(ctx, "all-hard", 2);
      const tombstone = await ctx.client.tombstoneStream(hard.stream);
      const all = (await collect(ctx.client.readAll({ fromPosition: soft.position })))
        .map((one) => one.event!)
        .filter((event) => [soft.stream, `$$${soft.stream}`, hard.stream].includes(event.streamId))
        .map((event) => [event.streamId, event.type, event.revision]);
      assert.deepEqual(all, [
        [soft.stream, "conformance", 1n],
        [`$$${soft.stream}`, "$metadata", 0n],
        [hard.stream, "conformance", 0n],
        [hard.stream, "conformance", 1n],
        [hard.stream, "$streamDeleted", 9223372036854775807n],
      ]);
      const [last] = await collect(ctx.client.readAll({ fromPosition: tombstone.position!, maxCount: 1 }));
      assert.equal(last!.event!.type, "$streamDeleted");
      assert.equal((last!.event!.data as Uint8Array).length, 0);
    },
  ),
];

import assert from "node:assert/strict";
import { WrongExpectedVersionError, jsonEvent } from "@eventstore/db-client";
import { collect, failsWith, fill, ids, numbered, revisionsOf, withId } from "./support.ts";
import { type ConformanceCase, must, should } from "./types.ts";

/** Items 8-18: expected revisions, atomicity, volume. */
export const appendCases: readonly ConformanceCase[] = [
  must(
    8,
    "given no stream, when 2 events are appended with any, then revisions are 0,1, nextExpectedRevision 1n, position = position of event 1",
    async (ctx) => {
      const stream = ctx.name("first");
      const result = await ctx.client.appendToStream(stream, numbered(2), { expectedRevision: "any" });
      assert.equal(result.success, true);
      assert.equal(result.nextExpectedRevision, 1n);
      const events = await collect(ctx.client.readStream(stream));
      assert.deepEqual(revisionsOf(events), [0n, 1n]);
      assert.deepEqual(events[1]!.event!.position, result.position);
      assert.equal(result.position!.commit, result.position!.prepare);
      assert.ok(events[0]!.event!.position!.commit < events[1]!.event!.position!.commit);
      assert.equal(events[1]!.commitPosition, result.position!.commit);
    },
  ),

  must(
    9,
    "given last = L, when appended with exact L, then success; with L+1, or L-1 and new ids, then WrongExpectedVersionError{streamName, expectedVersion, actualVersion: L}",
    async (ctx) => {
      const stream = ctx.name("exact");
      await ctx.client.appendToStream(stream, numbered(3));
      const good = await ctx.client.appendToStream(stream, numbered(1), { expectedRevision: 2n });
      assert.equal(good.nextExpectedRevision, 3n);
      for (const settings of [{}, { credentials: { username: "admin", password: "changeit" } }]) {
        for (const expectedRevision of [4n, 2n]) {
          const error = await failsWith(
            ctx.client.appendToStream(stream, numbered(1), { expectedRevision, ...settings }),
            WrongExpectedVersionError,
          );
          assert.equal(error.streamName, stream);
          assert.equal(error.expectedVersion, expectedRevision);
          assert.equal(error.actualVersion, 3n);
        }
      }
      assert.equal((await collect(ctx.client.readStream(stream))).length, 4);
    },
  ),

  must(
    10,
    "given no stream, when appended with no_stream, then success; again with new ids then WEV(no_stream, L)",
    async (ctx) => {
      const stream = ctx.name("no-stream");
      const first = await ctx.client.appendToStream(stream, numbered(2), { expectedRevision: "no_stream" });
      assert.equal(first.nextExpectedRevision, 1n);
      const error = await failsWith(
        ctx.client.appendToStream(stream, numbered(2), { expectedRevision: "no_stream" }),
        WrongExpectedVersionError,
      );
      assert.equal(error.expectedVersion, "no_stream");
      assert.equal(error.actualVersion, 1n);
      assert.equal(error.streamName, stream);
    },
  ),

  must(
    11,
    "given no stream, when appended with stream_exists, then WEV(stream_exists, no_stream); on an existing stream success",
    async (ctx) => {
      const stream = ctx.name("exists");
      const error = await failsWith(
        ctx.client.appendToStream(stream, numbered(1), { expectedRevision: "stream_exists" }),
        WrongExpectedVersionError,
      );
      assert.equal(error.expectedVersion, "stream_exists");
      assert.equal(error.actualVersion, "no_stream");
      await ctx.client.appendToStream(stream, numbered(1));
      const good = await ctx.client.appendToStream(stream, numbered(1), { expectedRevision: "stream_exists" });
      assert.equal(good.nextExpectedRevision, 1n);
    },
  ),

  must(12, "given no stream, when appended with exact 1, then WEV(1n, no_stream)", async (ctx) => {
    const stream = ctx.name("exact-missing");
    const error = await failsWith(
      ctx.client.appendToStream(stream, numbered(1), { expectedRevision: 1n }),
      WrongExpectedVersionError,
    );
    assert.equal(error.expectedVersion, 1n);
    assert.equal(error.actualVersion, "no_stream");
    assert.equal(error.streamName, stream);
  }),

  should(13, "given only metadata set on a stream, when appended with stream_exists, then success", async (ctx) => {
    const stream = ctx.name("metadata-only");
    await ctx.client.setStreamMetadata(stream, { maxCount: 10 });
    const exact = await failsWith(
      ctx.client.appendToStream(stream, numbered(1), { expectedRevision: 0n }),
      WrongExpectedVersionError,
    );
    assert.equal(exact.actualVersion, "no_stream");
    const good = await ctx.client.appendToStream(stream, numbered(1), { expectedRevision: "stream_exists" });
    assert.equal(good.nextExpectedRevision, 0n);
  }),

  must(
    14,
    "given throwOnAppendFailure=false, when WEV occurs, then the promise resolves with success false",
    async (ctx) => {
      const stream = ctx.name("no-throw");
      const client = ctx.connect({ throwOnAppendFailure: "false" });
      const credentials = { username: "admin", password: "changeit" };
      for (const settings of [{}, { credentials }]) {
        const result = await client.appendToStream(stream, numbered(1), { expectedRevision: 7n, ...settings });
        assert.deepEqual(result, { success: false, nextExpectedRevision: -1n, position: undefined });
      }
      await client.appendToStream(stream, numbered(3));
      const batched = await client.appendToStream(stream, numbered(1), { expectedRevision: "no_stream" });
      assert.equal(batched.success, false);
      const classic = await client.appendToStream(stream, numbered(1), { expectedRevision: "no_stream", credentials });
      assert.deepEqual(classic, { success: false, nextExpectedRevision: 2n, position: undefined });
    },
  ),

  must(15, "given an append of n events that fails any check, then none of them is visible", async (ctx) => {
    const stream = ctx.name("atomic");
    const known = ids(2);
    await ctx.client.appendToStream(
      stream,
      known.map((id) => withId(id)),
    );
    const attempts = [
      ctx.client.appendToStream(stream, numbered(50), { expectedRevision: 5n }),
      ctx.client.appendToStream(stream, numbered(50), { expectedRevision: "no_stream" }),
      ctx.client.appendToStream(stream, [withId(known[1]!), ...numbered(50)], { expectedRevision: 0n }),
      ctx.client.appendToStream(stream, [...numbered(2), jsonEvent({ type: "", data: {} })]),
      ctx.client.appendToStream(stream, [...numbered(2), withId("not-a-uuid")]),
      ctx.client.appendToStream(stream, [...numbered(2), withId("00000000-0000-0000-0000-000000000000")]),
    ];
    for (const attempt of await Promise.allSettled(attempts)) assert.equal(attempt.status, "rejected");
    assert.deepEqual(revisionsOf(await collect(ctx.client.readStream(stream))), [0n, 1n]);
    const next = await ctx.client.appendToStream(stream, numbered(1), { expectedRevision: 1n });
    assert.equal(next.nextExpectedRevision, 2n);
  }),

  must(
    16,
    "given 10 000 concurrent single-event appends of 1 kB on one client, then all resolve and the stream has 10 000 events",
    async (ctx) => {
      const stream = ctx.name("flood");
      const client = ctx.connect();
      const text = "x".repeat(1000);
      await client.appendToStream(ctx.name("warm"), numbered(1));
      const results = await Promise.all(
        Array.from({ length: 10_000 }, (_, index) =>
          // what is measured is that none is lost; how fast a busy machine is, is none of it
          client.appendToStream(stream, jsonEvent({ type: "flood", data: { index, text } }), { deadline: 120_000 }),
        ),
      );
      const events = await collect(client.readStream(stream));
      assert.equal(events.length, 10_000);
      assert.equal(new Set(results.map((result) => result.nextExpectedRevision)).size, 10_000);
      // One call stream: applied in the order sent.
      events.forEach((one, index) => {
        const data = one.event!.data as { index: number; text: string };
        assert.equal(data.index, index);
        assert.equal(one.event!.revision, BigInt(index));
      });
      assert.equal((events[9_999]!.event!.data as { text: string }).text, text);
    },
    { timeoutMs: 60_000 },
  ),

  must(
    17,
    "given an append split into many BatchAppendReq (batchAppendSize 1024, 5 000 events), then it is one atomic append with one answer",
    async (ctx) => {
      const stream = ctx.name("chunks");
      const good = await ctx.client.appendToStream(stream, numbered(5000), {
        batchAppendSize: 1024,
        expectedRevision: "no_stream",
      });
      assert.equal(good.nextExpectedRevision, 4999n);
      const events = await collect(ctx.client.readStream(stream));
      assert.deepEqual(
        events.map((one) => (one.event!.data as { index: number }).index),
        Array.from({ length: 5000 }, (_, i) => i),
      );
      assert.deepEqual(events.at(-1)!.event!.position, good.position);
      const error = await failsWith(
        ctx.client.appendToStream(stream, numbered(5000), { batchAppendSize: 1024, expectedRevision: "no_stream" }),
        WrongExpectedVersionError,
      );
      assert.equal(error.actualVersion, 4999n);
      // Interleaved with others on the same call, each stays whole.
      const names = Array.from({ length: 8 }, (_, i) => ctx.name(`interleaved-${i}`));
      await Promise.all(names.map((name) => ctx.client.appendToStream(name, numbered(300), { batchAppendSize: 512 })));
      for (const name of names) assert.equal((await collect(ctx.client.readStream(name))).length, 300);
    },
  ),

  must(
    18,
    "given a single 5 MB event and a sufficient limit, then append succeeds (options-only first chunk accepted)",
    async (ctx) => {
      const node = await ctx.freshNode({ maxAppendSize: 16 * 1024 * 1024 });
      const client = ctx.connect({}, node.url);
      const text = "y".repeat(5_000_000);
      for (const settings of [{}, { credentials: { username: "admin", password: "changeit" } }]) {
        const stream = ctx.name("large");
        const result = await client.appendToStream(stream, jsonEvent({ type: "large", data: { text } }), settings);
        assert.equal(result.nextExpectedRevision, 0n);
        const events = await collect(client.readStream(stream));
        assert.equal((events[0]!.event!.data as { text: string }).text, text);
      }
      assert.ok((await fill(client, ctx.name("after-large"), 10)) === 9n);
    },
    { needs: "control" },
  ),
];

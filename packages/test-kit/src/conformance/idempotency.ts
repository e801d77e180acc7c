import assert from "node:assert/strict";
import { WrongExpectedVersionError } from "@eventstore/db-client";
import { collect, failsWith, ids, withId } from "./support.ts";
import { type ConformanceCase, type ConformanceContext, must, should } from "./types.ts";

const eventsOf = (all: readonly string[]) => all.map((id, index) => withId(id, index));

/** A stream of four events with known ids. */
const four = async (ctx: ConformanceContext) => {
  const stream = ctx.name("idempotent");
  const known = ids(4);
  const result = await ctx.client.appendToStream(stream, eventsOf(known), { expectedRevision: "no_stream" });
  const length = async () => (await collect(ctx.client.readStream(stream))).length;
  return { stream, known, result, length };
};

/** Items 29-36: appending the same ids again. */
export const idempotencyCases: readonly ConformanceCase[] = [
  must(
    29,
    "given e0..e3 appended with no_stream, when the same ids are appended with no_stream again, then success, nextExpectedRevision 3n, still 4 events",
    async (ctx) => {
      const { stream, known, result, length } = await four(ctx);
      const again = await ctx.client.appendToStream(stream, eventsOf(known), { expectedRevision: "no_stream" });
      assert.deepEqual(again, { success: true, nextExpectedRevision: 3n, position: result.position });
      assert.equal(await length(), 4);
      const part = await ctx.client.appendToStream(stream, eventsOf(known.slice(0, 2)), {
        expectedRevision: "no_stream",
      });
      assert.equal(part.nextExpectedRevision, 1n);
      assert.equal(await length(), 4);
    },
  ),

  must(
    30,
    "given last = 3, when ids of events 2,3 are re-appended with exact 1, then success (3n), same position, nothing written",
    async (ctx) => {
      const { stream, known, result, length } = await four(ctx);
      const again = await ctx.client.appendToStream(stream, eventsOf(known.slice(2)), { expectedRevision: 1n });
      assert.deepEqual(again, { success: true, nextExpectedRevision: 3n, position: result.position });
      assert.equal(await length(), 4);
    },
  ),

  must(31, "given last = 3, when [id of event 2, new id] with exact 1, then WEV (partial match)", async (ctx) => {
    const { stream, known, length } = await four(ctx);
    const fresh = ids(3);
    const append = (all: string[], expectedRevision: bigint | "no_stream") =>
      failsWith(ctx.client.appendToStream(stream, eventsOf(all), { expectedRevision }), WrongExpectedVersionError);
    const error = await append([known[2]!, fresh[0]!], 1n);
    assert.equal(error.expectedVersion, 1n);
    assert.equal(error.actualVersion, 3n);
    // Running past the end counts as a partial match too.
    await append([known[2]!, known[3]!, fresh[1]!], 1n);
    await append([...known, fresh[2]!], "no_stream");
    assert.equal(await length(), 4);
  }),

  must(32, "given last = 3, when [new id, ...] with exact 1, then WEV", async (ctx) => {
    const { stream, known, length } = await four(ctx);
    const [fresh] = ids(1);
    const error = await failsWith(
      ctx.client.appendToStream(stream, eventsOf([fresh!, known[3]!]), { expectedRevision: 1n }),
      WrongExpectedVersionError,
    );
    assert.equal(error.actualVersion, 3n);
    assert.equal(await length(), 4);
  }),

  must(
    33,
    "given last = 3, when the id of event 3 is appended with exact 3, then it is written as revision 4",
    async (ctx) => {
      const { stream, known, length } = await four(ctx);
      const again = await ctx.client.appendToStream(stream, withId(known[3]!), { expectedRevision: 3n });
      assert.equal(again.nextExpectedRevision, 4n);
      assert.equal(await length(), 5);
      const events = await collect(ctx.client.readStream(stream, { fromRevision: 3n }));
      assert.deepEqual(
        events.map((one) => one.event!.id),
        [known[3], known[3]],
      );
    },
  ),

  must(
    34,
    "given a recent append with any, when repeated with any, then success with the same revision/position and nothing written",
    async (ctx) => {
      const stream = ctx.name("idempotent-any");
      const known = ids(2);
      const first = await ctx.client.appendToStream(stream, eventsOf(known), { expectedRevision: "any" });
      await ctx.client.appendToStream(stream, eventsOf(ids(3)));
      const again = await ctx.client.appendToStream(stream, eventsOf(known), { expectedRevision: "any" });
      assert.deepEqual(again, first);
      assert.equal((await collect(ctx.client.readStream(stream))).length, 5);
    },
  ),

  should(
    35,
    "given 6 copies of one id appended with any, then revision 5, repeated -> 0; with no_stream 5 and 5",
    async (ctx) => {
      for (const [expectedRevision, repeated] of [
        ["any", 0n],
        ["no_stream", 5n],
      ] as const) {
        const stream = ctx.name(`six-${expectedRevision}`);
        const [id] = ids(1);
        const copies = eventsOf(Array.from({ length: 6 }, () => id!));
        const first = await ctx.client.appendToStream(stream, copies, { expectedRevision });
        assert.equal(first.nextExpectedRevision, 5n);
        const again = await ctx.client.appendToStream(stream, copies, { expectedRevision });
        assert.equal(again.nextExpectedRevision, repeated);
        assert.equal((await collect(ctx.client.readStream(stream))).length, 6);
      }
    },
  ),

  should(
    36,
    "given one id in two streams, both are written; given a re-append with stream_exists of known ids, nothing is written; given first id known and second unknown with any, WEV",
    async (ctx) => {
      const { stream, known, result, length } = await four(ctx);
      const other = ctx.name("idempotent-other");
      assert.equal((await ctx.client.appendToStream(other, withId(known[0]!))).nextExpectedRevision, 0n);
      assert.equal((await collect(ctx.client.readStream(other))).length, 1);
      const again = await ctx.client.appendToStream(stream, eventsOf(known), { expectedRevision: "stream_exists" });
      assert.deepEqual(again, { success: true, nextExpectedRevision: 3n, position: result.position });
      const [fresh] = ids(1);
      const error = await failsWith(
        ctx.client.appendToStream(stream, eventsOf([known[3]!, fresh!]), { expectedRevision: "any" }),
        WrongExpectedVersionError,
      );
      assert.equal(error.expectedVersion, "any");
      assert.equal(await length(), 4);
      // A new id in front makes it an ordinary append, known ids behind it notwithstanding.
      const [front] = ids(1);
      const mixed = await ctx.client.appendToStream(stream, eventsOf([front!, known[0]!]), { expectedRevision: "any" });
      assert.equal(mixed.nextExpectedRevision, 5n);
    },
  ),
];

import assert from "node:assert/strict";
import { jsonEvent, type Position, StreamNotFoundError } from "@eventstore/db-client";
import { kindsOf, rawRead, readRequest } from "./messages.ts";
import { collect, failsWith, fill, numbered, openStreams, revisionsOf, until } from "./support.ts";
import { type ConformanceCase, must, should } from "./types.ts";

const link = (revision: bigint | number, stream: string) => ({
  type: "$>",
  contentType: "application/octet-stream" as const,
  data: Buffer.from(`${revision}@${stream}`),
});

/** A `$>` event as a client writes it. */
export const linkTo = (revision: bigint | number, stream: string) => ({
  id: crypto.randomUUID(),
  metadata: undefined,
  ...link(revision, stream),
});

/** Items 57-69: reading streams and `$all`, links. */
export const readCases: readonly ConformanceCase[] = [
  must(
    57,
    "given 8 events, then start -> 8, revision 1 -> 7, backwards end -> 8, backwards revision 1 -> 2, maxCount 2 -> 2",
    async (ctx) => {
      const stream = ctx.name("eight");
      await ctx.client.appendToStream(stream, numbered(8));
      const read = async (options: Parameters<typeof ctx.client.readStream>[1]) =>
        revisionsOf(await collect(ctx.client.readStream(stream, options)));
      const upTo = (count: number) => Array.from({ length: count }, (_, i) => BigInt(i));
      assert.deepEqual(await read({ fromRevision: "start" }), upTo(8));
      assert.deepEqual(await read({ fromRevision: 1n }), upTo(8).slice(1));
      assert.deepEqual(await read({ direction: "backwards", fromRevision: "end" }), upTo(8).reverse());
      assert.deepEqual(await read({ direction: "backwards", fromRevision: 1n }), [1n, 0n]);
      assert.deepEqual(await read({ direction: "backwards", fromRevision: "start" }), [0n]);
      assert.deepEqual(await read({ maxCount: 2 }), [0n, 1n]);
      assert.deepEqual(await read({ maxCount: 2, direction: "backwards", fromRevision: "end" }), [7n, 6n]);
      assert.deepEqual(await read({ maxCount: 2n, fromRevision: 7n }), [7n]);
    },
  ),

  must(
    58,
    "given a missing stream, then StreamNotFoundError{streamName} via stream_not_found + OK status",
    async (ctx) => {
      const stream = ctx.name("missing");
      const error = await failsWith(collect(ctx.client.readStream(stream)), StreamNotFoundError);
      assert.equal(error.streamName, stream);
      assert.equal(error.code, undefined);
      const read = rawRead(ctx.raw(), readRequest({ stream, count: 10n }));
      await read.done;
      assert.equal(read.error, undefined);
      assert.deepEqual(kindsOf(read.messages), ["streamNotFound"]);
      assert.equal(
        Buffer.from(read.messages[0]!.getStreamNotFound()!.getStreamIdentifier()!.getStreamName_asU8()).toString(),
        stream,
      );
    },
  ),

  must(59, "given fromRevision > last, then zero events and no error", async (ctx) => {
    const stream = ctx.name("beyond");
    await ctx.client.appendToStream(stream, numbered(3));
    for (const fromRevision of [3n, 4n, 1_000_000n, 9223372036854775806n]) {
      assert.deepEqual(await collect(ctx.client.readStream(stream, { fromRevision })), []);
    }
  }),

  must(60, "given backwards from a revision > last, then events from last", async (ctx) => {
    const stream = ctx.name("backwards-beyond");
    await ctx.client.appendToStream(stream, numbered(3));
    const events = await collect(ctx.client.readStream(stream, { direction: "backwards", fromRevision: 50n }));
    assert.deepEqual(revisionsOf(events), [2n, 1n, 0n]);
  }),

  must(
    61,
    "given stream reads, then each event's position (commit = prepare) equals its $all position, and reading $all from it (count 1) returns that event",
    async (ctx) => {
      const stream = ctx.name("positions");
      await ctx.client.appendToStream(stream, numbered(3));
      await ctx.client.appendToStream(stream, numbered(1));
      const events = await collect(ctx.client.readStream(stream));
      for (const { event, commitPosition } of events) {
        const position = event!.position as Position;
        assert.equal(position.commit, position.prepare);
        assert.equal(commitPosition, position.commit);
        assert.ok(position.commit > 0n);
        const [same] = await collect(ctx.client.readAll({ fromPosition: position, maxCount: 1 }));
        assert.deepEqual(same!.event, event);
      }
    },
  ),

  must(62, "given readAll forward from an event's position, then that event is first (inclusive)", async (ctx) => {
    const stream = ctx.name("inclusive");
    await ctx.client.appendToStream(stream, numbered(5));
    const third = (await collect(ctx.client.readStream(stream)))[2]!.event!;
    const events = await collect(ctx.client.readAll({ fromPosition: third.position!, maxCount: 3 }));
    assert.deepEqual(events.map((one) => one.event!.id)[0], third.id);
    assert.equal(events.length, 3);
  }),

  should(
    63,
    "given readAll backwards from an event's position, then the first result is the event before it",
    async (ctx) => {
      const stream = ctx.name("backwards-exclusive");
      await ctx.client.appendToStream(stream, numbered(5));
      const own = await collect(ctx.client.readStream(stream));
      const events = await collect(
        ctx.client.readAll({ direction: "backwards", fromPosition: own[3]!.event!.position!, maxCount: 2 }),
      );
      assert.deepEqual(
        events.map((one) => one.event!.id),
        [own[2]!.event!.id, own[1]!.event!.id],
      );
    },
  ),

  must(
    64,
    "given readAll on a fresh database with 8 user events, then more than 8 events, user events in append order (reverse when backwards)",
    async (ctx) => {
      const node = await ctx.freshNode();
      const client = ctx.connect({}, node.url);
      await client.appendToStream("a", numbered(4));
      await client.appendToStream("b", numbered(4));
      const forwards = await collect(client.readAll());
      assert.ok(forwards.length > 8, "a fresh database shows at least one system event");
      const user = (all: typeof forwards) =>
        all
          .filter((one) => !one.event!.streamId.startsWith("$"))
          .map((one) => `${one.event!.streamId}${one.event!.revision}`);
      const expected = ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3"];
      assert.deepEqual(user(forwards), expected);
      const backwards = await collect(client.readAll({ direction: "backwards", fromPosition: "end" }));
      assert.deepEqual(user(backwards), expected.reverse());
      assert.equal(backwards.length, forwards.length);
      const positions = forwards.map((one) => one.event!.position!.commit);
      assert.ok(positions.every((position, index) => index === 0 || position > positions[index - 1]!));
      assert.deepEqual(
        forwards.filter((one) => one.event!.streamId === "$epoch-information"),
        [],
      );
    },
    { needs: "fresh" },
  ),

  must(
    65,
    "given a consumer that cancels mid-read, then the server stops reading and frees resources",
    async (ctx) => {
      const stream = ctx.name("cancelled");
      const client = ctx.connect();
      await fill(client, stream, 20_000);
      await client.dispose();
      const before = ctx.serverMemory();
      for (let round = 0; round < 40; round += 1) {
        const read = client.readStream(stream);
        await new Promise((resolve) => read.once("data", resolve));
        read.pause();
        await read.cancel();
      }
      await until("the cancelled calls are gone", () => openStreams(client) === 0);
      const after = ctx.serverMemory();
      if (before !== undefined && after !== undefined)
        assert.ok(after - before < 200 * 1024 * 1024, `grew by ${after - before} bytes`);
      assert.equal((await collect(client.readStream(stream, { maxCount: 100 }))).length, 100);
    },
    { timeoutMs: 60_000 },
  ),

  must(
    66,
    "given a 100 000-event stream, then a full read completes with bounded server memory",
    async (ctx) => {
      const stream = ctx.name("hundred-thousand");
      await fill(ctx.client, stream, 100_000);
      const before = ctx.serverMemory();
      // Readers that never consume must not cost memory either.
      const stalled = Array.from({ length: 10 }, () =>
        ctx.raw().streams.read(readRequest({ stream, count: 1_000_000n })),
      );
      for (const call of stalled) call.on("error", () => undefined).pause();
      let expected = 0n;
      let largest = before ?? 0;
      for await (const { event } of ctx.client.readStream(stream)) {
        assert.equal(event!.revision, expected);
        expected += 1n;
        if (expected % 20_000n === 0n) largest = Math.max(largest, ctx.serverMemory() ?? 0);
      }
      for (const call of stalled) call.cancel();
      assert.equal(expected, 100_000n);
      if (before !== undefined) assert.ok(largest - before < 250 * 1024 * 1024, `grew by ${largest - before} bytes`);
    },
    { timeoutMs: 120_000 },
  ),

  must(
    67,
    "given a $> event and resolveLinkTos, then event = target (deep-equal to reading it directly) and link = the link; without it event = the link",
    async (ctx) => {
      const target = ctx.name("target");
      const links = ctx.name("links");
      await ctx.client.appendToStream(target, jsonEvent({ type: "t", data: { a: 1 }, metadata: { m: 2 } }));
      const result = await ctx.client.appendToStream(links, linkTo(0, target));
      const [direct] = await collect(ctx.client.readStream(target));
      for (const direction of ["forwards", "backwards"] as const) {
        const fromRevision = direction === "forwards" ? "start" : "end";
        const [resolved] = await collect(
          ctx.client.readStream(links, { resolveLinkTos: true, direction, fromRevision }),
        );
        assert.deepEqual(resolved!.event, direct!.event);
        assert.equal(resolved!.link!.streamId, links);
        assert.equal(resolved!.link!.type, "$>");
        assert.equal(resolved!.commitPosition, result.position!.commit);
        const [plain] = await collect(ctx.client.readStream(links, { direction, fromRevision }));
        assert.equal(plain!.event!.type, "$>");
        assert.equal(plain!.link, undefined);
      }
      const [inAll] = await collect(
        ctx.client.readAll({ fromPosition: result.position!, maxCount: 1, resolveLinkTos: true }),
      );
      assert.deepEqual(inAll!.event, direct!.event);
      assert.equal(inAll!.link!.streamId, links);
    },
  ),

  should(
    68,
    "given a link to a deleted event with resolveLinkTos, then link is set and event undefined",
    async (ctx) => {
      const links = ctx.name("dangling");
      const soft = ctx.name("target-soft");
      const hard = ctx.name("target-hard");
      const truncated = ctx.name("target-truncated");
      for (const stream of [soft, hard, truncated]) await ctx.client.appendToStream(stream, numbered(2));
      await ctx.client.deleteStream(soft);
      await ctx.client.tombstoneStream(hard);
      await ctx.client.setStreamMetadata(truncated, { truncateBefore: 1 });
      const targets = [
        linkTo(0, soft),
        linkTo(0, hard),
        linkTo(0, truncated),
        linkTo(9, truncated),
        linkTo(0, ctx.name("target-never")),
      ];
      await ctx.client.appendToStream(links, targets);
      const events = await collect(ctx.client.readStream(links, { resolveLinkTos: true }));
      assert.equal(events.length, 5);
      for (const one of events) {
        assert.equal(one.event, undefined);
        assert.equal(one.link!.type, "$>");
      }
      // What is no link at all is an ordinary event.
      const odd = ctx.name("not-a-link");
      await ctx.client.appendToStream(odd, { ...linkTo(0, soft), data: Buffer.from("no at sign") });
      const [plain] = await collect(ctx.client.readStream(odd, { resolveLinkTos: true }));
      assert.equal(plain!.link, undefined);
      assert.equal(plain!.event!.type, "$>");
    },
  ),

  should(69, "given stream names with @, unicode or 250+ characters, then append/read/link work", async (ctx) => {
    const names = [
      ctx.name("with@at@signs"),
      ctx.name("заявка-🎫-ÿ"),
      `${ctx.name("long")}-${"n".repeat(300)}`,
      ctx.name("with spaces / and ? % # signs"),
    ];
    for (const name of names) {
      await ctx.client.appendToStream(name, numbered(2), { expectedRevision: "no_stream" });
      const events = await collect(ctx.client.readStream(name));
      assert.deepEqual(
        events.map((one) => one.event!.streamId),
        [name, name],
      );
      const links = ctx.name("links-to-odd");
      await ctx.client.appendToStream(links, linkTo(1, name));
      const [resolved] = await collect(ctx.client.readStream(links, { resolveLinkTos: true }));
      assert.deepEqual(resolved!.event, events[1]!.event);
      await ctx.client.setStreamMetadata(name, { note: name });
      assert.deepEqual((await ctx.client.getStreamMetadata(name)).metadata, { note: name });
    }
  }),
];

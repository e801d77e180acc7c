import assert from "node:assert/strict";
import { jsonEvent, type Position, StreamDeletedError, streamNameFilter } from "@eventstore/db-client";
import streamsPb from "@eventstore/db-client/generated/streams_pb.js";
import sharedPb from "@eventstore/db-client/generated/shared_pb.js";
import type { ServiceError } from "@grpc/grpc-js";
import { kindsOf, type RawRead, rawRead, type ReadReq, readRequest, streamId } from "./messages.ts";
import { unary } from "./raw.ts";
import { collect, failsWith, failure, fill, numbered, record, revisionsOf, until } from "./support.ts";
import { type ConformanceCase, type ConformanceContext, should } from "./types.ts";

const run = async (ctx: ConformanceContext, request: ReadReq): Promise<RawRead> => {
  const read = rawRead(ctx.raw(), request);
  await read.done;
  return read;
};

const refuses = async (ctx: ConformanceContext, request: ReadReq, code: number, details?: string): Promise<void> => {
  const { error, messages } = await run(ctx, request);
  assert.equal(error?.code, code, `${error?.details ?? "no error"} ${kindsOf(messages).slice(0, 3).join(" ")}`);
  if (details !== undefined) assert.equal(error?.details, details);
};

const deleteRaw = (
  ctx: ConformanceContext,
  stream: string,
  expected: "any" | "no_stream" | "stream_exists" | bigint,
): Promise<unknown> => {
  const options = new streamsPb.DeleteReq.Options();
  options.setStreamIdentifier(streamId(stream));
  const empty = new sharedPb.Empty();
  if (expected === "any") options.setAny(empty);
  else if (expected === "no_stream") options.setNoStream(empty);
  else if (expected === "stream_exists") options.setStreamExists(empty);
  else options.setRevision(expected.toString());
  const request = new streamsPb.DeleteReq();
  request.setOptions(options);
  const raw = ctx.raw();
  return unary((done) => raw.streams.delete(request, raw.metadata(), done));
};

/** Section 11, "Delete, metadata", "Reads", "Subscriptions", "Errors". */
export const observedReadCases: readonly ConformanceCase[] = [
  should(
    "11.12",
    "deleting a deleted stream again: ok with any, no_stream, exact last; stream_exists gives stream-deleted, another revision WEV",
    async (ctx) => {
      const stream = ctx.name("twice-deleted");
      await ctx.client.appendToStream(stream, numbered(3));
      await ctx.client.deleteStream(stream);
      for (const expected of ["any", "no_stream", 2n] as const) await deleteRaw(ctx, stream, expected);
      const gone = (await failure(deleteRaw(ctx, stream, "stream_exists"))) as ServiceError;
      assert.equal(gone.code, 9);
      assert.deepEqual(gone.metadata.get("exception"), ["stream-deleted"]);
      assert.equal(gone.details, `Event stream '${stream}' is deleted.`);
      const wrong = (await failure(deleteRaw(ctx, stream, 1n))) as ServiceError;
      assert.equal(wrong.code, 9);
      assert.deepEqual(wrong.metadata.get("exception"), ["wrong-expected-version"]);
      assert.deepEqual(wrong.metadata.get("actual-version"), ["2"]);
    },
  ),

  should(
    "11.13",
    "setStreamMetadata on a tombstoned stream is refused only if it had none; reading it gives StreamDeleted with $$name",
    async (ctx) => {
      const [bare, described] = [ctx.name("tomb-bare"), ctx.name("tomb-described")];
      for (const stream of [bare, described]) await ctx.client.appendToStream(stream, numbered(1));
      await ctx.client.setStreamMetadata(described, { a: 1 });
      for (const stream of [bare, described]) await ctx.client.tombstoneStream(stream);
      await failsWith(ctx.client.setStreamMetadata(bare, { a: 1 }), StreamDeletedError);
      assert.equal((await ctx.client.setStreamMetadata(described, { a: 2 })).success, true);
      const error = await failsWith(ctx.client.getStreamMetadata(described), StreamDeletedError);
      assert.equal(error.streamName, `$$${described}`);
    },
  ),

  should(
    "11.14",
    "null, non-boolean $tmp, wrong-typed $acl, an array, or content that is not JSON: the whole metadata counts as empty",
    async (ctx) => {
      const stream = ctx.name("bad-metadata");
      await ctx.client.appendToStream(stream, numbered(4));
      const length = async () => (await collect(ctx.client.readStream(stream))).length;
      const metadata = (data: unknown) => jsonEvent({ type: "$metadata", data: data as never });
      for (const data of [
        { $tb: 2, $maxCount: null },
        { $tb: 2, $tmp: 1 },
        { $tb: 2, $acl: 7 },
        { $tb: 2, $acl: { $r: 1 } },
        [{ $tb: 2 }],
      ]) {
        await ctx.client.appendToStream(`$$${stream}`, metadata({ $tb: 3 }));
        assert.equal(await length(), 1);
        await ctx.client.appendToStream(`$$${stream}`, metadata(data));
        assert.equal(await length(), 4, JSON.stringify(data));
      }
      await ctx.client.appendToStream(`$$${stream}`, metadata({ $tb: 2, $tmp: true, $acl: { $r: ["a"], $w: "b" } }));
      assert.equal(await length(), 2);
      await ctx.client.appendToStream(`$$${stream}`, {
        id: crypto.randomUUID(),
        type: "$metadata",
        contentType: "application/octet-stream",
        data: Buffer.from('{"$tb":2}'),
        metadata: undefined,
      } as never);
      assert.equal(await length(), 4);
    },
  ),

  should(
    "11.15",
    "compatibility 1: last_stream_position follows the events both ways, first_stream_position comes before it only when nothing was delivered",
    async (ctx) => {
      const stream = ctx.name("compatible");
      await ctx.client.appendToStream(stream, numbered(3));
      const kinds = async (backwards: boolean) =>
        kindsOf(
          (
            await run(
              ctx,
              readRequest({ stream, count: 2n, backwards, from: backwards ? "end" : "start", compatibility: 1 }),
            )
          ).messages,
        );
      assert.deepEqual(await kinds(false), ["event", "event", "lastStreamPosition"]);
      assert.deepEqual(await kinds(true), ["event", "event", "lastStreamPosition"]);
      await ctx.client.setStreamMetadata(stream, { truncateBefore: 3 });
      const { messages } = await run(ctx, readRequest({ stream, count: 2n, compatibility: 1 }));
      assert.deepEqual(kindsOf(messages), ["firstStreamPosition", "lastStreamPosition"]);
      assert.equal(messages[0]!.getFirstStreamPosition(), "3");
      assert.equal(messages[1]!.getLastStreamPosition(), "2");
    },
  ),

  should(
    "11.16",
    "$all beyond the end: forward nothing, backward UNKNOWN; backward from start and forward from end nothing; {0,0} is start",
    async (ctx) => {
      const client = ctx.connect();
      await client.appendToStream(ctx.name("some"), numbered(1));
      const beyond = { commit: 1n << 50n, prepare: 1n << 50n };
      assert.deepEqual(await collect(client.readAll({ fromPosition: beyond, maxCount: 5 })), []);
      await refuses(
        ctx,
        readRequest({ from: beyond, backwards: true, count: 5n }),
        2,
        "Unexpected ReadAllResult: Error",
      );
      assert.deepEqual(
        await collect(client.readAll({ fromPosition: "start", direction: "backwards", maxCount: 5 })),
        [],
      );
      assert.deepEqual(await collect(client.readAll({ fromPosition: "end", maxCount: 5 })), []);
      const [first] = await collect(client.readAll({ fromPosition: "start", maxCount: 1 }));
      const [zero] = await collect(client.readAll({ fromPosition: { commit: 0n, prepare: 0n }, maxCount: 1 }));
      assert.deepEqual(zero, first);
      const waiting = record(client.subscribeToAll({ fromPosition: beyond }));
      await waiting.live();
      assert.deepEqual(waiting.events, []);
    },
  ),

  should(
    "11.17",
    "a position that is no record boundary: reads fail UNKNOWN, subscriptions confirm and then fail INVALID_ARGUMENT",
    async (ctx) => {
      const { position } = await ctx.client.appendToStream(ctx.name("boundary"), numbered(2));
      await ctx.client.appendToStream(ctx.name("boundary"), numbered(1));
      const between = { commit: position!.commit - 1n, prepare: position!.commit - 1n };
      for (const backwards of [false, true]) {
        await refuses(
          ctx,
          readRequest({ from: between, count: 5n, backwards }),
          2,
          "Unexpected ReadAllResult: InvalidPosition",
        );
      }
      const read = await run(ctx, readRequest({ from: between, subscribe: true }));
      assert.deepEqual(kindsOf(read.messages), ["confirmation"]);
      assert.equal(read.error?.code, 3);
      assert.equal(read.error?.details, "Trying to read from an invalid position.");
    },
  ),

  should(
    "11.18",
    'reads: count 0 UNKNOWN, missing parts INVALID_ARGUMENT, stream "" UNKNOWN, "$$" not found',
    async (ctx) => {
      const stream = ctx.name("odd-reads");
      await ctx.client.appendToStream(stream, numbered(2));
      await refuses(ctx, readRequest({ stream, count: 0n }), 2, "Unexpected ReadStreamResult: Error");
      await refuses(ctx, readRequest({ stream }), 3);
      await refuses(ctx, readRequest({ stream, count: 1n, noFilter: false }), 3);
      await refuses(ctx, readRequest({ stream, subscribe: true, backwards: true }), 3);
      await refuses(ctx, readRequest({ stream: "", count: 1n }), 2);
      const { messages, error } = await run(ctx, readRequest({ stream: "$$", count: 1n }));
      assert.equal(error, undefined);
      assert.deepEqual(kindsOf(messages), ["streamNotFound"]);
    },
  ),

  should("11.19", "a filter on a plain read of $all is honoured both ways, and count counts matches", async (ctx) => {
    const mark = ctx.name("filtered");
    const start = (await ctx.client.appendToStream(ctx.name("start"), numbered(1))).position!;
    for (let round = 0; round < 5; round += 1) {
      await ctx.client.appendToStream(mark, numbered(1));
      await ctx.client.appendToStream(ctx.name("noise"), numbered(50));
    }
    const filter = { on: "stream", prefixes: [mark] } as const;
    const revisions = ({ messages }: RawRead) =>
      messages.map((message) => message.getEvent()?.getEvent()?.getStreamRevision());
    assert.deepEqual(revisions(await run(ctx, readRequest({ from: start, count: 3n, filter }))), ["0", "1", "2"]);
    assert.deepEqual(revisions(await run(ctx, readRequest({ from: "end", backwards: true, count: 2n, filter }))), [
      "4",
      "3",
    ]);
  }),

  should(
    "11.20",
    "checkpoints: 7 in catch-up over 384 matches, the first after 63, the last at the last match; none with nothing after the start",
    async (ctx) => {
      const node = await ctx.freshNode();
      const client = ctx.connect({}, node.url);
      const start = (await client.appendToStream("start", numbered(1))).position!;
      const checkpointsFrom = async (fromPosition: Position, prefix: string) => {
        const seen: Position[] = [];
        const filter = streamNameFilter({
          prefixes: [prefix],
          checkpointInterval: 2,
          checkpointReached: (_s, position) => void seen.push(position),
        });
        const subscription = client.subscribeToAll({ fromPosition, filter });
        const recording = record(subscription);
        await recording.live();
        return { seen, subscription, recording };
      };
      const nothing = await checkpointsFrom(start, "start");
      assert.deepEqual(nothing.seen, []);
      const { position } = await client.appendToStream("m-1", numbered(384));
      const caughtUp = await checkpointsFrom(start, "m-");
      assert.equal(caughtUp.seen.length, 7);
      const matches = caughtUp.recording.events.map((one) => one.event!.position!.commit);
      assert.equal(caughtUp.seen[0]!.commit, matches[62]);
      assert.equal(caughtUp.seen[6]!.commit, position!.commit);
      // A tail that does not match stays uncovered until the next interval.
      await client.appendToStream("other", numbered(10));
      const tail = await checkpointsFrom(start, "m-");
      assert.equal(tail.seen.at(-1)!.commit, position!.commit);
    },
    { needs: "fresh" },
  ),

  should(
    "11.21",
    "filters: max 0 is accepted; multiplier 0 or a broken expression UNKNOWN; no kind INVALID_ARGUMENT without confirmation",
    async (ctx) => {
      const mark = ctx.name("window");
      const { position } = await ctx.client.appendToStream(mark, numbered(3));
      const from = { commit: position!.commit, prepare: position!.prepare };
      const accepted = rawRead(
        ctx.raw(),
        readRequest({ from, subscribe: true, filter: { on: "stream", prefixes: [mark], max: 0 } }),
      );
      await until("it is live", () => kindsOf(accepted.messages).includes("caughtUp") || accepted.error !== undefined);
      assert.equal(accepted.error, undefined);
      await ctx.client.appendToStream(mark, numbered(1));
      await until("the live event", () => kindsOf(accepted.messages).includes("event"));
      accepted.cancel();
      await refuses(
        ctx,
        readRequest({ from, subscribe: true, filter: { on: "stream", prefixes: [mark], multiplier: 0 } }),
        2,
      );
      await refuses(ctx, readRequest({ from, subscribe: true, filter: { on: "stream", regex: "([unclosed" } }), 2);
      const kindless = await run(ctx, readRequest({ from, subscribe: true, filter: { prefixes: [mark] } }));
      assert.equal(kindless.error?.code, 3);
      assert.deepEqual(kindsOf(kindless.messages), []);
    },
  ),

  should(
    "11.22",
    "calls that nobody reads or cancels are borne: a hundred broken-out subscriptions do not slow or grow the server",
    async (ctx) => {
      const client = ctx.connect();
      const stream = ctx.name("abandoned");
      await fill(client, stream, 5_000);
      const before = ctx.serverMemory();
      for (let index = 0; index < 100; index += 1) {
        for await (const { event } of client.subscribeToStream(stream)) if (event) break;
      }
      await fill(client, stream, 5_000);
      assert.equal(
        revisionsOf(
          await collect(client.readStream(stream, { direction: "backwards", fromRevision: "end", maxCount: 1 })),
        )[0],
        9_999n,
      );
      const after = ctx.serverMemory();
      if (before !== undefined && after !== undefined)
        assert.ok(after - before < 250 * 1024 * 1024, `grew by ${after - before} bytes`);
    },
    { timeoutMs: 60_000 },
  ),

  should(
    "11.23",
    'a service that is not there: UNIMPLEMENTED "Service is unimplemented."; no credentials under TLS: PERMISSION_DENIED "Access Denied"',
    async (ctx) => {
      const node = await ctx.freshNode({ tls: true });
      const anonymous = ctx.connect({}, node.url);
      const attempts = [
        () => collect(anonymous.readStream("s")),
        () => anonymous.deleteStream("s"),
        () => anonymous.getPersistentSubscriptionToStreamInfo("s", "g"),
        () => anonymous.listAllPersistentSubscriptions(),
        () => anonymous.appendToStream("s", numbered(1), { credentials: { username: "", password: "" } }),
      ];
      for (const attempt of attempts.slice(0, 4)) {
        const error = await failure(attempt());
        assert.equal(error.code, 7, error.message);
        assert.equal(error.message, "7 PERMISSION_DENIED: Access Denied");
        assert.equal(error.type, "access-denied");
      }
      const known = ctx.connect({}, node.url.replace("esdb://", "esdb://admin:changeit@"));
      const unimplemented = await failure(known.listProjections());
      assert.equal(unimplemented.message, "12 UNIMPLEMENTED: Service is unimplemented.");
      await known.appendToStream("s", numbered(1));
    },
    { needs: "tls" },
  ),
];

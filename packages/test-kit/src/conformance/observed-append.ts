import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { StreamDeletedError, StreamNotFoundError, WrongExpectedVersionError } from "@eventstore/db-client";
import type { ServiceError } from "@grpc/grpc-js";
import {
  type BatchAppendResp,
  batchChunk,
  classicAppend,
  openBatch,
  rawRead,
  readRequest,
  structuredUuid,
  uuid,
} from "./messages.ts";
import type { RawClient } from "./raw.ts";
import { collect, failsWith, failure, ids, numbered, revisionsOf, until, withId } from "./support.ts";
import { type ConformanceCase, should } from "./types.ts";

const sameId = (answer: BatchAppendResp, id: string): boolean => {
  const correlation = answer.getCorrelationId();
  if (!correlation) return false;
  return (
    correlation.getString() === id ||
    Buffer.from(correlation.serializeBinary()).equals(Buffer.from(structuredUuid(id).serializeBinary()))
  );
};

/** Sends a harmless append last and waits for its answer: whatever was to be answered before it has been. */
const fence = async (batch: ReturnType<typeof openBatch>, stream: string): Promise<void> => {
  const id = randomUUID();
  batch.call.write(batchChunk({ correlation: uuid(id), stream, expected: "any", events: [], final: true }));
  await until("the fence", () => batch.answers.some((answer) => sameId(answer, id)) || batch.state.error !== undefined);
  assert.equal(batch.state.error, undefined);
};

const badRequest = (answer: BatchAppendResp): void => {
  assert.equal(answer.getError()!.getCode(), 3);
  assert.equal(answer.getError()!.getDetails()!.getTypeUrl(), "type.googleapis.com/event_store.client.BadRequest");
};

const withBatch = async (
  raw: RawClient,
  stream: string,
  work: (batch: ReturnType<typeof openBatch>) => Promise<void>,
): Promise<void> => {
  const batch = openBatch(raw);
  await work(batch);
  await fence(batch, stream);
  batch.call.end();
};

/** Section 11, "BatchAppend" and "Append". */
export const observedAppendCases: readonly ConformanceCase[] = [
  should(
    "11.1",
    "BatchAppend: an append that is not final when its deadline passes is answered once with Timeout, its later chunks are dropped",
    async (ctx) => {
      const stream = ctx.name("late");
      await withBatch(ctx.raw(), ctx.name("fence"), async (batch) => {
        const id = randomUUID();
        const deadline = new Date(Date.now() + 150);
        batch.call.write(
          batchChunk({ correlation: uuid(id), stream, expected: "any", deadline, events: [{}], final: false }),
        );
        await until("the Timeout answer", () => batch.answers.length === 1);
        assert.ok(sameId(batch.answers[0]!, id));
        assert.equal(batch.answers[0]!.getError()!.getCode(), 4);
        assert.equal(batch.answers[0]!.getError()!.getMessage(), "Timeout");
        assert.equal(
          batch.answers[0]!.getError()!.getDetails()!.getTypeUrl(),
          "type.googleapis.com/event_store.client.Timeout",
        );
        batch.call.write(batchChunk({ correlation: uuid(id), events: [{}], final: true }));
        await fence(batch, ctx.name("fence"));
        assert.equal(batch.answers.filter((answer) => sameId(answer, id)).length, 1);
      });
      await failsWith(collect(ctx.client.readStream(stream)), StreamNotFoundError);
    },
  ),

  should(
    "11.2",
    "BatchAppend: a missing id gives BadRequest without id, an id that cannot be parsed is echoed as text with BadRequest",
    async (ctx) => {
      const stream = ctx.name("ids");
      await withBatch(ctx.raw(), ctx.name("fence"), async (batch) => {
        batch.call.write(batchChunk({ correlation: undefined, stream, expected: "any", events: [{}], final: true }));
        await until("an answer", () => batch.answers.length === 1);
        assert.equal(batch.answers[0]!.getCorrelationId(), undefined);
        badRequest(batch.answers[0]!);
        batch.call.write(
          batchChunk({ correlation: uuid("no-uuid-at-all"), stream, expected: "any", events: [{}], final: true }),
        );
        await until("an answer", () => batch.answers.length === 2);
        assert.equal(batch.answers[1]!.getCorrelationId()!.getString(), "no-uuid-at-all");
        badRequest(batch.answers[1]!);
      });
      await failsWith(collect(ctx.client.readStream(stream)), StreamNotFoundError);
    },
  ),

  should(
    "11.3",
    "BatchAppend: a malformed event is answered at once with BadRequest and later chunks of that id get no second answer",
    async (ctx) => {
      const stream = ctx.name("malformed");
      const malformed = [
        { id: "zero", event: { id: "00000000-0000-0000-0000-000000000000" } },
        { id: "bad", event: { id: "nonsense" } },
        { id: "none", event: { id: undefined } },
        { id: "type", event: { metadata: { type: "", "content-type": "application/json" } } },
        { id: "keys", event: { metadata: {} } },
      ];
      await withBatch(ctx.raw(), ctx.name("fence"), async (batch) => {
        for (const { event } of malformed) {
          const id = randomUUID();
          const before = batch.answers.length;
          batch.call.write(
            batchChunk({ correlation: uuid(id), stream, expected: "any", events: [{}, event], final: false }),
          );
          await until("the answer", () => batch.answers.length === before + 1);
          assert.ok(sameId(batch.answers[before]!, id));
          badRequest(batch.answers[before]!);
          batch.call.write(batchChunk({ correlation: uuid(id), events: [{}], final: true }));
          await fence(batch, ctx.name("fence"));
          assert.equal(batch.answers.filter((answer) => sameId(answer, id)).length, 1);
        }
      });
      await failsWith(collect(ctx.client.readStream(stream)), StreamNotFoundError);
    },
  ),

  should(
    "11.4",
    "BatchAppend: chunks of an unknown id without options get no answer, of options sent twice the first win, a finished id may be used again",
    async (ctx) => {
      const [first, second] = [ctx.name("first-options"), ctx.name("second-options")];
      await withBatch(ctx.raw(), ctx.name("fence"), async (batch) => {
        const stray = randomUUID();
        batch.call.write(batchChunk({ correlation: uuid(stray), events: [{}], final: true }));
        await fence(batch, ctx.name("fence"));
        assert.equal(batch.answers.filter((answer) => sameId(answer, stray)).length, 0);
        const twice = randomUUID();
        batch.call.write(
          batchChunk({ correlation: uuid(twice), stream: first, expected: "no_stream", events: [{}], final: false }),
        );
        batch.call.write(
          batchChunk({ correlation: uuid(twice), stream: second, expected: 77n, events: [{}], final: true }),
        );
        await until("the answer", () => batch.answers.some((answer) => sameId(answer, twice)));
        batch.call.write(
          batchChunk({ correlation: uuid(twice), stream: first, expected: 1n, events: [{}], final: true }),
        );
        await until("the second answer", () => batch.answers.filter((answer) => sameId(answer, twice)).length === 2);
        const own = batch.answers.filter((answer) => sameId(answer, twice));
        assert.deepEqual(
          own.map((answer) => answer.getSuccess()?.getCurrentRevision()),
          ["1", "2"],
        );
      });
      assert.equal((await collect(ctx.client.readStream(first))).length, 3);
      await failsWith(collect(ctx.client.readStream(second)), StreamNotFoundError);
    },
  ),

  should("11.5", "BatchAppend: on half-close everything final is answered, then the call ends well", async (ctx) => {
    const { call, answers, state } = openBatch(ctx.raw());
    const stream = ctx.name("half-close");
    for (let index = 0; index < 100; index += 1) {
      call.write(batchChunk({ correlation: uuid(randomUUID()), stream, expected: "any", events: [{}], final: true }));
    }
    call.end();
    await until("the call ends", () => state.ended || state.error !== undefined);
    assert.equal(state.error, undefined);
    assert.equal(answers.length, 100);
    assert.equal((await collect(ctx.client.readStream(stream))).length, 100);
  }),

  should(
    "11.6",
    "an empty append is answered with a position, un-deletes a soft-deleted stream, and is refused on a tombstoned one",
    async (ctx) => {
      const stream = ctx.name("empty");
      const answer = await classicAppend(ctx.raw(), { stream, expected: "any", events: [] });
      assert.ok(answer.getSuccess()!.hasNoStream());
      assert.ok(answer.getSuccess()!.hasPosition());
      await ctx.client.appendToStream(stream, numbered(2));
      await ctx.client.deleteStream(stream);
      const undeleted = await ctx.client.appendToStream(stream, []);
      assert.equal(undeleted.nextExpectedRevision, 1n);
      assert.deepEqual(await collect(ctx.client.readStream(stream)), []);
      await ctx.client.appendToStream(stream, numbered(1));
      assert.deepEqual(revisionsOf(await collect(ctx.client.readStream(stream))), [2n]);
      await ctx.client.tombstoneStream(stream);
      await failsWith(ctx.client.appendToStream(stream, []), StreamDeletedError);
    },
  ),

  should(
    "11.7",
    "the size of an append is data + custom metadata + 2 x type length in UTF-16 units over all its events; exactly the limit passes",
    async (ctx) => {
      const raw = ctx.raw();
      const stream = ctx.name("exact-size");
      const type = "тип-🎫";
      const metadata = { type, "content-type": "application/octet-stream" };
      const probe = (await failure(
        classicAppend(raw, { stream, expected: "any", events: [{ metadata, data: "x".repeat(1_200_000) }] }),
      )) as ServiceError;
      const limit = Number(probe.metadata.get("maximum-append-size")[0]);
      assert.equal(probe.details, `Maximum Append Size of ${limit} Exceeded.`);
      assert.equal(probe.code, 3);
      const overhead = 2 * (2 * type.length) + 1000;
      const half = (extra: number) => [
        { metadata, data: "d".repeat(500_000), customMetadata: "m".repeat(1000) },
        { metadata, data: "d".repeat(limit - overhead - 500_000 + extra) },
      ];
      await classicAppend(raw, { stream, expected: "any", events: half(0) });
      const over = (await failure(classicAppend(raw, { stream, expected: "any", events: half(1) }))) as ServiceError;
      assert.deepEqual(over.metadata.get("exception"), ["maximum-append-size-exceeded"]);
      assert.equal((await collect(ctx.client.readStream(stream))).length, 2);
    },
  ),

  should(
    "11.8",
    'classic append: empty type, bad id, missing options or stream, streams "" and "$$" give UNKNOWN; a missing expected revision gives INVALID_ARGUMENT',
    async (ctx) => {
      const raw = ctx.raw();
      const stream = ctx.name("classic-malformed");
      const attempts = {
        "empty type": {
          stream,
          expected: "any",
          events: [{ metadata: { type: "", "content-type": "application/json" } }],
        },
        "zero id": { stream, expected: "any", events: [{ id: "00000000-0000-0000-0000-000000000000" }] },
        "missing id": { stream, expected: "any", events: [{ id: undefined }] },
        "bad id": { stream, expected: "any", events: [{ id: "nonsense" }] },
        "no options": { events: [{}] },
        "no identifier": { stream: "", identifier: false, expected: "any", events: [{}] },
        "empty name": { stream: "", expected: "any", events: [{}] },
        "only the prefix": { stream: "$$", expected: "any", events: [{}] },
      } as const;
      for (const [what, request] of Object.entries(attempts)) {
        const error = (await failure(classicAppend(raw, request))) as ServiceError;
        assert.equal(error.code, 2, what);
        assert.equal(error.details, "Exception was thrown by handler.", what);
      }
      const error = (await failure(classicAppend(raw, { stream, expected: undefined, events: [{}] }))) as ServiceError;
      assert.equal(error.code, 3);
      await failsWith(collect(ctx.client.readStream(stream)), StreamNotFoundError);
    },
  ),

  should(
    "11.9",
    "unknown metadata keys are dropped, created is the server's, upper-case ids come back in lower case",
    async (ctx) => {
      const raw = ctx.raw();
      const stream = ctx.name("canonical");
      const id = randomUUID();
      const metadata = { type: "t", "content-type": "application/json", created: "1", colour: "red" };
      await classicAppend(raw, { stream, expected: "any", events: [{ id: id.toUpperCase(), metadata }] });
      const read = rawRead(raw, readRequest({ stream, count: 1n }));
      await read.done;
      const event = read.messages[0]!.getEvent()!.getEvent()!;
      assert.equal(event.getId()!.getString(), id);
      const keys = [...event.getMetadataMap().toObject()].map(([key]) => key).sort();
      assert.deepEqual(keys, ["content-type", "created", "type"]);
      const createdMs = Number(event.getMetadataMap().get("created")) / 10_000;
      assert.ok(Math.abs(createdMs - Date.now()) < 60_000);
    },
  ),

  should(
    "11.10",
    "after a restart a known id with any is written again; no_stream and exact repeats are still recognised",
    async (ctx) => {
      const node = await ctx.freshNode();
      const client = ctx.connect({}, node.url);
      const known = ids(3);
      const events = known.map((id) => withId(id));
      await client.appendToStream("s", events, { expectedRevision: "no_stream" });
      await node.stop();
      await node.restart();
      const again = ctx.connect({}, node.url);
      assert.equal(
        (await again.appendToStream("s", events, { expectedRevision: "no_stream" })).nextExpectedRevision,
        2n,
      );
      assert.equal(
        (await again.appendToStream("s", events.slice(1), { expectedRevision: 0n })).nextExpectedRevision,
        2n,
      );
      assert.equal((await collect(again.readStream("s"))).length, 3);
      assert.equal((await again.appendToStream("s", events[0]!, { expectedRevision: "any" })).nextExpectedRevision, 3n);
    },
    { needs: "control" },
  ),

  should(
    "11.11",
    "errors of delete and tombstone carry numbers for the expectation: any -2, no_stream -1, stream_exists -4",
    async (ctx) => {
      const missing = ctx.name("never");
      const expected = async (promise: Promise<unknown>) =>
        (await failsWith(promise, WrongExpectedVersionError)).expectedVersion as unknown;
      assert.equal(await expected(ctx.client.deleteStream(missing, { expectedRevision: "any" })), -2n);
      assert.equal(await expected(ctx.client.deleteStream(missing, { expectedRevision: "no_stream" })), -1n);
      assert.equal(
        await expected(ctx.client.tombstoneStream(missing, { expectedRevision: "stream_exists" as never })),
        -4n,
      );
      assert.equal(await expected(ctx.client.tombstoneStream(missing, { expectedRevision: 5n })), 5n);
    },
  ),
];

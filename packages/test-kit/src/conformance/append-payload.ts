import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  binaryEvent,
  DeadlineExceededError,
  jsonEvent,
  MaxAppendSizeExceededError,
  RequiredMetadataPropertyMissingError,
  StreamNotFoundError,
  UnknownError,
  WrongExpectedVersionError,
} from "@eventstore/db-client";
import type { ServiceError } from "@grpc/grpc-js";
import { batchChunk, classicAppend, openBatch, rawRead, readRequest, structuredUuid, uuid } from "./messages.ts";
import { collect, failsWith, failure, numbered, until } from "./support.ts";
import { type ConformanceCase, must, should } from "./types.ts";

const classic = { credentials: { username: "admin", password: "changeit" } };

/** Items 19-28: sizes, deadlines, answers, payloads, validation. */
export const appendPayloadCases: readonly ConformanceCase[] = [
  must(
    19,
    "given total size above the max append size, then MaxAppendSizeExceededError with numeric maxAppendSize (batch and classic); just below, success",
    async (ctx) => {
      const stream = ctx.name("size");
      const event = (bytes: number) => binaryEvent({ type: "size", data: Buffer.alloc(bytes, 1) });
      const typeBytes = 2 * "size".length;
      for (const settings of [{}, classic]) {
        const over = await failsWith(
          ctx.client.appendToStream(stream, event(1_100_000), settings),
          MaxAppendSizeExceededError,
        );
        const limit = over.maxAppendSize;
        assert.equal(typeof limit, "number");
        assert.ok(limit > 0);
        await failsWith(
          ctx.client.appendToStream(stream, event(limit - typeBytes + 1), settings),
          MaxAppendSizeExceededError,
        );
        await ctx.client.appendToStream(stream, event(limit - typeBytes), settings);
        // The sum of all events of one append counts, not each event.
        const half = Math.floor(limit / 2);
        await failsWith(
          ctx.client.appendToStream(stream, [event(half), event(half)], settings),
          MaxAppendSizeExceededError,
        );
      }
      const { length } = await collect(ctx.client.readStream(stream));
      assert.equal(length, 2);
    },
  ),

  must(
    20,
    "given deadline 1 and many events, then DeadlineExceededError (batch: Timeout status; classic: gRPC deadline)",
    async (ctx) => {
      for (const settings of [{}, classic]) {
        const stream = ctx.name("deadline");
        await ctx.client.appendToStream(ctx.name("warm"), numbered(1));
        await failsWith(
          ctx.client.appendToStream(stream, numbered(20_000, "d"), { deadline: 1, ...settings }),
          DeadlineExceededError,
        );
        await failsWith(collect(ctx.client.readStream(stream)), StreamNotFoundError);
      }
    },
  ),

  must(
    21,
    "given any BatchAppendReq with is_final, then exactly one BatchAppendResp with the same correlation id (same UUID form) arrives, success or error-with-details",
    async (ctx) => {
      const raw = ctx.raw();
      const { call, answers, state } = openBatch(raw);
      const stream = ctx.name("answers");
      const sent = Array.from({ length: 60 }, (_, index) => {
        const id = randomUUID();
        const structured = index % 3 === 0;
        call.write(
          batchChunk({
            correlation: structured ? structuredUuid(id) : uuid(id),
            stream,
            expected: index % 2 === 0 ? "any" : 1_000_000n,
            events: [{}, {}],
            final: true,
          }),
        );
        return { id, structured, good: index % 2 === 0 };
      });
      await until("60 answers", () => answers.length >= 60 || state.error !== undefined);
      call.end();
      await until("the call ends", () => state.ended || state.error !== undefined);
      assert.equal(state.error, undefined);
      assert.equal(answers.length, 60);
      for (const { id, structured, good } of sent) {
        const own = answers.filter((answer) => {
          const correlation = answer.getCorrelationId()!;
          return structured
            ? correlation.hasStructured() &&
                Buffer.from(correlation.serializeBinary()).equals(Buffer.from(structuredUuid(id).serializeBinary()))
            : correlation.getString() === id;
        });
        assert.equal(own.length, 1, `one answer for ${id}`);
        const [answer] = own;
        assert.equal(Buffer.from(answer!.getStreamIdentifier()!.getStreamName_asU8()).toString(), stream);
        assert.equal(answer!.hasSuccess(), good);
        assert.equal(answer!.hasError(), !good);
        if (!good) {
          assert.equal(answer!.getError()!.getCode(), 6);
          assert.equal(answer!.getError()!.getMessage(), "WrongExpectedVersion");
          assert.equal(
            answer!.getError()!.getDetails()!.getTypeUrl(),
            "type.googleapis.com/event_store.client.WrongExpectedVersion",
          );
        }
      }
    },
  ),

  must(22, 'given JSON data with U+0018, U+0118, "‐", then it is returned unchanged', async (ctx) => {
    const stream = ctx.name("characters");
    const text = '\u0018 \u0118 ‐ \u0000 \uFEFF 🎫 \\ " \u2028 заявка';
    await ctx.client.appendToStream(stream, jsonEvent({ type: "знак-\u0118", data: { text }, metadata: { text } }));
    const [read] = await collect(ctx.client.readStream(stream));
    assert.deepEqual(read!.event!.data, { text });
    assert.deepEqual(read!.event!.metadata, { text });
    assert.equal(read!.event!.type, "знак-\u0118");
  }),

  must(23, "given binary data, then an identical Uint8Array and isJson false", async (ctx) => {
    const stream = ctx.name("binary");
    const data = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await ctx.client.appendToStream(stream, [
      binaryEvent({ type: "b", data }),
      binaryEvent({ type: "b", data: Buffer.alloc(0) }),
    ]);
    const [full, empty] = await collect(ctx.client.readStream(stream));
    assert.equal(full!.event!.isJson, false);
    assert.ok(full!.event!.data instanceof Uint8Array);
    assert.deepEqual(Buffer.from(full!.event!.data), data);
    assert.equal((empty!.event!.data as Uint8Array).length, 0);
  }),

  must(
    24,
    "given JSON, Buffer, Uint8Array or no metadata, then it comes back as object, bytes, bytes, undefined",
    async (ctx) => {
      const stream = ctx.name("event-metadata");
      const bytes = new Uint8Array([0xff, 0xfe, 1, 2]);
      await ctx.client.appendToStream(stream, [
        jsonEvent({ type: "m", data: {}, metadata: { a: 1 } }),
        binaryEvent({ type: "m", data: Buffer.from("x"), metadata: Buffer.from(bytes) as unknown as Uint8Array }),
        jsonEvent({ type: "m", data: {}, metadata: bytes }),
        jsonEvent({ type: "m", data: {} }),
      ]);
      const [json, buffer, array, none] = (await collect(ctx.client.readStream(stream))).map(
        (one) => one.event!.metadata,
      );
      assert.deepEqual(json, { a: 1 });
      // The 6.2.1 client writes a Buffer's JSON form; what it wrote must come back.
      assert.ok(buffer !== undefined);
      assert.deepEqual(Buffer.from(array as Uint8Array), Buffer.from(bytes));
      assert.equal(none, undefined);
    },
  ),

  must(
    25,
    "given an event, when read, then created lies between client times before and after the append (same box)",
    async (ctx) => {
      const stream = ctx.name("created");
      const before = Date.now();
      await ctx.client.appendToStream(stream, numbered(1));
      const after = Date.now();
      const [read] = await collect(ctx.client.readStream(stream));
      const created = read!.event!.created.getTime();
      assert.ok(created >= before - 1 && created <= after + 1, `${before} <= ${created} <= ${after}`);
    },
  ),

  must(
    26,
    "given content-type other than application/json on the wire, then it is returned as octet-stream",
    async (ctx) => {
      const raw = ctx.raw();
      const stream = ctx.name("content-type");
      const types = [
        "text/plain",
        "application/vnd.some+json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/json",
      ];
      await classicAppend(raw, {
        stream,
        expected: "any",
        events: types.map((type) => ({ metadata: { type: "t", "content-type": type }, data: '{"a":1}' })),
      });
      const read = rawRead(raw, readRequest({ stream, count: 10n }));
      await read.done;
      const seen = read.messages.map((message) => message.getEvent()!.getEvent()!.getMetadataMap().get("content-type"));
      assert.deepEqual(seen, [...Array.from({ length: 4 }, () => "application/octet-stream"), "application/json"]);
      const events = await collect(ctx.client.readStream(stream));
      assert.deepEqual(
        events.map((one) => one.event!.isJson),
        [false, false, false, false, true],
      );
    },
  ),

  should(
    27,
    "given missing type/content-type, then a missing-required-metadata-property error (classic)",
    async (ctx) => {
      const raw = ctx.raw();
      const stream = ctx.name("required");
      for (const metadata of [{ type: "t" }, { "content-type": "application/json" }, {}]) {
        const error = (await failure(
          classicAppend(raw, { stream, expected: "any", events: [{ metadata: metadata }] }),
        )) as ServiceError;
        assert.equal(error.code, 3);
        assert.deepEqual(error.metadata.get("exception"), ["missing-required-metadata-property"]);
        assert.deepEqual(error.metadata.get("required-metadata-properties"), ["type,content-type"]);
        assert.ok(new RequiredMetadataPropertyMissingError(error).requiredMetadataProperties.includes("content-type"));
      }
      await failsWith(collect(ctx.client.readStream(stream)), StreamNotFoundError);
      // The batch form has no such trailer: INVALID_ARGUMENT with BadRequest, which this client shows as UnknownError.
      const { call, answers } = openBatch(raw);
      call.write(
        batchChunk({
          correlation: uuid(randomUUID()),
          stream,
          expected: "any",
          events: [{ metadata: { type: "t" } }],
          final: true,
        }),
      );
      await until("an answer", () => answers.length === 1);
      call.end();
      assert.equal(answers[0]!.getError()!.getCode(), 3);
      assert.equal(
        answers[0]!.getError()!.getDetails()!.getTypeUrl(),
        "type.googleapis.com/event_store.client.BadRequest",
      );
      await failsWith(ctx.client.appendToStream(stream, jsonEvent({ type: "", data: {} })), UnknownError);
    },
  ),

  should(
    28,
    "given an empty event list with any/no_stream on a missing stream, then success and the stream is still not found; with a wrong exact revision, WEV",
    async (ctx) => {
      for (const settings of [{}, classic]) {
        for (const expectedRevision of ["any", "no_stream"] as const) {
          const stream = ctx.name("empty");
          const result = await ctx.client.appendToStream(stream, [], { expectedRevision, ...settings });
          assert.equal(result.success, true);
          await failsWith(collect(ctx.client.readStream(stream)), StreamNotFoundError);
          const error = await failsWith(
            ctx.client.appendToStream(stream, [], { expectedRevision: 3n, ...settings }),
            WrongExpectedVersionError,
          );
          assert.equal(error.actualVersion, "no_stream");
          await ctx.client.appendToStream(stream, numbered(2), { expectedRevision: "no_stream" });
          const onExisting = await ctx.client.appendToStream(stream, [], { expectedRevision: 1n, ...settings });
          assert.equal(onExisting.nextExpectedRevision, 1n);
          assert.equal((await collect(ctx.client.readStream(stream))).length, 2);
        }
      }
    },
  ),
];

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import anyPb from "google-protobuf/google/protobuf/any_pb.js";
import durationPb from "google-protobuf/google/protobuf/duration_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import timestampPb from "google-protobuf/google/protobuf/timestamp_pb.js";
import sharedPb from "@eventstore/db-client/generated/shared_pb.js";
import streamsPb from "@eventstore/db-client/generated/streams_pb.js";
import {
  decodeAppendReq,
  decodeBatchAppendReq,
  decodeDeleteReq,
  encodeAppendConflict,
  encodeAppendSuccess,
  encodeBatchErrorFrame,
  encodeBatchSuccessFrame,
  encodeConflictDetail,
  encodeDeleteResp,
} from "./append-messages.ts";
import { ANY, exactRevision, NO_STREAM, STREAM_EXISTS } from "./expected.ts";
import {
  cursorOf,
  frameOf,
  MalformedMessage,
  readBigUint,
  readVarint,
  varintSize,
  writeMessage,
  writeVarint,
} from "./protobuf.ts";
import {
  checkpointFrame,
  confirmationFrame,
  decodeReadReq,
  firstStreamPositionFrame,
  lastStreamPositionFrame,
  streamNotFoundFrame,
} from "./read-messages.ts";
import {
  decodeEvent,
  encodeEventFrame,
  encodeStreamField,
  idOf,
  parseLink,
  recordedOf,
  resolvedFrame,
  withStructuredId,
} from "./recorded-event.ts";
import { canonicalUuid, encodeUuidStructured } from "./uuid.ts";

/** The client's generated classes are the oracle: what we encode they must read, what they encode we must read. */
const { AppendReq, AppendResp, BatchAppendReq, BatchAppendResp, DeleteReq, DeleteResp, ReadReq, ReadResp } = streamsPb;
const { StreamIdentifier, UUID, Empty: SharedEmpty } = sharedPb;

const wellFormed = fc.string({ unit: "grapheme", maxLength: 60 });
const safe = fc.oneof(fc.nat(300), fc.maxSafeNat());
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const bytes = fc.uint8Array({ maxLength: 300 });
const uuid = fc.uuid();
const payloadOf = (frame: Uint8Array): Uint8Array => frame.subarray(5);
const identifier = (name: string) => {
  const id = new StreamIdentifier();
  id.setStreamName(Buffer.from(name));
  return id;
};
const rawOf = (message: { serializeBinary(): Uint8Array }): Buffer => Buffer.from(message.serializeBinary());
const event = fc.record({
  id: uuid,
  type: wellFormed.filter((type) => type !== ""),
  isJson: fc.boolean(),
  data: bytes,
  metadata: bytes,
});

describe("varints", () => {
  test("numbers come back, in the size that was foretold", () => {
    fc.assert(
      fc.property(safe, (value) => {
        const out = Buffer.alloc(12);
        const end = writeVarint(out, 0, value);
        expect(end).toBe(varintSize(value));
        expect(readVarint({ buf: out, pos: 0, end })).toBe(value);
        expect(readBigUint({ buf: out, pos: 0, end })).toBe(BigInt(value));
      }),
    );
  });

  test("the whole unsigned 64-bit range is exact", () => {
    fc.assert(
      fc.property(u64, (value) => {
        const c = cursorOf(writeMessage().uint(1, value).finish());
        expect(readVarint(c)).toBe(8);
        expect(readBigUint(c)).toBe(value);
      }),
    );
  });

  test("cut or endless bytes are refused, never read beyond", () => {
    expect(() => readVarint(cursorOf(Buffer.from([0x80])))).toThrow(MalformedMessage);
    expect(() => readBigUint(cursorOf(Buffer.alloc(11, 0x80)))).toThrow(MalformedMessage);
  });

  test("no bytes make a decoder fail otherwise than with MalformedMessage", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
        for (const decode of [
          decodeReadReq,
          decodeAppendReq,
          decodeDeleteReq,
          (b: Buffer) => decodeBatchAppendReq(b, 0),
        ]) {
          try {
            decode(Buffer.from(noise));
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedMessage);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("stored events", () => {
  test("the frame is a ReadResp with everything in it", () => {
    fc.assert(
      fc.property(
        event,
        wellFormed,
        safe,
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        (parts, stream, revision, position) => {
          const frame = encodeEventFrame(parts, encodeStreamField(stream), revision, position, 1_700_000_000_123);
          expect(frame.readUInt32BE(1)).toBe(frame.length - 5);
          const read = ReadResp.deserializeBinary(payloadOf(frame)).getEvent()!;
          const recorded = read.getEvent()!;
          expect(read.getCommitPosition()).toBe(String(position));
          expect(recorded.getId()!.getString()).toBe(parts.id);
          expect(Buffer.from(recorded.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(stream);
          expect(recorded.getStreamRevision()).toBe(String(revision));
          expect(recorded.getPreparePosition()).toBe(String(position));
          expect(recorded.getCommitPosition()).toBe(String(position));
          const metadata = new Map(recorded.getMetadataMap().toObject(false, undefined as never));
          expect(metadata).toEqual(
            new Map([
              ["type", parts.type],
              ["created", "17000000001230000"],
              ["content-type", parts.isJson ? "application/json" : "application/octet-stream"],
            ]),
          );
          expect(Buffer.from(recorded.getData_asU8()).equals(parts.data)).toBe(true);
          expect(Buffer.from(recorded.getCustomMetadata_asU8()).equals(parts.metadata)).toBe(true);
          // and our own reading of it
          expect(idOf(frame)).toBe(parts.id);
          const decoded = decodeEvent(frame);
          expect({ ...decoded, data: Buffer.from(decoded.data), metadata: Buffer.from(decoded.metadata) }).toEqual({
            ...parts,
            data: Buffer.from(parts.data),
            metadata: Buffer.from(parts.metadata),
            stream,
            createdTicks: "17000000001230000",
          });
        },
      ),
    );
  });

  test("a tombstone carries int64 max", () => {
    const parts = {
      id: "c354f59f-f854-42c1-9198-91bba983dc11",
      type: "$streamDeleted",
      isJson: false,
      data: Buffer.alloc(0),
      metadata: Buffer.alloc(0),
    };
    const frame = encodeEventFrame(parts, encodeStreamField("a"), -1, 7, 1_700_000_000_000);
    expect(ReadResp.deserializeBinary(payloadOf(frame)).getEvent()!.getEvent()!.getStreamRevision()).toBe(
      "9223372036854775807",
    );
  });

  test("a resolved link has both events and the position of the link", () => {
    fc.assert(
      fc.property(event, event, fc.boolean(), (target, link, readable) => {
        const at = (parts: typeof target, position: number) =>
          encodeEventFrame(parts, encodeStreamField("s"), 0, position, 1_700_000_000_000);
        const frame = resolvedFrame(readable ? recordedOf(at(target, 10)) : undefined, recordedOf(at(link, 20)), 20);
        const read = ReadResp.deserializeBinary(payloadOf(frame)).getEvent()!;
        expect(read.getEvent()?.getId()?.getString()).toBe(readable ? target.id : undefined);
        expect(read.getLink()!.getId()!.getString()).toBe(link.id);
        expect(read.getCommitPosition()).toBe("20");
      }),
    );
  });

  test("ids in structured form name the same event", () => {
    fc.assert(
      fc.property(event, (parts) => {
        const frame = encodeEventFrame(parts, encodeStreamField("s"), 3, 10, 1_700_000_000_000);
        const recorded = streamsPb.ReadResp.ReadEvent.RecordedEvent.deserializeBinary(
          withStructuredId(recordedOf(frame)),
        );
        const id = recorded.getId()!.getStructured()!;
        const hex = (half: string): string => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, "0");
        expect(hex(id.getMostSignificantBits()) + hex(id.getLeastSignificantBits())).toBe(parts.id.replaceAll("-", ""));
        expect(recorded.getStreamRevision()).toBe("3");
      }),
    );
  });

  test("links are read up to the first at sign", () => {
    expect(parseLink(Buffer.from("12@a@b"))).toEqual({ revision: 12, stream: "a@b" });
    expect(parseLink(Buffer.from("x@a"))).toBeUndefined();
    expect(parseLink(Buffer.from("@a"))).toBeUndefined();
    expect(parseLink(Buffer.from("12"))).toBeUndefined();
  });
});

describe("write requests", () => {
  const expectations = fc.constantFrom<("any" | "none" | "exists" | "exact")[]>("any", "none", "exists", "exact");
  const values = { any: ANY, none: NO_STREAM, exists: STREAM_EXISTS };

  test("BatchAppendReq", () => {
    fc.assert(
      fc.property(
        wellFormed,
        expectations,
        fc.nat(),
        uuid,
        fc.array(event, { maxLength: 4 }),
        fc.boolean(),
        fc.constantFrom("none", "absolute", "relative"),
        (stream, expectation, revision, correlation, events, isFinal, deadline) => {
          const options = new BatchAppendReq.Options();
          options.setStreamIdentifier(identifier(stream));
          if (expectation === "any") options.setAny(new emptyPb.Empty());
          else if (expectation === "none") options.setNoStream(new emptyPb.Empty());
          else if (expectation === "exists") options.setStreamExists(new emptyPb.Empty());
          else options.setStreamPosition(String(revision));
          if (deadline === "absolute") {
            const timestamp = new timestampPb.Timestamp();
            timestamp.setSeconds(1700);
            timestamp.setNanos(250_000_000);
            options.setDeadline(timestamp);
          }
          const request = new BatchAppendReq();
          const id = new UUID();
          id.setString(correlation);
          request.setCorrelationId(id);
          request.setOptions(options);
          request.setIsFinal(isFinal);
          for (const parts of events) {
            const message = new BatchAppendReq.ProposedMessage();
            const eventId = new UUID();
            eventId.setString(parts.id);
            message.setId(eventId);
            message
              .getMetadataMap()
              .set("type", parts.type)
              .set("content-type", parts.isJson ? "application/json" : "text/plain")
              .set("other", "dropped");
            message.setData(parts.data);
            message.setCustomMetadata(parts.metadata);
            request.addProposedMessages(message);
          }
          let wire = rawOf(request);
          if (deadline === "relative") {
            // Newer clients send a duration in field 7 of the options, which the generated code does not know.
            const duration = new durationPb.Duration();
            duration.setSeconds(2);
            const longer = Buffer.concat([rawOf(options), writeMessage().message(7, rawOf(duration)).finish()]);
            wire = Buffer.concat([
              writeMessage().message(2, longer).finish(),
              Buffer.from((request.clearOptions(), rawOf(request))),
            ]);
          }
          const read = decodeBatchAppendReq(wire, 1_699_000);
          expect(read.correlation?.text).toBe(correlation);
          expect(read.isFinal).toBe(isFinal);
          expect(read.options?.stream).toBe(stream);
          expect(read.options?.rawStream.equals(rawOf(identifier(stream)))).toBe(true);
          expect(read.options?.expected?.value).toBe(expectation === "exact" ? revision : values[expectation]);
          expect(read.options?.remainingMs).toBe(
            deadline === "none" ? undefined : deadline === "absolute" ? 1250 : 2000,
          );
          expect(
            read.events.map(({ id, type, contentType, data, metadata }) => ({
              id,
              type,
              contentType,
              data: [...data],
              metadata: [...metadata],
            })),
          ).toEqual(
            events.map(({ id, type, isJson, data, metadata }) => ({
              id,
              type,
              contentType: isJson ? "application/json" : "text/plain",
              data: [...data],
              metadata: [...metadata],
            })),
          );
        },
      ),
    );
  });

  test("AppendReq and DeleteReq", () => {
    fc.assert(
      fc.property(wellFormed, u64, event, (stream, revision, parts) => {
        const options = new AppendReq.Options();
        options.setStreamIdentifier(identifier(stream));
        options.setRevision(String(revision));
        const first = new AppendReq();
        first.setOptions(options);
        const read = decodeAppendReq(rawOf(first));
        expect(read.options).toEqual({ stream, expected: exactRevision(revision) });
        expect(read.event).toBeUndefined();
        const proposed = new AppendReq.ProposedMessage();
        const id = new UUID();
        id.setString(parts.id.toUpperCase());
        proposed.setId(id);
        proposed.setData(parts.data);
        const second = new AppendReq();
        second.setProposedMessage(proposed);
        const message = decodeAppendReq(rawOf(second)).event!;
        expect(message.id).toBe(parts.id);
        expect(message.type).toBeUndefined();
        expect([...message.data]).toEqual([...parts.data]);

        const remove = new DeleteReq();
        const target = new DeleteReq.Options();
        target.setStreamIdentifier(identifier(stream));
        target.setAny(new SharedEmpty());
        remove.setOptions(target);
        expect(decodeDeleteReq(rawOf(remove))).toEqual({ stream, expected: { value: ANY, wire: 0n } });
      }),
    );
  });

  test("a revision that no stream can have stays unequal to every real one", () => {
    expect(exactRevision(2n ** 64n - 1n).value).toBe(NO_STREAM);
    expect(exactRevision(2n ** 63n).value).toBe(Number.MAX_SAFE_INTEGER - 1);
  });

  test("ids: text in any case or form, structured, none", () => {
    const id = "c354f59f-f854-42c1-9198-91bba983dc11";
    expect(canonicalUuid(id.toUpperCase())).toBe(id);
    expect(canonicalUuid(`{${id}}`)).toBe(id);
    expect(canonicalUuid(id.replaceAll("-", ""))).toBe(id);
    expect(canonicalUuid("nonsense")).toBeUndefined();
    fc.assert(
      fc.property(uuid, (text) => {
        const request = Buffer.from(writeMessage().message(1, encodeUuidStructured(text)).finish());
        expect(decodeBatchAppendReq(request, 0).correlation).toMatchObject({ text, structured: true });
      }),
    );
  });
});

describe("answers", () => {
  const correlation = (text: string): Buffer => {
    const id = new UUID();
    id.setString(text);
    return rawOf(id);
  };

  test("batch success", () => {
    fc.assert(
      fc.property(
        uuid,
        wellFormed,
        fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }),
        fc.option(safe, { nil: undefined }),
        (id, stream, revision, position) => {
          const frame = encodeBatchSuccessFrame(correlation(id), rawOf(identifier(stream)), { revision, position });
          expect(frame.readUInt32BE(1)).toBe(frame.length - 5);
          const read = BatchAppendResp.deserializeBinary(payloadOf(frame));
          expect(read.getCorrelationId()!.getString()).toBe(id);
          expect(Buffer.from(read.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(stream);
          const success = read.getSuccess()!;
          expect(success.hasNoStream()).toBe(revision < 0);
          expect(success.getCurrentRevision()).toBe(String(Math.max(revision, 0)));
          expect(success.hasNoPosition()).toBe(position === undefined);
          expect(success.getPosition()?.getCommitPosition()).toBe(
            position === undefined ? undefined : String(position),
          );
          expect(success.getPosition()?.getPreparePosition()).toBe(
            position === undefined ? undefined : String(position),
          );
        },
      ),
    );
  });

  test("batch errors always carry details", () => {
    const body = encodeConflictDetail(4, { value: 9, wire: 9n });
    const frame = encodeBatchErrorFrame(correlation("c354f59f-f854-42c1-9198-91bba983dc11"), rawOf(identifier("a")), {
      code: 6,
      message: "WrongExpectedVersion",
      detail: "WrongExpectedVersion",
      body,
    });
    const status = BatchAppendResp.deserializeBinary(payloadOf(frame)).getError()!;
    expect(status.getCode()).toBe(6);
    expect(status.getMessage()).toBe("WrongExpectedVersion");
    const details = status.getDetails()!;
    expect(details).toBeInstanceOf(anyPb.Any);
    expect(details.getTypeUrl()).toBe("type.googleapis.com/event_store.client.WrongExpectedVersion");
    const conflict = sharedPb.WrongExpectedVersion.deserializeBinary(details.getValue_asU8());
    expect(conflict.getCurrentStreamRevision()).toBe("4");
    expect(conflict.getExpectedStreamPosition()).toBe("9");
  });

  test("append results", () => {
    const success = AppendResp.deserializeBinary(encodeAppendSuccess({ revision: 3, position: 99 })).getSuccess()!;
    expect(success.getCurrentRevision()).toBe("3");
    expect(success.getPosition()!.getCommitPosition()).toBe("99");
    expect(
      AppendResp.deserializeBinary(encodeAppendSuccess({ revision: -1, position: undefined }))
        .getSuccess()!
        .hasNoStream(),
    ).toBe(true);
    const cases = [
      { expected: { value: ANY, wire: 0n }, has: "hasExpectedAny" },
      { expected: { value: NO_STREAM, wire: 0n }, has: "hasExpectedNoStream" },
      { expected: { value: STREAM_EXISTS, wire: 0n }, has: "hasExpectedStreamExists" },
      { expected: { value: 5, wire: 5n }, has: "hasExpectedRevision" },
    ] as const;
    for (const { expected, has } of cases) {
      const conflict = AppendResp.deserializeBinary(encodeAppendConflict(-1, expected)).getWrongExpectedVersion()!;
      expect(conflict.hasCurrentNoStream()).toBe(true);
      expect(conflict[has]()).toBe(true);
      expect(
        AppendResp.deserializeBinary(encodeAppendConflict(8, expected)).getWrongExpectedVersion()!.getCurrentRevision(),
      ).toBe("8");
    }
    expect(DeleteResp.deserializeBinary(encodeDeleteResp(12)).getPosition()!.getPreparePosition()).toBe("12");
  });

  test("read messages without events", () => {
    const read = (frame: Buffer) => ReadResp.deserializeBinary(payloadOf(frame));
    expect(read(confirmationFrame("abc")).getConfirmation()!.getSubscriptionId()).toBe("abc");
    expect(
      read(checkpointFrame(2 ** 40))
        .getCheckpoint()!
        .getCommitPosition(),
    ).toBe(String(2 ** 40));
    expect(
      Buffer.from(
        read(streamNotFoundFrame("ключ")).getStreamNotFound()!.getStreamIdentifier()!.getStreamName_asU8(),
      ).toString(),
    ).toBe("ключ");
    expect(read(firstStreamPositionFrame(4)).getFirstStreamPosition()).toBe("4");
    expect(read(lastStreamPositionFrame(0)).hasLastStreamPosition()).toBe(true);
    expect(frameOf(Buffer.from("ab"))).toEqual(Buffer.from([0, 0, 0, 0, 2, 0x61, 0x62]));
  });
});

describe("ReadReq", () => {
  test("every part that the generated code can send", () => {
    fc.assert(
      fc.property(
        fc.record({
          source: fc.oneof(
            fc.record({
              kind: fc.constant("stream" as const),
              name: wellFormed,
              from: fc.oneof(fc.constantFrom("start" as const, "end" as const), u64),
            }),
            fc.record({
              kind: fc.constant("all" as const),
              from: fc.oneof(fc.constantFrom("start" as const, "end" as const), u64),
            }),
          ),
          backwards: fc.boolean(),
          links: fc.boolean(),
          count: fc.option(u64),
          uuid: fc.constantFrom("structured", "string"),
          compatibility: fc.nat(3),
          filter: fc.option(
            fc.record({
              on: fc.constantFrom("stream", "type"),
              regex: wellFormed,
              prefixes: fc.array(wellFormed),
              max: fc.option(fc.nat()),
              multiplier: fc.nat(),
            }),
          ),
        }),
        (wanted) => {
          const options = new ReadReq.Options();
          if (wanted.source.kind === "stream") {
            const stream = new ReadReq.Options.StreamOptions();
            stream.setStreamIdentifier(identifier(wanted.source.name));
            if (wanted.source.from === "start") stream.setStart(new SharedEmpty());
            else if (wanted.source.from === "end") stream.setEnd(new SharedEmpty());
            else stream.setRevision(String(wanted.source.from));
            options.setStream(stream);
          } else {
            const all = new ReadReq.Options.AllOptions();
            if (wanted.source.from === "start") all.setStart(new SharedEmpty());
            else if (wanted.source.from === "end") all.setEnd(new SharedEmpty());
            else {
              const position = new ReadReq.Options.Position();
              position.setCommitPosition(String(wanted.source.from));
              position.setPreparePosition(String(wanted.source.from));
              all.setPosition(position);
            }
            options.setAll(all);
          }
          options.setReadDirection(wanted.backwards ? 1 : 0);
          options.setResolveLinks(wanted.links);
          if (wanted.count === null) options.setSubscription(new ReadReq.Options.SubscriptionOptions());
          else options.setCount(String(wanted.count));
          const id = new ReadReq.Options.UUIDOption();
          if (wanted.uuid === "string") id.setString(new SharedEmpty());
          else id.setStructured(new SharedEmpty());
          options.setUuidOption(id);
          const control = new ReadReq.Options.ControlOption();
          control.setCompatibility(wanted.compatibility);
          options.setControlOption(control);
          if (wanted.filter) {
            const filter = new ReadReq.Options.FilterOptions();
            const expression = new ReadReq.Options.FilterOptions.Expression();
            expression.setRegex(wanted.filter.regex);
            expression.setPrefixList(wanted.filter.prefixes);
            if (wanted.filter.on === "stream") filter.setStreamIdentifier(expression);
            else filter.setEventType(expression);
            if (wanted.filter.max === null) filter.setCount(new SharedEmpty());
            else filter.setMax(wanted.filter.max);
            filter.setCheckpointintervalmultiplier(wanted.filter.multiplier);
            options.setFilter(filter);
          } else options.setNoFilter(new SharedEmpty());
          const request = new ReadReq();
          request.setOptions(options);
          const read = decodeReadReq(rawOf(request));
          const { from } = wanted.source;
          const prepare = wanted.source.kind === "all" ? from : 0n;
          expect(read).toEqual({
            source: {
              ...wanted.source,
              from: typeof from === "string" ? { kind: from } : { kind: "at", commit: from, prepare },
            },
            backwards: wanted.backwards,
            resolveLinks: wanted.links,
            count: wanted.count ?? undefined,
            subscription: wanted.count === null,
            filter: wanted.filter ? { ...wanted.filter, max: wanted.filter.max ?? undefined } : undefined,
            noFilter: !wanted.filter,
            uuid: wanted.uuid,
            compatibility: wanted.compatibility,
          });
        },
      ),
    );
  });
});

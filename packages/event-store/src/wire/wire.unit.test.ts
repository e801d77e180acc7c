import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeAppendReply, encodeAppend } from "./append-messages.ts";
import { decodeReadMessage, encodeAllRead, encodeAllSubscription, encodeStreamRead } from "./read-messages.ts";

// The official client's generated classes judge what we write, and write what we read.
const require = createRequire(import.meta.url);
const streams =
  require("@eventstore/db-client/generated/streams_pb.js") as typeof import("@eventstore/db-client/generated/streams_pb.js");
const shared =
  require("@eventstore/db-client/generated/shared_pb.js") as typeof import("@eventstore/db-client/generated/shared_pb.js");
const statuses =
  require("@eventstore/db-client/generated/status_pb.js") as typeof import("@eventstore/db-client/generated/status_pb.js");
// google-protobuf is the client's own dependency, found from where the client lives.
const fromClient = createRequire(require.resolve("@eventstore/db-client"));
const { Any } = fromClient("google-protobuf/google/protobuf/any_pb.js") as { Any: new () => AnyMessage };
interface AnyMessage {
  pack(bytes: Uint8Array, name: string): void;
}

const text = fc.string({ unit: "grapheme", maxLength: 300 });
const revision = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const id = fc.uuid();

describe("the messages we write, read by the official classes", () => {
  it("an append", () => {
    fc.assert(
      fc.property(
        id,
        text,
        fc.integer({ min: -1 }),
        fc.date({ noInvalidDate: true, min: new Date(0) }),
        fc.array(fc.record({ eventId: id, type: text, dataText: text, metaText: text })),
        (correlation, stream, expected, deadline, events) => {
          const request = streams.BatchAppendReq.deserializeBinary(
            new Uint8Array(encodeAppend(correlation, stream, expected, deadline, events)),
          );
          expect(request.getCorrelationId()?.getString()).toBe(correlation);
          const options = request.getOptions()!;
          expect(utf8(options.getStreamIdentifier()!.getStreamName_asU8())).toBe(stream);
          if (expected < 0) expect(options.hasNoStream()).toBe(true);
          else expect(options.getStreamPosition()).toBe(String(expected));
          expect(options.getDeadline()!.getSeconds() * 1000 + options.getDeadline()!.getNanos() / 1e6).toBe(
            deadline.getTime(),
          );
          expect(request.getIsFinal()).toBe(true);
          const seen = request.getProposedMessagesList().map((message) => ({
            eventId: message.getId()!.getString(),
            type: message.getMetadataMap().get("type"),
            contentType: message.getMetadataMap().get("content-type"),
            dataText: utf8(message.getData_asU8()),
            metaText: utf8(message.getCustomMetadata_asU8()),
          }));
          expect(seen).toEqual(events.map((event) => ({ ...event, contentType: "application/json" })));
        },
      ),
    );
  });

  it("a read of a stream", () => {
    const options = streams.ReadReq.deserializeBinary(
      new Uint8Array(encodeStreamRead("ticket-ж", 0, "forwards", 7)),
    ).getOptions()!;
    expect(utf8(options.getStream()!.getStreamIdentifier()!.getStreamName_asU8())).toBe("ticket-ж");
    expect([options.getStream()!.hasRevision(), options.getStream()!.getRevision()]).toEqual([true, "0"]);
    expect([
      options.getReadDirection(),
      options.getCount(),
      options.hasNoFilter(),
      options.getUuidOption()!.hasString(),
    ]).toEqual([0, "7", true, true]);
    const backwards = streams.ReadReq.deserializeBinary(
      new Uint8Array(encodeStreamRead("s", "end", "backwards", 1)),
    ).getOptions()!;
    expect([backwards.getStream()!.hasEnd(), backwards.getReadDirection()]).toEqual([true, 1]);
  });

  it("a read of the log and a subscription to it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        revision,
        fc.array(text),
        (commit, prepare, prefixes) => {
          const read = streams.ReadReq.deserializeBinary(
            new Uint8Array(encodeAllRead({ commit, prepare }, "backwards", 5, undefined)),
          ).getOptions()!;
          expect([
            read.getAll()!.getPosition()!.getCommitPosition(),
            read.getAll()!.getPosition()!.getPreparePosition(),
          ]).toEqual([String(commit), String(prepare)]);
          expect([read.getReadDirection(), read.getCount(), read.hasNoFilter()]).toEqual([1, "5", true]);
          const follow = streams.ReadReq.deserializeBinary(
            new Uint8Array(encodeAllSubscription({ commit: 0, prepare: 0 }, { prefixes })),
          ).getOptions()!;
          expect([follow.getAll()!.hasStart(), follow.hasSubscription(), follow.getReadDirection()]).toEqual([
            true,
            true,
            0,
          ]);
          expect(follow.getFilter()!.getStreamIdentifier()!.getPrefixList()).toEqual(prefixes);
          expect([follow.getFilter()!.getMax(), follow.getFilter()!.getCheckpointintervalmultiplier()]).toEqual([
            500, 1,
          ]);
        },
      ),
    );
    const byRegex = streams.ReadReq.deserializeBinary(
      new Uint8Array(encodeAllSubscription("end", { regex: "^[^$]" })),
    ).getOptions()!;
    expect([byRegex.getAll()!.hasEnd(), byRegex.getFilter()!.getStreamIdentifier()!.getRegex()]).toEqual([
      true,
      "^[^$]",
    ]);
  });
});

describe("the messages that the official classes write, read by us", () => {
  it("an event", () => {
    fc.assert(
      fc.property(
        id,
        text,
        revision,
        revision,
        revision,
        text,
        text,
        text,
        fc.integer({ min: 0, max: 4e12 }),
        (eventId, stream, rev, commit, prepare, type, dataText, metaText, createdMs) => {
          const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
          const uuid = new shared.UUID();
          uuid.setString(eventId);
          recorded.setId(uuid);
          const name = new shared.StreamIdentifier();
          name.setStreamName(Buffer.from(stream));
          recorded.setStreamIdentifier(name);
          recorded.setStreamRevision(String(rev));
          recorded.setCommitPosition(String(commit));
          recorded.setPreparePosition(String(prepare));
          recorded
            .getMetadataMap()
            .set("content-type", "application/json")
            .set("created", String(createdMs * 10_000))
            .set("type", type);
          recorded.setCustomMetadata(Buffer.from(metaText));
          recorded.setData(Buffer.from(dataText));
          const event = new streams.ReadResp.ReadEvent();
          event.setEvent(recorded);
          event.setCommitPosition(String(commit));
          const response = new streams.ReadResp();
          response.setEvent(event);
          const message = decodeReadMessage(Buffer.from(response.serializeBinary()));
          expect(message).toMatchObject({
            kind: "event",
            event: {
              eventId,
              stream,
              revision: rev,
              position: { commit, prepare },
              type,
              dataText,
              metaText,
              createdMs,
            },
          });
        },
      ),
    );
  });

  it("confirmation, checkpoint, caught-up, missing stream, and kinds of later servers", () => {
    const response = (fill: (message: InstanceType<typeof streams.ReadResp>) => void): Buffer => {
      const message = new streams.ReadResp();
      fill(message);
      return Buffer.from(message.serializeBinary());
    };
    expect(
      decodeReadMessage(response((m) => m.setConfirmation(new streams.ReadResp.SubscriptionConfirmation()))),
    ).toEqual({ kind: "confirmed" });
    expect(decodeReadMessage(response((m) => m.setCaughtUp(new streams.ReadResp.CaughtUp())))).toEqual({
      kind: "caught_up",
    });
    expect(decodeReadMessage(response((m) => m.setStreamNotFound(new streams.ReadResp.StreamNotFound())))).toEqual({
      kind: "stream_not_found",
    });
    expect(decodeReadMessage(response((m) => m.setFellBehind(new streams.ReadResp.FellBehind())))).toEqual({
      kind: "other",
    });
    const checkpoint = new streams.ReadResp.Checkpoint();
    checkpoint.setCommitPosition("9007199254740991");
    checkpoint.setPreparePosition("9007199254740990");
    expect(decodeReadMessage(response((m) => m.setCheckpoint(checkpoint)))).toEqual({
      kind: "checkpoint",
      position: { commit: 9007199254740991, prepare: 9007199254740990 },
    });
  });

  it("a successful append", () => {
    const success = new streams.BatchAppendResp.Success();
    success.setCurrentRevision("41");
    const position = new shared.AllStreamPosition();
    position.setCommitPosition("100");
    position.setPreparePosition("99");
    success.setPosition(position);
    expect(decodeAppendReply(reply((r) => r.setSuccess(success)))).toEqual({
      correlationId: correlation,
      ok: true,
      revision: 41,
      position: { commit: 100, prepare: 99 },
    });
  });

  it.each([
    [
      "a stream at another revision",
      (w: InstanceType<typeof shared.WrongExpectedVersion>) => w.setCurrentStreamRevision("7"),
      7,
    ],
    [
      "a stream at revision 0",
      (w: InstanceType<typeof shared.WrongExpectedVersion>) => w.setCurrentStreamRevision("0"),
      0,
    ],
    ["no stream", () => undefined, -1],
  ])("a wrong expected revision: %s", (_case, fill, currentRevision) => {
    const wrong = new shared.WrongExpectedVersion();
    fill(wrong);
    expect(
      decodeAppendReply(reply((r) => r.setError(status(6, "WrongExpectedVersion", wrong.serializeBinary())))),
    ).toEqual({
      correlationId: correlation,
      ok: false,
      code: 6,
      message: "WrongExpectedVersion",
      details: "WrongExpectedVersion",
      currentRevision,
    });
  });

  it("another error", () => {
    expect(decodeAppendReply(reply((r) => r.setError(status(4, "Timeout", new Uint8Array(0)))))).toMatchObject({
      ok: false,
      code: 4,
      details: "Timeout",
    });
  });
});

const correlation = "0b1c7c1e-2f1a-4a5b-9a77-1f0f4be3a001";

function reply(fill: (message: InstanceType<typeof streams.BatchAppendResp>) => void): Buffer {
  const message = new streams.BatchAppendResp();
  const uuid = new shared.UUID();
  uuid.setString(correlation);
  message.setCorrelationId(uuid);
  fill(message);
  return Buffer.from(message.serializeBinary());
}

function status(code: number, name: string, details: Uint8Array): InstanceType<typeof statuses.Status> {
  const message = new statuses.Status();
  message.setCode(code);
  message.setMessage(name);
  const any = new Any();
  any.pack(details, `event_store.client.${name}`);
  message.setDetails(any as never);
  return message;
}

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

import { randomUUID } from "node:crypto";
import sharedPb from "@eventstore/db-client/generated/shared_pb.js";
import streamsPb from "@eventstore/db-client/generated/streams_pb.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EventStoreNode, startEventStore } from "../node.ts";
import {
  appendMessages,
  batchChunk,
  callRaw,
  connectRaw,
  proposed,
  type RawCall,
  type RawConnection,
  readRequest,
  STREAMS,
  streamIdentifier,
  uuidText,
  writeOptions,
} from "../testing/raw-call.ts";
import { frameOf, writeMessage } from "../wire/protobuf.ts";
import { encodeUuidStructured, NIL_UUID } from "../wire/uuid.ts";

/** What only a hand-made caller can send: the malformed, the unusual, and the order of things (spec 2.5, 2.6, 3.1, 11). */

const { AppendResp, BatchAppendResp, ReadResp } = streamsPb;

let node: EventStoreNode;
let connection: RawConnection;
beforeEach(async () => {
  node = await startEventStore({ port: 0, memory: true, maxAppendSize: 1000 });
  connection = await connectRaw(node.port);
});
afterEach(async () => {
  connection.close();
  await node.stop();
});

const append = (...args: Parameters<typeof appendMessages>) =>
  callRaw(connection, `${STREAMS}Append`, appendMessages(...args));
const ids = async (stream: string): Promise<string[]> => {
  const { messages } = await callRaw(connection, `${STREAMS}Read`, [readRequest({ stream, count: 100n })]);
  return messages.map(
    (message) => ReadResp.deserializeBinary(message).getEvent()?.getEvent()?.getId()?.getString() ?? "none",
  );
};

describe("classic append", () => {
  test.each([
    ["an empty type", { metadata: { type: "", "content-type": "application/json" } }],
    ["a zero id", { id: NIL_UUID }],
    ["a bad id", { id: "nonsense" }],
    ["no id", { idMessage: Buffer.alloc(0) }],
  ])("%s fails in the handler and writes nothing", async (_name, event) => {
    expect(await append("a", "any", [{}, event])).toMatchObject({
      status: 2,
      text: "Exception was thrown by handler.",
    });
    expect(await ids("a")).toEqual(["none"]);
  });

  test.each([
    ["no stream", undefined],
    ["an empty name", ""],
    ["the name $$", "$$"],
  ])("%s fails in the handler", async (_name, stream) => {
    expect(await append(stream, "any", [{}])).toMatchObject({ status: 2, text: "Exception was thrown by handler." });
  });

  test("events without options fail in the handler", async () => {
    const answer = await callRaw(connection, `${STREAMS}Append`, [writeMessage().message(2, proposed()).finish()]);
    expect(answer).toMatchObject({ status: 2, text: "Exception was thrown by handler." });
  });

  test("no expected revision is an invalid argument", async () => {
    expect(await append("a", undefined, [{}])).toMatchObject({ status: 3 });
  });

  test.each([
    ["type", "content-type"],
    ["content-type", "type"],
  ])("missing %s names the required properties", async (_missing, kept) => {
    const answer = await append("a", "any", [{ metadata: { [kept]: "application/json" } }]);
    expect(answer).toMatchObject({
      status: 3,
      trailers: {
        exception: "missing-required-metadata-property",
        "required-metadata-properties": "type,content-type",
      },
    });
  });

  test("the limit counts data, metadata and twice the type, over all events, and is inclusive", async () => {
    const event = { data: "x".repeat(496), custom: Buffer.from("ab") };
    expect((await append("a", "any", [event, event])).status).toBe(0);
    const answer = await append("a", "any", [event, { ...event, data: "x".repeat(497) }]);
    expect(answer).toMatchObject({
      status: 3,
      text: "Maximum Append Size of 1000 Exceeded.",
      trailers: { exception: "maximum-append-size-exceeded", "maximum-append-size": "1000" },
    });
    expect(await ids("a")).toHaveLength(2);
    const wide = { metadata: { type: "ж".repeat(10), "content-type": "application/json" } };
    expect((await append("b", "any", [{ ...wide, data: "x".repeat(980) }])).status).toBe(0);
    expect((await append("b", "any", [{ ...wide, data: "x".repeat(981) }])).status).toBe(3);
  });

  test("the limit is told while the caller still sends", async () => {
    const call = connection.call(`${STREAMS}Append`);
    for (const message of appendMessages("a", "any", [{ data: "x".repeat(1001) }])) call.send(message);
    expect((await call.ended()).status).toBe(3);
  });

  test("a conflict is an answer, with current and deprecated fields", async () => {
    await append("a", "none", [{}, {}]);
    const { status, messages } = await append("a", 5n, [{}]);
    const conflict = AppendResp.deserializeBinary(messages[0]!).getWrongExpectedVersion()!;
    expect(status).toBe(0);
    expect(conflict.getCurrentRevision()).toBe("1");
    expect(conflict.getExpectedRevision()).toBe("5");
    expect(conflict.getCurrentRevision2060()).toEqual(1);
  });

  test("without events: an answer with a position, and nothing to read", async () => {
    const { messages } = await append("empty", "none", []);
    const success = AppendResp.deserializeBinary(messages[0]!).getSuccess()!;
    expect(success.hasNoStream()).toBe(true);
    expect(success.hasPosition()).toBe(true);
    expect(await ids("empty")).toEqual(["none"]);
    await append("a", "none", [{}]);
    expect(
      AppendResp.deserializeBinary((await append("a", "any", [])).messages[0]!)
        .getSuccess()!
        .getCurrentRevision(),
    ).toBe("0");
    expect(AppendResp.deserializeBinary((await append("a", 4n, [])).messages[0]!).hasWrongExpectedVersion()).toBe(true);
  });

  test("without events on a deleted stream: it can be read again, and is empty", async () => {
    await append("a", "none", [{}, {}]);
    await callRaw(connection, `${STREAMS}Delete`, [writeMessage().message(1, writeOptions("a", "any")).finish()]);
    expect(await ids("a")).toEqual(["none"]);
    await append("a", "any", []);
    expect(await ids("a")).toEqual([]);
    const metadata = await callRaw(connection, `${STREAMS}Read`, [readRequest({ stream: "$$a", count: 10n })]);
    expect(
      Buffer.from(ReadResp.deserializeBinary(metadata.messages[0]!).getEvent()!.getEvent()!.getData_asU8()).toString(),
    ).toBe('{"$tb":2}');
    await callRaw(connection, `${STREAMS}Tombstone`, [writeMessage().message(1, writeOptions("a", "any")).finish()]);
    expect(await append("a", "any", [])).toMatchObject({
      status: 9,
      trailers: { exception: "stream-deleted", "stream-name": "a" },
    });
  });

  test("upper-case and structured ids come back as lower-case text; other metadata keys and foreign content types are dropped", async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    await append("a", "any", [
      { id: first.toUpperCase(), metadata: { type: "t", "content-type": "text/plain", created: "1", color: "red" } },
      { idMessage: encodeUuidStructured(second) },
    ]);
    expect(await ids("a")).toEqual([first, second]);
    const { messages } = await callRaw(connection, `${STREAMS}Read`, [readRequest({ stream: "a", count: 1n })]);
    const metadata = ReadResp.deserializeBinary(messages[0]!).getEvent()!.getEvent()!.getMetadataMap();
    expect(metadata.get("content-type")).toBe("application/octet-stream");
    expect(metadata.get("color")).toBeUndefined();
    expect(Math.abs(Number(metadata.get("created")) / 10_000 - Date.now())).toBeLessThan(60_000);
  });
});

describe("delete and tombstone", () => {
  const remove = (kind: "Delete" | "Tombstone", ...args: Parameters<typeof writeOptions>) =>
    callRaw(connection, `${STREAMS}${kind}`, [
      writeMessage()
        .message(1, writeOptions(...args))
        .finish(),
    ]);

  test("conflicts are gRPC errors; each expectation has its number", async () => {
    await append("a", "none", [{}, {}]);
    const wrong = (expected: string, actual: string) => ({
      status: 9,
      trailers: {
        exception: "wrong-expected-version",
        "stream-name": "a",
        "expected-version": expected,
        "actual-version": actual,
      },
    });
    expect(await remove("Delete", "a", "none")).toMatchObject(wrong("-1", "1"));
    expect(await remove("Delete", "a", 7n)).toMatchObject(wrong("7", "1"));
    expect(await remove("Tombstone", "a", 0n)).toMatchObject(wrong("0", "1"));
    for (const expected of ["any", "none", "exists"] as const) {
      const number = { any: "-2", none: "-1", exists: "-4" }[expected];
      expect(await remove("Delete", "missing", expected)).toMatchObject({
        status: 9,
        trailers: { "expected-version": number, "actual-version": "-1" },
      });
    }
    expect(await remove("Delete", "missing", 3n)).toMatchObject({ status: 9 });
  });

  test("a deleted stream may be deleted again, except where it must exist or at another revision", async () => {
    await append("a", "none", [{}, {}]);
    for (const expected of ["any", "any", "none", 1n] as const)
      expect((await remove("Delete", "a", expected)).status).toBe(0);
    expect(await remove("Delete", "a", "exists")).toMatchObject({
      status: 9,
      trailers: { exception: "stream-deleted" },
    });
    expect(await remove("Delete", "a", 0n)).toMatchObject({
      status: 9,
      trailers: { exception: "wrong-expected-version" },
    });
  });

  test("metadata of a tombstoned stream: refused while there is none, written when there is some, never readable", async () => {
    await append("$$with", "any", [{}]);
    for (const stream of ["with", "without"]) await remove("Tombstone", stream, "any");
    expect((await append("$$with", "any", [{}])).status).toBe(0);
    expect(await append("$$without", "any", [{}])).toMatchObject({
      status: 9,
      trailers: { exception: "stream-deleted" },
    });
    const read = await callRaw(connection, `${STREAMS}Read`, [readRequest({ stream: "$$with", count: 1n })]);
    expect(read).toMatchObject({ status: 9, trailers: { exception: "stream-deleted", "stream-name": "$$with" } });
  });

  test("names outside ASCII arrive percent-encoded", async () => {
    expect(await remove("Delete", "заявка 1", "any")).toMatchObject({
      status: 9,
      trailers: { "stream-name": "%D0%B7%D0%B0%D1%8F%D0%B2%D0%BA%D0%B0%201" },
    });
  });

  test("missing parts", async () => {
    expect(await remove("Delete", undefined, "any")).toMatchObject({ status: 2 });
    expect(await remove("Delete", "a", undefined)).toMatchObject({ status: 3 });
    expect((await callRaw(connection, `${STREAMS}Delete`, [])).status).toBe(13);
  });
});

describe("batch append", () => {
  let call: RawCall;
  beforeEach(() => {
    call = connection.call(`${STREAMS}BatchAppend`);
  });
  const options = writeOptions("a", "any");
  const send = (chunk: Parameters<typeof batchChunk>[0]) => call.send(batchChunk(chunk));
  const answers = async (count: number) =>
    (await call.messages(count)).map((message) => BatchAppendResp.deserializeBinary(message));
  /** Everything is answered when the call ends. */
  const finished = async () => {
    call.halfClose();
    const { messages, status } = await call.ended();
    expect(status).toBe(0);
    return messages.map((message) => BatchAppendResp.deserializeBinary(message));
  };

  test("ids are echoed in the form they came, with the stream", async () => {
    const [text, structured] = [uuidText(randomUUID().toUpperCase()), encodeUuidStructured(randomUUID())];
    send({ id: text, options, events: [{}], final: true });
    send({ id: structured, options, events: [{}], final: true });
    const [first, second] = await answers(2);
    expect(Buffer.from(first!.getCorrelationId()!.serializeBinary())).toEqual(text);
    expect(second!.getCorrelationId()!.hasStructured()).toBe(true);
    expect(Buffer.from(second!.getStreamIdentifier()!.serializeBinary())).toEqual(streamIdentifier("a"));
    expect(second!.getSuccess()!.getCurrentRevision()).toBe("1");
  });

  test("without an id the answer has none, an unreadable id comes back as it was", async () => {
    send({ options, events: [{}], final: true });
    send({ id: uuidText("nonsense"), options, events: [{}], final: true });
    const [first, second] = await answers(2);
    expect(first!.hasCorrelationId()).toBe(false);
    expect(second!.getCorrelationId()!.getString()).toBe("nonsense");
    for (const answer of [first!, second!]) {
      expect(answer.getError()!.getCode()).toBe(3);
      expect(answer.getError()!.getDetails()!.getTypeUrl()).toBe("type.googleapis.com/event_store.client.BadRequest");
    }
  });

  test("chunks of an unknown id get no answer; the first options count; a finished id may be used again", async () => {
    const id = uuidText(randomUUID());
    send({ id: uuidText(randomUUID()), events: [{}], final: true });
    send({ id, options, events: [{}] });
    send({ id, options: writeOptions("b", "none"), events: [{}], final: true });
    send({ id, options: writeOptions("c", "none"), events: [{}], final: true });
    const done = await finished();
    expect(done.map((answer) => Buffer.from(answer.getStreamIdentifier()!.getStreamName_asU8()).toString())).toEqual([
      "a",
      "c",
    ]);
    expect(await ids("a")).toHaveLength(2);
    expect(await ids("b")).toEqual(["none"]);
  });

  test.each([
    ["a zero event id", { events: [{ id: NIL_UUID }] }],
    ["no type", { events: [{ metadata: { "content-type": "application/json" } }] }],
    ["no content type", { events: [{ metadata: { type: "t" } }] }],
    ["an empty type", { events: [{ metadata: { type: "", "content-type": "application/json" } }] }],
    ["no stream", { options: writeOptions(undefined, "any") }],
    ["an empty stream name", { options: writeOptions("", "any") }],
    ["the stream $$", { options: writeOptions("$$", "any") }],
    ["no expectation", { options: writeOptions("a", undefined) }],
  ])("%s is answered at once as a bad request, and what follows of that id is dropped", async (_name, over) => {
    const id = uuidText(randomUUID());
    send({ id, options, events: [{}], ...over });
    send({ id, events: [{}] });
    send({ id, events: [{}], final: true });
    const done = await finished();
    expect(done).toHaveLength(1);
    expect(done[0]!.getError()!.getMessage()).toBe("BadRequest");
    expect(await ids("a")).toEqual(["none"]);
  });

  test("too large: told at once, over all chunks, exactly the limit passes", async () => {
    const [small, large] = [uuidText(randomUUID()), uuidText(randomUUID())];
    send({ id: small, options, events: [{ data: "x".repeat(498) }] });
    send({ id: small, events: [{ data: "x".repeat(498) }], final: true });
    send({ id: large, options, events: [{ data: "x".repeat(498) }] });
    send({ id: large, events: [{ data: "x".repeat(499) }] });
    const [first, second] = await answers(2);
    const failed = [first!, second!].find((answer) => answer.hasError())!;
    expect(failed.getError()!.getCode()).toBe(3);
    const details = failed.getError()!.getDetails()!;
    expect(details.getTypeUrl()).toBe("type.googleapis.com/event_store.client.MaximumAppendSizeExceeded");
    expect(sharedPb.MaximumAppendSizeExceeded.deserializeBinary(details.getValue_asU8()).getMaxappendsize()).toBe(1000);
    expect(await ids("a")).toHaveLength(2);
  });

  test("conflict and deletion carry their details", async () => {
    await callRaw(connection, `${STREAMS}Tombstone`, [writeMessage().message(1, writeOptions("gone", "any")).finish()]);
    send({ id: uuidText(randomUUID()), options: writeOptions("a", 3n), events: [{}], final: true });
    send({ id: uuidText(randomUUID()), options: writeOptions("gone", "any"), events: [{}], final: true });
    const [conflict, deleted] = (await answers(2)).map((answer) => answer.getError()!);
    expect(conflict!.getCode()).toBe(6);
    const body = sharedPb.WrongExpectedVersion.deserializeBinary(conflict!.getDetails()!.getValue_asU8());
    expect(body.hasCurrentNoStream()).toBe(true);
    expect(body.getExpectedStreamPosition()).toBe("3");
    expect(deleted!.getCode()).toBe(5);
    expect(
      Buffer.from(
        sharedPb.StreamDeleted.deserializeBinary(deleted!.getDetails()!.getValue_asU8())
          .getStreamIdentifier()!
          .getStreamName_asU8(),
      ).toString(),
    ).toBe("gone");
  });

  test("an append that stays unfinished times out with its id in structured form, and half-closing waits for that", async () => {
    const correlation = randomUUID();
    const duration = writeMessage().uint(1, 0).uint(2, 50_000_000).finish();
    send({
      id: uuidText(correlation),
      options: Buffer.concat([options, writeMessage().message(7, duration).finish()]),
      events: [{}],
    });
    const [timeout, ...more] = await finished();
    expect(more).toEqual([]);
    expect(timeout!.getError()!.getCode()).toBe(4);
    expect(timeout!.getError()!.getDetails()!.getTypeUrl()).toBe("type.googleapis.com/event_store.client.Timeout");
    expect(Buffer.from(timeout!.getCorrelationId()!.serializeBinary())).toEqual(encodeUuidStructured(correlation));
    expect(await ids("a")).toEqual(["none"]);
  });

  test("a deadline that has passed is answered at once", async () => {
    const past = writeMessage().uint(1, 1_700_000_000).finish();
    send({
      id: uuidText(randomUUID()),
      options: Buffer.concat([options, writeMessage().message(6, past).finish()]),
      events: [{}],
      final: true,
    });
    const [timeout] = await answers(1);
    expect(timeout!.getError()!.getMessage()).toBe("Timeout");
    expect(await ids("a")).toEqual(["none"]);
  });

  test("appends are applied in the order of their last chunks", async () => {
    const [first, second] = [uuidText(randomUUID()), uuidText(randomUUID())];
    const [early, late] = [randomUUID(), randomUUID()];
    send({ id: first, options, events: [{ id: late }] });
    send({ id: second, options, events: [{ id: early }], final: true });
    send({ id: first, final: true });
    await finished();
    expect(await ids("a")).toEqual([early, late]);
  });

  test("a call that is cancelled in the middle of an append leaves nothing", async () => {
    send({ id: uuidText(randomUUID()), options, events: [{}] });
    call.cancel();
    await call.ended();
    expect(await ids("a")).toEqual(["none"]);
  });

  test("bytes that are no message fail the call, and only it", async () => {
    call.stream.write(frameOf(Buffer.from([0xff, 0xff, 0xff])));
    expect((await call.ended()).status).toBe(2);
    expect(await ids("a")).toEqual(["none"]);
  });
});

import streamsPb from "@eventstore/db-client/generated/streams_pb.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EventStoreNode, startEventStore } from "../node.ts";
import {
  appendMessages,
  callRaw,
  connectRaw,
  type RawAnswer,
  type RawCall,
  type RawConnection,
  type RawEvent,
  type RawRead,
  readRequest,
  STREAMS,
  writeOptions,
} from "../testing/raw-call.ts";
import { frameOf, writeMessage } from "../wire/protobuf.ts";
import { encodeUuidStructured } from "../wire/uuid.ts";

/** Reads and subscriptions as only a hand-made caller can ask for them (spec 2.4, 3.2, 3.5 to 3.7, 11). */

const { AppendResp, ReadResp } = streamsPb;

let node: EventStoreNode;
let connection: RawConnection;
let calls: RawCall[];
beforeEach(async () => {
  node = await startEventStore({ port: 0, memory: true });
  connection = await connectRaw(node.port);
  calls = [];
});
afterEach(async () => {
  for (const call of calls) call.cancel();
  connection.close();
  await node.stop();
});

/** Appends and gives the position of the last event. */
const append = async (stream: string, events: readonly RawEvent[] | number): Promise<bigint> => {
  const list = typeof events === "number" ? Array.from({ length: events }, () => ({})) : events;
  const { messages } = await callRaw(connection, `${STREAMS}Append`, appendMessages(stream, "any", list));
  return BigInt(AppendResp.deserializeBinary(messages[0]!).getSuccess()!.getPosition()!.getCommitPosition());
};
const remove = (kind: "Delete" | "Tombstone", stream: string) =>
  callRaw(connection, `${STREAMS}${kind}`, [writeMessage().message(1, writeOptions(stream, "any")).finish()]);
const read = (request: RawRead): Promise<RawAnswer> =>
  callRaw(connection, `${STREAMS}Read`, [readRequest({ count: 1000n, ...request })]);
const subscribe = (request: RawRead): RawCall => {
  const call = connection.call(`${STREAMS}Read`);
  call.send(readRequest({ subscribe: true, ...request }));
  calls.push(call);
  return call;
};

/** A message in short: `r3` an event by revision, `p100` a checkpoint, the other messages by name. */
const brief = (message: Buffer): string => {
  const response = ReadResp.deserializeBinary(message);
  const event = response.getEvent();
  if (event)
    return `${event.hasEvent() ? `r${event.getEvent()!.getStreamRevision()}` : "-"}${event.hasLink() ? ` via r${event.getLink()!.getStreamRevision()}` : ""}`;
  if (response.hasConfirmation()) return "confirmation";
  if (response.hasCheckpoint()) return `p${response.getCheckpoint()!.getCommitPosition()}`;
  if (response.hasStreamNotFound()) return "not found";
  if (response.hasFirstStreamPosition()) return `first ${response.getFirstStreamPosition()}`;
  if (response.hasLastStreamPosition()) return `last ${response.getLastStreamPosition()}`;
  // Field 8, which this version of the generated code does not name.
  return message[0] === 0x42 ? "caught up" : "?";
};
const briefs = (messages: readonly Buffer[]): string[] => messages.map(brief);
const positionsOf = (messages: readonly Buffer[]): bigint[] =>
  messages
    .filter((message) => ReadResp.deserializeBinary(message).hasEvent())
    .map((message) => BigInt(ReadResp.deserializeBinary(message).getEvent()!.getCommitPosition()));

describe("requests that cannot be served", () => {
  test.each<[string, RawRead]>([
    ["no source", { count: 1n }],
    ["no count and no subscription", { stream: "a" }],
    ["no filter option", { stream: "a", count: 1n, noFilter: false }],
    ["no filter option on $all", { all: true, count: 1n, noFilter: false }],
    ["no uuid option", { stream: "a", count: 1n, uuid: "none" }],
    ["a subscription backwards", { stream: "a", subscribe: true, backwards: true }],
    ["a subscription to $all backwards", { all: true, subscribe: true, backwards: true }],
    ["a filter on a stream", { stream: "a", count: 1n, filter: { on: "type", prefixes: ["x"] } }],
    ["a filter without a kind", { all: true, count: 1n, filter: {} }],
    ["a subscription with a filter without a kind", { all: true, subscribe: true, filter: {} }],
  ])("%s: INVALID_ARGUMENT, nothing before it", async (_name, request) => {
    const answer = await callRaw(connection, `${STREAMS}Read`, [readRequest(request)]);
    expect(answer).toMatchObject({ status: 3, messages: [] });
  });

  test.each<[string, RawRead]>([
    ["the empty stream name", { stream: "", count: 1n }],
    ["a commit before its prepare position", { all: true, count: 1n, from: { commit: 1n, prepare: 2n } }],
    ["a broken expression", { all: true, subscribe: true, filter: { on: "type", regex: "(" } }],
    [
      "an interval multiplier of 0",
      { all: true, subscribe: true, filter: { on: "type", prefixes: ["a"], multiplier: 0 } },
    ],
  ])("%s: UNKNOWN, nothing before it", async (_name, request) => {
    const answer = await callRaw(connection, `${STREAMS}Read`, [readRequest(request)]);
    expect(answer).toMatchObject({ status: 2, messages: [] });
  });

  test("the name $$ is a stream that does not exist", async () => {
    expect(briefs((await read({ stream: "$$" })).messages)).toEqual(["not found"]);
  });

  test("unknown services and methods are unimplemented, other requests are no gRPC", async () => {
    expect(await callRaw(connection, "/event_store.client.projections.Projections/List", [])).toMatchObject({
      status: 12,
      text: "Service is unimplemented.",
    });
    expect(await callRaw(connection, `${STREAMS}Scribble`, [])).toMatchObject({
      status: 12,
      text: "Method is unimplemented.",
    });
    expect((await callRaw(connection, `${STREAMS}Read`, [], { "content-type": "text/plain" })).http).toBe(415);
  });

  test("a message above 17 MiB is refused, and the connection lives on", async () => {
    const call = connection.call(`${STREAMS}Append`);
    call.stream.write(frameOf(Buffer.alloc(0)));
    const prefix = Buffer.from([0, 0xff, 0xff, 0xff, 0xff]);
    call.stream.write(prefix);
    expect((await call.ended()).status).toBe(8);
    expect((await read({ stream: "a" })).status).toBe(0);
  });

  test("a deadline ends a call that does not finish", async () => {
    const call = connection.call(`${STREAMS}Append`, { "grpc-timeout": "30m" });
    call.send(appendMessages("a", "any", [])[0]!);
    expect((await call.ended()).status).toBe(4);
  });
});

describe("stream reads", () => {
  test("count 0 fails as on a real node", async () => {
    await append("a", 2);
    expect(await read({ stream: "a", count: 0n })).toMatchObject({
      status: 2,
      text: "Unexpected ReadStreamResult: Error",
    });
  });

  test("both ends, both directions", async () => {
    await append("a", 4);
    const cases: [RawRead, string[]][] = [
      [{ from: "start" }, ["r0", "r1", "r2", "r3"]],
      [{ from: "end", backwards: true }, ["r3", "r2", "r1", "r0"]],
      [{ from: 2n }, ["r2", "r3"]],
      [{ from: 2n, backwards: true }, ["r2", "r1", "r0"]],
      [{ from: 9n }, []],
      [{ from: 9n, backwards: true, count: 1n }, ["r3"]],
      [{ from: "start", backwards: true }, ["r0"]],
      [{ from: "end" }, []],
      [{ from: 2n ** 63n + 5n }, []],
    ];
    for (const [request, wanted] of cases) {
      const answer = await read({ stream: "a", ...request });
      expect(answer.status).toBe(0);
      expect(briefs(answer.messages)).toEqual(wanted);
    }
  });

  test("newer callers are told the last revision, and the first when nothing was delivered", async () => {
    await append("a", 4);
    const at = async (request: RawRead) => briefs((await read({ stream: "a", compatibility: 1, ...request })).messages);
    expect(await at({ count: 2n })).toEqual(["r0", "r1", "last 3"]);
    expect(await at({ from: "end", backwards: true, count: 1n })).toEqual(["r3", "last 3"]);
    expect(await at({ from: 7n })).toEqual(["first 0", "last 3"]);
    await append("$$a", [{ data: '{"$tb":2}' }]);
    expect(await at({ from: 7n })).toEqual(["first 2", "last 3"]);
    await append("$$a", [{ data: '{"$tb":100}' }]);
    expect(await at({})).toEqual(["first 4", "last 3"]);
    expect(briefs((await read({ stream: "none", compatibility: 1 })).messages)).toEqual(["not found"]);
  });

  test("ids in structured form when asked for", async () => {
    const [id, link] = [crypto.randomUUID(), crypto.randomUUID()];
    await append("a", [{ id }]);
    await append("links", [
      { id: link, data: "0@a", metadata: { type: "$>", "content-type": "application/octet-stream" } },
    ]);
    const [plain] = (await read({ stream: "a", uuid: "structured" })).messages;
    expect(Buffer.from(ReadResp.deserializeBinary(plain!).getEvent()!.getEvent()!.getId()!.serializeBinary())).toEqual(
      encodeUuidStructured(id),
    );
    const [resolved] = (await read({ stream: "links", uuid: "structured", links: true })).messages;
    const event = ReadResp.deserializeBinary(resolved!).getEvent()!;
    expect(Buffer.from(event.getEvent()!.getId()!.serializeBinary())).toEqual(encodeUuidStructured(id));
    expect(Buffer.from(event.getLink()!.getId()!.serializeBinary())).toEqual(encodeUuidStructured(link));
  });

  test("links: resolved, broken, deleted, truncated, odd, one level only", async () => {
    const link = (data: string): RawEvent => ({
      data,
      metadata: { type: "$>", "content-type": "application/octet-stream" },
    });
    await append("x@y", 3);
    await append("deleted", 1);
    await append("tombstoned", 1);
    await append("links", [
      link("1@x@y"),
      link("9@x@y"),
      link("0@none"),
      link("0@deleted"),
      link("0@tombstoned"),
      link("nonsense"),
      link("0@links"),
      link("0@x@y"),
    ]);
    await remove("Delete", "deleted");
    await remove("Tombstone", "tombstoned");
    await append("$$x@y", [{ data: '{"$tb":1}' }]);
    expect(briefs((await read({ stream: "links", links: true })).messages)).toEqual([
      "r1 via r0",
      "- via r1",
      "- via r2",
      "- via r3",
      "- via r4",
      "r5",
      "r0 via r6",
      "- via r7",
    ]);
    expect(briefs((await read({ stream: "links" })).messages)).toEqual([
      "r0",
      "r1",
      "r2",
      "r3",
      "r4",
      "r5",
      "r6",
      "r7",
    ]);
  });
});

describe("reads of $all", () => {
  test("forwards includes the position, backwards excludes it; ends and beyond", async () => {
    const first = await append("a", 1);
    const second = await append("a", 1);
    const third = await append("a", 1);
    const at = async (request: RawRead) => positionsOf((await read({ all: true, ...request })).messages);
    expect(await at({ from: second })).toEqual([second, third]);
    expect((await at({ from: second, backwards: true }))[0]).toBe(first);
    expect(await at({ from: { commit: second, prepare: second - 1n } })).toEqual([second, third]);
    const whole = await at({ from: "start" });
    expect(whole.slice(-3)).toEqual([first, second, third]);
    expect(whole.length).toBeGreaterThan(3);
    expect(await at({ from: 0n })).toEqual(whole);
    expect(await at({ from: "end", backwards: true })).toEqual(whole.toReversed());
    expect(await at({ from: 2n ** 64n - 1n, backwards: true })).toEqual(whole.toReversed());
    for (const request of [
      { from: "start" as const, backwards: true },
      { from: "end" as const },
      { from: third + 10_000n },
      { from: "start" as const, count: 0n },
    ]) {
      expect(await read({ all: true, ...request })).toMatchObject({ status: 0, messages: [] });
    }
    expect(await read({ all: true, from: third + 10_000n, backwards: true })).toMatchObject({
      status: 2,
      text: "Unexpected ReadAllResult: Error",
    });
    for (const backwards of [false, true]) {
      expect(await read({ all: true, from: second + 1n, backwards })).toMatchObject({
        status: 2,
        text: "Unexpected ReadAllResult: InvalidPosition",
      });
    }
  });

  test("a filter is honoured both ways and count counts the matches", async () => {
    const wanted: bigint[] = [];
    for (let i = 0; i < 6; i++) {
      await append("other", 3);
      wanted.push(await append(`mine-${i}`, 1));
    }
    const filter = { on: "stream" as const, prefixes: ["mine-"] };
    expect(positionsOf((await read({ all: true, filter, count: 4n })).messages)).toEqual(wanted.slice(0, 4));
    expect(positionsOf((await read({ all: true, filter, count: 2n, from: "end", backwards: true })).messages)).toEqual(
      wanted.toReversed().slice(0, 2),
    );
    expect(
      positionsOf(
        (await read({ all: true, filter: { on: "stream", regex: "e-[35]$", prefixes: ["other"] } })).messages,
      ),
    ).toEqual([wanted[3], wanted[5]]);
    expect((await read({ all: true, filter: { on: "type", prefixes: [] } })).messages).toEqual([]);
    expect((await read({ all: true, filter: { on: "type", regex: "^[^$].*" } })).messages).toHaveLength(24);
  });
});

describe("subscriptions", () => {
  test("order of messages: confirmation, what is there, caught up, what comes", async () => {
    await append("a", 3);
    const call = subscribe({ stream: "a", from: 0n });
    await call.messages(4);
    await append("a", 2);
    await append("b", 1);
    expect(briefs(await call.messages(6))).toEqual(["confirmation", "r1", "r2", "caught up", "r3", "r4"]);
  });

  test("to the end, to a missing stream, beyond the end, through deletion, to the tombstone", async () => {
    await append("a", 2);
    const [fromEnd, beyond, missing] = [
      subscribe({ stream: "a", from: "end" }),
      subscribe({ stream: "a", from: 3n }),
      subscribe({ stream: "later" }),
    ];
    for (const call of [fromEnd, beyond, missing])
      expect(briefs(await call.messages(2))).toEqual(["confirmation", "caught up"]);
    await append("a", 3);
    await append("later", 1);
    expect(briefs(await missing.messages(3)).slice(2)).toEqual(["r0"]);
    expect(briefs(await fromEnd.messages(5)).slice(2)).toEqual(["r2", "r3", "r4"]);
    expect(briefs(await beyond.messages(3)).slice(2)).toEqual(["r4"]);
    await remove("Delete", "a");
    await append("a", 1);
    expect(briefs(await beyond.messages(4)).slice(3)).toEqual(["r5"]);
    await remove("Tombstone", "a");
    const ended = await beyond.ended();
    expect(briefs(ended.messages).slice(4)).toEqual(["r9223372036854775807"]);
    expect(ended).toMatchObject({ status: 9, trailers: { exception: "stream-deleted", "stream-name": "a" } });
    expect(await subscribe({ stream: "a" }).ended()).toMatchObject({ status: 9, messages: [] });
  });

  test("$all: exclusive start, links and unmatched types included, hidden streams not", async () => {
    const start = await append("a", 1);
    await append("$persistentsubscription-$all::g-checkpoint", 1);
    const next = await append("b", 1);
    const call = subscribe({ all: true, from: start });
    await call.messages(3);
    await append("$persistentsubscription-$all::g-parked", 1);
    const live = await append("c", 1);
    expect(positionsOf(await call.messages(4))).toEqual([next, live]);
  });

  test("$all: a position that is no event's fails after the confirmation, one beyond the end waits", async () => {
    const last = await append("a", 1);
    const invalid = await subscribe({ all: true, from: last - 1n }).ended();
    expect(briefs(invalid.messages)).toEqual(["confirmation"]);
    expect(invalid).toMatchObject({ status: 3, text: "Trying to read from an invalid position." });
    const beyond = subscribe({ all: true, from: last + 400n });
    await beyond.messages(2);
    const events: bigint[] = [];
    for (let i = 0; i < 8; i++) events.push(await append("a", 1));
    const late = events.filter((position) => position > last + 400n);
    expect(late.length).toBeGreaterThan(0);
    expect(late.length).toBeLessThan(8);
    expect(positionsOf(await beyond.messages(2 + late.length))).toEqual(late);
  });

  test("checkpoints: between pages while catching up, at the last match at its end, never again or earlier", async () => {
    const start = await append("other", 1);
    await append("m", 384);
    const positions = positionsOf((await read({ stream: "m" })).messages);
    const tail = await append("other", 1);
    const filter = { on: "stream" as const, prefixes: ["m"], multiplier: 2 };
    const call = subscribe({ all: true, from: start, filter });
    const messages = briefs(await call.messages(1 + 384 + 7 + 1));
    expect(messages[0]).toBe("confirmation");
    expect(messages.at(-1)).toBe("caught up");
    const checkpoints = messages.filter((message) => message.startsWith("p"));
    // The event at the start counts, so the first falls due after 63 matches; the last stands at the last match.
    expect(checkpoints).toEqual([63, 127, 191, 255, 319, 383, 384].map((match) => `p${positions[match - 1]!}`));
    expect(messages.indexOf(checkpoints[0]!)).toBe(64);
    // Resuming from any of them misses nothing.
    for (const checkpoint of checkpoints) {
      const from = BigInt(checkpoint.slice(1));
      const resumed = subscribe({ all: true, from, filter });
      const rest = positions.filter((position) => position > from);
      await resumed.messages(1 + rest.length + 1);
      expect(positionsOf(resumed.answer.messages)).toEqual(rest);
      resumed.cancel();
    }
    expect(tail).toBeGreaterThan(positions.at(-1)!);
    // Live, every event counts, matching or not.
    const before = call.answer.messages.length;
    await append("other", 200);
    const live = briefs(await call.messages(before + 3)).slice(before);
    expect(live.every((message) => message.startsWith("p"))).toBe(true);
    expect(live.length).toBe(3);
    const numbers = [...checkpoints, ...live].map((checkpoint) => Number(checkpoint.slice(1)));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test("a filter that matches nothing: checkpoints go on, none at the end", async () => {
    await append("other", 200);
    const call = subscribe({ all: true, filter: { on: "stream", prefixes: ["nobody"] } });
    const messages = briefs(await call.messages(1 + 6 + 1));
    expect(messages.slice(1, -1).every((message) => message.startsWith("p"))).toBe(true);
    expect(messages.at(-1)).toBe("caught up");
    const from = BigInt(messages.at(-2)!.slice(1));
    await append("nobody-yet", 1);
    const resumed = subscribe({ all: true, from, filter: { on: "stream", prefixes: ["nobody"], max: 0 } });
    await resumed.messages(2);
    expect(positionsOf(resumed.answer.messages)).toHaveLength(1);
  });

  test("without a filter there are no checkpoints", async () => {
    await append("a", 300);
    const call = subscribe({ all: true });
    const messages = briefs(await call.messages(303));
    expect(messages.filter((message) => message.startsWith("p"))).toEqual([]);
  });
});

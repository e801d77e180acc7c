import { randomUUID } from "node:crypto";
import { startEventStore } from "@docket/embedded-eventstore";
import { type CutProxy, startCutProxy } from "@docket/test-kit";
import { EventStoreDBClient } from "@eventstore/db-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { comment, metaOf, newStream, startNode, written } from "../test/facts.ts";
import type { EventStore } from "./api.ts";
import { StoreUnavailable } from "./errors.ts";
import { openEventStore } from "./event-store.ts";
import { verifyChain } from "./hash-chain.ts";
import type { RawEvent } from "./raw-event.ts";

let node: Awaited<ReturnType<typeof startEventStore>>;
let store: EventStore;
let client: EventStoreDBClient;
const closers: (() => Promise<unknown>)[] = [];

const urlOf = (port: number): string => `esdb://127.0.0.1:${port}?tls=false`;

beforeAll(async () => {
  node = await startEventStore({ port: 0, memory: true });
  store = openEventStore(urlOf(node.port));
  client = EventStoreDBClient.connectionString(urlOf(node.port));
});
afterAll(async () => {
  await Promise.all(closers.map((close) => close()));
  await store.close();
  await client.dispose();
  await node.stop();
});

async function throughProxy(
  options: Parameters<typeof openEventStore>[1] = {},
): Promise<{ proxy: CutProxy; proxied: EventStore }> {
  const proxy = await startCutProxy(node.port);
  const proxied = openEventStore(urlOf(proxy.port), options);
  closers.push(
    () => proxied.close(),
    () => proxy.close(),
  );
  return { proxy, proxied };
}

async function everything(from: EventStore, prefix?: string): Promise<RawEvent[]> {
  const events: RawEvent[] = [];
  for await (const event of from.readAll(prefix === undefined ? {} : { prefixes: [prefix] })) events.push(event);
  return events;
}
const rawsOf = (stream: string): Promise<RawEvent[]> => everything(store, stream);

const texts = async (stream: string): Promise<unknown[]> =>
  (await store.load(stream)).map((fact) => (fact.data as { text: string }).text);

describe("an append", () => {
  it("is read back as it was given, by us and by the official client", async () => {
    const stream = newStream();
    const meta = metaOf();
    const result = written(await store.append(stream, "none", [comment("Здравствуйте! 😀\u2028"), comment("b")], meta));
    expect(result.tail).toEqual({ revision: 1, hash: result.facts[1]?.hash });
    expect(await store.load(stream)).toEqual(
      result.facts.map((fact, index) => ({
        ...fact,
        position: index === 1 ? result.position : (expect.anything() as unknown),
      })),
    );

    const official = [];
    for await (const { event } of client.readStream(stream)) official.push(event);
    const ours = await rawsOf(stream);
    expect(
      ours.map(({ eventId: id, type, revision, data, stored: metadata, position, createdMs }) => ({
        id,
        type,
        revision,
        data,
        metadata,
        position,
        createdMs,
      })),
    ).toEqual(
      official.map((event) => ({
        id: event?.id,
        type: event?.type,
        revision: Number(event?.revision),
        data: event?.data,
        metadata: event?.metadata,
        position: { commit: Number(event?.position?.commit), prepare: Number(event?.position?.prepare) },
        createdMs: event?.created.getTime(),
      })),
    );
    expect(official[0]?.isJson).toBe(true);
    expect(await store.head()).toEqual(result.position);
  });

  it("goes on from a revision, a tail or nothing; the chain verifies", async () => {
    const stream = newStream();
    const first = written(await store.append(stream, "none", [comment("a")], metaOf()));
    const second = await store.append(stream, first.tail, [comment("b"), comment("c")], metaOf());
    expect(second).toMatchObject({ outcome: "written", tail: { revision: 2 } });
    expect(await store.append(stream, 2, [comment("d")], metaOf())).toMatchObject({
      outcome: "written",
      tail: { revision: 3 },
    });
    expect(await texts(stream)).toEqual(["a", "b", "c", "d"]);
    expect((await store.load(stream, { from: 1, limit: 2 })).map((fact) => fact.revision)).toEqual([1, 2]);
    expect((await store.last(stream))?.revision).toBe(3);
    expect(verifyChain(await rawsOf(stream))).toBeUndefined();
  });

  it("is found in the log by the beginning of its type, and of its stream", async () => {
    const stream = newStream();
    await store.append(stream, "none", [comment("a"), comment("b")], metaOf());
    const found: RawEvent[] = [];
    for await (const event of store.readAll({ direction: "backwards", limit: 2, types: ["TicketComm"] }))
      found.push(event);
    expect(found.map((event) => [event.stream, event.revision])).toEqual([
      [stream, 1],
      [stream, 0],
    ]);
    for await (const event of store.readAll({ types: ["TicketNeverWas"] })) throw new Error(event.type);
    expect((await store.loadRaw(stream, { from: 1 })).map(({ revision }) => revision)).toEqual([1]);
  });

  it("at another revision is a conflict that tells the stream's own", async () => {
    const stream = newStream();
    expect(await store.append(stream, 4, [comment("x")], metaOf())).toEqual({
      outcome: "conflict",
      currentRevision: -1,
    });
    expect(await store.append(stream, { revision: 4, hash: "0" }, [comment("x")], metaOf())).toEqual({
      outcome: "conflict",
      currentRevision: -1,
    });
    written(await store.append(stream, "none", [comment("a"), comment("b")], metaOf()));
    expect(await store.append(stream, "none", [comment("x")], metaOf())).toEqual({
      outcome: "conflict",
      currentRevision: 1,
    });
    expect(await store.append(stream, 0, [comment("x")], metaOf())).toEqual({
      outcome: "conflict",
      currentRevision: 1,
    });
    expect(await texts(stream)).toEqual(["a", "b"]);
  });

  it("that cannot be is refused with a code", async () => {
    await expect(store.append(newStream(), "none", [comment("x".repeat(2_000_000))], metaOf())).rejects.toMatchObject({
      code: "append_too_large",
    });
    await expect(store.append(newStream(), "none", [comment("x".repeat(20_000_000))], metaOf())).rejects.toMatchObject({
      code: "append_too_large",
    });
    const stream = newStream();
    await client.tombstoneStream(stream);
    await expect(store.append(stream, "none", [comment("x")], metaOf())).rejects.toMatchObject({
      code: "stream_deleted",
    });
    await expect(store.load(stream)).rejects.toMatchObject({ code: "stream_deleted" });
    expect(await store.load(newStream())).toEqual([]);
    expect(await store.last(newStream())).toBeUndefined();
  });

  it("of one command by two processes at once is written once; the slower one learns of it", async () => {
    const other = openEventStore(urlOf(node.port));
    closers.push(() => other.close());
    for (let round = 0; round < 20; round++) {
      const stream = newStream();
      const commandId = randomUUID();
      // The same command; the two differ in when they recorded it, as two processes do.
      const results = await Promise.all([
        store.append(stream, "none", [comment("a")], metaOf(commandId, "2024-04-26T12:00:00.000Z")),
        other.append(stream, "none", [comment("a")], metaOf(commandId, "2024-04-26T12:00:00.001Z")),
      ]);
      expect(results.map((result) => result.outcome).toSorted()).toEqual(["conflict", "written"]);
      const { tail } = written(results.find((result) => result.outcome === "written")!);
      expect((await store.load(stream)).map((fact) => fact.hash)).toEqual([tail.hash]);
    }
  });
});

describe("an append whose answer is lost", () => {
  it("is not written again, and is answered as it was", async () => {
    const { proxy, proxied } = await throughProxy();
    const stream = newStream();
    const first = written(await proxied.append(stream, "none", [comment("a")], metaOf()));
    proxy.mode = "deaf";
    const pending = proxied.append(stream, first.tail, [comment("b"), comment("c")], metaOf());
    await expect.poll(() => texts(stream)).toEqual(["a", "b", "c"]);
    proxy.mode = "open";
    proxy.cut();
    expect(await pending).toMatchObject({ outcome: "written", tail: { revision: 2 } });
    expect(await texts(stream)).toEqual(["a", "b", "c"]);
    expect(verifyChain(await rawsOf(stream))).toBeUndefined();
  });

  it("is told apart from one that others overtook", async () => {
    const { proxy, proxied } = await throughProxy();
    const stream = newStream();
    const first = written(await proxied.append(stream, "none", [comment("a")], metaOf()));
    proxy.mode = "frozen";
    const pending = proxied.append(stream, first.tail, [comment("mine")], metaOf());
    await store.append(stream, first.tail, [comment("theirs")], metaOf());
    proxy.cut();
    proxy.mode = "open";
    expect(await pending).toEqual({ outcome: "conflict", currentRevision: 1 });
    expect(await texts(stream)).toEqual(["a", "theirs"]);
  });

  it("is given up after a time when nobody answers, and the line is opened anew", async () => {
    const { proxy, proxied } = await throughProxy({ appendTimeoutMs: 100, patienceMs: 150 });
    const stream = newStream();
    await proxied.ping();
    proxy.mode = "frozen";
    const failure = await proxied.append(stream, "none", [comment("a")], metaOf()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StoreUnavailable);
    expect(failure).toMatchObject({ code: "store_unavailable", outcomeUnknown: true, retryAfterMs: 1_000 });
    proxy.mode = "open";
    const result = await proxied.append(stream, "none", [comment("b")], metaOf());
    // What was frozen may have come through after all; then it alone stands.
    expect(await texts(stream)).toEqual([result.outcome === "written" ? "b" : "a"]);
  });

  it("fails at once enough when the store is away", async () => {
    const { proxy, proxied } = await throughProxy({ patienceMs: 200 });
    proxy.mode = "closed";
    const began = performance.now();
    await expect(proxied.append(newStream(), "none", [comment("a")], metaOf())).rejects.toBeInstanceOf(
      StoreUnavailable,
    );
    await expect(proxied.load(newStream())).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(proxied.ping()).rejects.toBeInstanceOf(StoreUnavailable);
    expect(performance.now() - began).toBeLessThan(3_000);
    proxy.mode = "open";
    expect(await proxied.load(newStream())).toEqual([]);
  });
});

describe("a store that asks for a login", () => {
  it("serves whoever has it, and tells the others at once", async () => {
    const child = await startNode({ tls: true });
    closers.push(() => child.dispose());
    const open = (login: string): EventStore => {
      const opened = openEventStore(child.url.replace("esdb://", `esdb://${login}@`));
      closers.push(() => opened.close());
      return opened;
    };
    const stream = newStream();
    await open("admin:changeit").append(stream, "none", [comment("a")], metaOf());
    const stranger = open("admin:wrong");
    const began = performance.now();
    await expect(stranger.append(stream, "none", [comment("b")], metaOf())).rejects.toMatchObject({
      code: "access_denied",
    });
    await expect(stranger.load(stream)).rejects.toMatchObject({ code: "access_denied" });
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(await open("admin:changeit").load(stream)).toHaveLength(1);
  });
});

describe("a store killed in the middle of many appends", () => {
  it("keeps each exactly once, in whole chains, and no other store of the process is disturbed", async () => {
    const child = await startNode({});
    closers.push(() => child.dispose());
    const killed = openEventStore(child.url, { patienceMs: 30_000 });
    closers.push(() => killed.close());
    let running = true;
    let count = 0;
    const streams = new Map<string, string[]>();
    const writer = async (): Promise<void> => {
      while (running) {
        const stream = newStream();
        const said: string[] = [];
        streams.set(stream, said);
        let { tail } = written(await killed.append(stream, "none", [comment("0")], metaOf()));
        said.push("0");
        for (let n = 1; n < 5; n++) {
          ({ tail } = written(await killed.append(stream, tail, [comment(String(n))], metaOf())));
          said.push(String(n));
        }
        count++;
      }
    };
    const bystander = async (): Promise<void> => {
      while (running)
        expect(await store.append(newStream(), "none", [comment("x")], metaOf())).toMatchObject({ outcome: "written" });
    };
    const work = Promise.all([bystander(), ...Array.from({ length: 64 }, writer)]);
    for (let kill = 1; kill <= 3; kill++) {
      const before = count;
      await expect.poll(() => count, { timeout: 20_000 }).toBeGreaterThan(before + 20);
      await child.kill();
      await child.restart();
    }
    const before = count;
    await expect.poll(() => count, { timeout: 20_000 }).toBeGreaterThan(before + 20);
    running = false;
    await work;
    const byStream = Map.groupBy(await everything(killed), (event) => event.stream);
    for (const [stream, said] of streams) {
      const events = byStream.get(stream) ?? [];
      expect(events.map((event) => event.data["text"])).toEqual(said);
      expect(verifyChain(events)).toBeUndefined();
    }
  });
});

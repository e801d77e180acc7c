import { startEventStore } from "@docket/embedded-eventstore";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { comment, metaOf, newStream, written } from "../test/facts.ts";
import type { EventStore } from "./api.ts";
import { openEventStore } from "./event-store.ts";
import { createStateCache, type Fold } from "./state-cache.ts";

let node: Awaited<ReturnType<typeof startEventStore>>;
let store: EventStore;
beforeAll(async () => {
  node = await startEventStore({ port: 0, memory: true });
  store = openEventStore(`esdb://127.0.0.1:${node.port}?tls=false`);
});
afterAll(async () => {
  await store.close();
  await node.stop();
});

const texts: Fold<readonly string[]> = {
  initial: [],
  evolve: (state, fact) => [...state, (fact.data as { text: string }).text],
};

/** A store that counts the events that are read from it. */
function counting(): { load: EventStore["load"]; read: () => number } {
  let read = 0;
  return {
    read: () => read,
    async load(stream, options) {
      const facts = await store.load(stream, options);
      read += facts.length;
      return facts;
    },
  };
}

describe("the cache of folded states", () => {
  it("reads a stream once, and afterwards only what came behind", async () => {
    const stream = newStream();
    await store.append(stream, "none", [comment("a"), comment("b")], metaOf());
    const source = counting();
    const cache = createStateCache(source);
    expect(cache.peek(stream)).toBeUndefined();
    expect((await cache.refresh(stream, texts)).state).toEqual(["a", "b"]);
    await store.append(stream, 1, [comment("c")], metaOf());
    expect(cache.peek(stream)).toMatchObject({ state: ["a", "b"], tail: { revision: 1 } });
    expect(await cache.refresh(stream, texts)).toMatchObject({
      state: ["a", "b", "c"],
      tail: { revision: 2 },
      position: await store.head(),
    });
    expect(source.read()).toBe(3);
  });

  it("takes on what was just written, without reading", async () => {
    const stream = newStream();
    const source = counting();
    const cache = createStateCache(source);
    const empty = await cache.refresh(stream, texts);
    const { facts, tail, position } = written(await store.append(stream, empty.tail, [comment("a")], metaOf()));
    cache.advance(stream, texts, empty, facts);
    expect(cache.peek(stream)).toEqual({ state: ["a"], tail, position });
    expect(source.read()).toBe(0);
  });

  it("forgets the stream used longest ago when it is full", async () => {
    const streams = [newStream(), newStream(), newStream()];
    for (const stream of streams) await store.append(stream, "none", [comment(stream)], metaOf());
    const cache = createStateCache(store, 2);
    await cache.refresh(streams[0]!, texts);
    await cache.refresh(streams[1]!, texts);
    cache.peek(streams[0]!);
    await cache.refresh(streams[2]!, texts);
    expect(streams.map((stream) => cache.peek(stream) !== undefined)).toEqual([true, false, true]);
    expect(cache.size).toBe(2);
  });

  it("starts anew when the stream no longer goes on from what it holds", async () => {
    const stream = newStream();
    await store.append(stream, "none", [comment("a")], metaOf());
    const cache = createStateCache(store);
    const held = await cache.refresh(stream, texts);
    cache.advance(stream, texts, { ...held, tail: { revision: -1, hash: null } }, [
      { ...(await store.load(stream))[0]!, hash: "of another history" },
    ]);
    await store.append(stream, 0, [comment("b")], metaOf());
    expect((await cache.refresh(stream, texts)).state).toEqual(["a", "b"]);
  });
});

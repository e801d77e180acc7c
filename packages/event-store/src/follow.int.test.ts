import { startEventStore } from "@docket/embedded-eventstore";
import { startCutProxy } from "@docket/test-kit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { comment, metaOf, newStream, startNode } from "../test/facts.ts";
import type { Batch, EventStore, FollowStatus } from "./api.ts";
import { openEventStore } from "./event-store.ts";
import { comparePositions, type LogPosition, startOfLog } from "./position.ts";

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

/** Appends events one to a stream, in order; gives the streams' names. */
async function write(to: EventStore, count: number, prefix = "ticket"): Promise<string[]> {
  const names = Array.from({ length: count }, () => newStream().replace("ticket", prefix));
  for (let start = 0; start < count; start += 100) {
    await Promise.all(
      names.slice(start, start + 100).map((name) => to.append(name, "none", [comment(name)], metaOf())),
    );
  }
  return names;
}

/** Follows until the given number of events came, or for ever until stopped. */
function followed(from: LogPosition, options: Partial<Parameters<EventStore["followAll"]>[0]> = {}, by = store) {
  const stop = new AbortController();
  const batches: Batch[] = [];
  const statuses: FollowStatus[] = [];
  const done = by.followAll({
    from,
    signal: stop.signal,
    onStatus: (status) => statuses.push(status),
    ...options,
    async onBatch(batch) {
      await options.onBatch?.(batch);
      batches.push(batch);
    },
  });
  const events = () => batches.flatMap((batch) => batch.events);
  return {
    batches,
    statuses,
    events,
    streams: () => events().map((event) => event.stream),
    isLive: () => batches.at(-1)?.live === true,
    done,
    stop: () => {
      stop.abort();
      return done;
    },
  };
}

describe("following the log", () => {
  it("gives the past, says when it is done with it, then what happens, each event once and in order", async () => {
    const from = await store.head();
    const past = await write(store, 250);
    const following = followed(from);
    await expect.poll(following.isLive).toBe(true);
    expect(following.streams().toSorted()).toEqual(past.toSorted());
    const [fresh] = await write(store, 1);
    await expect.poll(() => following.streams().at(-1)).toBe(fresh);
    expect(following.batches.at(-1)?.live).toBe(true);
    const positions = following.events().map((event) => event.position);
    expect(positions.toSorted(comparePositions)).toEqual(positions);
    expect(following.batches.at(-1)?.checkpoint).toEqual(positions.at(-1));
    await following.stop();
    expect(following.statuses.map((status) => status.state)).toEqual(["catching_up", "live", "live", "stopped"]);
  });

  it("resumes behind a checkpoint", async () => {
    const from = await store.head();
    const all = await write(store, 50);
    const first = followed(from, { maxEvents: 7 });
    await expect.poll(() => first.events().length).toBe(50);
    await first.stop();
    expect(first.batches.every((batch) => batch.events.length <= 7)).toBe(true);
    for (const { checkpoint } of first.batches) {
      const rest = followed(checkpoint);
      await expect.poll(rest.isLive).toBe(true);
      await rest.stop();
      expect(rest.streams()).toEqual(
        first
          .streams()
          .slice(first.events().findIndex((event) => comparePositions(event.position, checkpoint) > 0) >>> 0),
      );
    }
    expect(new Set(first.streams())).toEqual(new Set(all));
  });

  it("hands over one batch at a time and keeps the server waiting meanwhile", async () => {
    const from = await store.head();
    await write(store, 3_000);
    let handling = 0;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let largest = 0;
    const following = followed(from, {
      maxEvents: 100,
      async onBatch(batch) {
        expect(++handling).toBe(1);
        largest = Math.max(largest, batch.events.length);
        await held;
        handling--;
      },
    });
    await expect.poll(() => handling).toBe(1);
    // Everything that can come while the first batch is held has come when the store is idle again.
    await write(store, 1);
    release();
    await expect.poll(() => following.events().length).toBe(3_001);
    expect(largest).toBeLessThanOrEqual(100 + 16);
    await following.stop();
  });

  it("moves the checkpoint past what the filter holds back, and never past an event not handed over", async () => {
    const from = await store.head();
    const mine = await write(store, 3, "contract");
    await write(store, 1_200);
    const following = followed(from, { prefixes: ["contract-"] });
    await expect
      .poll(() =>
        comparePositions(
          following.batches.at(-1)?.checkpoint ?? startOfLog,
          following.events().at(-1)?.position ?? startOfLog,
        ),
      )
      .toBeGreaterThan(0);
    expect(following.streams()).toEqual(mine);
    let handedOver = startOfLog;
    for (const batch of following.batches) {
      for (const event of batch.events) expect(comparePositions(event.position, handedOver)).toBeGreaterThan(0);
      handedOver = batch.checkpoint;
    }
    await following.stop();
    const marked = following.batches.at(-1)?.checkpoint ?? startOfLog;
    const again = followed(marked, { prefixes: ["contract-"] });
    await expect.poll(again.isLive).toBe(true);
    const [later] = await write(store, 1, "contract");
    await expect.poll(again.streams).toEqual([later]);
    await again.stop();
  });

  it("ends with the error of a batch that could not be dealt with, and hands over nothing later", async () => {
    const from = await store.head();
    await write(store, 30);
    let calls = 0;
    const following = followed(from, {
      maxEvents: 10,
      onBatch() {
        calls++;
        throw new Error("cannot");
      },
    });
    await expect(following.done).rejects.toThrow("cannot");
    expect(calls).toBe(1);
    expect(following.statuses.at(-1)).toMatchObject({ state: "failed" });
  });

  it("stops after the batch in hand", async () => {
    const from = await store.head();
    await write(store, 5);
    const stop = new AbortController();
    let finished = false;
    await store.followAll({
      from,
      signal: stop.signal,
      async onBatch() {
        stop.abort();
        await new Promise((resolve) => setTimeout(resolve, 20));
        finished = true;
      },
    });
    expect(finished).toBe(true);
  });
});

describe("a following on bad lines", () => {
  type Trouble =
    { readonly kind: "write"; readonly count: number } | { readonly kind: "cut" | "kill" | "freeze" | "slow" };
  const trouble: fc.Arbitrary<Trouble> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("write" as const), count: fc.integer({ min: 1, max: 150 }) }),
    },
    { weight: 3, arbitrary: fc.constant({ kind: "cut" as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: "freeze" as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: "slow" as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: "kill" as const }) },
  );

  // The model is the log itself: what an undisturbed reader finds in it afterwards.
  it(
    "neither skips nor repeats an event, however the store and the connections fare",
    { timeout: 120_000 },
    async () => {
      const child = await startNode({});
      const proxy = await startCutProxy(child.port);
      const direct = openEventStore(child.url, { patienceMs: 30_000 });
      const proxied = openEventStore(`esdb://127.0.0.1:${proxy.port}?tls=false`);
      try {
        await fc.assert(
          fc.asyncProperty(
            fc.array(trouble, { minLength: 3, maxLength: 12 }),
            fc.integer({ min: 1, max: 40 }),
            async (troubles, maxEvents) => {
              const from = await direct.head();
              let slow = false;
              const following = followed(
                from,
                {
                  maxEvents,
                  async onBatch() {
                    if (slow) await new Promise((resolve) => setTimeout(resolve, 5));
                  },
                },
                proxied,
              );
              let writing: Promise<unknown> = Promise.resolve();
              for (const each of troubles) {
                if (each.kind === "write") writing = Promise.all([writing, write(direct, each.count)]);
                if (each.kind === "cut") proxy.cut();
                if (each.kind === "slow") slow = !slow;
                if (each.kind === "freeze") {
                  proxy.mode = "frozen";
                  await new Promise((resolve) => setTimeout(resolve, 10));
                  proxy.mode = "open";
                }
                if (each.kind === "kill") {
                  await child.kill();
                  await child.restart();
                }
                await new Promise((resolve) => setTimeout(resolve, 3));
              }
              await writing;
              slow = false;
              const log: string[] = [];
              for await (const event of direct.readAll({ from }))
                if (comparePositions(event.position, from) > 0) log.push(event.eventId);
              await expect
                .poll(() => following.events().length, { timeout: 20_000 })
                .toBeGreaterThanOrEqual(log.length);
              await following.stop();
              expect(following.events().map((event) => event.eventId)).toEqual(log);
              let last = from;
              for (const batch of following.batches) {
                for (const event of batch.events) expect(comparePositions(event.position, last)).toBeGreaterThan(0);
                expect(comparePositions(batch.checkpoint, last)).toBeGreaterThanOrEqual(0);
                last = batch.checkpoint;
              }
            },
          ),
          { numRuns: 25, endOnFailure: true },
        );
      } finally {
        await Promise.all([direct.close(), proxied.close()]);
        await proxy.close();
        await child.dispose();
      }
    },
  );
});

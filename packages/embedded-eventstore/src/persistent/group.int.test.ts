import { afterEach, describe, expect, test } from "vitest";
import { ANY } from "../wire/expected.ts";
import { loadCheckpoint } from "./checkpoints.ts";
import type { Attempt } from "./message.ts";
import { benchGroup, type GroupBench } from "./test-group.ts";

const numbersOf = (attempts: readonly Attempt[]) => attempts.map(({ message }) => message.target.revision);
const idsOf = (attempts: readonly Attempt[]) => attempts.map(({ message }) => message.id);
const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

describe("a group of competing consumers", () => {
  let bench: GroupBench;
  afterEach(() => bench.close());

  test("hands out in order, no more than a consumer's size, and goes on as slots become free", async () => {
    bench = benchGroup();
    await bench.append(30);
    const one = bench.consumer(4);
    expect(numbersOf(one.got)).toEqual(upTo(4));
    bench.group.ack(idsOf(one.got.slice(0, 2)));
    expect(numbersOf(one.got)).toEqual(upTo(6));
    bench.group.ack(["00000000-0000-4000-8000-000000000000"]);
    expect(one.got.length).toBe(6);
  });

  test("gives nothing to a consumer whose connection takes no more", async () => {
    bench = benchGroup();
    const one = bench.consumer(10);
    one.writable = false;
    await bench.append(3);
    expect(one.got).toEqual([]);
    one.writable = true;
    bench.group.deliver();
    expect(one.got.length).toBe(3);
  });

  test("reads only as far as its buffer has room, and reads on when it empties", async () => {
    bench = benchGroup({ historyBufferSize: 30, readBatchSize: 10 });
    await bench.append(200);
    expect(bench.group.statistics()).toMatchObject({ readBuffer: 30, status: "Behind" });
    const one = bench.consumer(200);
    await bench.settle();
    expect(numbersOf(one.got)).toEqual(upTo(200));
    expect(bench.group.statistics()).toMatchObject({ readBuffer: 0, status: "Live", lastKnown: 199 });
  });

  test("a timed-out message comes again with a higher count and is parked after the last allowed retry", async () => {
    bench = benchGroup({ messageTimeoutMs: 5_000, maxRetryCount: 2 });
    await bench.append(1);
    const one = bench.consumer();
    await bench.pass(4_999);
    expect(one.got.length).toBe(1);
    for (let round = 0; round < 4; round++) await bench.pass(5_000);
    expect(one.got.map(({ retryCount }) => retryCount)).toEqual([0, 1, 2]);
    expect(bench.group.statistics()).toMatchObject({ parked: 1, inFlight: 0 });
    expect(one.consumer.held).toBe(0);
  });

  test("without a timeout nothing times out", async () => {
    bench = benchGroup({ messageTimeoutMs: 0 });
    await bench.append(1);
    const one = bench.consumer();
    await bench.pass(10_000_000);
    expect(one.got.length).toBe(1);
  });

  test("retries come before new messages, in the order of the source", async () => {
    bench = benchGroup();
    await bench.append(6);
    const one = bench.consumer(4);
    bench.group.nack(idsOf([one.got[2]!, one.got[0]!]), "retry", "");
    expect(numbersOf(one.got)).toEqual([0, 1, 2, 3, 0, 2]);
  });

  test("two events with one id: the second waits until the first is answered", async () => {
    bench = benchGroup();
    const id = "11111111-1111-4111-8111-111111111111";
    const event = { id, type: "t", isJson: true, data: Buffer.from("{}"), metadata: Buffer.alloc(0) };
    await bench.storage.append("s", ANY, [event, event]);
    await bench.append(1);
    const one = bench.consumer();
    await bench.settle();
    expect(numbersOf(one.got)).toEqual([0, 2]);
    bench.group.ack([id]);
    expect(numbersOf(one.got)).toEqual([0, 2, 1]);
  });

  test("the checkpoint stands before the lowest open message and moves with it", async () => {
    bench = benchGroup({ maxCheckpointCount: 1 });
    await bench.append(10);
    const one = bench.consumer(10);
    const stored = () => loadCheckpoint(bench.storage, bench.group.config);
    bench.group.ack(idsOf(one.got.slice(3)));
    await bench.settle();
    expect(stored()).toBeUndefined();
    bench.group.ack(idsOf(one.got.slice(0, 2)));
    await bench.settle();
    expect(stored()).toBe(1);
    bench.group.ack(idsOf(one.got.slice(2, 3)));
    await bench.settle();
    expect(stored()).toBe(9);
    expect(bench.group.statistics().checkpoint).toBe(9);
  });

  test("a checkpoint that falls due while another is being written is written after it", async () => {
    bench = benchGroup({ maxCheckpointCount: 1, minCheckpointCount: 1_000 });
    await bench.append(10);
    const one = bench.consumer(10);
    for (const id of idsOf(one.got)) bench.group.ack([id]);
    expect(bench.group.statistics().checkpoint).toBeUndefined();
    await bench.settle();
    expect(loadCheckpoint(bench.storage, bench.group.config)).toBe(9);
    expect(bench.group.statistics().checkpoint).toBe(9);
  });

  test("on the clock a checkpoint needs the lower bound and the time since the last", async () => {
    bench = benchGroup({ minCheckpointCount: 3, checkpointAfterMs: 2_000 });
    await bench.append(3);
    const one = bench.consumer();
    const stored = () => loadCheckpoint(bench.storage, bench.group.config);
    bench.group.ack(idsOf(one.got.slice(0, 2)));
    await bench.pass(5_000);
    expect(stored()).toBeUndefined();
    bench.group.ack(idsOf(one.got.slice(2)));
    await bench.settle();
    expect(stored()).toBeUndefined();
    await bench.pass(1_000);
    expect(stored()).toBe(2);
    await bench.append(3);
    bench.group.ack(idsOf(one.got.slice(3)));
    await bench.pass(1_000);
    expect(stored()).toBe(2);
    await bench.pass(1_000);
    expect(stored()).toBe(5);
  });

  test("events that a filter passes over move the checkpoint, and the group's own checkpoints do not feed it", async () => {
    const filter = { on: "stream" as const, regex: "", prefixes: ["wanted"], max: undefined, multiplier: 1 };
    bench = benchGroup(
      { minCheckpointCount: 1, checkpointAfterMs: 1_000, startFrom: { kind: "end" } },
      { source: "$all", filter },
    );
    await bench.append(50, "other");
    await bench.pass(1_000);
    const first = loadCheckpoint(bench.storage, bench.group.config);
    expect(first).toBeGreaterThan(0);
    for (let tick = 0; tick < 5; tick++) await bench.pass(1_000);
    expect(loadCheckpoint(bench.storage, bench.group.config)).toBe(first);
    await bench.append(2, "wanted");
    const one = bench.consumer();
    expect(one.got.length).toBe(2);
    bench.restart();
    const two = bench.consumer();
    await bench.settle();
    expect(numbersOf(two.got)).toEqual([0, 1]);
  });

  test("replayed messages that were not answered are parked again after a crash", async () => {
    bench = benchGroup();
    await bench.append(3);
    const one = bench.consumer();
    bench.group.nack(idsOf(one.got), "park", "why");
    await bench.settle();
    expect(bench.group.statistics().parked).toBe(3);
    bench.group.replayParked(undefined);
    expect(bench.group.statistics().parked).toBe(0);
    bench.group.ack([one.got[3]!.message.id]);
    await bench.pass(1_000);
    bench.restart();
    expect(bench.group.statistics().parked).toBe(2);
    const two = bench.consumer();
    await bench.settle();
    bench.group.replayParked(undefined);
    expect(numbersOf(two.got.filter(({ message }) => message.parkedNumber !== undefined))).toEqual([1, 2]);
  });

  test("a stopped group drops its consumers and hears nothing any more", async () => {
    bench = benchGroup();
    await bench.append(2);
    const one = bench.consumer();
    bench.group.stop();
    expect(one.dropped).toBe(true);
    await bench.append(1);
    expect(one.got.length).toBe(2);
  });
});

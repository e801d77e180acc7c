import fc from "fast-check";
import { expect, test } from "vitest";
import { benchGroup, type TestConsumer } from "./test-group.ts";

type Step =
  | { kind: "append"; count: number }
  | { kind: "connect"; size: number }
  | { kind: "leave" }
  | { kind: "restart" }
  | { kind: "replay" }
  | { kind: "pass"; ms: number }
  | { kind: "answer"; how: "ack" | "retry" | "park" | "skip"; which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("append" as const), count: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant("connect" as const), size: fc.integer({ min: 1, max: 6 }) }),
  fc.constantFrom({ kind: "leave" as const }, { kind: "restart" as const }, { kind: "replay" as const }),
  fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(1_000, 6_000) }),
  fc.record({
    kind: fc.constant("answer" as const),
    how: fc.constantFrom("ack" as const, "ack" as const, "retry" as const, "park" as const, "skip" as const),
    which: fc.nat(20),
  }),
);

/**
 * Whatever consumers, clock and crashes do: nobody holds more than their size, first deliveries of one life come in order, and in the end every
 * event was acknowledged or skipped, none lost behind a checkpoint or in the parked stream.
 */
test("no event is ever lost", { timeout: 60_000 }, async () => {
  const strategies = fc.constantFrom("RoundRobin", "DispatchToSingle", "Pinned");
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), strategies, async (steps, strategy) => {
      const bench = benchGroup({
        strategy,
        messageTimeoutMs: 5_000,
        maxRetryCount: 2,
        minCheckpointCount: 1,
        maxCheckpointCount: 3,
        checkpointAfterMs: 1_000,
        historyBufferSize: 15,
        readBatchSize: 4,
      });
      let appended = 0;
      const done = new Set<number>();
      let consumers: TestConsumer[] = [];
      const answered = new Set<TestConsumer["got"][number]>();
      const open = () => consumers.flatMap(({ got }) => got.filter((attempt) => !answered.has(attempt)));
      const answer = (attempt: TestConsumer["got"][number], how: "ack" | "retry" | "park" | "skip") => {
        answered.add(attempt);
        if (how === "ack" || how === "skip") done.add(attempt.message.target.revision);
        if (how === "ack") bench.group.ack([attempt.message.id]);
        else bench.group.nack([attempt.message.id], how, "");
      };
      for (const one of steps) {
        if (one.kind === "append") {
          await bench.append(one.count);
          appended += one.count;
        } else if (one.kind === "connect") consumers.push(bench.consumer(one.size));
        else if (one.kind === "leave") {
          const leaver = consumers.shift();
          if (leaver) bench.group.disconnect(leaver.consumer);
        } else if (one.kind === "restart") {
          bench.restart();
          consumers = [];
        } else if (one.kind === "replay") bench.group.replayParked(undefined);
        else if (one.kind === "pass") await bench.pass(one.ms);
        else {
          const waiting = open();
          const chosen = waiting[one.which % Math.max(1, waiting.length)];
          if (chosen) answer(chosen, one.how);
        }
        for (const { consumer } of consumers) {
          expect(consumer.held).toBeGreaterThanOrEqual(0);
          expect(consumer.held).toBeLessThanOrEqual(consumer.size);
        }
      }
      // A last life with a consumer that answers everything: what was not finished must come, from the source or the parked stream.
      await bench.settle();
      bench.restart();
      const last = bench.consumer(5);
      const first: number[] = [];
      for (let round = 0, idle = 0; idle < 3 && round < 500; round++) {
        await bench.settle();
        const waiting = last.got.filter((attempt) => !answered.has(attempt));
        idle = waiting.length === 0 ? idle + 1 : 0;
        for (const attempt of waiting) {
          if (attempt.retryCount === 0 && attempt.message.parkedNumber === undefined)
            first.push(attempt.message.target.revision);
          answer(attempt, "ack");
        }
        if (waiting.length === 0) bench.group.replayParked(undefined);
      }
      expect(first).toEqual(first.toSorted((a, b) => a - b));
      expect([...done].toSorted((a, b) => a - b)).toEqual(Array.from({ length: appended }, (_, index) => index));
      expect(bench.group.statistics()).toMatchObject({ parked: 0, inFlight: 0, retryBuffer: 0 });
      await bench.close();
    }),
    { numRuns: 150 },
  );
});

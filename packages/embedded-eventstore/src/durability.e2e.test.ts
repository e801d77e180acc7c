import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventStoreDBClient, FORWARDS, jsonEvent, START } from "@eventstore/db-client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NodeProcess, startNodeProcess } from "./testing/node-process.ts";

/** What was acknowledged is there after any end, once, in order, and whole. */
describe("kill -9 under load", () => {
  let folder: string;
  let node: NodeProcess | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "estore-kill-"));
  });
  afterEach(async () => {
    await node?.end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test("no acknowledged append is lost, none is cut, positions keep their order", { timeout: 120_000 }, async () => {
    const acknowledged: { stream: string; revision: bigint; ids: string[]; position: bigint }[] = [];
    const lanes = 8;
    for (let round = 0; round < 4; round++) {
      node = await startNodeProcess(["--port", "0", "--data", folder]);
      const client = EventStoreDBClient.connectionString`esdb://127.0.0.1:${node.port}?tls=false`;
      const enough = acknowledged.length + 150 * (round + 1);
      let killed: Promise<unknown> | undefined;
      const lane = async (stream: string): Promise<void> => {
        for (;;) {
          // Three at a time, so that a torn append would show.
          const events = Array.from({ length: 3 }, (_, i) =>
            jsonEvent({ type: "t", data: { i, filler: "x".repeat(Math.random() * 3000) } }),
          );
          try {
            const { nextExpectedRevision, position } = await client.appendToStream(stream, events);
            acknowledged.push({
              stream,
              revision: nextExpectedRevision,
              ids: events.map((event) => event.id),
              position: position!.commit,
            });
          } catch {
            return;
          }
          if (acknowledged.length >= enough) killed ??= node!.end("SIGKILL");
        }
      };
      await Promise.all(Array.from({ length: lanes }, (_, i) => lane(`lane-${i}`)));
      await killed;
      await client.dispose();
    }
    node = await startNodeProcess(["--port", "0", "--data", folder]);
    const client = EventStoreDBClient.connectionString`esdb://127.0.0.1:${node.port}?tls=false`;
    const stored = new Map<string, string[]>();
    let last = 0n;
    for await (const { event } of client.readAll({ direction: FORWARDS, fromPosition: START })) {
      if (!event) continue;
      expect(event.position.commit).toBeGreaterThan(last);
      last = event.position.commit;
      if (!event.streamId.startsWith("lane-")) continue;
      const ids = stored.get(event.streamId) ?? [];
      expect(event.revision).toBe(BigInt(ids.length));
      ids.push(event.id);
      stored.set(event.streamId, ids);
    }
    for (const { stream, revision, ids, position } of acknowledged) {
      const there = stored.get(stream)!;
      expect(there.slice(Number(revision) - 2, Number(revision) + 1)).toEqual(ids);
      expect(position).toBeLessThanOrEqual(last);
    }
    // What was not acknowledged may be there, but only whole.
    for (const ids of stored.values()) expect(ids.length % 3).toBe(0);
    expect(acknowledged.length).toBeGreaterThan(1000);
    await client.dispose();
  });
});

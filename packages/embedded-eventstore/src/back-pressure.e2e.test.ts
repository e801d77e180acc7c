import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import streamsPb from "@eventstore/db-client/generated/streams_pb.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type NodeProcess, residentMiB, startNodeProcess } from "./testing/node-process.ts";
import { appendMessages, callRaw, connectRaw, type RawConnection, readRequest, STREAMS } from "./testing/raw-call.ts";

/** Readers that do not read: they cost little, lose nothing, and harm no one else (spec 3.8, 11 "Client 6.2.1"). */
describe("slow and stalled readers", () => {
  let folder: string;
  let node: NodeProcess;
  let connection: RawConnection;
  const EVENTS = 60_000;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "estore-slow-"));
    node = await startNodeProcess(["--port", "0", "--data", folder, "--max-append-size", "16000000"]);
    connection = await connectRaw(node.port);
    const filler = "x".repeat(1000);
    for (let i = 0; i < EVENTS / 3000; i++) {
      const events = Array.from({ length: 3000 }, () => ({ data: filler }));
      expect((await callRaw(connection, `${STREAMS}Append`, appendMessages("big", "any", events))).status).toBe(0);
    }
  });
  afterEach(async () => {
    connection.close();
    await node.end("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test(
    "thirty stalled reads and subscriptions of 70 MB cost little memory, and one of them still gets everything",
    { timeout: 120_000 },
    async () => {
      const stalled = await Promise.all(
        Array.from({ length: 30 }, async (_, i) => {
          const own = await connectRaw(node.port);
          const call = own.call(`${STREAMS}Read`);
          call.stream.pause();
          call.send(
            i % 3 === 0
              ? readRequest({ stream: "big", count: 1_000_000n })
              : i % 3 === 1
                ? readRequest({ stream: "big", subscribe: true })
                : readRequest({ all: true, subscribe: true }),
          );
          return { own, call };
        }),
      );
      // The node is still quick for others, while live events come for those who do not listen.
      for (let i = 0; i < 50; i++) {
        expect(
          (await callRaw(connection, `${STREAMS}Append`, appendMessages("big", "any", [{ data: "late" }]))).status,
        ).toBe(0);
      }
      const { messages } = await callRaw(connection, `${STREAMS}Read`, [readRequest({ stream: "big", count: 10n })]);
      expect(messages).toHaveLength(10);
      const memory = residentMiB(node.pid);
      if (memory !== undefined) expect(memory).toBeLessThan(300);
      const { call } = stalled[1]!;
      call.stream.resume();
      const all = await call.messages(1 + EVENTS + 1 + 50);
      const revisions = all
        .map((message) => streamsPb.ReadResp.deserializeBinary(message).getEvent()?.getEvent()?.getStreamRevision())
        .filter((revision) => revision !== undefined);
      expect(revisions).toEqual(Array.from({ length: EVENTS + 50 }, (_, i) => String(i)));
      for (const { own } of stalled) own.close();
      // The node forgets readers that went away, and goes on.
      expect((await callRaw(connection, `${STREAMS}Append`, appendMessages("big", "any", [{}]))).status).toBe(0);
    },
  );
});

import { fileURLToPath } from "node:url";
import { childNodeFactory } from "@docket/test-kit";
import { CancelledError, EventStoreDBClient, jsonEvent } from "@eventstore/db-client";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

/** The client reconnects after CANCELLED; a reader that has stopped reading must hear of the end all the same. */
test("a node that stops ends open calls with CANCELLED, those of stalled readers included", async () => {
  const node = await childNodeFactory([process.execPath, main])({});
  const client = EventStoreDBClient.connectionString(node.url);
  const events = Array.from({ length: 5_000 }, (_, index) => jsonEvent({ type: "t", data: { index } }));
  await client.appendToStream("s", events);
  const stalled = client.readStream("s");
  const failed = new Promise((resolve) => stalled.once("error", resolve));
  await new Promise((resolve) => stalled.once("data", resolve));
  stalled.pause();
  const live = client.subscribeToStream("s", { fromRevision: "end" });
  const ended = new Promise((resolve) => live.once("error", resolve));
  await new Promise((resolve) => live.once("caughtUp", resolve));
  await node.stop();
  expect(await ended).toBeInstanceOf(CancelledError);
  expect(await failed).toBeInstanceOf(CancelledError);
  await node.dispose();
});

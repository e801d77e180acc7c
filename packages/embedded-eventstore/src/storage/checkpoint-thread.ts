import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

/** The thread of checkpointer.ts: a connection of its own, one passive checkpoint per message. Answers the pages in the log. */
const { path } = workerData as { path: string };
const db = new DatabaseSync(path);
const checkpoint = db.prepare("pragma wal_checkpoint(passive)");

parentPort!.on("message", () => {
  const row = checkpoint.get();
  parentPort!.postMessage(Number(row?.["log"] ?? 0));
});

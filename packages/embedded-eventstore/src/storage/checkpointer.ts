import type { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";

/**
 * Moves committed pages from the write-ahead log into the database file, on a thread of its own: done by the
 * committing thread it would stop every socket for tens of milliseconds each few megabytes.
 *
 * States: `idle`; `running` (the thread works on a checkpoint); `closed`. Enough new bytes move idle -> running, the
 * thread's answer moves back. While writes go on, a passive checkpoint never reaches the end of the log, so the log would never start
 * over: once it is large, the remainder (what came during the run) is done inline.
 */
export type Checkpointer = {
  /** Tells that a commit wrote about this many bytes. */
  written(bytes: number): void;
  close(): Promise<void>;
};

/** Bytes of events between two checkpoints; the log itself holds some three times as much. */
const CHECKPOINT_BYTES = 4 * 1024 * 1024;
/** Pages of the log above which the remainder is done inline. */
const LARGE_LOG_PAGES = 16_384;

export function createCheckpointer(db: DatabaseSync, path: string | undefined): Checkpointer {
  if (path === undefined) return { written: () => {}, close: async () => {} };
  let pending = 0;
  let running = false;
  let worker: Worker | undefined;

  function start(): Worker {
    const thread = new Worker(new URL("./checkpoint-thread.ts", import.meta.url), { workerData: { path } });
    thread.unref();
    thread.on("message", (pagesInLog: number) => {
      running = false;
      if (pagesInLog > LARGE_LOG_PAGES) db.exec("pragma wal_checkpoint(passive)");
    });
    thread.on("error", () => {
      running = false;
      worker = undefined;
    });
    return thread;
  }

  return {
    written(bytes) {
      pending += bytes;
      if (pending < CHECKPOINT_BYTES || running) return;
      pending = 0;
      running = true;
      worker ??= start();
      worker.postMessage("checkpoint");
    },
    async close() {
      await worker?.terminate();
      db.exec("pragma wal_checkpoint(truncate)");
    },
  };
}

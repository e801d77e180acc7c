import type { RawEvent } from "@docket/event-store";
import { type Projection, runProjector, waitForPosition } from "@docket/projection-engine";
import { type MemoryLog, memoryLog, testDatabase, type TestDatabase } from "@docket/test-kit";
import { readModels } from "../src/read-models.ts";

export type ReadSide = {
  readonly database: TestDatabase;
  readonly log: MemoryLog;
  /** Adds events and waits until the read models hold them. */
  readonly feed: (events: readonly RawEvent[]) => Promise<void>;
  readonly parked: () => number;
  readonly stop: () => Promise<void>;
};

/** All read models, kept by a projector of this process from a log in memory. */
export async function startReadSide(
  sizes?: readonly number[],
  projections: readonly Projection[] = readModels,
): Promise<ReadSide> {
  const database = await testDatabase();
  const log = memoryLog(sizes);
  const stop = new AbortController();
  let parked = 0;
  const running = runProjector({
    url: database.url,
    store: log,
    projections,
    signal: stop.signal,
    onStatus: (status) => (parked = status.parked),
  });
  return {
    database,
    log,
    parked: () => parked,
    feed: async (events) => {
      log.append(...events);
      if (!(await waitForPosition(database.url, log.head().commit, { timeoutMs: 60_000 })))
        throw new Error("the read models do not catch up");
    },
    stop: async () => {
      stop.abort();
      await running;
      await database.close();
    },
  };
}

import { type MemoryLog, type TestDatabase } from "@docket/test-kit";
import type { Projection } from "../src/projection.ts";
import { type ProjectorOptions, type ProjectorStatus, runProjector } from "../src/projector.ts";
import { waitForPosition } from "../src/wait-for-position.ts";
import { journal, tally } from "./tally.ts";

export type RunningProjector = {
  readonly status: () => ProjectorStatus;
  readonly log: readonly string[];
  readonly stop: () => Promise<void>;
};

/** A projector in this process, on the test's database and log. */
export function startProjector(
  database: TestDatabase,
  store: MemoryLog,
  options: Partial<ProjectorOptions> & { readonly projections?: readonly Projection[] } = {},
): RunningProjector {
  const stop = new AbortController();
  let status: ProjectorStatus | undefined;
  const log: string[] = [];
  const note = (details: object, text: string): void =>
    void log.push(`${text} ${"err" in details ? String(details.err) : ""}`);
  const running = runProjector({
    url: database.url,
    store,
    projections: [journal, tally()],
    signal: stop.signal,
    instance: `test-${Math.random()}`,
    onStatus: (next: ProjectorStatus) => (status = next),
    log: { info: note, warn: note },
    ...options,
  });
  return {
    log,
    status: () => status ?? (Promise.reject(new Error("no status")) as never),
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}

/** Resolves when the read models hold the whole log. */
export async function caughtUp(database: TestDatabase, store: MemoryLog): Promise<void> {
  if (!(await waitForPosition(database.url, store.head().commit, { timeoutMs: 30_000 })))
    throw new Error("the read models do not catch up");
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_500; tries++) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("the condition did not come true");
}

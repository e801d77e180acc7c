import type { EventStore } from "@docket/event-store";
import { type Clock, sleep } from "@docket/service-kit";
import type pg from "pg";
import { flushAccess, type NewAccess, noteAccess } from "./record.ts";

export interface AccessRecorder {
  /** Resolves when the access is noted for good; rejects when it cannot be: then the answer must not go out. */
  record(access: NewAccess): Promise<void>;
  /** Moves on what is noted, then ends. */
  stop(): Promise<void>;
}

export interface RecorderParts {
  readonly pool: pg.Pool;
  readonly store: Pick<EventStore, "append" | "last">;
  readonly clock: Pick<Clock, "now">;
  readonly onError?: (error: unknown) => void;
  /** how often what was noted is moved into the event store, milliseconds */
  readonly everyMs?: number;
}

/**
 * Records who looks at what. An access is noted in the database before its answer goes out (one insert for all that come at the same
 * time) and moved into the event store within about a second, by whichever process comes first. So nothing is lost when a process or
 * the event store goes; while the database is away, no answer goes out either.
 *
 * States: idle -> writing (a run of accesses is on its way; what comes meanwhile waits for the next run) -> idle; and beside it the
 * mover, which looks after each interval and whenever it is stopped.
 */
export function createAccessRecorder(parts: RecorderParts): AccessRecorder {
  const { pool, store, clock, onError = () => undefined, everyMs = 1_000 } = parts;
  let waiting: { readonly access: NewAccess; done(): void; fail(error: unknown): void }[] = [];
  let writing = false;

  async function write(): Promise<void> {
    if (writing) return;
    writing = true;
    while (waiting.length > 0) {
      const run = waiting;
      waiting = [];
      try {
        await noteAccess(
          pool,
          clock,
          run.map(({ access }) => access),
        );
        for (const { done } of run) done();
      } catch (error) {
        for (const { fail } of run) fail(error);
      }
    }
    writing = false;
  }

  const stopping = new AbortController();
  const moving = (async () => {
    while (!stopping.signal.aborted) {
      await sleep(everyMs, stopping.signal).catch(() => undefined);
      await flushAccess(pool, store, clock).catch(onError);
    }
  })();

  return {
    record: (access) =>
      new Promise((done, fail) => {
        waiting.push({ access, done, fail });
        void write();
      }),
    async stop() {
      stopping.abort();
      await moving;
    },
  };
}

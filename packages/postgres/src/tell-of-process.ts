import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import type { Queryable } from "./checkpoint.ts";

export interface ToldProcess {
  /** of the service: `gateway` */
  readonly name: string;
  /** of the product */
  readonly version: string;
  /** milliseconds between two words; default 5,000 */
  readonly everyMs?: number;
}

/** How a process is called in the tables: host and process id. */
export const processName = (): string => `${hostname()}:${process.pid}`;

/**
 * Says in app.processes that this process lives, since when, and what it takes; again and again until it is stopped, which takes
 * its row away. A database that is away is no reason to fail: then nothing is said. Rows of processes that have been silent for
 * a day go.
 */
export function tellOfProcess(db: Queryable, { name, version, everyMs = 5_000 }: ToldProcess): () => Promise<void> {
  const instance = processName();
  let before = performance.eventLoopUtilization();
  let words: Promise<void> = Promise.resolve();

  async function say(): Promise<void> {
    const now = performance.eventLoopUtilization();
    const busy = performance.eventLoopUtilization(now, before).utilization;
    before = now;
    const { rss, heapUsed } = process.memoryUsage();
    await db.query(
      `insert into app.processes (instance, name, version, runtime, started_at, seen_at, memory_bytes, heap_bytes, busy)
       values ($1, $2, $3, $4, now() - $5 * interval '1 second', now(), $6, $7, $8)
       on conflict (instance) do update set name = excluded.name, version = excluded.version, runtime = excluded.runtime,
         started_at = excluded.started_at, seen_at = now(),
         memory_bytes = excluded.memory_bytes, heap_bytes = excluded.heap_bytes, busy = excluded.busy`,
      [instance, name, version, `Node ${process.versions.node}`, process.uptime(), rss, heapUsed, busy],
    );
    await db.query("delete from app.processes where seen_at < now() - interval '1 day'");
  }
  const next = (): void => void (words = words.then(say).catch(() => undefined));

  next();
  const timer = setInterval(next, everyMs).unref();
  return async () => {
    clearInterval(timer);
    await words;
    await db.query("delete from app.processes where instance = $1", [instance]).catch(() => undefined);
  };
}

import { connectionConfig, type LogPosition, type Queryable } from "@docket/postgres";
import { sleep } from "@docket/service-kit";
import { Client } from "pg";
import { projectorName } from "./projector-name.ts";
import { progressChannel } from "./write-batch.ts";

/** How far the read models are; the start of the log when nothing was ever written. */
export async function readModelPosition(db: Queryable): Promise<LogPosition> {
  const { rows } = await db.query<{ commit_position: string; prepare_position: string }>(
    "select commit_position, prepare_position from engine.checkpoints where name = $1",
    [projectorName],
  );
  return { commit: Number(rows[0]?.commit_position ?? 0), prepare: Number(rows[0]?.prepare_position ?? 0) };
}

/**
 * Waits until the read models hold every event up to a position of the log; false when they do not in time. All read models move
 * in one transaction, so this holds for each of them.
 *
 * For scripts and tests, which wait now and then: it opens a connection of its own. Progress is announced (a hint that wakes us)
 * and looked up (so that a lost hint only costs time). Rejects with the signal's reason when it aborts.
 */
export async function waitForPosition(
  url: string,
  commit: number | bigint | string,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
): Promise<boolean> {
  const wanted = Number(commit);
  const deadline = performance.now() + (options.timeoutMs ?? 10_000);
  const client = new Client(connectionConfig(url, { name: "docket wait" }));
  client.on("error", () => undefined);
  await client.connect();
  let wake: (() => void) | undefined;
  client.on("notification", () => wake?.());
  try {
    await client.query(`listen ${progressChannel}`);
    for (;;) {
      options.signal?.throwIfAborted();
      if ((await readModelPosition(client)).commit >= wanted) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      const hint = new Promise<void>((resolve) => (wake = resolve));
      await Promise.race([hint, sleep(Math.min(100, left), options.signal)]);
    }
  } finally {
    await client.end().catch(() => undefined);
  }
}

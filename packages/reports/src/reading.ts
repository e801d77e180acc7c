import { sql } from "kysely";
import type { Db } from "@docket/postgres";
import type { Question } from "./question.ts";
import { ReportRefusal } from "./refusal.ts";

/** Each of them may take two workers of Postgres, and people at the desk use the same connections: more at once makes all of them wait. */
const mostAtOnce = 3;
/** Who waits this long has a question to put otherwise. */
const mostSeconds = 120;
let taken = 0;
const waiting: (() => void)[] = [];

interface Reader {
  /** ends when nobody waits for the answer any more */
  readonly gone?: AbortSignal | undefined;
  /** a reading that lasts as long as somebody takes what it finds does not count among those at once */
  readonly streams?: boolean;
}

/**
 * A transaction that only reads, of one snapshot, with the memory that sorting a million values needs. A few are at work at once, the others
 * wait in their order. When its reader goes away it is cancelled in Postgres, too. Throws `report_too_slow`.
 */
export async function inReading<T>(db: Db, reader: Reader, work: (reading: Db) => Promise<T>): Promise<T> {
  const leave = reader.streams === true ? () => undefined : await enter(reader.gone);
  try {
    return await db
      .transaction()
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute(async (transaction) => {
        const reading = transaction as unknown as Db;
        const { rows } = await sql<{
          pid: number;
        }>`select set_config('work_mem', '96MB', true), set_config('jit', 'off', true),
          set_config('max_parallel_workers_per_gather', '2', true), set_config('min_parallel_table_scan_size', '16MB', true),
          set_config('statement_timeout', ${String(mostSeconds * 1_000)}, true), pg_backend_pid() as pid`.execute(
          reading,
        );
        return cancelledWith(reader.gone, db, rows[0]?.pid ?? 0, () => work(reading));
      });
  } catch (error) {
    // query_canceled: by its own limit, where nobody went away
    if ((error as { code?: unknown }).code === "57014" && reader.gone?.aborted !== true)
      throw new ReportRefusal("report_too_slow", undefined, { limit: mostSeconds });
    throw error;
  } finally {
    leave();
  }
}

/** Waits for a place among those at work; gives how to leave it. Throws when the reader has gone meanwhile. */
async function enter(gone: AbortSignal | undefined): Promise<() => void> {
  gone?.throwIfAborted();
  if (taken >= mostAtOnce)
    await new Promise<void>((resolve, reject) => {
      const away = (): void => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(gone?.reason as Error);
      };
      const go = (): void => {
        gone?.removeEventListener("abort", away);
        resolve();
      };
      waiting.push(go);
      gone?.addEventListener("abort", away, { once: true });
    });
  else taken++;
  return () => {
    const next = waiting.shift();
    // the place goes over to who waits
    if (next === undefined) taken--;
    else next();
  };
}

/** The connection is given back only when the cancelling is over: it must not meet whoever has it next. */
async function cancelledWith<T>(
  gone: AbortSignal | undefined,
  db: Db,
  pid: number,
  work: () => Promise<T>,
): Promise<T> {
  let cancelling: Promise<unknown> = Promise.resolve();
  const cancel = (): void => {
    cancelling = sql`select pg_cancel_backend(${pid})`.execute(db).catch(() => undefined);
  };
  gone?.throwIfAborted();
  gone?.addEventListener("abort", cancel, { once: true });
  try {
    return await work();
  } finally {
    gone?.removeEventListener("abort", cancel);
    await cancelling;
  }
}

/** Looks whether any ticket stood otherwise at the question's moment and position than it stands now. */
export async function settle(db: Db, question: Question): Promise<Question> {
  const { rows } = await sql<{ past: boolean }>`select exists (
    select from read.past_measures_at(${question.asOf}::timestamptz, ${question.position}::bigint)) as past`.execute(
    db,
  );
  return { ...question, present: rows[0]?.past === false };
}

import { sql } from "kysely";
import type { Db } from "@docket/postgres";
import type { Question } from "./question.ts";

/** A transaction that only reads, of one snapshot, with the memory that sorting a million values needs. */
export async function inReading<T>(db: Db, work: (reading: Db) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (transaction) => {
      await sql`select set_config('work_mem', '96MB', true), set_config('jit', 'off', true),
        set_config('max_parallel_workers_per_gather', '2', true), set_config('min_parallel_table_scan_size', '16MB', true)`.execute(
        transaction,
      );
      return work(transaction as unknown as Db);
    });
}

/** Looks whether any ticket stood otherwise at the question's moment and position than it stands now. */
export async function settle(db: Db, question: Question): Promise<Question> {
  const { rows } = await sql<{ past: boolean }>`select exists (
    select from read.past_measures_at(${question.asOf}::timestamptz, ${question.position}::bigint)) as past`.execute(
    db,
  );
  return { ...question, present: rows[0]?.past === false };
}

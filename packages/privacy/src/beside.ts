import { erasedText } from "@docket/domain";
import type pg from "pg";

/** The name of the subject under whose key kept answers of the gateway are sealed. They tell of anybody, and go with every erasure. */
export const keptReplies = "account:kept-replies";

/** Whose things are to be cleared: his subjects, his accounts, and the ids by which he was a person or a member of staff. */
export interface Cleared {
  readonly subjects: readonly string[];
  readonly accounts: readonly string[];
  readonly owners: readonly string[];
}

/** Tables whose rows are an account's own, and go with it. */
const ownTables = [
  "preferences",
  "seen_marks",
  "watched_tickets",
  "notification_marks",
  "notifications_read",
  "saved_views",
  "uploads",
] as const;

/**
 * Clears what stands beside the events and is somebody's: mails, sessions, what he set up at the console, his bulk commands, the name on his
 * account, which cannot be signed in with any more; and what may tell of anybody: kept answers, bulk commands that are over, values in
 * reports of verifications. To be committed by the caller; done again it changes nothing more.
 */
export async function clearBeside(
  client: Pick<pg.PoolClient, "query">,
  { subjects, accounts, owners }: Cleared,
): Promise<void> {
  await client.query("delete from app.idempotency_keys");
  await client.query("update app.outbox set sealed = null, last_error = null where parties && $1::uuid[]", [subjects]);
  await client.query("delete from app.sessions where account_id = any($1::uuid[])", [accounts]);
  for (const table of ownTables)
    await client.query(`delete from app.${table} where account_id = any($1::text[])`, [accounts]);
  await clearBulk(client, accounts);
  await client.query("update app.reply_templates set changed_by_name = $2 where changed_by = any($1::text[])", [
    [...accounts, ...owners],
    erasedText,
  ]);
  await client.query(
    `update app.accounts set login = 'erased-' || id, display_name = $2, password_hash = '', disabled = true
     where id = any($1::uuid[])`,
    [accounts, erasedText],
  );
  await clearFindings(client);
}

/** Commands over many tickets: his own, whatever they are at, and all that are over. */
async function clearBulk(client: Pick<pg.PoolClient, "query">, accounts: readonly string[]): Promise<void> {
  const going = "select id from app.bulk_jobs where state <> 'running' or account_id = any($1::text[])";
  // one that takes another back does not need it any more: what it is to do stands in its items
  await client.query(`update app.bulk_jobs set undo_of = null where undo_of in (${going})`, [accounts]);
  await client.query(`delete from app.bulk_jobs where id in (${going})`, [accounts]);
}

/** What a verification found in rows of read models is told with what stood there; codes, tables and streams stay. */
async function clearFindings(client: Pick<pg.PoolClient, "query">): Promise<void> {
  await client.query(
    `update audit.verification set report = jsonb_set(report, '{findings}', (
       select coalesce(jsonb_agg(f || jsonb_build_object('params', (
         select coalesce(jsonb_object_agg(p.key, case when p.key in ('found', 'expected', 'row') then '"…"' else p.value end), '{}')
         from jsonb_each(f -> 'params') p))), '[]')
       from jsonb_array_elements(report -> 'findings') f))
     where jsonb_array_length(report -> 'findings') > 0`,
  );
}

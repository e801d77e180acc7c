import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Db } from "@docket/postgres";
import { Refusal } from "../http/refusal.ts";

/** So many wrong passwords are free; from then on each locks the name, twice as long as the one before. */
export const lockout = { free: 5, firstSeconds: 30, longestSeconds: 900, forgottenAfterSeconds: 3_600 } as const;

/** Names are kept as hashes, and unknown ones as well as known ones: the answers do not tell who has an account. */
const keyOf = (login: string): Buffer => createHash("sha256").update(login.normalize("NFKC").toLowerCase()).digest();

/**
 * Counts an attempt before the password is looked at, so that many at once cannot all slip through; `forgive` takes the
 * count back when the password fits. Throws `too_many_attempts` while the name is locked. Time is the Clock's.
 */
export async function countAttempt(db: Db, login: string, now: Date): Promise<void> {
  const { free, firstSeconds, longestSeconds, forgottenAfterSeconds } = lockout;
  const key = keyOf(login);
  const counted = await sql<{ failures: number }>`
    insert into app.login_attempts as a (login_hash, failures, locked_until, last_at) values (${key}, 1, null, ${now})
    on conflict (login_hash) do update set
      failures = case when a.last_at < ${now}::timestamptz - make_interval(secs => ${forgottenAfterSeconds}) then 1 else least(a.failures + 1, 1000) end,
      locked_until = case when a.last_at >= ${now}::timestamptz - make_interval(secs => ${forgottenAfterSeconds}) and a.failures + 1 >= ${free}::int
        then ${now}::timestamptz + make_interval(secs => least(${firstSeconds}::int * power(2, least(a.failures + 1 - ${free}::int, 20)), ${longestSeconds}::int)) end,
      last_at = ${now}
    where a.locked_until is null or a.locked_until <= ${now}
    returning failures`.execute(db);
  if (counted.rows.length > 0) return;
  const row = await db
    .selectFrom("app.login_attempts")
    .select("locked_until")
    .where("login_hash", "=", key)
    .executeTakeFirst();
  const seconds = Math.max(1, Math.ceil(((row?.locked_until?.getTime() ?? now.getTime()) - now.getTime()) / 1000));
  throw new Refusal("too_many_attempts", { params: { seconds }, headers: { "retry-after": String(seconds) } });
}

/** The password fitted: nothing is held against the name. */
export async function forgive(db: Db, login: string): Promise<void> {
  await db.deleteFrom("app.login_attempts").where("login_hash", "=", keyOf(login)).execute();
}

/** Drops what nobody needs any more, so that made-up names do not fill the table. */
export async function forgetOldAttempts(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - lockout.forgottenAfterSeconds * 1000);
  await db.deleteFrom("app.login_attempts").where("last_at", "<", before).execute();
}

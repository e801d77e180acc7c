import type { SubjectKind } from "@docket/domain";
import type pg from "pg";
import { dropUnheld } from "./files.ts";
import { inTransaction } from "./keyring.ts";
import { clearBeside, keptReplies } from "./beside.ts";
import { type FoundSubject, namesOf, streamsOf } from "./subject.ts";
import { type Vault, vaultChannel } from "./vault.ts";

/** Who asks for an erasure; recorded with it. */
export interface Eraser {
  readonly id: string;
  readonly role: string;
}

export interface ErasureRequest {
  readonly erasureId: string;
  readonly found: FoundSubject;
  readonly by: Eraser;
  /** in words that name nobody; kept for ever */
  readonly reason: string | null;
  readonly at: Date;
}

/**
 * How far an erasure has come. *keys_destroyed*: nobody can read the data any more, wherever it stands -> *blanked*: the read
 * models show blanks -> *recorded*: its event stands in the log -> *done*. A crash at any place is gone on from by the leading
 * projector.
 */
export type ErasureStep = "keys_destroyed" | "blanked" | "recorded" | "done";

export interface Erasure {
  readonly erasureId: string;
  readonly kind: SubjectKind;
  readonly subjects: readonly string[];
  readonly actor: Eraser;
  readonly reason: string | null;
  readonly requestedAt: Date;
  readonly step: ErasureStep;
  /** known once the journal was looked through */
  readonly streams: readonly string[] | null;
  /** ids of the accounts that were his, and by which names of persons or staff they were so */
  readonly accounts: readonly string[];
  readonly owners: readonly string[];
}

/** What an erasure would touch, for who wants to see before he acts. */
export interface ErasurePlan {
  readonly kind: SubjectKind;
  readonly subjects: readonly string[];
  readonly shared: readonly string[];
  readonly streams: readonly string[];
  readonly files: number;
  readonly mails: number;
  readonly accounts: number;
}

export async function planErasure(vault: Vault, found: FoundSubject): Promise<ErasurePlan> {
  const { pool } = vault;
  const count = async (text: string): Promise<number> =>
    Number((await pool.query<{ n: string }>(text, [found.subjects])).rows[0]?.n ?? 0);
  return {
    ...found,
    streams: await streamsOf(pool, found.subjects),
    files: await count("select count(*) as n from files.sealed_key where subject = any($1::uuid[])"),
    mails: await count("select count(*) as n from app.outbox where parties && $1::uuid[]"),
    accounts: (await accountsOf(vault, found.subjects)).length,
  };
}

/**
 * Destroys the keys of a subject, and with them, in the same transaction, what stands beside the events (`clearBeside`). From its
 * commit on nobody can read the data; all processes hear of it. The rest is the leading projector's. Gives the id of the erasure: the
 * given one (with it again nothing changes), or that of an earlier one by which everything asked for was erased already.
 */
export async function beginErasure(vault: Vault, request: ErasureRequest): Promise<string> {
  const { erasureId, found, by, reason, at } = request;
  const owned = await accountsOf(vault, found.subjects);
  const accounts = owned.map(({ id }) => id);
  const owners = owned.map(({ person_id }) => person_id);
  const replies = await vault.find(keptReplies);
  const subjects = [...found.subjects];
  const carriedOut = await inTransaction(vault.pool, async (client) => {
    // whoever asks for the same at the same time waits here, and finds it done
    const living = await client.query(
      "select from vault.subject where subject = any($1::uuid[]) and wrapped is not null order by subject for update",
      [subjects],
    );
    const earlier = living.rowCount === 0 ? await erasureOfSubjects(client, subjects) : undefined;
    if (earlier !== undefined) return earlier;
    const made = await client.query(
      `insert into vault.erasure (erasure_id, kind, subjects, actor, reason, requested_at, accounts, owners, aliases)
       values ($1, $2, $3, $4, $5, $6, $7, $8, array(select alias from vault.alias where subject = any($3::uuid[])))
       on conflict do nothing`,
      [erasureId, found.kind, subjects, JSON.stringify(by), reason, at, accounts, owners],
    );
    if (made.rowCount !== 1) return erasureId;
    await destroyKeys(client, replies === undefined ? subjects : [...subjects, replies]);
    await clearBeside(client, { subjects, accounts, owners });
    return erasureId;
  });
  await vault.look();
  return carriedOut;
}

async function erasureOfSubjects(client: pg.PoolClient, subjects: readonly string[]): Promise<string | undefined> {
  const { rows } = await client.query<{ erasure_id: string }>(
    "select erasure_id from vault.erasure where subjects @> $1::uuid[] order by requested_at desc limit 1",
    [subjects],
  );
  return rows[0]?.erasure_id;
}

/**
 * Clears once more what stands beside the events: a request that was on its way when the keys went may have written something of him
 * after it.
 */
export async function clearAgain(vault: Vault, { subjects, accounts, owners }: Erasure): Promise<void> {
  await inTransaction(vault.pool, (client) => clearBeside(client, { subjects, accounts, owners }));
}

/** Clears again what a backup of the schema `app` brought back: accounts of people who were erased. Gives how many there were. */
export async function clearRestored(vault: Vault): Promise<number> {
  const { rows } = await vault.pool.query<Row>(
    `select e.* from vault.erasure e where exists (
       select from app.accounts a where a.id = any(e.accounts) and a.login <> 'erased-' || a.id)`,
  );
  for (const row of rows) await clearAgain(vault, erasureOf(row));
  return rows.reduce((sum, { accounts }) => sum + accounts.length, 0);
}

/**
 * The erasure that is under way of whom somebody names, where it was begun and is not done: nobody can be found by that name any more.
 * Throws `subject_invalid`.
 */
export async function unfinishedErasureOf(vault: Vault, given: string): Promise<Erasure | undefined> {
  const aliases = await Promise.all(namesOf(given.trim()).map((name) => vault.aliasOf(name)));
  const { rows } = await vault.pool.query<Row>(
    "select * from vault.erasure where step <> 'done' and aliases && $1::bytea[] order by requested_at desc limit 1",
    [aliases],
  );
  return rows[0] && erasureOf(rows[0]);
}

/** The keys and what leads to them; to be committed by the caller. */
async function destroyKeys(client: pg.PoolClient, subjects: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ generation: string }>(
    "update vault.state set generation = generation + 1 returning generation",
  );
  await client.query(
    `update vault.subject set wrapped = null, wrapping_key = null, erased_at = now(), erased_generation = $2
     where subject = any($1::uuid[]) and wrapped is not null`,
    [subjects, rows[0]?.generation],
  );
  await client.query("delete from vault.alias where subject = any($1::uuid[])", [subjects]);
  await client.query("delete from vault.same where subject = any($1::uuid[]) or other = any($1::uuid[])", [subjects]);
  // an upload that somebody else made for him holds the same bytes under the uploader's key
  await client.query(
    `delete from files.sealed_key k where subject = any($1::uuid[])
       or (staged and exists (select from files.sealed_key o where o.id = k.id and o.subject = any($1::uuid[])))`,
    [subjects],
  );
  await dropUnheld(client);
  await client.query(`notify ${vaultChannel}`);
}

/**
 * Destroys keys again that a record of the log says were destroyed: after the key store was set back to an older backup. Gives
 * how many had come back to life.
 */
export async function eraseAgain(vault: Vault, subjects: readonly string[]): Promise<number> {
  const { rows } = await vault.pool.query<{ subject: string }>(
    "select subject from vault.subject where subject = any($1::uuid[]) and wrapped is not null",
    [subjects],
  );
  if (rows.length === 0) return 0;
  await inTransaction(vault.pool, (client) =>
    destroyKeys(
      client,
      rows.map(({ subject }) => subject),
    ),
  );
  await vault.look();
  return rows.length;
}

/** Accounts of people or staff whose subject is among those given. */
async function accountsOf(vault: Vault, subjects: readonly string[]): Promise<{ id: string; person_id: string }[]> {
  const { rows } = await vault.pool.query<{ id: string; person_id: string; role: string }>(
    "select id, person_id, role from app.accounts where person_id is not null",
  );
  const wanted = new Set(subjects);
  const found: { id: string; person_id: string }[] = [];
  for (const { id, person_id, role } of rows) {
    const subject = await vault.find(`${role === "requester" ? "person" : "staff"}:${person_id}`);
    if (subject !== undefined && wanted.has(subject)) found.push({ id, person_id });
  }
  return found;
}

interface Row {
  readonly erasure_id: string;
  readonly kind: SubjectKind;
  readonly subjects: string[];
  readonly actor: Eraser;
  readonly reason: string | null;
  readonly requested_at: Date;
  readonly step: ErasureStep;
  readonly streams: string[] | null;
  readonly accounts: string[];
  readonly owners: string[];
}

const erasureOf = (row: Row): Erasure => ({
  erasureId: row.erasure_id,
  kind: row.kind,
  subjects: row.subjects,
  actor: row.actor,
  reason: row.reason,
  requestedAt: row.requested_at,
  step: row.step,
  streams: row.streams,
  accounts: row.accounts,
  owners: row.owners,
});

/** Erasures that are not done, oldest first. */
export async function unfinishedErasures(vault: Vault): Promise<Erasure[]> {
  const { rows } = await vault.pool.query<Row>(
    "select * from vault.erasure where step <> 'done' order by requested_at",
  );
  return rows.map(erasureOf);
}

export async function readErasure(vault: Vault, erasureId: string): Promise<Erasure | undefined> {
  const { rows } = await vault.pool.query<Row>("select * from vault.erasure where erasure_id = $1", [erasureId]);
  return rows[0] && erasureOf(rows[0]);
}

/** All erasures, the latest first. */
export async function listErasures(vault: Vault, limit = 100): Promise<Erasure[]> {
  const { rows } = await vault.pool.query<Row>("select * from vault.erasure order by requested_at desc limit $1", [
    limit,
  ]);
  return rows.map(erasureOf);
}

/** Notes how far an erasure has come. */
export async function noteStep(
  vault: Vault,
  erasureId: string,
  step: ErasureStep,
  streams?: readonly string[],
): Promise<void> {
  await vault.pool.query(
    `update vault.erasure set step = $2, streams = coalesce($3, streams), updated_at = now(),
       aliases = case when $2 = 'done' then '{}' else aliases end
     where erasure_id = $1`,
    [erasureId, step, streams ?? null],
  );
}

/** What stood in clear from before there were keys: files and mails that only the touched streams name. */
export async function clearOldForms(
  vault: Vault,
  subjects: readonly string[],
  streams: readonly string[],
): Promise<void> {
  await vault.pool.query(
    `update app.outbox set to_address = '', subject = '', body_text = '', body_html = null, headers = '{}'
     where sealed is null and parties = '{}' and ticket_id = any($1)`,
    [streams.flatMap((stream) => (stream.startsWith("ticket-") ? [stream.slice("ticket-".length)] : []))],
  );
  await vault.pool.query(
    `with named as (
       select distinct f.file ->> 'sha256' as sha256
       from read.journal j cross join lateral jsonb_array_elements(
         coalesce(j.data::jsonb -> 'attachments', '[]') || coalesce(j.data::jsonb -> 'attachment', '[]')
           || coalesce(nullif(j.data::jsonb -> 'raw', 'null'), '[]')) as f(file)
       where j.stream = any($1) and j.data_text like any($2::text[]))
     delete from files.blob b using named n where b.sha256 = decode(n.sha256, 'hex')`,
    [streams, subjects.map((subject) => `%"$p":"${subject}"%`)],
  );
}

/** Rewrites the tables of keys, so that no page of theirs holds a destroyed one. Best effort: what is busy stays as it is. */
export async function scrubKeys(vault: Vault): Promise<void> {
  const client = await vault.pool.connect();
  try {
    await client.query("set lock_timeout = '5s'");
    for (const table of ["vault.subject", "vault.alias", "files.sealed_key"])
      await client.query(`vacuum full ${table}`);
    await client.query("reset lock_timeout");
    client.release();
  } catch (error) {
    client.release(true);
    if ((error as { code?: unknown }).code !== "55P03") throw error;
  }
}

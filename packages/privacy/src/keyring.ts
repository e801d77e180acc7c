import { randomBytes, randomUUID } from "node:crypto";
import type pg from "pg";
import { keyMissing } from "./errors.ts";
import type { MasterKey } from "./master.ts";
import { unwrapKey, wrapKey } from "./seal.ts";

/** The keys that wrap the subjects' keys, unwrapped; and the key of the blind index. */
export interface Keyring {
  /** what new keys are wrapped with */
  readonly current: { readonly id: string; readonly key: Buffer };
  readonly indexKey: Buffer;
  /** Wraps the key of a subject. */
  wrap(subject: string, key: Buffer): Buffer;
  /** Undefined when the wrapping key is not among ours: it was made after we looked. */
  unwrap(subject: string, wrappingKey: string, wrapped: Buffer): Buffer | undefined;
}

interface WrappingRow {
  readonly id: string;
  readonly master_id: string;
  readonly wrapped: Buffer;
  readonly current: boolean;
}

const wrappingContext = (id: string): string => `docket wrapping key ${id}`;
const indexContext = "docket index key";
const subjectContext = (subject: string): string => `docket subject ${subject}`;

/**
 * Reads the wrapping keys and has them unwrapped by the master key; makes the first ones on an empty store. Processes that
 * come at the same time agree on whose are kept. Throws what the database throws, `master_key_wrong` and the master key's own.
 */
export async function openKeyring(pool: pg.Pool, master: MasterKey): Promise<Keyring> {
  let rows = await readWrapping(pool);
  if (!rows.some((row) => row.current)) {
    await makeFirst(pool, master);
    rows = await readWrapping(pool);
  }
  const keys = new Map<string, Buffer>();
  let current: string | undefined;
  for (const row of rows) {
    keys.set(row.id, await master.unwrap(row.master_id, row.wrapped, wrappingContext(row.id)));
    if (row.current) current = row.id;
  }
  const currentKey = keys.get(current ?? "");
  if (current === undefined || currentKey === undefined) throw keyMissing("wrapping key");
  const index = await pool.query<{ wrapping_key: string; wrapped: Buffer }>(
    "select wrapping_key, wrapped from vault.index_key",
  );
  const indexRow = index.rows[0];
  const indexWrapping = keys.get(indexRow?.wrapping_key ?? "");
  if (indexRow === undefined || indexWrapping === undefined) throw keyMissing("index key");
  return {
    current: { id: current, key: currentKey },
    indexKey: unwrapKey(indexWrapping, indexContext, indexRow.wrapped),
    wrap: (subject, key) => wrapKey(currentKey, subjectContext(subject), key),
    unwrap(subject, wrappingKey, wrapped) {
      const key = keys.get(wrappingKey);
      return key && unwrapKey(key, subjectContext(subject), wrapped);
    },
  };
}

async function readWrapping(db: pg.Pool | pg.PoolClient): Promise<WrappingRow[]> {
  const { rows } = await db.query<WrappingRow>("select id, master_id, wrapped, current from vault.wrapping_key");
  return rows;
}

/** One transaction makes both; who comes second finds the first one's. */
async function makeFirst(pool: pg.Pool, master: MasterKey): Promise<void> {
  const id = randomUUID();
  const key = randomBytes(32);
  const { id: masterId, wrapped } = await master.wrap(key, wrappingContext(id));
  await inTransaction(pool, async (client) => {
    const made = await client.query(
      `insert into vault.wrapping_key (id, master_id, wrapped, current) values ($1, $2, $3, true)
       on conflict (current) where current do nothing`,
      [id, masterId, wrapped],
    );
    if (made.rowCount === 1)
      await client.query("insert into vault.index_key (wrapping_key, wrapped) values ($1, $2)", [
        id,
        wrapKey(key, indexContext, randomBytes(32)),
      ]);
  });
}

export interface RotationProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Changes the keys above the subjects' keys: a new master key where that is in our hands, a new wrapping key, every
 * subject's key wrapped anew in batches, then the old ones destroyed. Events and files stay as they are. May be broken off at any
 * step and run again; processes that run meanwhile find the new keys by themselves. Gives how many keys were wrapped anew.
 */
export async function rotateKeys(
  pool: pg.Pool,
  master: MasterKey,
  onProgress: (progress: RotationProgress) => void = () => undefined,
): Promise<number> {
  const old = await openKeyring(pool, master);
  await master.rotate?.();
  const id = randomUUID();
  const key = randomBytes(32);
  const { id: masterId, wrapped } = await master.wrap(key, wrappingContext(id));
  await inTransaction(pool, async (client) => {
    await client.query("update vault.wrapping_key set current = false where current");
    await client.query("insert into vault.wrapping_key (id, master_id, wrapped, current) values ($1, $2, $3, true)", [
      id,
      masterId,
      wrapped,
    ]);
    await client.query("update vault.index_key set wrapping_key = $1, wrapped = $2", [
      id,
      wrapKey(key, indexContext, old.indexKey),
    ]);
  });
  const ring = await openKeyring(pool, master);
  const count = await pool.query<{ total: string }>(
    "select count(*) as total from vault.subject where wrapped is not null and wrapping_key <> $1",
    [id],
  );
  const total = Number(count.rows[0]?.total ?? 0);
  let done = 0;
  for (;;) {
    const some = await wrapSomeAnew(pool, ring, id);
    done += some;
    if (some > 0) onProgress({ done, total });
    // Who still wraps by the old key while it is there is wrapped anew in the next round; once it is gone nobody can.
    else if (await dropOldKeys(pool)) break;
  }
  await master.retire?.();
  return done;
}

/** Deletes the wrapping keys that nothing needs; true when only the current one is left. */
async function dropOldKeys(pool: pg.Pool): Promise<boolean> {
  await pool.query(
    `delete from vault.wrapping_key w where not current
       and not exists (select from vault.subject s where s.wrapping_key = w.id)`,
  );
  const { rows } = await pool.query("select from vault.wrapping_key where not current");
  return rows.length === 0;
}

const batch = 1_000;

async function wrapSomeAnew(pool: pg.Pool, ring: Keyring, id: string): Promise<number> {
  return inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ subject: string; wrapping_key: string; wrapped: Buffer }>(
      `select subject, wrapping_key, wrapped from vault.subject where wrapped is not null and wrapping_key <> $1
       order by subject limit ${batch} for update`,
      [id],
    );
    if (rows.length === 0) {
      // what was erased has no key any more, and must not hold an old wrapping key back
      await client.query("update vault.subject set wrapping_key = null where wrapped is null and wrapping_key <> $1", [
        id,
      ]);
      return 0;
    }
    const anew = rows.map(({ subject, wrapping_key, wrapped }) => {
      const key = ring.unwrap(subject, wrapping_key, wrapped);
      if (key === undefined) throw keyMissing(subject);
      return ring.wrap(subject, key);
    });
    await client.query(
      `update vault.subject s set wrapped = n.wrapped, wrapping_key = $3
       from unnest($1::uuid[], $2::bytea[]) as n(subject, wrapped) where s.subject = n.subject and s.wrapped is not null`,
      [rows.map(({ subject }) => subject), anew, id],
    );
    return rows.length;
  });
}

/** Runs work in a transaction of its own connection. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    await client.query("rollback").then(
      () => client.release(),
      (broken: Error) => client.release(broken),
    );
    throw error;
  }
}

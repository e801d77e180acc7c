import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes, randomUUID } from "node:crypto";
import { connectionConfig, createPool, isRetryable } from "@docket/postgres";
import { kindOfName } from "@docket/domain";
import pg from "pg";
import { agingMap } from "./aging-map.ts";
import { keyMissing, VaultUnavailable } from "./errors.ts";
import { type Keyring, openKeyring } from "./keyring.ts";
import type { MasterKey } from "./master.ts";
import { hmac } from "./seal.ts";

/** A name by which a data subject is found, with other names of the same one; see `Owner` of the domain. */
export interface Naming {
  readonly name: string;
  readonly known: readonly string[];
  /** the names are stated by the directory: an address that was somebody else's is theirs from now on */
  readonly owns?: boolean;
}

/** A subject's key as it is known: null once it was destroyed. */
export interface KnownKey {
  readonly key: Buffer | null;
}

/**
 * The keys of data subjects, and who is who.
 *
 * States: *open* -> *closed*. Nothing is asked before the first use. While open, keys and names that were used stay in memory
 * (bounded); every erasure counts up a generation in the database, of which the process hears by NOTIFY, and which it also looks
 * up every two seconds: then the destroyed keys, all names and (through `onForgotten`) everything that others made of them are
 * dropped. When the generation could not be looked up for `trustMs`, keys in memory are not used until it is.
 *
 * Every method that asks the database throws VaultUnavailable while it cannot be reached.
 */
export interface Vault {
  /** The subjects of names, made where there is none. Processes that ask at the same time get the same. */
  subjectsOf(namings: readonly Naming[]): Promise<readonly string[]>;
  /** By what a name is looked for: it does not tell the name. */
  aliasOf(name: string): Promise<Buffer>;
  /** The subject of a name, if there is one. */
  find(name: string): Promise<string | undefined>;
  /** The keys of subjects; throws `personal_key_missing` for a subject that was never there. */
  keysOf(subjects: Iterable<string>): Promise<ReadonlyMap<string, KnownKey>>;
  /** What is in memory and may be used now; undefined when it has to be asked for. */
  knownKey(subject: string): KnownKey | undefined;
  /** How many erasures this process has heard of; to be given to `since`. */
  era(): number;
  /**
   * Does work that writes what it makes of what was read from `begun` on (an era; now, if none is given). When somebody was erased since,
   * what was read may name him in clear, and to write it would bring him back under a new key: whose it is can then not be asked any more
   * (VaultUnavailable), so that the work fails and is done again on what can still be read. Within such work the first beginning holds.
   */
  since<T>(begun: number | undefined, work: () => Promise<T>): Promise<T>;
  /** Calls back after somebody's keys were destroyed. Gives the way to end it. */
  onForgotten(listener: () => void): () => void;
  /** Looks at once whether keys were destroyed. */
  look(): Promise<void>;
  /** For what stands beside keys in the same database. */
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface VaultOptions {
  readonly databaseUrl: string;
  readonly master: MasterKey;
  /** keys held in memory (default 20,000; twice as many for a moment) */
  readonly size?: number;
  readonly pollMs?: number;
  readonly trustMs?: number;
  readonly onError?: (error: unknown) => void;
}

export const vaultChannel = "docket_vault";

export function openVault(options: VaultOptions): Vault {
  const { databaseUrl, master, size = 20_000, pollMs = 2_000, trustMs = 30_000 } = options;
  const onError = (error: unknown): void => options.onError?.(error);
  const pool = createPool(databaseUrl, { max: 3, name: "docket vault", onError });
  const keys = agingMap<string, KnownKey>(size);
  const names = agingMap<string, string>(size);
  const settled = agingMap<string, true>(size);
  const listeners = new Set<() => void>();
  const working = new AsyncLocalStorage<number>();
  let era = 0;
  let generation = -1;
  let trusted = 0;
  let ring: Promise<Keyring> | undefined;
  let listening: pg.Client | undefined;
  let closed = false;

  const asking = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (isRetryable(error)) throw new VaultUnavailable(error);
      throw error;
    }
  };
  const keyring = (anew = false): Promise<Keyring> => {
    if (anew || ring === undefined) {
      const opened = openKeyring(pool, master);
      opened.catch(() => {
        if (ring === opened) ring = undefined;
      });
      ring = opened;
    }
    return ring;
  };

  let looking: Promise<void> | undefined;
  const look = (): Promise<void> => (looking ??= lookOnce().finally(() => (looking = undefined)));
  /** A look that begins now, and not one that had begun before. */
  const lookAnew = async (): Promise<void> => {
    await looking?.catch(() => undefined);
    await look();
  };
  const lookOnce = async (): Promise<void> => {
    const asked = performance.now();
    const { rows } = await pool.query<{ generation: string }>("select generation from vault.state");
    const reached = Number(rows[0]?.generation ?? 0);
    if (generation >= 0 && reached !== generation) {
      const erased = await pool.query<{ subject: string }>(
        "select subject from vault.subject where erased_generation > $1",
        [generation],
      );
      for (const { subject } of erased.rows) keys.set(subject, { key: null });
      // A store that was set back knows less than we do.
      if (reached < generation) keys.clear();
      names.clear();
      settled.clear();
      generation = reached;
      trusted = asked;
      era++;
      for (const listener of listeners) listener();
      return;
    }
    generation = reached;
    trusted = asked;
  };
  const checkEra = (): void => {
    const begun = working.getStore();
    if (begun !== undefined && begun !== era)
      throw new VaultUnavailable(new Error("personal data were erased since this was begun"));
  };
  const isTrusted = (): boolean => generation >= 0 && performance.now() - trusted < trustMs;
  const lookIfNeeded = async (): Promise<void> => {
    if (!isTrusted()) await look();
  };

  async function listen(): Promise<void> {
    if (closed) return;
    const client = new pg.Client(connectionConfig(databaseUrl, { name: "docket vault listen" }));
    listening = client;
    let broken = false;
    const retry = (): void => {
      if (broken) return;
      broken = true;
      void client.end().catch(() => undefined);
      if (!closed) setTimeout(() => void listen(), 1_000).unref();
    };
    client.on("error", retry);
    client.on("end", retry);
    client.on("notification", () => void look().catch(onError));
    try {
      await client.connect();
      await client.query(`listen ${vaultChannel}`);
      await look();
    } catch (error) {
      onError(error);
      retry();
    }
  }
  void listen();
  const poll = setInterval(() => void look().catch(onError), pollMs).unref();

  /** Reads keys until no erasure came in between, so that a destroyed one is never kept. */
  const readKeys = async (wanted: readonly string[]): Promise<Map<string, KnownKey>> => {
    for (let attempt = 1; ; attempt++) {
      await lookIfNeeded();
      const began = generation;
      const { rows } = await pool.query<{ subject: string; wrapping_key: string; wrapped: Buffer | null }>(
        "select subject, wrapping_key, wrapped from vault.subject where subject = any($1::uuid[])",
        [wanted],
      );
      let opened = await keyring();
      const found = new Map<string, KnownKey>();
      for (const { subject, wrapping_key, wrapped } of rows) {
        let key = wrapped === null ? null : opened.unwrap(subject, wrapping_key, wrapped);
        if (key === undefined && wrapped !== null) {
          opened = await keyring(true);
          key = opened.unwrap(subject, wrapping_key, wrapped);
        }
        // rotated twice under our hands: read the row again
        if (key !== undefined) found.set(subject, { key });
      }
      if (generation !== began) continue;
      for (const [subject, known] of found) keys.set(subject, known);
      const missing = wanted.find((subject) => !found.has(subject));
      if (missing === undefined) return found;
      if (attempt >= 3 || !rows.some(({ subject }) => subject === missing)) throw keyMissing(missing);
    }
  };

  const aliasOf = (indexKey: Buffer, name: string): Buffer => hmac(indexKey, name);

  /** Subjects of names by their aliases; with `make`, new ones for those that have none. */
  const resolve = async (wanted: readonly string[], make: boolean): Promise<Map<string, string>> => {
    const { indexKey } = await keyring();
    // in the order of the aliases, so that two that make the same ones wait for, and not against, each other
    const asked = wanted
      .map((name) => ({ name, alias: aliasOf(indexKey, name) }))
      .toSorted((a, b) => Buffer.compare(a.alias, b.alias));
    const found = new Map<string, string>();
    for (;;) {
      const began = generation;
      const { rows } = await pool.query<{ alias: Buffer; subject: string }>(
        "select alias, subject from vault.alias where alias = any($1::bytea[])",
        [asked.map(({ alias }) => alias)],
      );
      const byAlias = new Map(rows.map(({ alias, subject }) => [alias.toString("hex"), subject]));
      for (const { name, alias } of asked) {
        const subject = byAlias.get(alias.toString("hex"));
        if (subject === undefined) continue;
        found.set(name, subject);
        if (generation === began) names.set(name, subject);
      }
      const missing = asked.filter(({ name }) => !found.has(name));
      if (missing.length === 0 || !make) return found;
      const opened = await keyring();
      const made = missing.map(({ name, alias }) => {
        const subject = randomUUID();
        return { alias, subject, kind: kindOfName(name), wrapped: opened.wrap(subject, randomBytes(32)) };
      });
      await pool
        .query(
          `with wanted as (
           select * from unnest($1::bytea[], $2::uuid[], $3::text[], $4::bytea[]) as w(alias, subject, kind, wrapped)),
         won as (
           insert into vault.alias (alias, subject) select alias, subject from wanted on conflict do nothing returning subject)
         insert into vault.subject (subject, kind, wrapping_key, wrapped)
         select subject, kind, $5, wrapped from wanted where subject in (select subject from won)`,
          [
            made.map(({ alias }) => alias),
            made.map(({ subject }) => subject),
            made.map(({ kind }) => kind),
            made.map(({ wrapped }) => wrapped),
            opened.current.id,
          ],
        )
        .catch(async (error: unknown) => {
          // the wrapping key went while we held it: the next round wraps by the new one
          if ((error as { code?: unknown }).code !== "23503") throw error;
          await keyring(true);
        });
      // A name that leads to nobody may have led to somebody a moment ago: whoever works on what he read before is to hear of it.
      if (working.getStore() !== undefined) await lookAnew();
    }
  };

  /** Notes that other names mean the same one: as further names, or, where they have a subject of their own, as the same person. */
  const settle = async ({ name, known, owns = false }: Naming, subject: string): Promise<void> => {
    const open = known.filter((other) => settled.get(`${subject} ${other}`) === undefined);
    if (open.length === 0) return;
    const { indexKey } = await keyring();
    const kind = kindOfName(name);
    for (const other of open.toSorted()) {
      const alias = aliasOf(indexKey, other);
      const { rows } = await pool.query<{ subject: string; kind: string }>(
        `with made as (insert into vault.alias (alias, subject) values ($1, $2) on conflict do nothing returning subject)
         select s.subject, s.kind from vault.alias a join vault.subject s on s.subject = a.subject
         where a.alias = $1 and a.subject <> $2 and not exists (select from made)`,
        [alias, subject],
      );
      const [holder] = rows;
      if (holder !== undefined && holder.kind === "mail" && kind !== "mail")
        await pool.query("insert into vault.same (subject, other) values ($1, $2) on conflict do nothing", [
          subject,
          holder.subject,
        ]);
      else if (holder !== undefined && owns)
        await pool.query("update vault.alias set subject = $2 where alias = $1", [alias, subject]);
      if (owns) names.delete(other);
      settled.set(`${subject} ${other}`, true);
    }
  };

  const vault: Vault = {
    pool,
    subjectsOf: (namings) =>
      asking(async () => {
        await lookIfNeeded();
        const unknown = new Set(namings.flatMap(({ name }) => (names.get(name) === undefined ? [name] : [])));
        const resolved = unknown.size === 0 ? new Map<string, string>() : await resolve([...unknown], true);
        const subjects: string[] = [];
        for (const naming of namings) {
          // resolved just now, or known; an erasure in between clears what was known
          const subject = resolved.get(naming.name) ?? names.get(naming.name) ?? (await one(naming.name));
          if (naming.known.length > 0) await settle(naming, subject);
          subjects.push(subject);
        }
        checkEra();
        return subjects;
      }),
    aliasOf: (name) => asking(async () => aliasOf((await keyring()).indexKey, name)),
    find: (name) =>
      asking(async () => {
        await lookIfNeeded();
        return (await resolve([name], false)).get(name);
      }),
    keysOf: (subjects) =>
      asking(async () => {
        await lookIfNeeded();
        const result = new Map<string, KnownKey>();
        const missing: string[] = [];
        for (const subject of subjects) {
          const known = keys.get(subject);
          if (known === undefined) missing.push(subject);
          else result.set(subject, known);
        }
        if (missing.length > 0)
          for (const [subject, known] of await readKeys([...new Set(missing)])) result.set(subject, known);
        return result;
      }),
    era: () => era,
    since: (begun, work) => (working.getStore() === undefined ? working.run(begun ?? era, work) : work()),
    knownKey: (subject) => (isTrusted() ? keys.get(subject) : undefined),
    onForgotten(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    look: () => asking(look),
    async close() {
      closed = true;
      clearInterval(poll);
      listeners.clear();
      await listening?.end().catch(() => undefined);
      await pool.end();
    },
  };
  const one = async (name: string): Promise<string> => (await resolve([name], true)).get(name) as string;
  return vault;
}

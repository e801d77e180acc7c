import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "pg";
import { connectionConfig } from "./db.ts";
import { isRetryable } from "./errors.ts";
import { processName } from "./tell-of-process.ts";

/** The right to act for a name until it is lost. */
export type Lead = {
  readonly name: string;
  /** Grows with every change of leader: the fencing token for `claimCheckpoint` and `moveCheckpoint`. */
  readonly epoch: number;
  /** Aborted when the lead is lost or released; its reason says why. */
  readonly lost: AbortSignal;
  /** Gives the lead up at once; the next in line takes over without waiting. */
  readonly release: () => Promise<void>;
};

export type LeadOptions = {
  readonly url: string;
  /** What is led, for example `projector`. */
  readonly name: string;
  /** How long a leader that has gone silent (not merely died) keeps the lead, in ms; default 10,000. */
  readonly ttl?: number;
  /** Shown to operators; default host and process id. */
  readonly holder?: string;
  /** Ends the wait; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of each failed attempt while standing by. */
  readonly onError?: (error: unknown) => void;
};

/**
 * Waits until this process leads `name`.
 *
 * States: *standing by* (waits in Postgres for the session lock of the name) -> *leading* when the lock is granted, which
 * happens the moment the leader's connection ends, be it by release, kill -9 or a restart of Postgres; it then takes a new epoch.
 * A leader whose connection hangs without ending is found by its lease: it renews `expires_at` every third of the ttl; when the lease
 * has run out, those standing by end its connection in the server and go on. *leading* -> *lost* when the connection fails, when a
 * renewal finds another epoch, or on release. Losing the lead is a hint to stop; what makes a stale leader harmless is the epoch.
 */
export async function standForLead(options: LeadOptions): Promise<Lead> {
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      return await attempt(options);
    } catch (error) {
      options.signal?.throwIfAborted();
      options.onError?.(error);
      if (!isRetryable(error)) throw error;
      await delay(500, undefined, { signal: options.signal });
    }
  }
}

// The lock's key space is shared with everything in the database; the first half marks ours.
const lockSpace = 0x646b74;

async function attempt(options: LeadOptions): Promise<Lead> {
  const ttl = options.ttl ?? 10_000;
  const client = new Client(connectionConfig(options.url, { name: `docket lead ${options.name}` }));
  const lost = new AbortController();
  client.on("error", (error) => lost.abort(error));
  client.on("end", () => lost.abort(new Error("the connection of the lead ended")));
  const giveUp = (): void => {
    client.connection.stream.destroy();
  };
  options.signal?.addEventListener("abort", giveUp);
  try {
    await client.connect();
    await waitForLock(client, options.name, ttl);
    const epoch = await takeEpoch(client, options, ttl);
    const stopRenewing = keepRenewing(client, options.name, epoch, ttl, lost);
    const release = async (): Promise<void> => {
      stopRenewing();
      lost.abort(new Error("the lead was released"));
      await client.end().catch(() => undefined);
    };
    return { name: options.name, epoch, lost: lost.signal, release };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", giveUp);
  }
}

async function waitForLock(client: Client, name: string, ttl: number): Promise<void> {
  for (;;) {
    await client.query(`set lock_timeout = ${Math.ceil(ttl / 2)}`);
    try {
      await client.query("select pg_advisory_lock($1, hashtext($2))", [lockSpace, name]);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "55P03") throw error;
    }
    await client.query(
      `select pg_terminate_backend(l.pid) from pg_locks l join app.leads d on d.backend_pid = l.pid
       where d.name = $2 and d.expires_at < clock_timestamp() and l.granted and l.pid <> pg_backend_pid()
         and l.locktype = 'advisory' and l.classid = $1 and l.objid = (hashtext($2)::bigint & 4294967295)::oid`,
      [lockSpace, name],
    );
  }
}

async function takeEpoch(client: Client, options: LeadOptions, ttl: number): Promise<number> {
  const holder = options.holder ?? `${processName()}:${randomUUID().slice(0, 8)}`;
  const { rows } = await client.query<{ epoch: string }>(
    `insert into app.leads as l (name, epoch, holder, backend_pid, acquired_at, expires_at)
     values ($1, 1, $2, pg_backend_pid(), clock_timestamp(), clock_timestamp() + $3 * interval '1 ms')
     on conflict (name) do update set epoch = l.epoch + 1, holder = excluded.holder, backend_pid = excluded.backend_pid,
       acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
     returning epoch`,
    [options.name, holder, ttl],
  );
  return Number(rows[0]?.epoch);
}

function keepRenewing(client: Client, name: string, epoch: number, ttl: number, lost: AbortController): () => void {
  let renewing = false;
  const renew = async (): Promise<void> => {
    if (renewing) return;
    renewing = true;
    try {
      const renewed = await client.query(
        "update app.leads set expires_at = clock_timestamp() + $3 * interval '1 ms' where name = $1 and epoch = $2",
        [name, epoch, ttl],
      );
      if (renewed.rowCount !== 1) throw new Error("another leader took over");
    } catch (error) {
      lost.abort(error);
      client.end().catch(() => undefined);
    } finally {
      renewing = false;
    }
  };
  const timer = setInterval(() => void renew(), ttl / 3);
  timer.unref();
  const stop = (): void => clearInterval(timer);
  lost.signal.addEventListener("abort", stop);
  return stop;
}

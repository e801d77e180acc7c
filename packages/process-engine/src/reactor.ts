import { claimCheckpoint, moveCheckpoint, standForLead, type LogPosition } from "@docket/postgres";
import type { EventStore, StoredFact } from "@docket/event-store";
import { backoffMs, sleep, type Logger } from "@docket/service-kit";
import type { Pool, PoolClient } from "pg";

export interface ReactorOptions {
  /** names the checkpoint and the lead; it stays the same over versions, so that a new version does not act on old facts again */
  readonly name: string;
  readonly store: EventStore;
  readonly databaseUrl: string;
  readonly pool: Pool;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** streams whose names begin with one of these */
  readonly prefixes: readonly string[];
  /** where a reactor begins that never ran here: at the first fact, or behind the last one that stands now */
  readonly startFrom: "beginning" | "head";
  /**
   * Acts on facts in the order of the log. What it writes through `tx` is committed together with the checkpoint, or not at
   * all; what it does elsewhere (commands) must carry ids derived from the facts, for it may be done again after a crash.
   */
  readonly onFacts: (facts: readonly StoredFact[], tx: PoolClient) => Promise<void>;
  readonly onState?: (state: ReactorState) => void;
  readonly maxEvents?: number;
}

export interface ReactorState {
  readonly phase: "standing_by" | "following" | "backing_off" | "stopped";
  /** the last committed checkpoint, once it is known */
  readonly position: LogPosition | null;
  readonly attempt: number;
  readonly lastError?: unknown;
}

/**
 * Follows the log and acts on it, one instance at a time.
 *
 * States: standing_by (another instance leads, or Postgres is away) -> following (lead and checkpoint are ours) ->
 * backing_off (the lead was lost, the store or Postgres failed, or `onFacts` rejected: nothing of that batch is kept) ->
 * standing_by. The signal ends it in any state: stopped. The checkpoint moves in the transaction of the batch's effects by
 * compare-and-set with the lead's epoch, so a stale leader's effects roll back.
 */
export async function runReactor(options: ReactorOptions): Promise<void> {
  const { signal, logger, name } = options;
  let position: LogPosition | null = null;
  const tell = (phase: ReactorState["phase"], attempt: number, lastError?: unknown) =>
    options.onState?.({ phase, position, attempt, ...(lastError === undefined ? {} : { lastError }) });
  for (let attempt = 1; !signal.aborted; attempt++) {
    tell("standing_by", attempt);
    try {
      await lead(options, (at) => {
        position = at;
        attempt = 0;
        tell("following", 0);
      });
    } catch (error) {
      if (signal.aborted) break;
      logger.warn({ err: error, reactor: name, attempt }, "reactor failed, trying again");
      tell("backing_off", attempt, error);
      await sleep(backoffMs(attempt), signal).catch(() => undefined);
    }
  }
  tell("stopped", 0);
}

async function lead(options: ReactorOptions, moved: (at: LogPosition) => void): Promise<void> {
  const { name, store, pool, signal } = options;
  const lead = await standForLead({ url: options.databaseUrl, name: `reactor ${name}`, signal });
  try {
    let checkpoint = await begin(options, lead.epoch);
    moved(checkpoint);
    await store.followAll({
      from: checkpoint,
      prefixes: options.prefixes,
      signal: AbortSignal.any([signal, lead.lost]),
      ...(options.maxEvents === undefined ? {} : { maxEvents: options.maxEvents }),
      onBatch: async (batch) => {
        const facts = await store.facts(batch.events);
        await transaction(pool, async (tx) => {
          if (facts.length > 0) await options.onFacts(facts, tx);
          await moveCheckpoint(tx, "app.reactor_checkpoints", name, lead.epoch, checkpoint, batch.checkpoint);
        });
        checkpoint = batch.checkpoint;
        moved(checkpoint);
      },
    });
  } finally {
    await lead.release();
  }
}

/** Claims the checkpoint; one that is new starts where the options say, in the same transaction. */
async function begin(options: ReactorOptions, epoch: number): Promise<LogPosition> {
  const head = await options.store.head();
  return transaction(options.pool, async (tx) => {
    const known = await tx.query("select 1 from app.reactor_checkpoints where name = $1", [options.name]);
    const at = await claimCheckpoint(tx, "app.reactor_checkpoints", options.name, epoch);
    if (known.rowCount !== 0 || options.startFrom === "beginning") return at;
    await moveCheckpoint(tx, "app.reactor_checkpoints", options.name, epoch, at, head);
    return head;
  });
}

/** Runs `work` in a transaction on a connection of its own: committed when it resolves, rolled back when it rejects. */
export async function transaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that breaks between two queries tells so by an event; unheard it would end the process.
  const onError = (error: Error) => void (broken = error);
  client.on("error", onError);
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}


import {
  claimCheckpoint,
  isRetryable,
  moveCheckpoint,
  PostgresError,
  standForLead,
  type LogPosition,
  type Queryable,
} from "@docket/postgres";
import { StoreUnavailable, type Batch, type EventStore, type RawEvent, type StoredFact } from "@docket/event-store";
import { backoffMs, sleep, type Logger } from "@docket/service-kit";
import type { Pool, PoolClient } from "pg";
import { parkedEvents, parkEvents, unparkEvent } from "./parked.ts";

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
  /**
   * Picks the events that it acts on; default: all. The others are passed by undecoded. Sees a run of the log and must judge each event
   * by it and by what stands in the log after it only, since the same events may come in other runs.
   */
  readonly concerns?: (events: readonly RawEvent[]) => readonly RawEvent[];
  /**
   * How long after the beginning of one batch the next may begin at the end of the log, in ms (default 0). What comes meanwhile is dealt
   * with together; what comes after a quiet moment waits for nothing.
   */
  readonly restMs?: number;
  readonly onState?: (state: ReactorState) => void;
  readonly maxEvents?: number;
}

export interface ReactorState {
  readonly phase: "standing_by" | "following" | "backing_off" | "stopped";
  /** the last committed checkpoint, once it is known */
  readonly position: LogPosition | null;
  /** streams that wait because one of their events could not be dealt with */
  readonly parked: number;
  readonly attempt: number;
  readonly lastError?: unknown;
}

/**
 * Follows the log and acts on it, one instance at a time.
 *
 * States: standing_by (another instance leads, or Postgres is away) -> following (lead and checkpoint are ours) ->
 * backing_off (the lead was lost, the store or Postgres is away: nothing of that batch is kept) -> standing_by. The signal ends
 * it in any state: stopped. The checkpoint moves in the transaction of the batch's effects by compare-and-set with the
 * lead's epoch, so a stale leader's effects roll back.
 *
 * When `onFacts` rejects for a reason of its own, the batch is done again, one event at a time; an event that fails three
 * times is parked with its cause, the later events of its stream wait behind it, the other streams flow. Parked streams are
 * tried again at each start and once a minute while there is work, so a mended version catches up by itself.
 */
export async function runReactor(options: ReactorOptions): Promise<void> {
  const { signal, logger, name } = options;
  let position: LogPosition | null = null;
  let parked = 0;
  const tell = (phase: ReactorState["phase"], attempt: number, lastError?: unknown) =>
    options.onState?.({ phase, position, parked, attempt, ...(lastError === undefined ? {} : { lastError }) });
  for (let attempt = 1; !signal.aborted; attempt++) {
    tell("standing_by", attempt);
    try {
      await lead(options, (at, waiting) => {
        position = at;
        parked = waiting;
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

async function lead(options: ReactorOptions, moved: (at: LogPosition, parked: number) => void): Promise<void> {
  const { name, store, signal } = options;
  const lead = await standForLead({ url: options.databaseUrl, name: `reactor ${name}`, signal });
  try {
    const position = await begin(options, lead.epoch);
    const leading: Leading = { ...options, epoch: lead.epoch, checkpoint: position, parked: new Set(), retriedAt: 0 };
    const until = AbortSignal.any([signal, lead.lost]);
    await retryParked(leading);
    moved(leading.checkpoint, leading.parked.size);
    await store.followAll({
      from: position,
      prefixes: options.prefixes,
      signal: until,
      ...(options.maxEvents === undefined ? {} : { maxEvents: options.maxEvents }),
      onBatch: async (batch) => {
        const began = performance.now();
        if (leading.parked.size > 0 && performance.now() - leading.retriedAt > RETRY_PARKED_MS)
          await retryParked(leading);
        await dealWith(leading, batch);
        moved(leading.checkpoint, leading.parked.size);
        const rest = batch.live ? (options.restMs ?? 0) - (performance.now() - began) : 0;
        if (rest >= 1) await sleep(rest, until).catch(() => undefined);
      },
    });
  } finally {
    await lead.release();
  }
}

/** A reactor while it leads. */
interface Leading extends ReactorOptions {
  readonly epoch: number;
  checkpoint: LogPosition;
  /** the streams that wait */
  parked: Set<string>;
  retriedAt: number;
}

const TRIES = 3;
const RETRY_PARKED_MS = 60_000;

async function dealWith(leading: Leading, batch: Batch): Promise<void> {
  try {
    await commit(leading, batch.events, batch.checkpoint);
  } catch (error) {
    if (isPassing(error) || batch.events.length === 0) throw error;
    leading.logger.warn({ err: error, reactor: leading.name }, "a batch failed, its events are tried one by one");
    for (const event of batch.events) await dealWithOne(leading, event);
    await commit(leading, [], batch.checkpoint);
  }
}

async function dealWithOne(leading: Leading, event: RawEvent): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await commit(leading, [event], event.position);
    } catch (error) {
      if (isPassing(error)) throw error;
      if (attempt < TRIES) {
        await sleep(backoffMs(attempt), leading.signal);
        continue;
      }
      const { stream, revision, type } = event;
      leading.logger.error({ err: error, reactor: leading.name, stream, revision, type }, "an event is parked");
      const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      await commit(leading, [], event.position, (tx) => parkEvents(tx, leading.name, [event], cause));
      leading.parked.add(stream);
      return;
    }
  }
}

/** Acts on events and moves the checkpoint behind them, in one transaction. Events of streams that wait are put behind. */
async function commit(
  leading: Leading,
  events: readonly RawEvent[],
  to: LogPosition,
  also?: (tx: Queryable) => Promise<void>,
): Promise<void> {
  const { store, pool, name, epoch, checkpoint, parked } = leading;
  const waiting = parked.size === 0 ? [] : events.filter(({ stream }) => parked.has(stream));
  const flowing = waiting.length === 0 ? events : events.filter(({ stream }) => !parked.has(stream));
  const facts = await store.facts(leading.concerns?.(flowing) ?? flowing);
  const move = (db: Queryable) => moveCheckpoint(db, "app.reactor_checkpoints", name, epoch, checkpoint, to);
  // A statement by itself is a transaction.
  if (facts.length === 0 && waiting.length === 0 && also === undefined) await move(pool);
  else
    await transaction(pool, async (tx) => {
      if (facts.length > 0) await leading.onFacts(facts, tx);
      await parkEvents(tx, name, waiting, null);
      await also?.(tx);
      await move(tx);
    });
  leading.checkpoint = to;
}

/** Tries the parked events again, each stream in its order until one of its events fails. */
async function retryParked(leading: Leading): Promise<void> {
  const { store, pool, name, epoch, checkpoint, logger } = leading;
  const waiting = new Set<string>();
  for (const parked of await parkedEvents(pool, name)) {
    if (waiting.has(parked.stream)) continue;
    try {
      const facts = await store.load(parked.stream, { from: parked.revision, limit: 1 });
      await transaction(pool, async (tx) => {
        if (facts.length > 0) await leading.onFacts(facts, tx);
        await unparkEvent(tx, name, parked);
        // The checkpoint stays; moving it to where it is makes sure that we still lead.
        await moveCheckpoint(tx, "app.reactor_checkpoints", name, epoch, checkpoint, checkpoint);
      });
      logger.info({ reactor: name, ...parked }, "a parked event was dealt with");
    } catch (error) {
      if (isPassing(error)) throw error;
      waiting.add(parked.stream);
    }
  }
  leading.parked = waiting;
  leading.retriedAt = performance.now();
}

/** Whether the reason lies outside of the event: another try of the same may do, by this instance or another. */
function isPassing(error: unknown): boolean {
  if (error instanceof StoreUnavailable || isRetryable(error)) return true;
  if (
    error instanceof PostgresError &&
    (error.code === "postgres_lead_lost" || error.code === "postgres_checkpoint_moved")
  )
    return true;
  // what says so of itself: the keys of personal data are away
  if ((error as { transient?: unknown } | null)?.transient === true) return true;
  return error instanceof Error && error.name === "AbortError";
}

/** Claims the checkpoint; one that is new starts where the options say, in the same transaction. */
async function begin(options: ReactorOptions, epoch: number): Promise<LogPosition> {
  const head = await options.store.head();
  return transaction(options.pool, async (tx) => {
    const known = await tx.query("select 1 from app.reactor_checkpoints where name = $1", [options.name]);
    const at = await claimCheckpoint(tx, "app.reactor_checkpoints", options.name, epoch);
    await tx.query("update app.reactor_checkpoints set prefixes = $2 where name = $1", [
      options.name,
      options.prefixes,
    ]);
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

import type { Batch, EventStore, FollowStatus } from "@docket/event-store";
import {
  claimCheckpoint,
  createPool,
  isRetryable,
  type Lead,
  type LogPosition,
  logStart,
  standForLead,
} from "@docket/postgres";
import { backoffMs, sleep } from "@docket/service-kit";
import type pg from "pg";
import { causeText } from "./fold-batch.ts";
import { type Decode, type RawLike, streamPrefixes } from "./fold-event.ts";
import { instantOf } from "./instant.ts";
import { ensureLayout } from "./ensure-layout.ts";
import { readLayout } from "./layout.ts";
import { batchLine, type Line } from "./line.ts";
import { readParked } from "./parked-event.ts";
import type { Projection } from "./projection.ts";
import { projectorName } from "./projector-name.ts";
import { writeStatus } from "./status.ts";
import { batchWriter, moveCheckpoint, WriteFailed } from "./write-batch.ts";

export type ProjectorLog = {
  readonly info: (details: object, text: string) => void;
  readonly warn: (details: object, text: string) => void;
};

export type ProjectorOptions = {
  /** Address of Postgres. */
  readonly url: string;
  readonly store: Pick<EventStore, "followAll">;
  /** Default: events are taken as stored. */
  readonly decode?: Decode;
  /** See RebuildOptions: for read models that have to be built before this instance leads. */
  readonly program?: string;
  /** In the order in which their views build on each other. */
  readonly projections: readonly Projection[];
  readonly signal: AbortSignal;
  /** Runs while this instance leads; a failure of it is a failure of the following. */
  readonly upkeep?: (line: Pick<Line, "refold">, signal: AbortSignal) => Promise<void>;
  /** Shown in engine.status; default host and process id. */
  readonly instance?: string;
  readonly log?: ProjectorLog;
  readonly onStatus?: (status: ProjectorStatus) => void;
  /** A batch ends at whichever comes first; defaults: see largestBatch. */
  readonly maxEvents?: number;
  readonly maxBytes?: number;
  /** See LeadOptions.ttl. */
  readonly leadTtl?: number;
};

export type ProjectorStatus = {
  readonly state: "standing_by" | "preparing" | "following" | "stuck" | "stopped";
  readonly epoch: number;
  /** Everything up to here is in the read models. */
  readonly position: LogPosition;
  /** What the store has handed over. */
  readonly received: LogPosition;
  /** True when the end of the log was reached. */
  readonly live: boolean;
  readonly events: number;
  /** When the engine recorded the event that was written last; milliseconds since the epoch. */
  readonly lastRecordedMs: number | null;
  readonly parked: number;
  readonly stuckBecause?: string;
};

/**
 * How much is caught up in one transaction. The more, the fewer current rows are written again; the memory is needed three times
 * (one batch comes, one is folded, one is written).
 */
export const largestBatch = { events: 10_000, bytes: 16 * 1024 * 1024 } as const;

const stuckAfter = 3;
const releaseEveryMs = 1_000;
const tellEveryMs = 1_000;

/**
 * Keeps all read models at the end of the log. Resolves when the signal aborts and what was in hand is committed.
 *
 * States: *standing_by* until this instance leads -> *preparing* (makes or rebuilds what the program's read models need, claims the
 * checkpoint) -> *following*. Any failure (Postgres or the store gone, tables switched by a rebuild, checkpoint not where we left
 * it) ends the following; nothing of the failed batch is kept; after a pause it prepares again from the committed checkpoint. The
 * third failure without progress makes it *stuck*: it goes on trying, and health, metrics and engine.status say why.
 * A lost lead leads back to *standing_by*.
 */
export async function runProjector(options: ProjectorOptions): Promise<void> {
  const { signal, log } = options;
  const pool = createPool(options.url, { max: 3, name: "docket projector", onError: () => undefined });
  let status: ProjectorStatus = {
    state: "standing_by",
    epoch: 0,
    position: logStart,
    received: logStart,
    live: false,
    events: 0,
    lastRecordedMs: null,
    parked: 0,
  };
  let written = status;
  let writing: Promise<void> = Promise.resolve();
  const write = (): Promise<void> => {
    written = status;
    return (writing = writing.then(() => writeStatus(pool, options.instance, written)));
  };
  const tell = (change: Partial<ProjectorStatus>): void => {
    const before = status.state;
    status = { ...status, ...change };
    options.onStatus?.(status);
    if (status.state !== before) void write();
  };
  // a change of state is told at once; while it follows, its position once a second
  const telling = setInterval(() => {
    if (status.position !== written.position) void write();
  }, tellEveryMs);
  let failures = 0;
  tell({});
  while (!signal.aborted) {
    let lead: Lead | undefined;
    try {
      lead = await standForLead({
        url: options.url,
        name: projectorName,
        signal,
        ...(options.leadTtl ? { ttl: options.leadTtl } : {}),
        ...(options.instance ? { holder: options.instance } : {}),
        onError: (error) => log?.warn({ err: error }, "cannot stand for the lead"),
      });
      log?.info({ epoch: lead.epoch }, "leads");
      while (!signal.aborted && !lead.lost.aborted) {
        const before = status.position.commit;
        try {
          tell({ state: status.state === "stuck" ? "stuck" : "preparing", epoch: lead.epoch, live: false });
          await leadOn(lead, pool, options, tell, () => status);
        } catch (error) {
          if (signal.aborted || lead.lost.aborted) break;
          failures = status.position.commit === before ? failures + 1 : 1;
          if (isExpected(error)) log?.info({}, "tables were switched");
          else log?.warn({ err: error, failures }, "following broke off");
          if ((failures >= stuckAfter && !isExpected(error)) || isForeign(error))
            tell({ state: "stuck", stuckBecause: causeText(error) });
          await sleep(backoffMs(failures, { firstMs: 50, maxMs: 5_000 }), signal).catch(() => undefined);
          // a newer program may stand by: let it lead
          if (isForeign(error)) break;
        }
      }
    } catch (error) {
      if (signal.aborted) break;
      failures++;
      log?.warn({ err: error }, "cannot lead");
      tell({ state: "stuck", stuckBecause: causeText(error) });
      await sleep(backoffMs(failures, { firstMs: 200, maxMs: 5_000 }), signal).catch(() => undefined);
    } finally {
      await lead?.release();
      if (!signal.aborted && status.state !== "stuck") tell({ state: "standing_by", live: false });
    }
  }
  clearInterval(telling);
  tell({ state: "stopped", live: false });
  await write();
  await pool.end();
}

/** Switched tables are part of the plan, be it that the switch is seen first or that the old ones are gone (undefined_table). */
function isExpected(error: unknown): boolean {
  const { code } = (error instanceof WriteFailed ? error.cause : error) as { code?: unknown };
  return code === "DK002" || code === "42P01";
}

/** The tables are another program's. */
function isForeign(error: unknown): boolean {
  return (error as { code?: unknown }).code === "postgres_layout_unknown";
}

type Tell = (change: Partial<ProjectorStatus>) => void;

async function leadOn(
  lead: Lead,
  pool: pg.Pool,
  options: ProjectorOptions,
  tell: Tell,
  status: () => ProjectorStatus,
): Promise<void> {
  const stop = new AbortController();
  const ended = AbortSignal.any([options.signal, lead.lost, stop.signal]);
  const writer = batchWriter(options.url);
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    stop.abort();
  };
  try {
    await claimCheckpoint(pool, "engine.checkpoints", projectorName, lead.epoch);
    await ensureLayout({ ...options, url: options.url, signal: ended });
    const layout = await readLayout(pool, projectorName, options.projections);
    const from = await claimCheckpoint(pool, "engine.checkpoints", projectorName, lead.epoch);
    const line = batchLine({
      from,
      generations: layout.generations,
      writer,
      db: pool,
      onFailure: fail,
      ...(options.decode ? { decode: options.decode } : {}),
      advance: (from, to) =>
        moveCheckpoint({ name: projectorName, epoch: lead.epoch, layout: layout.number, from, to }),
      onCommit: ({ to, events }) => {
        const last = events.at(-1);
        tell({
          state: "following",
          position: to,
          events: status().events + events.length,
          parked: countParked(line),
          ...(last ? { lastRecordedMs: recordedOf(last) } : {}),
        });
      },
    });
    // what was stuck has to show that it moves before it is called anything else
    tell({ state: status().state === "stuck" ? "stuck" : "following", position: from, parked: countParked(line) });
    const releasing = releaseFromTimeToTime(line, pool, ended, fail);
    const upkeep = options.upkeep?.(line, ended).catch((error: unknown) => (ended.aborted ? undefined : fail(error)));
    await options.store.followAll({
      from,
      prefixes: streamPrefixes,
      signal: ended,
      maxEvents: options.maxEvents ?? largestBatch.events,
      maxBytes: options.maxBytes ?? largestBatch.bytes,
      onBatch: (batch) => take(batch, line, tell),
      onStatus: ({ state, received }: FollowStatus) => {
        const live = state === "live";
        const idle = live && received.commit === status().position.commit;
        tell({ received, live, ...(idle ? { state: "following" } : {}) });
      },
    });
    stop.abort();
    await Promise.all([releasing, upkeep]);
    if (failure) throw failure;
    await line.settled();
  } finally {
    stop.abort();
    await writer.close();
  }
}

function countParked(line: Line): number {
  return line.generations().reduce((sum, { parked }) => sum + parked.size, 0);
}

function recordedOf(event: RawLike): number | null {
  try {
    return instantOf(event.stored.recordedAt);
  } catch {
    return null;
  }
}

async function take(batch: Batch, line: Line, tell: Tell): Promise<void> {
  tell({ received: batch.checkpoint });
  await line.push(batch.events, batch.checkpoint);
}

/** Looks for streams whose release was asked for, as long as any wait. */
async function releaseFromTimeToTime(
  line: Line,
  pool: pg.Pool,
  signal: AbortSignal,
  fail: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(releaseEveryMs, signal).catch(() => undefined);
    if (signal.aborted || countParked(line) === 0) continue;
    try {
      const { rows } = await pool.query<{ projection: string; generation: number; streams: string[] }>(
        `select projection, generation, array_agg(distinct stream) as streams from engine.parked
         where release_asked_at is not null group by 1, 2`,
      );
      if (rows.length > 0)
        await line.release(async (generations) => {
          const mine = rows.filter((row) =>
            generations.some((one) => one.projection.name === row.projection && one.number === row.generation),
          );
          return Promise.all(
            mine.map(async ({ projection, generation, streams }) => {
              return { projection, streams, events: await readParked(pool, projection, generation, streams) };
            }),
          );
        });
    } catch (error) {
      if (!isRetryable(error)) return fail(error);
    }
  }
}

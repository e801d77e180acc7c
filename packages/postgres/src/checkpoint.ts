import type pg from "pg";
import { PostgresError } from "./errors.ts";

/** A place in `$all`. Both halves are kept: two events of one transaction may share the commit position. */
export type LogPosition = { readonly commit: number; readonly prepare: number };

export const logStart: LogPosition = { commit: 0, prepare: 0 };

/** Negative when `a` lies before `b`. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.commit - b.commit || a.prepare - b.prepare;
}

/** Anything that runs a query: a pool, a client, a client within a transaction. */
export type Queryable = Pick<pg.ClientBase, "query">;

/** Which set of checkpoints: those of reactors, or those of projectors. */
export type CheckpointTable = "app.reactor_checkpoints" | "engine.checkpoints";

type Row = { commit_position: string; prepare_position: string; epoch: string };

// positions are byte offsets in the log: far below 2^53
const positionOf = (row: Row): LogPosition => ({
  commit: Number(row.commit_position),
  prepare: Number(row.prepare_position),
});

/**
 * Makes the checkpoint ours: from now on only writers with this epoch (or a later claimant) can move it.
 * Blocks until a transaction of the former leader that is moving it has ended, so the answer is final. Creates it at
 * the start of the log when missing. Fails with `postgres_lead_lost` when a later epoch has claimed it.
 */
export async function claimCheckpoint(
  db: Queryable,
  table: CheckpointTable,
  name: string,
  epoch: number,
): Promise<LogPosition> {
  const { rows } = await db.query<Row>(
    `insert into ${table} as c (name, commit_position, prepare_position, epoch) values ($1, 0, 0, $2)
     on conflict (name) do update set epoch = excluded.epoch where c.epoch <= excluded.epoch
     returning commit_position, prepare_position, epoch`,
    [name, epoch],
  );
  const row = rows[0];
  if (!row) throw new PostgresError("postgres_lead_lost", `checkpoint ${name} belongs to a later leader than ${epoch}`);
  return positionOf(row);
}

/**
 * Moves the checkpoint from one place to the next, inside the caller's transaction, by compare-and-set on the old place
 * and on the epoch. Fails (so that the caller's whole transaction rolls back) with `postgres_lead_lost` when another leader
 * has claimed it, or `postgres_checkpoint_moved` when it is not where we left it.
 */
export async function moveCheckpoint(
  db: Queryable,
  table: CheckpointTable,
  name: string,
  epoch: number,
  from: LogPosition,
  to: LogPosition,
): Promise<void> {
  const moved = await db.query(
    `update ${table} set commit_position = $5, prepare_position = $6, updated_at = now()
     where name = $1 and epoch = $2 and commit_position = $3 and prepare_position = $4`,
    [name, epoch, from.commit, from.prepare, to.commit, to.prepare],
  );
  if (moved.rowCount === 1) return;
  const { rows } = await db.query<Row>(
    `select commit_position, prepare_position, epoch from ${table} where name = $1`,
    [name],
  );
  const row = rows[0];
  if (row && Number(row.epoch) !== epoch)
    throw new PostgresError("postgres_lead_lost", `checkpoint ${name} is now led by epoch ${row.epoch}, not ${epoch}`);
  const at = row ? `at ${row.commit_position}/${row.prepare_position}` : "missing";
  throw new PostgresError(
    "postgres_checkpoint_moved",
    `checkpoint ${name} is ${at}, expected ${from.commit}/${from.prepare}`,
  );
}

/** Reads a checkpoint without claiming it; the start of the log when there is none. */
export async function readCheckpoint(db: Queryable, table: CheckpointTable, name: string): Promise<LogPosition> {
  const { rows } = await db.query<Row>(
    `select commit_position, prepare_position, epoch from ${table} where name = $1`,
    [name],
  );
  const row = rows[0];
  return row ? positionOf(row) : logStart;
}

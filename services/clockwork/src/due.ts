import type pg from "pg";

/** A moment that has come, as the read model `deadline` tells it. */
export interface DueMoment {
  readonly ownerKind: "ticket" | "plan";
  readonly owner: string;
  readonly key: string;
  readonly dueAt: Date;
  /** log position (commit) of the event that set it */
  readonly position: number;
}

/** The moments that have come by `now`, oldest first, those of one owner in the order of their levels; at most `limit`. */
export async function dueMoments(pool: pg.Pool, now: Date, limit: number): Promise<DueMoment[]> {
  const { rows } = await pool.query<{
    owner_kind: "ticket" | "plan";
    owner: string;
    key: string;
    due_at: Date;
    position: string;
  }>(
    "select owner_kind, owner, key, due_at, position from read.deadline where due_at <= $1 order by due_at, owner, level, key limit $2",
    [now, limit],
  );
  return rows.map((row) => ({
    ownerKind: row.owner_kind,
    owner: row.owner,
    key: row.key,
    dueAt: row.due_at,
    position: Number(row.position),
  }));
}

/** The next moment after `now`; null when none is known. */
export async function nextMoment(pool: pg.Pool, now: Date): Promise<Date | null> {
  const { rows } = await pool.query<{ at: Date | null }>(
    "select min(due_at) as at from read.deadline where due_at > $1",
    [now],
  );
  return rows[0]?.at ?? null;
}

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
    // the first n moments are those of n owners at most, the ones whose first moment comes first
    `select d.owner_kind, d.owner, d.key, d.due_at, d.position
     from (select owner_kind, owner from read.deadline_owner where next_due <= $1 order by next_due, owner limit $2) o
       join read.deadline d on d.owner_kind = o.owner_kind and d.owner = o.owner
     where d.due_at <= $1 order by d.due_at, d.owner, d.level, d.key limit $2`,
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

/** The first moment of all on the list, come or not; null when there is none. One look into an index. */
export async function firstMoment(pool: pg.Pool): Promise<Date | null> {
  const { rows } = await pool.query<{ at: Date | null }>("select min(next_due) as at from read.deadline_owner");
  return rows[0]?.at ?? null;
}

/** The next moment after `now`; null when none is known. */
export async function nextMoment(pool: pg.Pool, now: Date): Promise<Date | null> {
  const { rows } = await pool.query<{ at: Date | null }>(
    `select least((select min(next_due) from read.deadline_owner where next_due > $1),
       (select min(due_at) from read.deadline where next_due <= $1 and due_at > $1)) as at`,
    [now],
  );
  return rows[0]?.at ?? null;
}

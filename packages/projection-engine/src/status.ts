import { processName, type Queryable } from "@docket/postgres";
import type { ProjectorStatus } from "./projector.ts";

/** Leaves in engine.status what this instance is doing; an unreachable Postgres is no reason to fail. */
export async function writeStatus(db: Queryable, instance: string | undefined, status: ProjectorStatus): Promise<void> {
  const name = instance ?? processName();
  try {
    await db.query(
      `insert into engine.status as s (instance, state, commit_position, stuck_because, stuck_on) values ($1, $2, $3, $4, $5)
       on conflict (instance) do update set state = excluded.state, commit_position = excluded.commit_position,
         stuck_because = excluded.stuck_because, stuck_on = excluded.stuck_on, updated_at = now()`,
      [name, status.state, status.position.commit, ...stuck(status)],
    );
    // what instances that are no more said last is of use for a while only
    await db.query("delete from engine.status where updated_at < now() - interval '1 day'");
  } catch {
    // it says so in health and metrics anyway
  }
}

/** Why it stands, and behind which event: the next one in the log after this position is the one that it cannot take. */
function stuck({ state, stuckBecause, position, received }: ProjectorStatus): [string | null, string | null] {
  return state === "stuck" ? [stuckBecause ?? null, JSON.stringify({ behind: position, received })] : [null, null];
}

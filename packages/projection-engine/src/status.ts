import { hostname } from "node:os"
import type { Queryable } from "@docket/postgres"
import type { ProjectorStatus } from "./projector.ts"

/** Leaves in engine.status what this instance is doing; an unreachable Postgres is no reason to fail. */
export async function writeStatus(db: Queryable, instance: string | undefined, status: ProjectorStatus): Promise<void> {
  const name = instance ?? `${hostname()}:${process.pid}`
  try {
    await db.query(
      `insert into engine.status as s (instance, state, commit_position, stuck_because) values ($1, $2, $3, $4)
       on conflict (instance) do update set state = excluded.state, commit_position = excluded.commit_position,
         stuck_because = excluded.stuck_because, updated_at = now()`,
      [name, status.state, status.position.commit, status.state === "stuck" ? (status.stuckBecause ?? null) : null],
    )
  } catch {
    // it says so in health and metrics anyway
  }
}

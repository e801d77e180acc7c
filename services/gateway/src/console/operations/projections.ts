import type { z } from "zod";
import type { projectionsReply, rebuildRequest } from "@docket/api-contract";
import type { EventStore } from "@docket/event-store";
import { listParked, projectorName, rebuildRecords } from "@docket/projection-engine";
import type pg from "pg";
import { countBehind } from "./behind.ts";
import { silentAfter } from "./processes.ts";

type Request = z.output<typeof rebuildRequest>;

interface RequestRow {
  readonly id: string;
  readonly projections: string[];
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly state: Request["state"];
  readonly detail: string | null;
  readonly finished_at: Date | null;
}

export const shownRequest = (row: RequestRow): Request => ({
  requestId: row.id,
  projections: row.projections,
  askedBy: row.asked_by,
  askedAt: row.asked_at.toISOString(),
  state: row.state,
  detail: row.detail,
  finishedAt: row.finished_at?.toISOString() ?? null,
});

/** Where the read models stand, what keeps them, and what is being made anew. */
export async function readProjections(pool: pg.Pool, store: EventStore): Promise<z.output<typeof projectionsReply>> {
  const [checkpoints, models, statuses, parked, rebuilds, requests, head] = await Promise.all([
    pool.query<{ commit_position: string; prepare_position: string }>(
      "select commit_position, prepare_position from engine.checkpoints where name = $1",
      [projectorName],
    ),
    pool.query<{ name: string; version: number; generation: number; switched_at: Date }>(
      "select name, version, generation, switched_at from engine.projections order by name",
    ),
    pool.query<{
      instance: string;
      state: string;
      commit_position: string;
      stuck_because: string | null;
      stuck_on: Record<string, unknown> | null;
      updated_at: Date;
      alive: boolean;
    }>(
      `select s.*, p.seen_at is not null and p.seen_at > now() - interval '${silentAfter}' as alive
       from engine.status s left join app.processes p using (instance) order by s.updated_at desc limit 50`,
    ),
    listParked(pool),
    rebuildRecords(pool, 30),
    pool.query<RequestRow>("select * from engine.rebuild_requests order by asked_at desc limit 20"),
    store.head(),
  ]);
  const place = checkpoints.rows[0];
  const at = { commit: Number(place?.commit_position ?? 0), prepare: Number(place?.prepare_position ?? 0) };
  const [lag = { events: 0, capped: false }] = await countBehind(store, [{ at, prefixes: [] }]);
  return {
    head: String(head.commit),
    checkpoint: String(place?.commit_position ?? 0),
    lagEvents: lag.events,
    lagCapped: lag.capped,
    items: models.rows.map((row) => ({
      name: row.name,
      version: row.version,
      generation: row.generation,
      switchedAt: row.switched_at.toISOString(),
      parkedStreams: parked.filter(({ projection }) => projection === row.name).length,
      // the journal is what the others are rebuilt from
      rebuildable: row.name !== "journal" && row.name !== "queue",
    })),
    projectors: statuses.rows.map((row) => ({
      instance: row.instance,
      state: row.state,
      position: String(row.commit_position),
      stuckBecause: row.stuck_because,
      stuckOn: row.stuck_on,
      updatedAt: row.updated_at.toISOString(),
      alive: row.alive,
    })),
    parked: parked.map(({ parkedAt, ...one }) => ({ ...one, parkedAt: parkedAt.toISOString() })),
    rebuilds: rebuilds.map((one) => ({
      id: one.id,
      projection: one.projection,
      version: one.version,
      generation: one.generation,
      state: one.state,
      position: String(one.position.commit),
      target: String(one.target),
      eventsDone: one.events,
      rowsWritten: one.rows,
      different: (one.comparison ?? []).filter(({ same }) => !same).map(({ table }) => table),
      error: one.error,
      startedAt: one.startedAt.toISOString(),
      updatedAt: one.updatedAt.toISOString(),
    })),
    requests: requests.rows.map(shownRequest),
  };
}

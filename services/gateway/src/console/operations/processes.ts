import type { z } from "zod";
import type { processesReply } from "@docket/api-contract";
import type { EventStore } from "@docket/event-store";
import type pg from "pg";
import { countBehind } from "./behind.ts";

/** A process that has said nothing for so long is called silent; it says something every five seconds. */
export const silentAfter = "30 seconds";

interface ProcessRow {
  readonly instance: string;
  readonly name: string;
  readonly version: string;
  readonly runtime: string;
  readonly started_at: Date;
  readonly seen_at: Date;
  readonly memory_bytes: string;
  readonly heap_bytes: string;
  readonly busy: number;
  readonly alive: boolean;
}
interface ReactorRow {
  readonly name: string;
  readonly commit_position: string;
  readonly prepare_position: string;
  readonly prefixes: readonly string[];
  readonly updated_at: Date;
}

/** Who is there, by what each says of itself and by what Postgres knows of connections; who leads; how far each reactor has come; what mail waits. */
export async function readProcesses(pool: pg.Pool, store: EventStore): Promise<z.output<typeof processesReply>> {
  const [processes, connections, leads, reactors, parked, outbox, head] = await Promise.all([
    pool.query<ProcessRow>(
      `select *, seen_at > now() - interval '${silentAfter}' as alive from app.processes order by name, started_at`,
    ),
    pool.query<{ name: string; connections: number; busy: number; since: Date | null }>(
      `select application_name as name, count(*)::int as connections,
         count(*) filter (where state = 'active')::int as busy, min(backend_start) as since
       from pg_stat_activity where datname = current_database() and application_name like 'docket%'
       group by 1 order by 1`,
    ),
    pool.query<{ name: string; holder: string; epoch: string; acquired_at: Date }>(
      "select name, holder, epoch::text, acquired_at from app.leads where expires_at > now() order by name",
    ),
    pool.query<ReactorRow>("select * from app.reactor_checkpoints order by name"),
    pool.query<{ reactor: string; stream: string; revision: number; type: string; cause: string | null; n: number }>(
      `select reactor, stream, revision, type, cause, count(*) over (partition by reactor)::int as n
       from app.reactor_parked where cause is not null order by parked_at limit 200`,
    ),
    pool.query<{ status: string; count: number; oldest: Date | null }>(
      "select status, count(*)::int as count, min(created_at) as oldest from app.outbox group by status order by status",
    ),
    store.head().catch(() => undefined),
  ]);
  const followers = reactors.rows.map((row) => ({
    at: { commit: Number(row.commit_position), prepare: Number(row.prepare_position) },
    prefixes: row.prefixes,
  }));
  const behind = await countBehind(store, followers).catch(() => undefined);
  return {
    processes: processes.rows.map((row) => ({
      instance: row.instance,
      name: row.name,
      version: row.version,
      runtime: row.runtime,
      startedAt: row.started_at.toISOString(),
      seenAt: row.seen_at.toISOString(),
      alive: row.alive,
      memoryBytes: Number(row.memory_bytes),
      heapBytes: Number(row.heap_bytes),
      busy: row.busy,
    })),
    items: connections.rows.map((row) => ({ ...row, since: row.since?.toISOString() ?? null })),
    store: { reachable: head !== undefined, head: head === undefined ? null : String(head.commit) },
    leads: leads.rows.map((row) => ({
      name: row.name,
      holder: row.holder,
      epoch: row.epoch,
      acquiredAt: row.acquired_at.toISOString(),
    })),
    reactors: reactors.rows.map((row, index) => {
      const causes = parked.rows.filter(({ reactor }) => reactor === row.name);
      return {
        name: row.name,
        position: row.commit_position,
        updatedAt: row.updated_at.toISOString(),
        behind: behind?.[index]?.events ?? null,
        behindCapped: behind?.[index]?.capped ?? false,
        parked: causes[0]?.n ?? 0,
        causes: causes.map(({ stream, revision, type, cause }) => ({ stream, revision, type, cause })),
      };
    }),
    outbox: outbox.rows.map((row) => ({ ...row, oldest: row.oldest?.toISOString() ?? null })),
  };
}

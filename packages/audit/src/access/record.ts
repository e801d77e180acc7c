import { randomUUID } from "node:crypto";
import type { AccessEntry } from "@docket/domain";
import type { EventStore } from "@docket/event-store";
import type { Queryable } from "@docket/postgres";
import type { Clock } from "@docket/service-kit";
import type pg from "pg";
import { engineMeta } from "../checkpoint/checkpoint.ts";
import { oneAtATime } from "../one-at-a-time.ts";

/** What the recorder adds by itself. */
export type NewAccess = Omit<AccessEntry, "accessId" | "at">;

const mostQuery = 2_000;
const batchSize = 200;

/** Notes accesses in the database: when this resolves they are not lost any more, whatever happens to this process or the event store. */
export async function noteAccess(
  db: Queryable,
  clock: Pick<Clock, "now">,
  accesses: readonly NewAccess[],
): Promise<void> {
  const at = clock.now().toISOString();
  const entries = accesses.map((access) =>
    JSON.stringify({ accessId: randomUUID(), at, ...access, query: access.query.slice(0, mostQuery) }),
  );
  await db.query("insert into audit.access_pending (entry) select e::jsonb from unnest($1::text[]) e", [entries]);
}

/** The stream that holds the accesses of an instant's day (UTC). */
export const accessStream = (instant: string): string => `access-${instant.slice(0, 10)}`;

/**
 * Moves what was noted into the event store, in order, one process at a time; gives how many. Rows get the id of their append before it is
 * tried, so that one whose answer was lost is found on the stream and not written again: each access stands there once.
 */
export async function flushAccess(
  pool: pg.Pool,
  store: Pick<EventStore, "append" | "last">,
  clock: Pick<Clock, "now">,
): Promise<number> {
  return oneAtATime(pool, "docket access log", async (client) => {
    let moved = 0;
    for (let count = 1; count > 0; moved += count) count = await moveBatch(client, store, clock);
    return moved;
  });
}

async function moveBatch(
  client: pg.PoolClient,
  store: Pick<EventStore, "append" | "last">,
  clock: Pick<Clock, "now">,
): Promise<number> {
  const batch = (await begunBatch(client)) ?? (await newBatch(client));
  if (batch === undefined) return 0;
  const { rows } = await client.query<{ entry: AccessEntry }>(
    "select entry from audit.access_pending where batch = $1 order by seq",
    [batch],
  );
  const entries = rows.map(({ entry }) => entry);
  const [first] = entries;
  if (first === undefined) return 0;
  const stream = accessStream(first.at);
  for (;;) {
    const last = await store.last(stream);
    if (last?.meta.commandId === batch) break;
    const now = clock.now().toISOString();
    const result = await store.append(
      stream,
      last === undefined ? "none" : { revision: last.revision, hash: last.hash },
      [{ type: "RecordsAccessed", data: { entries }, occurredAt: first.at }],
      engineMeta(batch, last !== undefined && last.meta.recordedAt > now ? last.meta.recordedAt : now),
    );
    if (result.outcome === "written") break;
  }
  await client.query("delete from audit.access_pending where batch = $1", [batch]);
  return entries.length;
}

/** A batch whose append was begun and whose outcome is not known. */
async function begunBatch(client: pg.PoolClient): Promise<string | undefined> {
  const { rows } = await client.query<{ batch: string }>(
    "select batch from audit.access_pending where batch is not null order by seq limit 1",
  );
  return rows[0]?.batch;
}

/** The oldest rows of one day become a batch. */
async function newBatch(client: pg.PoolClient): Promise<string | undefined> {
  const { rows } = await client.query<{ batch: string }>(
    `with oldest as (
       select seq, left(entry->>'at', 10) as day from audit.access_pending where batch is null order by seq limit $1),
     chosen as (select seq from oldest where day = (select day from oldest order by seq limit 1))
     update audit.access_pending p set batch = $2 from chosen c where p.seq = c.seq returning p.batch`,
    [batchSize, randomUUID()],
  );
  return rows[0]?.batch;
}

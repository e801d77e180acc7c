import { RawEvent } from "@docket/event-store";
import type { Queryable } from "@docket/postgres";
import type { FoldEvent } from "./fold-event.ts";

/** A parked event as the table keeps it: its texts, so that nothing of it is lost and it can be folded again. */
export function parkedForm({ raw }: FoldEvent): string {
  return JSON.stringify({ dataText: raw.dataText, metaText: raw.metaText });
}

type ParkedRow = {
  stream: string;
  revision: number;
  commit_position: string;
  prepare_position: string;
  event_id: string;
  type: string;
  event: string;
};

/** The parked events of some streams of one read model, in their order. */
export async function readParked(
  db: Queryable,
  projection: string,
  generation: number,
  streams: readonly string[],
): Promise<RawEvent[]> {
  const { rows } = await db.query<ParkedRow>(
    `select stream, revision, commit_position, prepare_position, event_id, type, event from engine.parked
     where projection = $1 and generation = $2 and stream = any($3) order by commit_position, prepare_position`,
    [projection, generation, streams],
  );
  return rows.map((row) => {
    const { dataText, metaText } = JSON.parse(row.event) as { dataText: string; metaText: string };
    const position = { commit: Number(row.commit_position), prepare: Number(row.prepare_position) };
    const { stream, revision, event_id: eventId, type } = row;
    return new RawEvent({ stream, revision, eventId, type, position, createdMs: 0, dataText, metaText });
  });
}

/** Streams whose release was asked for and did not succeed wait on, with the cause of now. */
export async function keepParked(
  db: Queryable,
  which: { readonly projection: string; readonly generation: number; readonly streams: readonly string[] },
  cause: string,
): Promise<void> {
  await db.query(
    `update engine.parked set release_asked_at = null, parked_at = now(), cause = case when cause is null then null else $4 end
     where projection = $1 and generation = $2 and stream = any($3)`,
    [which.projection, which.generation, which.streams, cause.replaceAll("\0", "")],
  );
}

/** A parked stream as people see it. */
export type ParkedStream = {
  readonly projection: string;
  readonly stream: string;
  readonly events: number;
  readonly revision: number;
  readonly type: string;
  readonly cause: string;
  readonly parkedAt: Date;
};

/** What is parked in the current generations, one entry per read model and stream, oldest first. */
export async function listParked(db: Queryable): Promise<ParkedStream[]> {
  const { rows } = await db.query<ParkedStream>(
    `select k.projection, k.stream, count(*)::int as events, (array_agg(k.revision order by k.revision))[1] as revision,
       (array_agg(k.type order by k.revision))[1] as type, (array_agg(k.cause order by k.revision))[1] as cause,
       min(k.parked_at) as "parkedAt"
     from engine.parked k join engine.projections p on p.name = k.projection and p.generation = k.generation
     group by k.projection, k.stream order by min(k.parked_at), k.projection, k.stream`,
  );
  return rows;
}

/**
 * Asks for parked streams to be folded again, in their order: the leading projector does it within a second or so. What
 * fails again stays parked with the new cause. Gives the number of streams; without names all that are parked.
 */
export async function unpark(db: Queryable, which: { projection?: string; stream?: string } = {}): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `with asked as (
       update engine.parked set release_asked_at = now()
       where ($1::text is null or projection = $1) and ($2::text is null or stream = $2) returning projection, stream)
     select count(distinct (projection, stream))::int as count from asked`,
    [which.projection ?? null, which.stream ?? null],
  );
  return rows[0]?.count ?? 0;
}

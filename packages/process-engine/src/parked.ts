import type { RawEvent } from "@docket/event-store";
import type { Queryable } from "@docket/postgres";

/** Events that a reactor could not deal with, and those that wait behind them, by stream and revision. */
export interface ParkedEvent {
  readonly stream: string;
  readonly revision: number;
}

/** The parked events of a reactor, in the order of the log. */
export async function parkedEvents(db: Queryable, reactor: string): Promise<ParkedEvent[]> {
  const { rows } = await db.query<ParkedEvent>(
    "select stream, revision from app.reactor_parked where reactor = $1 order by commit_position, prepare_position",
    [reactor],
  );
  return rows;
}

/** Parks events, within the caller's transaction. `cause` stands with the first; null: it waits behind one parked before. */
export async function parkEvents(
  tx: Queryable,
  reactor: string,
  events: readonly RawEvent[],
  cause: string | null,
): Promise<void> {
  if (events.length === 0) return;
  const column = <T>(of: (event: RawEvent) => T): T[] => events.map(of);
  await tx.query(
    `insert into app.reactor_parked (reactor, stream, revision, commit_position, prepare_position, event_id, type, cause)
     select $1, * from unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[], $6::uuid[], $7::text[], $8::text[]) on conflict do nothing`,
    [
      reactor,
      column((event) => event.stream),
      column((event) => event.revision),
      column((event) => event.position.commit),
      column((event) => event.position.prepare),
      column((event) => event.eventId),
      column((event) => event.type),
      events.map((_, index) => (index === 0 ? (cause?.replaceAll("\0", "").slice(0, 4_000) ?? null) : null)),
    ],
  );
}

/** Notes that a parked event has been dealt with, within the caller's transaction. */
export async function unparkEvent(tx: Queryable, reactor: string, { stream, revision }: ParkedEvent): Promise<void> {
  await tx.query("delete from app.reactor_parked where reactor = $1 and stream = $2 and revision = $3", [
    reactor,
    stream,
    revision,
  ]);
}

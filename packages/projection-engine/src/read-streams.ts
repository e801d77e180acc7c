import { RawEvent } from "@docket/event-store";
import type { Queryable } from "@docket/postgres";

type Row = {
  position: string;
  prepare_position: string;
  stream: string;
  revision: number;
  event_id: string;
  type: string;
  data_text: string;
  meta_text: string;
};

/** All events of some streams as the journal has them, in the order of the log. */
export async function readStreams(db: Queryable, streams: readonly string[]): Promise<RawEvent[]> {
  const { rows } = await db.query<Row>(
    `select position, prepare_position, stream, revision, event_id, type, data_text,
       ((meta - 'correlationId' - 'causationId') || jsonb_build_object(
         '$correlationId', correlation_id, '$causationId', causation_id, 'prevHash', prev_hash, 'hash', hash))::text as meta_text
     from read.journal where stream = any($1) order by position, prepare_position`,
    [streams],
  );
  return rows.map(
    (row) =>
      new RawEvent({
        stream: row.stream,
        revision: row.revision,
        eventId: row.event_id,
        type: row.type,
        position: { commit: Number(row.position), prepare: Number(row.prepare_position) },
        createdMs: 0,
        dataText: row.data_text,
        metaText: row.meta_text,
      }),
  );
}

import type { EventMeta } from "@docket/domain";
import type { RawEvent } from "@docket/event-store";
import type { Queryable } from "@docket/postgres";

/** Columns of `read.journal` that an event's stored form is made of. */
export const storedColumns = [
  "position",
  "prepare_position",
  "stream",
  "revision",
  "event_id",
  "type",
  "data_text",
  "meta",
  "prev_hash",
  "hash",
] as const;

export type JournalRow = Readonly<Record<string, unknown>>;

/** An event of the journal as the event store gave it. The metadata's members may stand in another order; their values are those. */
export function rawOfJournal(row: JournalRow): RawEvent {
  const { correlationId, causationId, ...rest } = row["meta"] as EventMeta;
  const stored = {
    ...rest,
    $correlationId: correlationId,
    $causationId: causationId,
    prevHash: (row["prev_hash"] as string | null) ?? null,
    hash: row["hash"] as string,
  };
  const dataText = row["data_text"] as string;
  let data: Record<string, unknown> | undefined;
  // The metadata come parsed: an event made from text would parse them again, which for an export is most of the work.
  const raw: RawLike = {
    stream: row["stream"] as string,
    revision: row["revision"] as number,
    eventId: row["event_id"] as string,
    type: row["type"] as string,
    position: { commit: Number(row["position"]), prepare: Number(row["prepare_position"]) },
    createdMs: 0,
    dataText,
    get metaText() {
      return JSON.stringify(stored);
    },
    get data() {
      return (data ??= JSON.parse(dataText) as Record<string, unknown>);
    },
    stored,
    meta: row["meta"] as EventMeta,
    size: dataText.length,
  };
  return raw as unknown as RawEvent;
}

/** All that a raw event shows. */
type RawLike = { readonly [Key in keyof RawEvent]: RawEvent[Key] };

/** What counts as known: facts recorded at or before `at`, of them those up to a log position. Null: all. */
export interface Known {
  readonly at: Date | null;
  readonly position: string | number | null;
}

/** The first facts of a stream that are known, at most `limit`, and how many there are in all. */
export interface KnownEvents {
  readonly events: readonly RawEvent[];
  readonly total: number;
}

/** A stream's facts from the mirror in the database. */
export async function eventsOfJournal(
  db: Queryable,
  stream: string,
  known: Known,
  limit: number,
): Promise<KnownEvents> {
  const where = `stream = $1 and ($2::timestamptz is null or recorded_at <= $2) and ($3::int8 is null or position <= $3)`;
  const values = [stream, known.at, known.position];
  const { rows } = await db.query<Record<string, unknown>>(
    `select ${storedColumns.join(", ")} from read.journal where ${where} order by revision limit $4`,
    [...values, Math.min(limit, 1_000_000)],
  );
  if (rows.length < limit) return { events: rows.map(rawOfJournal), total: rows.length };
  const counted = await db.query<{ n: string }>(`select count(*) as n from read.journal where ${where}`, values);
  return { events: rows.map(rawOfJournal), total: Number(counted.rows[0]?.n ?? 0) };
}

/** The facts of a stream of the store that are known. */
export function knownOf(events: readonly RawEvent[], { at, position }: Known): KnownEvents {
  const until = at?.getTime() ?? Infinity;
  const last = position === null ? Infinity : Number(position);
  const shown = events.filter((event) => event.position.commit <= last && recordedMs(event) <= until);
  return { events: shown, total: shown.length };
}

/** An event whose metadata are no JSON any more counts as known: the chain will tell. */
function recordedMs(event: RawEvent): number {
  try {
    return Date.parse(event.meta.recordedAt);
  } catch {
    return 0;
  }
}

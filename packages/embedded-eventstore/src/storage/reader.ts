import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredEvent } from "./types.ts";

/**
 * Pages of events out of the tables. Every page is read to its end at once, so no statement stays open between pages and a
 * stalled caller holds nothing. Pages are bounded by number and by bytes (a page holds at least one event if there is one).
 */
export type PageLimits = { maxEvents: number; maxBytes: number };

export type StreamRange = {
  streamId: number;
  /** Inclusive bounds. */
  low: number;
  high: number;
  /** Events created before this are passed over; 0 without a maximum age. */
  createdFromMs: number;
  backwards: boolean;
};

export type AllRange = {
  /** Exclusive bounds of the positions. */
  above: number;
  below: number;
  backwards: boolean;
  /** Asked once for each event looked at, in order: is it wanted? Those come with their frame, the others are only counted. */
  accept: (streamId: number, typeId: number, position: number) => boolean;
  /** Looks at no more events than this. */
  maxConsidered: number;
};

export type AllPage = {
  events: StoredEvent[];
  /** Events looked at, wanted or not, and the position of the last one (undefined when there was none). */
  considered: number;
  reached: number | undefined;
  /** No event lies beyond what was looked at. */
  atEnd: boolean;
};

export type Reader = {
  streamPage(range: StreamRange, limits: PageLimits): StoredEvent[];
  allPage(range: AllRange, limits: PageLimits): AllPage;
  eventAt(position: number): StoredEvent | undefined;
  eventOf(streamId: number, revision: number): StoredEvent | undefined;
  lastEventOf(streamId: number): StoredEvent | undefined;
  /** Revision of a stream's last event, -1 without events. */
  lastRevisionOf(streamId: number): number;
  /** The same among the revisions below `limit`. */
  lastRevisionBelow(streamId: number, limit: number): number;
};

type Row = [position: number, stream: number, type: number, revision: number, created: number, frame: Uint8Array];
const COLUMNS = "position, stream, type, revision, created, frame";
const MAX = Number.MAX_SAFE_INTEGER;

export function createReader(db: DatabaseSync): Reader {
  const forwards = rows(
    db,
    `select ${COLUMNS} from events where stream = ? and revision >= ? and revision <= ? and created >= ? order by revision limit ?`,
  );
  const backwards = rows(
    db,
    `select ${COLUMNS} from events where stream = ? and revision >= ? and revision <= ? and created >= ? order by revision desc limit ?`,
  );
  const allForwards = rows(
    db,
    `select ${COLUMNS} from events where position > ? and position < ? order by position limit ?`,
  );
  const allBackwards = rows(
    db,
    `select ${COLUMNS} from events where position > ? and position < ? order by position desc limit ?`,
  );
  const byPosition = rows(db, `select ${COLUMNS} from events where position = ?`);
  const last = db.prepare("select max(revision) as last from events where stream = ? and revision < ?");
  const lastBelow = (streamId: number, limit: number): number => Number(last.get(streamId, limit)?.["last"] ?? -1);
  const first = (statement: StatementSync, ...args: number[]): StoredEvent | undefined => {
    const row = statement.get(...args) as unknown as Row | undefined;
    return row && eventFrom(row);
  };
  return {
    streamPage(range, limits) {
      const out: StoredEvent[] = [];
      let bytes = 0;
      const statement = range.backwards ? backwards : forwards;
      for (const row of statement.iterate(
        range.streamId,
        range.low,
        range.high,
        range.createdFromMs,
        limits.maxEvents,
      )) {
        const event = eventFrom(row as unknown as Row);
        out.push(event);
        bytes += event.frame.length;
        if (bytes >= limits.maxBytes) break;
      }
      return out;
    },
    allPage(range, limits) {
      const page: AllPage = { events: [], considered: 0, reached: undefined, atEnd: true };
      let bytes = 0;
      const statement = range.backwards ? allBackwards : allForwards;
      // One more than may be looked at tells whether anything follows.
      for (const raw of statement.iterate(range.above, range.below, Math.min(range.maxConsidered + 1, MAX))) {
        const row = raw as unknown as Row;
        if (
          page.considered >= range.maxConsidered ||
          page.events.length >= limits.maxEvents ||
          bytes >= limits.maxBytes
        ) {
          page.atEnd = false;
          break;
        }
        page.considered += 1;
        page.reached = row[0];
        if (!range.accept(row[1], row[2], row[0])) continue;
        const event = eventFrom(row);
        page.events.push(event);
        bytes += event.frame.length;
      }
      return page;
    },
    eventAt: (position) => first(byPosition, position),
    eventOf: (streamId, revision) => first(forwards, streamId, revision, revision, 0, 1),
    lastEventOf: (streamId) => first(backwards, streamId, 0, MAX, 0, 1),
    lastRevisionOf: (streamId) => lastBelow(streamId, MAX + 1),
    lastRevisionBelow: lastBelow,
  };
}

function rows(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

function eventFrom(row: Row): StoredEvent {
  const blob = row[5];
  return {
    position: row[0],
    streamId: row[1],
    typeId: row[2],
    revision: row[3],
    createdMs: row[4],
    frame: Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength),
  };
}

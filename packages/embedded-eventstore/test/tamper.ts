import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { decodeEvent, encodeEventFrame, encodeStreamField } from "../src/wire/recorded-event.ts";

/** An event as it lies in the file of a node that does not run. */
export interface StoredRow {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  readonly data: string;
  readonly meta: string;
}

export interface OpenFile {
  rows(stream: string): StoredRow[];
  /** Writes a row over the one at `at`, or a new one. */
  put(row: StoredRow, at?: number): void;
  remove(position: number): void;
  readonly database: DatabaseSync;
}

/** Changes a store's file behind the store's back, as somebody with the disk in his hands could. */
export function tamperWith(dataDir: string, change: (file: OpenFile) => void): void {
  const database = new DatabaseSync(join(dataDir, "events.db"));
  const idIn = (table: "streams" | "types", name: string): number => {
    database.prepare(`insert into ${table} (name) values (?) on conflict do nothing`).run(Buffer.from(name));
    return Number(database.prepare(`select id from ${table} where name = ?`).get(Buffer.from(name))?.["id"]);
  };
  const created = 1_700_000_000_000;
  try {
    change({
      database,
      rows: (stream) =>
        database
          .prepare("select position, revision, frame from events where stream = ? order by revision")
          .all(idIn("streams", stream))
          .map((row) => {
            const event = decodeEvent(Buffer.from(row["frame"] as Uint8Array));
            return {
              position: Number(row["position"]),
              stream,
              revision: Number(row["revision"]),
              eventId: event.id,
              type: event.type,
              data: Buffer.from(event.data).toString("utf8"),
              meta: Buffer.from(event.metadata).toString("utf8"),
            };
          }),
      put(row, at) {
        if (at !== undefined) database.prepare("delete from events where position = ?").run(at);
        const parts = {
          id: row.eventId,
          type: row.type,
          isJson: true,
          data: Buffer.from(row.data),
          metadata: Buffer.from(row.meta),
        };
        const frame = encodeEventFrame(parts, encodeStreamField(row.stream), row.revision, row.position, created);
        database
          .prepare("insert into events (position, stream, revision, type, created, frame) values (?, ?, ?, ?, ?, ?)")
          .run(row.position, idIn("streams", row.stream), row.revision, idIn("types", row.type), created, frame);
      },
      remove: (position) => void database.prepare("delete from events where position = ?").run(position),
    });
  } finally {
    database.close();
  }
}

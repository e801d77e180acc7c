import type { EventStore, StreamedEvent } from "@docket/event-store";

/** The store's door, as far as it opens what the journal holds. */
export type Opener = Pick<EventStore, "reveal">;

/** A row of the journal with what is needed to open it; data and metadata as stored. */
export interface StoredRow {
  readonly stream: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly meta: Record<string, unknown>;
}

/** The rows with data and metadata as people read them: personal data opened (or blank), of the present version. */
export async function revealRows<Row extends StoredRow>(store: Opener, rows: readonly Row[]): Promise<Row[]> {
  if (rows.length === 0) return [];
  const opened = await store.reveal(rows as unknown as readonly StreamedEvent[]);
  return rows.map((row, index) => {
    const { data, meta } = opened[index] ?? row;
    return { ...row, data: data as Record<string, unknown>, meta: meta as unknown as Record<string, unknown> };
  });
}

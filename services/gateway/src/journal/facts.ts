import type { EventStore } from "@docket/event-store";
import { rawOfJournal } from "@docket/audit";
import type { Row } from "../query/page.ts";

/**
 * The rows with their data as people read them: through the store's door, which decodes personal data and brings old versions up to
 * date. An event that cannot be read keeps its stored form: an audit has to see it all the same.
 */
export async function decodeRows(store: Pick<EventStore, "facts">, rows: readonly Row[]): Promise<readonly Row[]> {
  const raws = rows.map(rawOfJournal);
  try {
    const facts = await store.facts(raws);
    return rows.map((row, index) => ({ ...row, data: facts[index]?.data, meta: facts[index]?.meta ?? row["meta"] }));
  } catch (error) {
    if ((error as { code?: unknown }).code !== "event_undecodable") throw error;
    if (rows.length === 1) return rows.map((row) => ({ ...row, data: asStored(row["data_text"]) }));
    const half = rows.length >> 1;
    return [...(await decodeRows(store, rows.slice(0, half))), ...(await decodeRows(store, rows.slice(half)))];
  }
}

function asStored(text: unknown): object {
  try {
    const data: unknown = JSON.parse(String(text));
    return typeof data === "object" && data !== null ? data : { text };
  } catch {
    return { text };
  }
}

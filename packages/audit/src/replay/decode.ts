import type { EventStore, RawEvent, StoredFact } from "@docket/event-store";

/** The facts of events up to the first that cannot be read: what stands behind that one cannot be told. */
export async function readableFacts(
  store: Pick<EventStore, "facts">,
  events: readonly RawEvent[],
): Promise<{ readonly facts: readonly StoredFact[]; readonly unreadable: RawEvent | undefined }> {
  try {
    return { facts: await store.facts(events), unreadable: undefined };
  } catch (error) {
    if ((error as { code?: unknown }).code !== "event_undecodable") throw error;
  }
  const facts: StoredFact[] = [];
  for (const event of events) {
    try {
      facts.push(...(await store.facts([event])));
    } catch {
      return { facts, unreadable: event };
    }
  }
  return { facts, unreadable: undefined };
}

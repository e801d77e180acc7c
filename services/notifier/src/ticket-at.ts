import { evolveTicket, type Fact, type TicketEvent, type TicketState } from "@docket/domain";
import type { EventStore } from "@docket/event-store";

/**
 * Tickets as they were right after a given fact, so that a mail written later (after a crash) says what it would have said
 * at once. Holds the last `max` tickets; facts of one ticket come in order, so mostly one fold step is enough.
 */
export function ticketsAt(
  store: Pick<EventStore, "load" | "onForgotten">,
  max = 2_000,
): (fact: Fact<TicketEvent>) => Promise<{ state: TicketState; imported: boolean }> {
  const known = new Map<string, { state: TicketState | null; imported: boolean; revision: number }>();
  store.onForgotten(() => known.clear());
  return async (fact) => {
    let entry = known.get(fact.stream);
    if (entry === undefined || entry.revision !== fact.revision - 1) {
      const past = fact.revision === 0 ? [] : await store.load(fact.stream, { limit: fact.revision });
      entry = { state: null, imported: false, revision: -1 };
      for (const before of past as unknown as readonly Fact<TicketEvent>[]) entry = step(entry, before);
    }
    entry = step(entry, fact);
    known.delete(fact.stream);
    known.set(fact.stream, entry);
    const [oldest] = known.size > max ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    if (entry.state === null) throw new Error(`${fact.stream} does not begin with its registration`);
    return { state: entry.state, imported: entry.imported };
  };
}

function step(entry: { state: TicketState | null; imported: boolean }, fact: Fact<TicketEvent>) {
  return {
    state: evolveTicket(entry.state, fact),
    imported: entry.imported || fact.meta.provenance !== undefined,
    revision: fact.revision,
  };
}

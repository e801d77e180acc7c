import { evolveTicket, type Fact, type TicketEvent, type TicketState } from "@docket/domain";
import type { EventStore } from "@docket/event-store";

/**
 * Tickets as they were right after a given fact, so that a mail written later (after a crash) says what it would have said
 * at once. Holds the last `max` tickets; facts of one ticket come in order, so mostly one fold step is enough.
 */
export function ticketsAt(
  store: Pick<EventStore, "load" | "onForgotten">,
  max = 2_000,
): (fact: Fact<TicketEvent>) => Promise<TicketState> {
  const known = new Map<string, TicketState | null>();
  store.onForgotten(() => known.clear());
  return async (fact) => {
    let state = known.get(fact.stream) ?? null;
    if ((state?.revision ?? -1) !== fact.revision - 1) {
      const past = fact.revision === 0 ? [] : await store.load(fact.stream, { limit: fact.revision });
      state = null;
      for (const before of past as unknown as readonly Fact<TicketEvent>[]) state = evolveTicket(state, before);
    }
    state = evolveTicket(state, fact);
    known.delete(fact.stream);
    known.set(fact.stream, state);
    const [oldest] = known.size > max ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    if (state === null) throw new Error(`${fact.stream} does not begin with its registration`);
    return state;
  };
}

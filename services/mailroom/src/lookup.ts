import type { Directory, Fact, TicketEvent, TicketState } from "@docket/domain";
import { evolveTicket, personByEmail } from "@docket/domain";
import { createStateCache, type EventStore } from "@docket/event-store";
import type { Db } from "@docket/postgres";
import type { ThreadLookup } from "./thread.ts";

const fold = {
  initial: null as TicketState | null,
  evolve: (state: TicketState | null, fact: unknown) => evolveTicket(state, fact as Fact<TicketEvent>),
};

/** Looks up threads and parties: message ids among the kept contacts, parties in the ticket and the directory. */
export function threadLookup(deps: { store: EventStore; db: Db; directory: () => Directory }): ThreadLookup {
  const tickets = createStateCache(deps.store, 1_000);
  return {
    async ticketOfMessages(messageIds) {
      const row = await deps.db
        .selectFrom("read.contact")
        .select("ticket_id")
        .where("message_id", "in", [...messageIds])
        .where("ticket_id", "is not", null)
        .orderBy("position", "desc")
        .limit(1)
        .executeTakeFirst();
      return row?.ticket_id ?? null;
    },
    async isParty(ticketId, address) {
      const { state } = await tickets.refresh(`ticket-${ticketId}`, fold);
      if (state === null) return false;
      if (state.requester.email?.toLowerCase() === address) return true;
      return personByEmail(deps.directory(), address)?.organizationId === state.organizationId;
    },
  };
}

import type { EventStore } from "@docket/event-store";
import type { PersonalCodec } from "./codec.ts";
import type { Vault } from "./vault.ts";

/** Whose something is that stands beside the events: the subject under whose key it is sealed. */
export interface Whose {
  /** what is said in and about a ticket */
  ticket(ticketId: string): Promise<string>;
  /** what a contact brings that is about to be received, with the data of its ContactReceived */
  contact(contactId: string, received: object): Promise<string>;
  /** a name as the domain makes them: `staff:<id>`, `person:<id>`, `account:<id>` */
  named(name: string): Promise<string>;
}

export function whoseOf(store: Pick<EventStore, "loadRaw">, vault: Vault, codec: PersonalCodec): Whose {
  const origin = async (stream: string) => (await store.loadRaw(stream, { limit: 1 }))[0];
  return {
    ticket: (ticketId) => codec.subjectOfFact(`ticket-${ticketId}`, "", {}, origin),
    contact: (contactId, received) => codec.subjectOfFact(`contact-${contactId}`, "ContactReceived", received, origin),
    named: async (name) => (await vault.subjectsOf([{ name, known: [] }]))[0] as string,
  };
}

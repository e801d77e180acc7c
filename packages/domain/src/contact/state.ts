import type { Fact } from "../event.ts";
import { rememberedCommands, type RememberedCommand } from "../remembered.ts";
import type { ContactEvent } from "./events.ts";

/**
 * A contact's life: `received` from its first second; triage makes it `verified`, `held` for an operator, or `rejected` as
 * automatic mail; an operator makes what is held `verified` or `rejected`; what is verified becomes a ticket (`registered`)
 * or part of one (`joined`). The last three are final, and every contact ends in one of them.
 */
export const contactStatuses = ["received", "held", "verified", "registered", "joined", "rejected"] as const;
export type ContactStatus = (typeof contactStatuses)[number];

type Received = Extract<ContactEvent, { type: "ContactReceived" }>["data"];

export interface ContactState {
  readonly contactId: string;
  readonly status: ContactStatus;
  readonly received: Received;
  readonly entitlement: {
    readonly organizationId: string;
    readonly contractId: string;
    readonly personId: string | null;
  } | null;
  readonly ticketId: string | null;
  readonly commands: readonly RememberedCommand[];
  readonly revision: number;
}

/** Folds one fact into a contact's state; a fact that was folded before changes nothing. */
export function evolveContact(state: ContactState | null, fact: Fact<ContactEvent>): ContactState | null {
  if (state && fact.revision <= state.revision) return state;
  const next = applyContactEvent(state, fact);
  return next && { ...next, revision: fact.revision, commands: rememberedCommands(next.commands, fact) };
}

function applyContactEvent(state: ContactState | null, event: ContactEvent): ContactState | null {
  if (event.type === "ContactReceived") {
    const { contactId } = event.data;
    return {
      contactId,
      status: "received",
      received: event.data,
      entitlement: null,
      ticketId: null,
      commands: [],
      revision: -1,
    };
  }
  if (!state) return null;
  switch (event.type) {
    case "ContactHeld":
      return { ...state, status: "held" };
    case "ContactVerified": {
      const { organizationId, contractId, personId } = event.data;
      return { ...state, status: "verified", entitlement: { organizationId, contractId, personId } };
    }
    case "ContactRegistered":
      return { ...state, status: "registered", ticketId: event.data.ticketId };
    case "ContactJoined":
      return { ...state, status: "joined", ticketId: event.data.ticketId };
    case "ContactRejected":
      return { ...state, status: "rejected" };
    default:
      return state;
  }
}

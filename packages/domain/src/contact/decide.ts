import type { CommandMeta } from "../command.ts";
import { contractHoldsAt, findContract, findOrganization, findPerson, personByEmail } from "../directory/lookup.ts";
import { normaliseEmail } from "../directory/normalise.ts";
import type { Directory } from "../directory/state.ts";
import { refuse, type Decision, type Refusal } from "../errors.ts";
import type { NewFact } from "../event.ts";
import { mayRole } from "../permissions.ts";
import { clockSkew, type TicketContext } from "../ticket/work-in-hand.ts";
import type { ContactCommand } from "./commands.ts";
import { checkEntitlement } from "./entitlement.ts";
import type { ContactEvent } from "./events.ts";
import type { ContactState } from "./state.ts";

/** What triage needs to know of the ticket that a contact is about by proof. */
export interface TicketParty {
  readonly organizationId: string;
  readonly contractId: string;
  readonly requester: { readonly personId: string | null; readonly email: string | null };
}

export interface ContactContext extends Pick<TicketContext, "now" | "directory"> {
  /** the ticket that the contact is about; without it the thread proves nothing */
  readonly aboutTicket?: TicketParty | null;
}

/** The reason under which automatic mail is rejected; also the code of its text (`terms.doubt`). */
export const automaticReason = "automatic_message";

const settled: ReadonlySet<ContactState["status"]> = new Set<ContactState["status"]>([
  "registered",
  "joined",
  "rejected",
]);

/**
 * Decides a command on a contact. Takes the command (valid by its schema), its metadata, the contact's state (null: not yet
 * received) and what may be looked at; gives the facts or a coded refusal. Pure. Nothing that arrived is dropped: whatever
 * triage doubts waits for an operator (R §3.2, A).
 */
export function decideContact(
  command: ContactCommand,
  meta: CommandMeta,
  state: ContactState | null,
  context: ContactContext,
): Decision<NewFact<ContactEvent>> {
  if (state?.commands.some((known) => known.commandId === meta.commandId)) return nothing;
  if (!mayRole(meta.actor.role, command.type))
    return refuse("not_permitted", "actor", { role: meta.actor.role, command: command.type });
  if (command.type === "ReceiveContact") return receive(command.data, meta, state, context.now);
  if (!state) return refuse("contact_unknown", "data.contactId", { contactId: command.data.contactId });
  const at = occurredAt(meta, state, context.now);
  if (typeof at !== "number") return at;
  const decided = decideKnown(command, state, context);
  if (decided === null) return nothing;
  if ("ok" in decided) return decided;
  return { ok: true, events: [{ ...decided, occurredAt: new Date(at).toISOString() }] };
}

const nothing = { ok: true, events: [] } as const;

function receive(
  data: Extract<ContactEvent, { type: "ContactReceived" }>["data"],
  meta: CommandMeta,
  state: ContactState | null,
  now: number,
): Decision<NewFact<ContactEvent>> {
  if (state) return refuse("contact_exists", "data.contactId", { contactId: data.contactId });
  if (Date.parse(data.receivedAt) > now + clockSkew)
    return refuse("occurred_in_future", "data.receivedAt", { at: data.receivedAt });
  if (meta.occurredAt !== undefined && Date.parse(meta.occurredAt) > now + clockSkew)
    return refuse("occurred_in_future", "occurredAt", { at: meta.occurredAt });
  return { ok: true, events: [{ type: "ContactReceived", data, occurredAt: meta.occurredAt ?? data.receivedAt }] };
}

function occurredAt(meta: CommandMeta, state: ContactState, now: number): number | Refusal {
  const receivedAt = Date.parse(state.received.receivedAt);
  if (meta.occurredAt === undefined) return Math.max(now, receivedAt);
  const at = Date.parse(meta.occurredAt);
  if (at > now + clockSkew) return refuse("occurred_in_future", "occurredAt", { at: meta.occurredAt });
  return at < receivedAt ? refuse("occurred_before_receipt", "occurredAt", { at: meta.occurredAt }) : at;
}

/** One fact, a refusal, or null where there is nothing left to do. */
function decideKnown(
  command: Exclude<ContactCommand, { type: "ReceiveContact" }>,
  state: ContactState,
  context: ContactContext,
): ContactEvent | Refusal | null {
  switch (command.type) {
    case "TriageContact":
      return state.status === "received" || state.status === "held" ? triage(state, context) : null;
    case "VerifyContact": {
      if (settled.has(state.status)) return refuse("contact_settled", undefined, { status: state.status });
      const { organizationId, contractId, personId, note } = command.data;
      const refused = cannotVerify(context.directory, command.data, Date.parse(state.received.receivedAt));
      return (
        refused ?? { type: "ContactVerified", data: { organizationId, contractId, personId, how: "operator", note } }
      );
    }
    case "RejectContact":
      if (settled.has(state.status)) return refuse("contact_settled", undefined, { status: state.status });
      return { type: "ContactRejected", data: { reason: command.data.reason, automatic: false } };
    case "RecordContactRegistered": {
      const { ticketId, ticketNumber, afterTicketId } = command.data;
      if (state.status === "registered" && state.ticketId === ticketId) return null;
      return notReady(state) ?? { type: "ContactRegistered", data: { ticketId, ticketNumber, afterTicketId } };
    }
    default: {
      const { ticketId } = command.data;
      if (state.status === "joined" && state.ticketId === ticketId) return null;
      return notReady(state) ?? { type: "ContactJoined", data: { ticketId } };
    }
  }
}

function notReady(state: ContactState): Refusal | null {
  if (settled.has(state.status)) return refuse("contact_settled", undefined, { status: state.status });
  return state.status === "verified" ? null : refuse("contact_not_verified", undefined, { status: state.status });
}

function cannotVerify(
  directory: Directory,
  data: Extract<ContactCommand, { type: "VerifyContact" }>["data"],
  receivedAt: number,
): Refusal | null {
  if (!findOrganization(directory, data.organizationId))
    return refuse("organization_unknown", "data.organizationId", { organizationId: data.organizationId });
  const contract = findContract(directory, data.contractId);
  if (!contract) return refuse("contract_unknown", "data.contractId", { contractId: data.contractId });
  if (contract.organizationId !== data.organizationId)
    return refuse("contract_of_another_organization", "data.contractId", { number: contract.number });
  if (!contractHoldsAt(directory, contract, receivedAt))
    return refuse("contract_not_valid", "data.contractId", { number: contract.number });
  if (data.personId === null) return null;
  const person = findPerson(directory, data.personId);
  if (!person) return refuse("person_unknown", "data.personId", { personId: data.personId });
  return person.organizationId === data.organizationId
    ? null
    : refuse("person_of_another_organization", "data.personId", { name: person.name });
}

/** Registers by itself what is beyond doubt, holds the rest, and lets no auto-responder talk to us (R §3.2). */
function triage({ received, status }: ContactState, context: ContactContext): ContactEvent | null {
  if (received.mail?.automatic) return { type: "ContactRejected", data: { reason: automaticReason, automatic: true } };
  const byThread = threadParty(received, context);
  if (byThread) return { type: "ContactVerified", data: { ...byThread, how: "thread", note: null } };
  const { channel, claims, authenticatedPersonId } = received;
  const entitlement = checkEntitlement(context.directory, claims, {
    channel,
    at: Date.parse(received.receivedAt),
    authenticatedPersonId,
  });
  const empty = received.subject.trim() === "" && received.text.trim() === "" && received.attachments.length === 0;
  if (entitlement.ok && !empty) {
    const { organizationId, contractId, personId, how } = entitlement;
    return { type: "ContactVerified", data: { organizationId, contractId, personId, how, note: null } };
  }
  // Already waiting: looking again found no reason to stop.
  if (status === "held") return null;
  const doubts = [...(entitlement.ok ? [] : entitlement.doubts), ...(empty ? (["empty_message"] as const) : [])];
  return { type: "ContactHeld", data: { doubts } };
}

/** A proved thread speaks for a sender who is a party of that ticket; anybody else starts anew. */
function threadParty(received: ContactState["received"], { aboutTicket, directory }: ContactContext) {
  if (received.aboutTicketId === null || !aboutTicket) return null;
  const from = received.claims.email ?? received.mail?.from ?? null;
  const { organizationId, contractId, requester } = aboutTicket;
  const person =
    received.authenticatedPersonId === null
      ? from === null
        ? null
        : personByEmail(directory, from)
      : findPerson(directory, received.authenticatedPersonId);
  if (person)
    return person.organizationId === organizationId ? { organizationId, contractId, personId: person.personId } : null;
  const isRequester =
    from !== null && requester.email !== null && normaliseEmail(from) === normaliseEmail(requester.email);
  return isRequester ? { organizationId, contractId, personId: requester.personId } : null;
}

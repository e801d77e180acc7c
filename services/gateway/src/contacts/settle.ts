import { derivedId, derivedIdAt } from "@docket/event-store";
import type { Desk } from "@docket/command-handling";
import {
  findOrganization,
  findPerson,
  type Actor,
  type AnyCommand,
  type AnyEvent,
  type CommandMeta,
  type ContactEvent,
  type Directory,
  type Fact,
} from "@docket/domain";
import { engine } from "../tickets/command-meta.ts";
import { accepted } from "../tickets/outcome.ts";

export type Received = Extract<ContactEvent, { type: "ContactReceived" }>["data"];
export type Verified = Extract<ContactEvent, { type: "ContactVerified" }>["data"];

export interface SettleParts {
  readonly desk: Desk;
  /** the next unused ticket number */
  nextNumber(): Promise<string>;
  directory(): Directory;
}

/** What became of a contact. `position` and `revision` are those of the last step. */
export interface Settled {
  readonly status: "registered" | "joined" | "held" | "rejected";
  readonly doubts: readonly string[];
  readonly ticket: { readonly ticketId: string; readonly number: string; readonly revision: number } | null;
  readonly position: string;
}

/** In whose name the steps are taken: the engine's, or of the operator who decided. */
export interface Author {
  readonly actor: Actor;
  readonly channel: CommandMeta["channel"];
}
const itself: Author = { actor: engine, channel: "system" };

/**
 * Takes a contact from its arrival to its end: checks the entitlement, then registers a ticket or joins it to the one that it
 * belongs to by proof, or leaves it to an operator. Every step's ids follow from the contact's, so that it may be done
 * again from the start at any time, by anybody: after a crash the second run finds what the first one did. Throws the
 * refusals of the domain and StoreUnavailable.
 */
export async function settleContact(parts: SettleParts, received: Received): Promise<Settled> {
  const { contactId } = received;
  const result = accepted(await parts.desk.execute({ type: "TriageContact", data: { contactId } }, stepMeta(itself, contactId, "triage")));
  const decided = result.events.at(-1) as Fact<ContactEvent> | undefined;
  switch (decided?.type) {
    case "ContactVerified":
      return register(parts, received, decided.data, itself);
    case "ContactRejected":
      return { status: "rejected", doubts: [], ticket: null, position: result.position };
    case "ContactHeld":
      return { status: "held", doubts: decided.data.doubts, ticket: null, position: result.position };
    default:
      return { status: "held", doubts: [], ticket: null, position: result.position };
  }
}

/** A verified contact becomes a ticket, or part of the open one that it is about. */
export async function register(parts: SettleParts, received: Received, verified: Verified, author: Author): Promise<Settled> {
  const { contactId, aboutTicketId } = received;
  if (aboutTicketId !== null && verified.how === "thread") {
    const joined = await join(parts, received, verified, aboutTicketId, author);
    if (joined !== undefined) return joined;
  }
  const ticketId = ticketIdOf(received);
  const number = await parts.nextNumber();
  const registered = accepted(
    await parts.desk.execute(registration(parts.directory(), received, verified, ticketId, number), stepMeta(author, contactId, "register")),
  );
  const first = registered.events[0] as Fact<AnyEvent> | undefined;
  const ticketNumber = first?.type === "TicketRegistered" ? first.data.number : number;
  const recorded = accepted(
    await parts.desk.execute(
      { type: "RecordContactRegistered", data: { contactId, ticketId, ticketNumber, afterTicketId: aboutTicketId } },
      stepMeta(author, contactId, "registered"),
    ),
  );
  return { status: "registered", doubts: [], ticket: { ticketId, number: ticketNumber, revision: registered.revision }, position: recorded.position };
}

/** The message becomes part of the ticket; undefined when that is closed, since a closed ticket takes nothing more (rule 1). */
export async function join(parts: SettleParts, received: Received, verified: Pick<Verified, "personId">, ticketId: string, author: Author): Promise<Settled | undefined> {
  const { contactId } = received;
  const { text, attachments } = received;
  const from = requesterOf(parts.directory(), received, verified.personId);
  const result = await parts.desk.execute({ type: "JoinMessage", data: { ticketId, contactId, from, text, attachments } }, stepMeta(author, contactId, "join"));
  if (!result.ok && result.error.code === "ticket_closed") return undefined;
  const message = accepted(result);
  const recorded = accepted(await parts.desk.execute({ type: "RecordContactJoined", data: { contactId, ticketId } }, stepMeta(author, contactId, "joined")));
  return { status: "joined", doubts: [], ticket: { ticketId, number: "", revision: message.revision }, position: recorded.position };
}

/** The id of the ticket that a contact becomes. */
export const ticketIdOf = ({ contactId, receivedAt }: Pick<Received, "contactId" | "receivedAt">): string => derivedIdAt(new Date(receivedAt), "ticket", contactId);

export function stepMeta({ actor, channel }: Author, contactId: string, step: string): CommandMeta {
  return { commandId: derivedId("contact", contactId, step), correlationId: contactId, causationId: contactId, actor, channel };
}

const noSubject = { ru: "(без темы)", en: "(no subject)" } as const;

function registration(directory: Directory, received: Received, verified: Verified, ticketId: string, number: string): AnyCommand {
  const organization = findOrganization(directory, verified.organizationId);
  const language = organization?.language ?? "ru";
  const { contactId, channel, text, product, productVersion, stepsToReproduce, wish, receivedAt, attachments } = received;
  return {
    type: "RegisterTicket",
    data: {
      ticketId,
      number,
      contactId,
      channel,
      organizationId: verified.organizationId,
      contractId: verified.contractId,
      requester: requesterOf(directory, received, verified.personId),
      language,
      subject: received.subject.trim() === "" ? noSubject[language] : received.subject,
      description: text,
      product,
      productVersion,
      stepsToReproduce,
      region: received.region ?? organization?.region ?? null,
      wish,
      receivedAt,
      attachments,
      planId: null,
    },
  };
}

/** Who asked: as the directory knows him, else as he said himself. */
function requesterOf(directory: Directory, { claims }: Received, personId: string | null) {
  const person = personId === null ? null : findPerson(directory, personId);
  const email = claims.email ?? person?.emails[0] ?? null;
  return {
    personId,
    name: person?.name ?? claims.personName ?? email ?? claims.phone ?? claims.organization ?? "—",
    email,
    phone: claims.phone ?? person?.phones[0] ?? null,
  };
}


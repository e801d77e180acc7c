import { findPerson, personByEmail, type Directory, type TicketState } from "@docket/domain";
import { derivedId } from "@docket/event-store";
import type { Author, Settled } from "@docket/command-handling";
import type { GatewayDeps } from "../deps.ts";
import { accepted } from "../tickets/outcome.ts";
import type { Received } from "./received.ts";

/**
 * Joins a contact to the ticket that an operator names. The message goes first: a ticket that takes nothing refuses before
 * anything else is written, and a run that was cut off leaves the contact in the intake queue, where doing it again finds
 * the message in its place.
 */
export async function joinTo(
  deps: GatewayDeps,
  received: Received,
  ticket: Pick<TicketState, "ticketId" | "number" | "organizationId" | "contractId">,
  author: Author,
): Promise<Settled> {
  const { contactId, text, attachments } = received;
  const { ticketId, number, organizationId, contractId } = ticket;
  const { desk } = deps;
  const meta = (step: string) => ({
    commandId: derivedId("contact", contactId, step),
    correlationId: contactId,
    causationId: contactId,
    ...author,
  });
  const personId = senderIn(deps.directory(), organizationId, received);
  const from = requesterOf(deps.directory(), received, personId);
  const message = accepted(
    await desk.execute({ type: "JoinMessage", data: { ticketId, contactId, from, text, attachments } }, meta("join")),
  );
  accepted(
    await desk.execute(
      { type: "VerifyContact", data: { contactId, organizationId, contractId, personId, note: null } },
      meta("join-verify"),
    ),
  );
  const recorded = accepted(
    await desk.execute({ type: "RecordContactJoined", data: { contactId, ticketId } }, meta("joined")),
  );
  return {
    status: "joined",
    doubts: [],
    ticket: { ticketId, number, revision: message.revision },
    position: recorded.position,
  };
}

/** The person of an organization who sent a contact, if the directory knows him. */
function senderIn(
  directory: Directory,
  organizationId: string,
  { claims, mail, authenticatedPersonId }: Received,
): string | null {
  const email = claims.email ?? mail?.from ?? null;
  const person =
    authenticatedPersonId === null
      ? email === null
        ? null
        : personByEmail(directory, email)
      : findPerson(directory, authenticatedPersonId);
  return person?.organizationId === organizationId ? person.personId : null;
}

/** Who wrote: as the directory knows him, else as he said himself. */
function requesterOf(directory: Directory, { claims, mail }: Received, personId: string | null) {
  const person = personId === null ? null : findPerson(directory, personId);
  const email = claims.email ?? mail?.from ?? person?.emails[0] ?? null;
  return {
    personId,
    name: person?.name ?? claims.personName ?? email ?? claims.phone ?? "—",
    email,
    phone: claims.phone ?? person?.phones[0] ?? null,
  };
}

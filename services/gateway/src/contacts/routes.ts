import type { FastifyInstance } from "fastify";
import { contactRoutes } from "@docket/api-contract";
import { findPerson, personByEmail, type ContactClaims } from "@docket/domain";
import { actionChannelOf, actorOf, isCustomer } from "../auth/principal.ts";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { demand } from "../policy/enforce.ts";
import { contactDetailsFor } from "../policy/redaction.ts";
import { always } from "../query/filter.ts";
import { answerList } from "../query/list.ts";
import { metaFor } from "../tickets/command-meta.ts";
import { readTicket, type TicketFinder } from "../tickets/find.ts";
import { accepted } from "../tickets/outcome.ts";
import { contactRowFor, readContact } from "./find.ts";
import { reply as answerFor } from "./intake.ts";
import { contactList, waitingContacts } from "./list.ts";
import { join, register, type Author, type Received, type SettleParts } from "./settle.ts";
import { suggestEntitlement } from "./suggest.ts";

interface Parts extends SettleParts {
  readonly finder: TicketFinder;
}

/** Contacts as operators see and decide them. */
export function serveContacts(app: FastifyInstance, serving: Serving, parts: Parts): void {
  const { deps, serve } = serving;
  const { db, desk, store } = deps;

  serve(app, contactRoutes.list, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "contact" });
    return answerList(serving, caller, query, contactList(caller, "contacts", always, "-receivedAt"));
  });

  serve(app, contactRoutes.intake, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "contact" });
    return answerList(serving, caller, query, contactList(caller, "queue:intake", waitingContacts, "receivedAt"));
  });

  serve(app, contactRoutes.get, {}, async ({ caller, params }) => {
    demand(caller, { do: "see", what: "contact" });
    const row = await readContact(db, caller, params.contactId);
    const details = row["details"] as Record<string, unknown>;
    const shown = { ...contactRowFor(caller, row), text: row["text"] as string, details: { ...contactDetailsFor(caller, details) } };
    if (isCustomer(caller)) return shown;
    const receivedAt = (row["received_at"] as Date).getTime();
    return { ...shown, suggestions: suggestEntitlement(parts.directory(), details["claims"] as ContactClaims, row["from_email"] as string | null, receivedAt) };
  });

  serve(app, contactRoutes.verify, {}, async ({ caller, params, body, idFor, reply }) => {
    demand(caller, { do: "decideContact", commandType: "VerifyContact" });
    const { contactId } = params;
    const received = await arrivalOf(contactId);
    accepted(await desk.execute({ type: "VerifyContact", data: { contactId, ...body } }, metaFor(caller, { commandId: idFor("verify"), correlationId: contactId })), caller.language);
    const author: Author = { actor: actorOf(caller), channel: actionChannelOf(caller) };
    return answerFor(reply, caller, contactId, await register(parts, received, { ...body, how: "operator" }, author));
  });

  serve(app, contactRoutes.reject, {}, async ({ caller, params, body, idFor, reply }) => {
    demand(caller, { do: "decideContact", commandType: "RejectContact" });
    const { contactId } = params;
    await arrivalOf(contactId);
    const command = { type: "RejectContact", data: { contactId, reason: body.reason } } as const;
    const { position } = accepted(await desk.execute(command, metaFor(caller, { commandId: idFor("reject"), correlationId: contactId })), caller.language);
    return answerFor(reply, caller, contactId, { status: "rejected", doubts: [], ticket: null, position });
  });

  serve(app, contactRoutes.join, {}, async ({ caller, params, body, idFor, reply }) => {
    demand(caller, { do: "decideContact", commandType: "RecordContactJoined" });
    const { contactId } = params;
    const received = await arrivalOf(contactId);
    const { ticketId } = await parts.finder.resolve(caller, body.ticketId);
    const ticket = await readTicket(db, caller, ticketId, null);
    // told before anything is written: afterwards the contact would be verified for a ticket that takes nothing
    if (ticket["status"] === "closed") throw new Refusal("ticket_closed", { field: "ticketId", params: { number: ticket["number"] } });
    const organizationId = ticket["organization_id"] as string;
    const personId = senderIn(organizationId, received);
    const verified = { organizationId, contractId: ticket["contract_id"] as string, personId, note: null };
    accepted(await desk.execute({ type: "VerifyContact", data: { contactId, ...verified } }, metaFor(caller, { commandId: idFor("verify"), correlationId: contactId })), caller.language);
    const joined = await join(parts, received, verified, ticketId, { actor: actorOf(caller), channel: actionChannelOf(caller) });
    if (joined === undefined) throw new Refusal("ticket_closed", { field: "ticketId", params: { number: ticket["number"] } });
    return answerFor(reply, caller, contactId, joined);
  });

  /** The person of an organization who sent a contact, if the directory knows him. */
  function senderIn(organizationId: string, received: Received): string | null {
    const directory = parts.directory();
    const email = received.claims.email ?? received.mail?.from ?? null;
    const person = received.authenticatedPersonId === null ? (email === null ? null : personByEmail(directory, email)) : findPerson(directory, received.authenticatedPersonId);
    return person?.organizationId === organizationId ? person.personId : null;
  }

  /** What arrived, from the store: an operator may decide on a contact before the read side has it. */
  async function arrivalOf(contactId: string): Promise<Received> {
    const [first] = await store.load(`contact-${contactId}`, { limit: 1 });
    if (first?.type !== "ContactReceived") throw new Refusal("contact_not_found");
    return first.data;
  }
}

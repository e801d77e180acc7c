import type { FastifyInstance } from "fastify";
import { contactRoutes } from "@docket/api-contract";
import type { Author } from "@docket/command-handling";
import type { ContactClaims, ContactState } from "@docket/domain";
import { actionChannelOf, actorOf, isCustomer, type Principal } from "../auth/principal.ts";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { demand } from "../policy/enforce.ts";
import { contactDetailsFor } from "../policy/redaction.ts";
import { always } from "../query/filter.ts";
import { answerList } from "../query/list.ts";
import { askedFor, toldAsOf } from "../query/moment.ts";
import { metaFor } from "../tickets/command-meta.ts";
import type { TicketFinder } from "../tickets/find.ts";
import { accepted } from "../tickets/outcome.ts";
import { contactRowFor, readContact } from "./find.ts";
import { settledReply } from "./intake.ts";
import { contactList, waitingContacts } from "./list.ts";
import { joinTo } from "./join.ts";
import type { Received } from "./received.ts";
import { suggestEntitlement } from "./suggest.ts";

/** What has become something cannot become something else; what was joined to this very ticket may be joined again. */
const isSettled = ({ status, ticketId }: ContactState, wanted: string): boolean =>
  status === "registered" || status === "rejected" || (status === "joined" && ticketId !== wanted);

const authorOf = (caller: Principal): Author => ({ actor: actorOf(caller), channel: actionChannelOf(caller) });

/** Contacts as operators see and decide them. */
export function serveContacts(app: FastifyInstance, serving: Serving, parts: { readonly finder: TicketFinder }): void {
  const { deps, serve } = serving;
  const { db, desk, store } = deps;

  serve(app, contactRoutes.list, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "contact" });
    const asked = askedFor(query, deps.clock.now());
    return answerList(serving, caller, query, contactList(caller, "contacts", asked, always, "-receivedAt"));
  });

  serve(app, contactRoutes.intake, {}, async ({ caller, query }) => {
    demand(caller, { do: "see", what: "contact" });
    const asked = askedFor(query, deps.clock.now());
    const list = contactList(caller, "queue:intake", asked, waitingContacts, "receivedAt");
    return answerList(serving, caller, query, list);
  });

  serve(app, contactRoutes.get, {}, async ({ caller, params, query, reply }) => {
    demand(caller, { do: "see", what: "contact" });
    const moment = await serving.moment(query, reply);
    const row = await readContact(db, caller, params.contactId, moment);
    const details = row["details"] as Record<string, unknown>;
    const shown = {
      ...contactRowFor(caller, row),
      text: row["text"] as string,
      details: { ...contactDetailsFor(caller, details) },
      asOf: toldAsOf(moment),
    };
    // whom to take it for is advice for a decision that is taken now
    if (isCustomer(caller) || moment.pinned) return shown;
    const receivedAt = (row["received_at"] as Date).getTime();
    return {
      ...shown,
      suggestions: suggestEntitlement(
        deps.directory(),
        details["claims"] as ContactClaims,
        row["from_email"] as string | null,
        receivedAt,
      ),
    };
  });

  serve(app, contactRoutes.verify, {}, async ({ caller, params, body, idFor, reply }) => {
    demand(caller, { do: "decideContact", commandType: "VerifyContact" });
    const { contactId } = params;
    await arrivalOf(contactId);
    accepted(
      await desk.execute(
        { type: "VerifyContact", data: { contactId, ...body } },
        metaFor(caller, { commandId: idFor("verify"), correlationId: contactId }),
      ),
      caller.language,
    );
    return settledReply(reply, caller, contactId, await deps.intake.settle(contactId));
  });

  serve(app, contactRoutes.reject, {}, async ({ caller, params, body, idFor, reply }) => {
    demand(caller, { do: "decideContact", commandType: "RejectContact" });
    const { contactId } = params;
    await arrivalOf(contactId);
    const command = { type: "RejectContact", data: { contactId, reason: body.reason } } as const;
    const { position } = accepted(
      await desk.execute(command, metaFor(caller, { commandId: idFor("reject"), correlationId: contactId })),
      caller.language,
    );
    return settledReply(reply, caller, contactId, { status: "rejected", doubts: [], ticket: null, position });
  });

  serve(app, contactRoutes.join, {}, async ({ caller, params, body, reply }) => {
    demand(caller, { do: "decideContact", commandType: "RecordContactJoined" });
    const { contactId } = params;
    const received = await arrivalOf(contactId);
    const { ticketId } = await parts.finder.resolve(caller, body.ticketId);
    const [ticket, contact] = await Promise.all([desk.ticket(ticketId), desk.contact(contactId)]);
    if (ticket === null) throw new Refusal("ticket_not_found");
    if (contact !== null && isSettled(contact, ticketId))
      throw new Refusal("contact_settled", { params: { status: contact.status } });
    return settledReply(reply, caller, contactId, await joinTo(deps, received, ticket, authorOf(caller)));
  });

  /** What arrived, from the store: an operator may decide on a contact before the read side has it. */
  async function arrivalOf(contactId: string): Promise<Received> {
    const [first] = await store.load(`contact-${contactId}`, { limit: 1 });
    if (first?.type !== "ContactReceived") throw new Refusal("contact_not_found");
    return first.data;
  }
}

import {
  findStaff,
  frameWordsAt,
  letterWordsAt,
  parseStreamName,
  type Directory,
  type Fact,
  type Language,
  type LetterAudience,
  type LetterKind,
  type TicketEvent,
} from "@docket/domain";
import { derivedId, type EventStore, type StoredFact } from "@docket/event-store";
import { mailsOf, mailTicketOf, type MailTicket, type OutgoingMail } from "@docket/letters";
import type { MailSettings, MailTokens } from "@docket/mail";
import { enqueueMails, type MailSeals, type OutboxMail } from "@docket/process-engine";
import type { Whose } from "@docket/privacy";
import type { Queryable } from "@docket/postgres";
import { ticketsAt } from "./ticket-at.ts";

export interface NotifyDeps {
  readonly store: Pick<EventStore, "load" | "onForgotten">;
  readonly directory: () => Directory;
  readonly tokens: MailTokens;
  readonly mail: MailSettings;
  readonly publicUrl: string;
  /** seals mails for those of whom they tell */
  readonly seals: MailSeals;
  readonly whose: Pick<Whose, "ticket" | "named">;
}

/** Makes the reactor's work: the mails that a batch of facts causes go into the outbox, in the transaction of the batch. */
export function notifier(deps: NotifyDeps): (facts: readonly StoredFact[], tx: Queryable) => Promise<void> {
  const ticketAt = ticketsAt(deps.store);
  return async (facts, tx) => {
    const mails: OutboxMail[] = [];
    for (const fact of facts) {
      // The stream of reserved numbers begins like a ticket's.
      if (parseStreamName(fact.stream)?.kind !== "ticket") continue;
      // An imported past was another system's business; who is told of it was told then.
      if (fact.meta.provenance !== undefined) continue;
      const ticketFact = fact as unknown as Fact<TicketEvent>;
      const state = await ticketAt(ticketFact);
      // The same for what time brought before the import: a deadline that had passed is stated, and nobody is told.
      if (state.importedAt !== null && Date.parse(fact.meta.occurredAt) < state.importedAt) continue;
      const directory = deps.directory();
      const ticket = mailTicketOf(state, directory);
      const context = {
        ticket,
        staff: (staffId: string) => {
          const member = findStaff(directory, staffId);
          return member?.active === true ? member : null;
        },
        ticketUrl: () => `${deps.publicUrl}/tickets/${ticket.number}`,
        // a letter that is written late, after a crash, says what it would have said at once
        words: (kind: LetterKind, language: Language) =>
          letterWordsAt(directory, kind, language, Date.parse(fact.meta.recordedAt)),
        frame: (audience: LetterAudience, language: Language) =>
          frameWordsAt(directory, audience, language, Date.parse(fact.meta.recordedAt)),
      };
      for (const mail of mailsOf(fact, context)) {
        const id = derivedId("mail-out", fact.eventId, mail.kind);
        mails.push({
          id,
          kind: `${fact.type}:${mail.kind}`,
          causeEventId: fact.eventId,
          ticketId: ticket.ticketId,
          to: mail.to,
          messageId: deps.tokens.messageId(ticket.ticketId, id.replaceAll("-", "").slice(0, 16)),
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          headers: {
            References: deps.tokens.messageId(ticket.ticketId, "root"),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "X-Docket-Mail": "1",
            ...(mail.toCustomer
              ? { "Reply-To": deps.tokens.replyAddress(deps.mail.addresses[0], ticket.ticketId) }
              : {}),
          },
          createdAt: new Date(fact.meta.recordedAt),
          parties: await partiesOf(mail, ticket, deps.whose),
        });
      }
    }
    await enqueueMails(tx, mails, deps.seals);
  };
}

/** Of whom a mail tells: the one whose ticket it is about, and the member of staff whom it is sent to. */
async function partiesOf({ staffId }: OutgoingMail, ticket: MailTicket, whose: NotifyDeps["whose"]): Promise<string[]> {
  const parties = [await whose.ticket(ticket.ticketId)];
  if (staffId !== null) parties.push(await whose.named(`staff:${staffId}`));
  return parties;
}

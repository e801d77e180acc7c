import type { Mail, MailTokens } from "@docket/mail";

export interface ThreadLookup {
  /** the ticket that an earlier contact with one of these message ids became, if any */
  readonly ticketOfMessages: (messageIds: readonly string[]) => Promise<string | null>;
  /** is this address the requester's or of a person of the ticket's organization; false for a ticket that does not exist */
  readonly isParty: (ticketId: string, address: string) => Promise<boolean>;
}

/**
 * The ticket that a mail belongs to by proof: a message id of ours or of an earlier mail of the thread, then a signed token
 * in an address or the subject. A ticket number alone proves nothing. A sender who is no party of the ticket gets null, so
 * that a forwarded mail cannot open somebody else's ticket.
 */
export async function findThread(mail: Mail, tokens: MailTokens, lookup: ThreadLookup): Promise<string | null> {
  if (mail.from.address === null) return null;
  const candidates = [
    ...mail.references.map((id) => tokens.ticketOfMessageId(id)),
    mail.references.length === 0 ? null : await lookup.ticketOfMessages(mail.references),
    ...mail.to.map((address) => tokens.findIn(address)),
    tokens.findIn(mail.subject),
  ];
  for (const ticketId of new Set(candidates)) {
    if (ticketId !== null && (await lookup.isParty(ticketId, mail.from.address))) return ticketId;
  }
  return null;
}

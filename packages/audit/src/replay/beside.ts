import { erasedText } from "@docket/domain";
import type { RawEvent } from "@docket/event-store";
import type { Cause, StoryMail } from "@docket/evidence";
import type { Queryable } from "@docket/postgres";

/** Opens what is sealed of a mail for its parties; undefined once one of them was forgotten. */
export interface MailOpener {
  open(parties: readonly string[], context: string, sealed: Uint8Array): Promise<Buffer | undefined>;
}

/**
 * The mails that a ticket's facts caused, by the fact. To whom and about what is sealed; a mail that cannot be opened shows
 * blanks there.
 */
export async function mailsOfTicket(
  db: Queryable,
  ticketId: string,
  opener?: MailOpener,
): Promise<ReadonlyMap<string, readonly StoryMail[]>> {
  const { rows } = await db.query<{
    id: string;
    kind: string;
    cause: string;
    to: string;
    subject: string;
    status: string;
    messageId: string;
    createdAt: Date;
    sentAt: Date | null;
    parties: string[];
    sealed: Buffer | null;
  }>(
    `select id, kind, cause_event_id as cause, to_address as "to", subject, status, message_id as "messageId",
       created_at as "createdAt", sent_at as "sentAt",
       parties, sealed
     from app.outbox where ticket_id = $1 order by seq`,
    [ticketId],
  );
  const mails = new Map<string, StoryMail[]>();
  for (const { cause, createdAt, sentAt, parties, sealed, ...mail } of rows) {
    const bytes = sealed === null ? undefined : await opener?.open(parties, `docket mail ${mail.id}`, sealed);
    const blank = parties.length > 0 ? { to: erasedText, subject: erasedText } : {};
    const { to, subject } = {
      ...mail,
      ...blank,
      ...(bytes && (JSON.parse(bytes.toString("utf8")) as Partial<StoryMail>)),
    };
    const told = { ...mail, to, subject, createdAt: createdAt.toISOString(), sentAt: sentAt?.toISOString() ?? null };
    const known = mails.get(cause);
    if (known) known.push(told);
    else mails.set(cause, [told]);
  }
  return mails;
}

/** The contacts that a ticket's facts name. */
export function contactsOf(events: readonly RawEvent[]): string[] {
  const contacts = new Set<string>();
  for (const { dataText } of events) {
    const id = /"contactId":"([0-9a-f-]{36})"/u.exec(dataText)?.[1];
    if (id !== undefined) contacts.add(`contact-${id}`);
  }
  return [...contacts];
}

/** The facts of the contacts that a ticket's facts name: what it may follow from, by event and by command. */
export async function causesOf(db: Queryable, events: readonly RawEvent[]): Promise<ReadonlyMap<string, Cause>> {
  const contacts = contactsOf(events);
  const causes = new Map<string, Cause>();
  if (contacts.length === 0) return causes;
  const { rows } = await db.query<Cause & { commandId: string }>(
    `select event_id as "eventId", command_id as "commandId", stream, revision, type
     from read.journal where stream = any($1) order by position`,
    [contacts],
  );
  for (const { commandId, ...cause } of rows) {
    causes.set(cause.eventId, cause);
    if (!causes.has(commandId)) causes.set(commandId, cause);
  }
  return causes;
}

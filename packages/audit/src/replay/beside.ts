import type { RawEvent } from "@docket/event-store";
import type { Cause, StoryMail } from "@docket/evidence";
import type { Queryable } from "@docket/postgres";

/** The mails that a ticket's facts caused, by the fact. */
export async function mailsOfTicket(
  db: Queryable,
  ticketId: string,
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
  }>(
    `select id, kind, cause_event_id as cause, to_address as "to", subject, status, message_id as "messageId",
       created_at as "createdAt", sent_at as "sentAt"
     from app.outbox where ticket_id = $1 order by seq`,
    [ticketId],
  );
  const mails = new Map<string, StoryMail[]>();
  for (const { cause, createdAt, sentAt, ...mail } of rows) {
    const told = { ...mail, createdAt: createdAt.toISOString(), sentAt: sentAt?.toISOString() ?? null };
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

import type { TimelineEntry } from "@docket/api-contract";

export interface SentMail {
  readonly mailId: string;
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly status: string;
  readonly createdAt: string;
  readonly sentAt: string | null;
  /** the fact that it tells of */
  readonly causeEventId: string;
  readonly error?: string | null;
  readonly text?: string | null;
}

/** `at`: the moment by which it has its place, ISO. */
export type Line = { readonly at: string; readonly key: string } & (
  { readonly fact: TimelineEntry } | { readonly mail: SentMail }
);

/**
 * A ticket's facts and letters in one order: facts by the moment at which they happened, which is the one that is shown (a call that is
 * entered later stands where it was held), those of the same moment as they were recorded; each letter right after the fact that it
 * tells of. A letter whose fact is not among them stands by its own time.
 */
export function storyOf(items: readonly TimelineEntry[], mails: readonly SentMail[]): readonly Line[] {
  const known = new Set(items.map(({ eventId }) => eventId));
  const letters = new Map<string, SentMail[]>();
  const others: SentMail[] = [];
  for (const mail of mails.toSorted((a, b) => order(a.createdAt, b.createdAt))) {
    if (!known.has(mail.causeEventId)) others.push(mail);
    else letters.set(mail.causeEventId, [...(letters.get(mail.causeEventId) ?? []), mail]);
  }
  const line = (mail: SentMail, at: string): Line => ({ at, key: mail.mailId, mail });
  const own = (mail: SentMail): Line => line(mail, mail.sentAt ?? mail.createdAt);
  const facts = items
    .toSorted((a, b) => order(a.occurredAt, b.occurredAt) || a.revision - b.revision)
    .flatMap((fact): Line[] => [
      { at: fact.occurredAt, key: fact.eventId, fact },
      ...(letters.get(fact.eventId) ?? []).map((mail) => line(mail, fact.occurredAt)),
    ]);
  return others.length === 0 ? facts : [...facts, ...others.map(own)].toSorted((a, b) => order(a.at, b.at));
}

const order = (a: string, b: string): number => Date.parse(a) - Date.parse(b);

/** What a letter is about, without the ticket's number and subject, which stand above its story anyway. */
export function aboutOf(subject: string, ticket: { readonly number: string; readonly subject: string }): string {
  const about = subject.replace(`[${ticket.number}] `, "");
  const tail = `: ${ticket.subject}`;
  return about.endsWith(tail) && about.length > tail.length ? about.slice(0, -tail.length) : about;
}

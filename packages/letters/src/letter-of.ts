import type { AnyEvent, Fact, FrameWords, Language, LetterKind, LetterWords } from "@docket/domain";
import { mailsOf, type MailTicket, type OutgoingMail } from "./mails-of.ts";
import { sampleFact } from "./samples.ts";

/** A fact with the ticket as it was right after it. */
export interface Happened {
  readonly fact: Fact<AnyEvent>;
  readonly ticket: MailTicket;
}

interface LetterRequest {
  readonly kind: LetterKind;
  readonly language: Language;
  /** the words to be tried; null: the built-in ones */
  readonly words: LetterWords | null;
  /** likewise what stands in every letter to such people */
  readonly frame: FrameWords | null;
  /** the ticket's life, earliest first; at least its registration */
  readonly life: readonly [Happened, ...Happened[]];
  readonly staff: (staffId: string) => { readonly name: string } | null;
  readonly ticketUrl: string;
}

export interface TriedLetter extends Pick<OutgoingMail, "subject" | "text" | "html"> {
  /** nothing in the ticket's life has caused such a letter yet: what it tells is made up */
  readonly sample: boolean;
}

/**
 * A letter as it would be written about a ticket in some words and a language: by the last fact of the ticket's life that
 * causes such a letter, else by a sample of one. Nothing is sent; addresses stay out of it.
 */
export function letterOf(request: LetterRequest): TriedLetter {
  const { kind, life } = request;
  const found = life.toReversed().flatMap((happened) => written(request, happened))[0];
  if (found !== undefined) return { ...found, sample: false };
  const last = life[life.length - 1] ?? life[0];
  const engineerId = last.ticket.engineerId ?? "engineer";
  const made = sampleFact(kind, {
    subject: last.ticket.subject,
    engineerId,
    engineerName: request.staff(engineerId)?.name ?? engineerId,
    requesterName: last.ticket.requester.name,
    at: last.fact.meta.recordedAt,
  });
  const meta = { ...last.fact.meta, actor: { id: "docket", role: "system" } };
  const fact = { ...last.fact, ...made, meta } as Fact<AnyEvent>;
  const [letter] = written(request, { fact, ticket: { ...last.ticket, engineerId } });
  if (letter === undefined) throw new Error(`no fact causes a letter of the kind ${kind}`);
  return { ...letter, sample: true };
}

/** Who would get it has an address here, whatever became of him, and speaks the language that is asked for. */
function written(
  { kind, language, words, frame, staff, ticketUrl }: LetterRequest,
  { fact, ticket }: Happened,
): OutgoingMail[] {
  const address = "preview@docket.invalid";
  const { provenance: _imported, ...meta } = fact.meta;
  return mailsOf({ ...fact, meta } as Fact<AnyEvent>, {
    ticket: { ...ticket, language, requester: { ...ticket.requester, email: address } },
    staff: (staffId) => ({ name: staff(staffId)?.name ?? staffId, email: address, language }),
    ticketUrl: () => ticketUrl,
    words: () => words,
    frame: () => frame,
  }).filter(({ letter }) => letter === kind);
}

import type { FastifyInstance } from "fastify";
import { administrationRoutes, letterWordsBody, type MailKind, parseInput } from "@docket/api-contract";
import {
  checkLetterWords,
  evolveTicket,
  findLetter,
  findStaff,
  isStaffLetter,
  letterKinds,
  letterWordsAt,
  lookup,
  placeholdersOf,
  streamNameOf,
  terms,
  unlessErased,
  versionsOf,
  type AnyEvent,
  type Directory,
  type Fact,
  type Language,
  type LetterKind,
  type LetterVersion,
  type LetterWords,
  type TicketEvent,
  type TicketState,
} from "@docket/domain";
import { builtInWords, letterOf, mailTicketOf, type Happened, type TriedLetter } from "@docket/letters";
import { sql } from "kysely";
import type { Principal } from "../../auth/principal.ts";
import { languageFor } from "../../http/language.ts";
import { refuseFaults } from "../../http/faults.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Serving } from "../../http/serve.ts";
import { demand } from "../../policy/enforce.ts";
import type { TicketFinder } from "../../tickets/find.ts";
import { framePolicy } from "../mail/frame.ts";

interface Asked {
  readonly kind: LetterKind;
  readonly language: Language;
  readonly ticket?: string | undefined;
}

/** The kinds of letters with their words, and how a letter would look: with a real ticket's facts, sent to nobody. */
export function serveLetters(
  app: FastifyInstance,
  serving: Serving,
  { finder }: { readonly finder: TicketFinder },
): void {
  const { deps, serve } = serving;
  const { clock, db, settings, store } = deps;

  serve(app, administrationRoutes.mailKinds, {}, async ({ caller, request }) => {
    demand(caller, { do: "editTemplates" });
    const [directory, now, language] = [deps.directory(), clock.now().getTime(), languageFor(request, caller)];
    return { items: letterKinds.map((kind) => shownKind(directory, kind, now, language)) };
  });

  serve(app, administrationRoutes.mailPreview, {}, async ({ caller, body }) => {
    demand(caller, { do: "editTemplates" });
    const { kind, language } = body;
    return { kind, language, ...(await tried(caller, body, body.words)) };
  });

  serve(app, administrationRoutes.mailPreviewFrame, {}, async ({ caller, query, reply }) => {
    demand(caller, { do: "editTemplates" });
    const { html } = await tried(caller, query, query.draft === undefined ? undefined : draftOf(query.draft));
    return reply
      .headers({
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": framePolicy(false),
        "x-frame-options": "SAMEORIGIN",
        "referrer-policy": "no-referrer",
        "cache-control": "private, no-store",
      })
      .send(html);
  });

  async function tried(
    caller: Principal,
    { kind, language, ticket }: Asked,
    draft: LetterWords | null | undefined,
  ): Promise<TriedLetter & { readonly ticketId: string; readonly number: string }> {
    if (draft != null) refuseUnsound(kind, draft);
    const directory = deps.directory();
    const { ticketId } = await finder.resolve(caller, ticket ?? (await newest()));
    const [first, ...more] = await lifeOf(ticketId, directory);
    if (first === undefined) throw new Refusal("ticket_not_found");
    const { number } = first.ticket;
    const words = draft === undefined ? letterWordsAt(directory, kind, language, clock.now().getTime()) : draft;
    const { sample, subject, text, html } = letterOf({
      kind,
      language,
      words,
      life: [first, ...more],
      staff: (staffId) => nameOf(directory, staffId),
      ticketUrl: `${settings.DOCKET_PUBLIC_URL}/tickets/${number}`,
    });
    return { ticketId, number, sample, subject, text, html };
  }

  async function newest(): Promise<string> {
    const { rows } = await sql<{
      ticket_id: string;
    }>`select ticket_id from read.ticket order by registered_at desc limit 1`.execute(db);
    if (rows[0] === undefined) throw new Refusal("ticket_not_found");
    return rows[0].ticket_id;
  }

  /** The ticket's facts, each with the ticket as it was right after it. */
  async function lifeOf(ticketId: string, directory: Directory): Promise<Happened[]> {
    let state: TicketState | null = null;
    const life: Happened[] = [];
    for (const fact of (await store.load(streamNameOf("ticket", ticketId))) as unknown as Fact<TicketEvent>[]) {
      state = evolveTicket(state, fact);
      if (state !== null) life.push({ fact: fact as Fact<AnyEvent>, ticket: mailTicketOf(state, directory) });
    }
    return life;
  }
}

function nameOf(directory: Directory, staffId: string): { readonly name: string } | null {
  const name = unlessErased(findStaff(directory, staffId)?.name ?? null);
  return name === null ? null : { name };
}

function shownKind(directory: Directory, kind: LetterKind, now: number, language: Language): MailKind {
  const entry = findLetter(directory, kind);
  const version = ({ version: number, effectiveFrom, words }: LetterVersion) => ({
    version: number,
    effectiveFrom: new Date(effectiveFrom).toISOString(),
    words,
  });
  const inLanguage = (of: Language): MailKind["languages"]["ru"] => {
    const builtIn = builtInWords(kind, of);
    const current = versionsOf(entry, of).findLast(({ effectiveFrom }) => effectiveFrom <= now);
    const coming = versionsOf(entry, of).filter(({ effectiveFrom }) => effectiveFrom > now);
    return {
      builtIn,
      inForce: current?.words ?? builtIn,
      current: current === undefined ? null : version(current),
      coming: coming.map(version),
    };
  };
  return {
    kind,
    title: terms.letterKind[kind][language],
    to: isStaffLetter(kind) ? "staff" : "requester",
    placeholders: placeholdersOf(kind).map((name) => ({ name, title: terms.letterPlaceholder[name][language] })),
    languages: { ru: inLanguage("ru"), en: inLanguage("en") },
    revision: lookup(directory.revisions, streamNameOf("letter", kind)) ?? null,
  };
}

/** Words in an address: JSON in base64url. Throws `bad_format`. */
function draftOf(draft: string): LetterWords {
  let said: unknown;
  try {
    said = JSON.parse(Buffer.from(draft, "base64url").toString());
  } catch {
    throw new Refusal("bad_format", { field: "draft" });
  }
  const parsed = parseInput(letterWordsBody, said);
  return parsed.ok ? parsed.value : refuseFaults(parsed.faults);
}

/** Words that could not be saved are not shown either: what is seen is what will be sent. */
function refuseUnsound(letterKind: LetterKind, words: LetterWords): void {
  const refused = checkLetterWords({ letterKind, ...words });
  if (refused === undefined) return;
  const { code, field, params = {} } = refused.error;
  throw new Refusal(code, { field: field?.replace(/^data\./u, "words."), params });
}

import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import {
  administrationRoutes,
  letterFrameBody,
  letterWordsBody,
  type MailFrame,
  type MailKind,
  parseInput,
} from "@docket/api-contract";
import {
  audienceOf,
  checkFrameWords,
  checkLetterWords,
  commonPlaceholders,
  evolveTicket,
  findFrame,
  findLetter,
  findStaff,
  frameId,
  frameWordsAt,
  letterAudiences,
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
  type FrameWords,
  type Language,
  type LetterAudience,
  type LetterKind,
  type LetterPlaceholder,
  type LetterWords,
  type Refusal as Refused,
  type TicketEvent,
  type TicketState,
} from "@docket/domain";
import { builtInFrame, builtInWords, letterOf, mailTicketOf, type Happened, type TriedLetter } from "@docket/letters";
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

/** Words to be tried; null: the built-in ones; left out: those in force. */
interface Draft {
  readonly words?: LetterWords | null | undefined;
  readonly frame?: FrameWords | null | undefined;
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
    return {
      items: letterKinds.map((kind) => shownKind(directory, kind, now, language)),
      frames: letterAudiences.map((audience) => shownFrame(directory, audience, now, language)),
    };
  });

  serve(app, administrationRoutes.mailPreview, {}, async ({ caller, body }) => {
    demand(caller, { do: "editTemplates" });
    const { kind, language } = body;
    return { kind, language, ...(await tried(caller, body, body)) };
  });

  serve(app, administrationRoutes.mailPreviewFrame, {}, async ({ caller, query, reply }) => {
    demand(caller, { do: "editTemplates" });
    const { html } = await tried(caller, query, {
      ...(query.draft === undefined ? {} : { words: draftOf(query.draft, "draft", letterWordsBody) }),
      ...(query.frame === undefined ? {} : { frame: draftOf(query.frame, "frame", letterFrameBody) }),
    });
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
    draft: Draft,
  ): Promise<TriedLetter & { readonly ticketId: string; readonly number: string }> {
    // words that could not be saved are not shown either: what is seen is what will be sent
    if (draft.words != null) refuse(checkLetterWords({ letterKind: kind, ...draft.words }), "words.");
    if (draft.frame != null) refuse(checkFrameWords(draft.frame), "frame.");
    const directory = deps.directory();
    const { ticketId } = await finder.resolve(caller, ticket ?? (await newest()));
    const [first, ...more] = await lifeOf(ticketId, directory);
    if (first === undefined) throw new Refusal("ticket_not_found");
    const { number } = first.ticket;
    const now = clock.now().getTime();
    const { words = letterWordsAt(directory, kind, language, now) } = draft;
    const { frame = frameWordsAt(directory, audienceOf(kind), language, now) } = draft;
    const { sample, subject, text, html } = letterOf({
      kind,
      language,
      words,
      frame,
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
  return {
    kind,
    title: terms.letterKind[kind][language],
    to: audienceOf(kind),
    placeholders: named(placeholdersOf(kind), language),
    languages: {
      ru: inLanguage(builtInWords(kind, "ru"), versionsOf(entry, "ru"), now),
      en: inLanguage(builtInWords(kind, "en"), versionsOf(entry, "en"), now),
    },
    revision: lookup(directory.revisions, streamNameOf("letter", kind)) ?? null,
  };
}

function shownFrame(directory: Directory, audience: LetterAudience, now: number, language: Language): MailFrame {
  const entry = findFrame(directory, audience);
  const id = frameId(audience);
  return {
    audience,
    id,
    placeholders: named(commonPlaceholders, language),
    languages: {
      ru: inLanguage(builtInFrame(audience, "ru"), versionsOf(entry, "ru"), now),
      en: inLanguage(builtInFrame(audience, "en"), versionsOf(entry, "en"), now),
    },
    revision: lookup(directory.revisions, streamNameOf("letter", id)) ?? null,
  };
}

const named = (names: readonly LetterPlaceholder[], language: Language) =>
  names.map((name) => ({ name, title: terms.letterPlaceholder[name][language] }));

interface Version<Words> {
  readonly version: number;
  readonly effectiveFrom: number;
  readonly words: Words | null;
}

/** What holds in a language, and what is to come. */
function inLanguage<Words>(builtIn: Words, versions: readonly Version<Words>[], now: number) {
  const shown = ({ version, effectiveFrom, words }: Version<Words>) => ({
    version,
    effectiveFrom: new Date(effectiveFrom).toISOString(),
    words,
  });
  const current = versions.findLast(({ effectiveFrom }) => effectiveFrom <= now);
  return {
    builtIn,
    inForce: current?.words ?? builtIn,
    current: current === undefined ? null : shown(current),
    coming: versions.filter(({ effectiveFrom }) => effectiveFrom > now).map(shown),
  };
}

/** Words in an address: JSON in base64url. Throws `bad_format`. */
function draftOf<Schema extends z.ZodType>(draft: string, field: string, schema: Schema): z.output<Schema> {
  let said: unknown;
  try {
    said = JSON.parse(Buffer.from(draft, "base64url").toString());
  } catch {
    throw new Refusal("bad_format", { field });
  }
  const parsed = parseInput(schema, said);
  return parsed.ok ? parsed.value : refuseFaults(parsed.faults);
}

function refuse(refused: Refused | undefined, within: string): void {
  if (refused === undefined) return;
  const { code, field, params = {} } = refused.error;
  throw new Refusal(code, { field: field?.replace(/^data\./u, within), params });
}

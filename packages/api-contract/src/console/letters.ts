import { z } from "zod";
import { instant, language, letterKind, letterWords, text } from "@docket/domain";
import { ticketRef } from "../values.ts";

export const words = z.strictObject(letterWords);

const version = z.strictObject({
  version: z.int(),
  effectiveFrom: instant,
  /** null: the built-in ones */
  words: words.nullable(),
});

const inLanguage = z.strictObject({
  builtIn: words,
  /** what a letter of now would say */
  inForce: words,
  /** the version in force, and those that are still to come; null and none while nobody has changed anything */
  current: version.nullable(),
  coming: z.array(version),
});

/** A kind of letter: who gets it, what its words may ask for, and the words in both languages. */
export const mailKind = z
  .strictObject({
    kind: letterKind,
    title: z.string(),
    to: z.enum(["requester", "staff"]),
    placeholders: z.array(z.strictObject({ name: z.string(), title: z.string() })),
    languages: z.strictObject({ ru: inLanguage, en: inLanguage }),
    /** revision of the kind's stream; null while nobody has changed anything */
    revision: z.int().nullable(),
  })
  .meta({ id: "MailKind" });
export type MailKind = z.infer<typeof mailKind>;

const tried = {
  kind: letterKind,
  language,
  /** whose facts the letter tells; the newest ticket when left out */
  ticket: ticketRef.optional(),
};

export const mailPreview = z.strictObject({
  ...tried,
  /** words to be tried; null: the built-in ones; left out: those in force */
  words: words.nullable().optional(),
});
export const triedMail = z
  .strictObject({
    kind: letterKind,
    language,
    ticketId: z.string(),
    number: z.string(),
    /** nothing in the ticket's life has caused such a letter yet: what it tells is made up */
    sample: z.boolean(),
    subject: z.string(),
    text: z.string(),
    html: z.string(),
  })
  .meta({ id: "TriedMail" });
export type TriedMail = z.infer<typeof triedMail>;

/** `draft`: the words as JSON in base64url; left out: those in force. */
export const mailPreviewFrame = z.strictObject({ ...tried, draft: text(14_000).optional() });

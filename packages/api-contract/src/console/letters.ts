import { z } from "zod";
import { frameWords, instant, language, letterAudience, letterKind, letterWords, text } from "@docket/domain";
import { ticketRef } from "../values.ts";

export const words = z.strictObject(letterWords);
export const frame = z.strictObject(frameWords);

/** Words in a language: the built-in ones, what a letter of now would say, and what somebody has put in their place. */
const inLanguage = <Words extends z.ZodType>(said: Words) => {
  const version = z.strictObject({
    version: z.int(),
    effectiveFrom: instant,
    /** null: the built-in ones */
    words: said.nullable(),
  });
  return z.strictObject({
    builtIn: said,
    /** what a letter of now would say */
    inForce: said,
    /** the version in force, and those that are still to come; null and none while nobody has changed anything */
    current: version.nullable(),
    coming: z.array(version),
  });
};
const placeholders = z.array(z.strictObject({ name: z.string(), title: z.string() }));

/** A kind of letter: who gets it, what its words may ask for, and the words in both languages. */
export const mailKind = z
  .strictObject({
    kind: letterKind,
    title: z.string(),
    to: z.enum(["requester", "staff"]),
    placeholders,
    languages: z.strictObject({ ru: inLanguage(words), en: inLanguage(words) }),
    /** revision of the kind's stream; null while nobody has changed anything */
    revision: z.int().nullable(),
  })
  .meta({ id: "MailKind" });
export type MailKind = z.infer<typeof mailKind>;

/** What stands in every letter to an audience: how it begins and ends, its button, and what its facts are called. */
export const mailFrame = z
  .strictObject({
    audience: letterAudience,
    /** the entry of the directory that holds it */
    id: z.string(),
    placeholders,
    languages: z.strictObject({ ru: inLanguage(frame), en: inLanguage(frame) }),
    /** revision of the entry's stream; null while nobody has changed anything */
    revision: z.int().nullable(),
  })
  .meta({ id: "MailFrame" });
export type MailFrame = z.infer<typeof mailFrame>;

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
  /** the same for what stands in every letter */
  frame: frame.nullable().optional(),
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

/** `draft`, `frame`: the words as JSON in base64url; left out: those in force. */
export const mailPreviewFrame = z.strictObject({
  ...tried,
  draft: text(14_000).optional(),
  frame: text(14_000).optional(),
});

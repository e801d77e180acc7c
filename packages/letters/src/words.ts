import type { Language, LetterKind, LetterWords } from "@docket/domain";
import { textsOf } from "./texts/texts.ts";

/** What a letter says while nobody has put other words in its place. */
export const builtInWords = (kind: LetterKind, language: Language): LetterWords => textsOf(language).words[kind];

/** Puts values in the place of placeholders, once: what a value brings along is text. What has no value says so. */
export function fillWords(words: LetterWords, values: Readonly<Record<string, string>>, none: string): LetterWords {
  const fill = (said: string): string =>
    said.replace(/\{\{([^{}]*)\}\}/gu, (_whole, name: string) =>
      Object.hasOwn(values, name.trim()) ? (values[name.trim()] ?? none) : none,
    );
  return { subject: fill(words.subject), text: fill(words.text), after: fill(words.after) };
}

/** Blank lines part paragraphs. */
export const paragraphs = (said: string): string[] =>
  said
    .split(/\r?\n\s*\n/u)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");

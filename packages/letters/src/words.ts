import type { FrameWords, Language, LetterAudience, LetterKind, LetterWords } from "@docket/domain";
import { textsOf } from "./texts/texts.ts";

/** What a letter says while nobody has put other words in its place. */
export const builtInWords = (kind: LetterKind, language: Language): LetterWords => textsOf(language).words[kind];

/** What stands in every letter to an audience while nobody has put other words in its place. */
export const builtInFrame = (_audience: LetterAudience, language: Language): FrameWords => textsOf(language).frame;

/** How a letter begins and ends. Who has no name any more is greeted without one. */
export function fillFrame(
  { greeting, signature }: Pick<FrameWords, "greeting" | "signature">,
  values: Readonly<Record<string, string>>,
  none: string,
): { readonly greeting: string; readonly signature: string } {
  const nameless = values["name"] === "";
  const called = nameless ? greeting.replaceAll(/[,\s]*\{\{\s*name\s*\}\}/gu, "").replace(/,$/u, ".") : greeting;
  return { greeting: fill(called, values, none), signature: fill(signature, values, none) };
}

const fill = (said: string, values: Readonly<Record<string, string>>, none: string): string =>
  said.replace(/\{\{([^{}]*)\}\}/gu, (_whole, name: string) =>
    Object.hasOwn(values, name.trim()) ? (values[name.trim()] ?? none) : none,
  );

/** Puts values in the place of placeholders, once: what a value brings along is text. What has no value says so. */
export function fillWords(words: LetterWords, values: Readonly<Record<string, string>>, none: string): LetterWords {
  const filled = (said: string): string => fill(said, values, none);
  return { subject: filled(words.subject), text: filled(words.text), after: filled(words.after) };
}

/** Blank lines part paragraphs. */
export const paragraphs = (said: string): string[] =>
  said
    .split(/\r?\n\s*\n/u)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");

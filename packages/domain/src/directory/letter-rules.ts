import { refuse, type Refusal } from "../errors.ts";
import type { DirectoryCommand } from "./commands.ts";
import type { DirectoryEvent } from "./events.ts";
import {
  commonPlaceholders,
  findFrame,
  findLetter,
  placeholdersIn,
  placeholdersOf,
  versionsOf,
  type FrameWords,
  type LetterKind,
  type LetterWords,
} from "./letters.ts";
import type { Directory } from "./state.ts";

type DataOf<Type extends DirectoryCommand["type"]> = Extract<DirectoryCommand, { type: Type }>["data"];

/** Other words for a kind of letter in one language, from a moment on; letters that were sent stay as they were sent. */
export function changeLetter(
  directory: Directory,
  { effectiveFrom, ...data }: DataOf<"ChangeLetterText">,
  now: number,
): DirectoryEvent | Refusal {
  const refused = checkLetterWords(data);
  if (refused) return refused;
  const next = versionAfter(versionsOf(findLetter(directory, data.letterKind), data.language), effectiveFrom, now);
  return "ok" in next ? next : { type: "LetterTextChanged", data: { ...data, ...next } };
}

/** Back to the built-in words. Nothing to do where they hold and nothing else is to come. */
export function resetLetter(
  directory: Directory,
  { effectiveFrom, ...data }: DataOf<"ResetLetterText">,
  now: number,
): DirectoryEvent | Refusal | null {
  const versions = versionsOf(findLetter(directory, data.letterKind), data.language);
  if ((versions.at(-1)?.words ?? null) === null) return null;
  const next = versionAfter(versions, effectiveFrom, now);
  return "ok" in next ? next : { type: "LetterTextReset", data: { ...data, ...next } };
}

/** Another beginning, end, button or names of facts in every letter to an audience, in one language, from a moment on. */
export function changeFrame(
  directory: Directory,
  { effectiveFrom, ...data }: DataOf<"ChangeLetterFrame">,
  now: number,
): DirectoryEvent | Refusal {
  const refused = checkFrameWords(data);
  if (refused) return refused;
  const next = versionAfter(versionsOf(findFrame(directory, data.audience), data.language), effectiveFrom, now);
  return "ok" in next ? next : { type: "LetterFrameChanged", data: { ...data, ...next } };
}

/** Back to the built-in frame. Nothing to do where it holds and nothing else is to come. */
export function resetFrame(
  directory: Directory,
  { effectiveFrom, ...data }: DataOf<"ResetLetterFrame">,
  now: number,
): DirectoryEvent | Refusal | null {
  const versions = versionsOf(findFrame(directory, data.audience), data.language);
  if ((versions.at(-1)?.words ?? null) === null) return null;
  const next = versionAfter(versions, effectiveFrom, now);
  return "ok" in next ? next : { type: "LetterFrameReset", data: { ...data, ...next } };
}

function versionAfter(
  versions: readonly { readonly version: number; readonly effectiveFrom: number }[],
  effectiveFrom: string | null,
  now: number,
): { readonly version: number; readonly effectiveFrom: string } | Refusal {
  const from = effectiveFrom === null ? now : Date.parse(effectiveFrom);
  // a letter that was written yesterday cannot be written otherwise any more
  if (from < now) return refuse("letter_in_the_past", "data.effectiveFrom", { at: new Date(from).toISOString() });
  const last = versions.at(-1);
  if (last !== undefined && from <= last.effectiveFrom)
    return refuse("version_not_later", "data.effectiveFrom", { last: new Date(last.effectiveFrom).toISOString() });
  return { version: (last?.version ?? 0) + 1, effectiveFrom: new Date(from).toISOString() };
}

const parts = ["subject", "text", "after"] as const;

/** The words ask for nothing that such a letter does not know, and its subject tells the ticket. */
export function checkLetterWords(data: LetterWords & { readonly letterKind: LetterKind }): Refusal | undefined {
  const allowed: readonly string[] = placeholdersOf(data.letterKind);
  for (const part of parts) {
    const refused = checkPlaceholders(data[part], part, allowed);
    if (refused) return refused;
  }
  if (/[\r\n]/u.test(data.subject)) return refuse("letter_subject_lines", "data.subject");
  if (!placeholdersIn(data.subject).includes("number")) return refuse("letter_number_missing", "data.subject");
  return undefined;
}

/** A frame asks for nothing but what every letter knows; its button and the names of facts ask for nothing at all. */
export function checkFrameWords({ greeting, button, signature, labels }: FrameWords): Refusal | undefined {
  for (const [part, said] of Object.entries({ greeting, signature })) {
    const refused = checkPlaceholders(said, part, commonPlaceholders);
    if (refused) return refused;
  }
  if (/[\r\n]/u.test(greeting)) return refuse("letter_one_line", "data.greeting");
  const plain = {
    button,
    ...Object.fromEntries(Object.entries(labels).map(([name, said]) => [`labels.${name}`, said])),
  };
  for (const [part, said] of Object.entries(plain)) {
    const refused = checkPlaceholders(said, part, []);
    if (refused) return refused;
    if (/[\r\n]/u.test(said)) return refuse("letter_one_line", `data.${part}`);
  }
  return undefined;
}

function checkPlaceholders(said: string, part: string, allowed: readonly string[]): Refusal | undefined {
  const placeholder = placeholdersIn(said).find((name) => !allowed.includes(name));
  if (placeholder !== undefined)
    return refuse("letter_placeholder_unknown", `data.${part}`, { placeholder, allowed: allowed.join(", ") || "–" });
  if (/\{\{|\}\}/u.test(said.replaceAll(/\{\{[^{}]*\}\}/gu, ""))) return refuse("letter_braces_open", `data.${part}`);
  return undefined;
}

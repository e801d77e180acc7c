import { refuse, type Refusal } from "../errors.ts";
import type { DirectoryCommand } from "./commands.ts";
import type { DirectoryEvent } from "./events.ts";
import {
  findLetter,
  placeholdersIn,
  placeholdersOf,
  versionsOf,
  type LetterKind,
  type LetterWords,
} from "./letters.ts";
import type { Directory } from "./state.ts";
import type { Language } from "../values.ts";

type DataOf<Type extends DirectoryCommand["type"]> = Extract<DirectoryCommand, { type: Type }>["data"];

/** Other words for a kind of letter in one language, from a moment on; letters that were sent stay as they were sent. */
export function changeLetter(
  directory: Directory,
  { effectiveFrom, ...data }: DataOf<"ChangeLetterText">,
  now: number,
): DirectoryEvent | Refusal {
  const refused = checkLetterWords(data);
  if (refused) return refused;
  const next = versionAfter(directory, data.letterKind, data.language, effectiveFrom, now);
  return "ok" in next ? next : { type: "LetterTextChanged", data: { ...data, ...next } };
}

/** Back to the built-in words. Nothing to do where they hold and nothing else is to come. */
export function resetLetter(
  directory: Directory,
  { effectiveFrom, ...data }: DataOf<"ResetLetterText">,
  now: number,
): DirectoryEvent | Refusal | null {
  const last = versionsOf(findLetter(directory, data.letterKind), data.language).at(-1);
  if (last === undefined || last.words === null) return null;
  const next = versionAfter(directory, data.letterKind, data.language, effectiveFrom, now);
  return "ok" in next ? next : { type: "LetterTextReset", data: { ...data, ...next } };
}

function versionAfter(
  directory: Directory,
  kind: LetterKind,
  language: Language,
  effectiveFrom: string | null,
  now: number,
): { readonly version: number; readonly effectiveFrom: string } | Refusal {
  const from = effectiveFrom === null ? now : Date.parse(effectiveFrom);
  // a letter that was written yesterday cannot be written otherwise any more
  if (from < now) return refuse("letter_in_the_past", "data.effectiveFrom", { at: new Date(from).toISOString() });
  const last = versionsOf(findLetter(directory, kind), language).at(-1);
  if (last !== undefined && from <= last.effectiveFrom)
    return refuse("version_not_later", "data.effectiveFrom", { last: new Date(last.effectiveFrom).toISOString() });
  return { version: (last?.version ?? 0) + 1, effectiveFrom: new Date(from).toISOString() };
}

const parts = ["subject", "text", "after"] as const;

/** The words ask for nothing that such a letter does not know, and its subject tells the ticket. */
export function checkLetterWords(data: LetterWords & { readonly letterKind: LetterKind }): Refusal | undefined {
  const allowed: readonly string[] = placeholdersOf(data.letterKind);
  for (const part of parts) {
    const said = data[part];
    const placeholder = placeholdersIn(said).find((name) => !allowed.includes(name));
    if (placeholder !== undefined)
      return refuse("letter_placeholder_unknown", `data.${part}`, { placeholder, allowed: allowed.join(", ") });
    if (/\{\{|\}\}/u.test(said.replaceAll(/\{\{[^{}]*\}\}/gu, ""))) return refuse("letter_braces_open", `data.${part}`);
  }
  if (/[\r\n]/u.test(data.subject)) return refuse("letter_subject_lines", "data.subject");
  if (!placeholdersIn(data.subject).includes("number")) return refuse("letter_number_missing", "data.subject");
  return undefined;
}

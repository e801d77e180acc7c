import { z } from "zod";
import { filledText, language, text, type Language } from "../values.ts";
import { lookup } from "../support/persistent-map.ts";
import type { Directory } from "./state.ts";

/** What a text may ask the ticket for in every letter. */
export const commonPlaceholders = ["number", "subject", "name", "organization", "link"] as const;

/** The kinds of letters that facts of tickets cause, and what each may ask for beside the common. */
const placeholders = {
  registered: ["received"],
  classified: ["type", "priority"],
  assigned: ["specialist"],
  assigned_to_group: ["group"],
  accepted: ["specialist"],
  handed_over: ["specialist"],
  asked: [],
  answered: [],
  proposed: ["schedule", "effort", "product"],
  approved: ["agreedBy"],
  refused: [],
  change_started: [],
  downtime: ["from", "to", "equipment"],
  update_installed: ["product"],
  commented: [],
  workaround: [],
  missed: ["deadline"],
  extended: ["oldDeadline", "newDeadline", "agreedBy"],
  escalated: [],
  escalation_actions: [],
  escalation_released: [],
  resolved: ["autoClose"],
  returned: [],
  reminded: ["autoClose", "reminder", "reminders"],
  confirmed: [],
  auto_closed: ["workingDays"],
  auto_closed_by_policy: [],
  withdrawn: [],
  duplicate: ["duplicateOf"],
  staff_assigned: [],
  staff_warned: ["clock", "deadline"],
  staff_missed: ["clock", "deadline"],
  staff_escalated: ["clock", "level"],
  staff_customer_escalated: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type LetterKind = keyof typeof placeholders;
export type LetterPlaceholder = (typeof commonPlaceholders)[number] | (typeof placeholders)[LetterKind][number];
export const letterKinds = Object.keys(placeholders) as readonly LetterKind[];
export const letterKind = z.enum(letterKinds as readonly [LetterKind, ...LetterKind[]]);

/** Everything that a text of this kind may ask for. */
export const placeholdersOf = (kind: LetterKind): readonly LetterPlaceholder[] => [
  ...commonPlaceholders,
  ...placeholders[kind],
];

/** Letters to staff; the others go to the requester. */
export const isStaffLetter = (kind: LetterKind): boolean => kind.startsWith("staff_");

export const letterLimits = { subject: 200, text: 2_000, after: 1_500 } as const;

/** The words of a letter: its subject, what it says, and what comes after the facts and quotes. Blank lines part paragraphs. */
export const letterWords = {
  subject: filledText(letterLimits.subject),
  text: filledText(letterLimits.text),
  after: text(letterLimits.after),
};
export interface LetterWords {
  readonly subject: string;
  readonly text: string;
  readonly after: string;
}

/** One version of the words of a letter in a language; null words are the built-in ones. Times are in milliseconds. */
export interface LetterVersion {
  readonly version: number;
  readonly language: Language;
  readonly effectiveFrom: number;
  readonly words: LetterWords | null;
}
export interface LetterEntry {
  readonly letterKind: LetterKind;
  /** by effective time within each language */
  readonly versions: readonly LetterVersion[];
}

export const letterFields = { letterKind, language };

/** The versions of one language, earliest first. */
export const versionsOf = (entry: LetterEntry | null, of: Language): readonly LetterVersion[] =>
  entry?.versions.filter((version) => version.language === of) ?? [];

export const findLetter = (directory: Directory, kind: LetterKind): LetterEntry | null =>
  lookup(directory.letters, kind) ?? null;

/** The words that somebody has put in the place of the built-in ones and that hold at an instant (milliseconds); else null. */
export function letterWordsAt(directory: Directory, kind: LetterKind, of: Language, at: number): LetterWords | null {
  return (
    versionsOf(findLetter(directory, kind), of).findLast(({ effectiveFrom }) => effectiveFrom <= at)?.words ?? null
  );
}

/** What stands between double braces, each once; blanks around a name do not count. */
export const placeholdersIn = (said: string): readonly string[] => [
  ...new Set([...said.matchAll(/\{\{([^{}]*)\}\}/gu)].map(([, name = ""]) => name.trim())),
];

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

export const letterLimits = {
  subject: 200,
  text: 2_000,
  after: 1_500,
  greeting: 200,
  button: 80,
  signature: 500,
  label: 80,
} as const;

/** Who gets letters; what stands in every letter (its frame) is the same for all of one audience. */
export const letterAudiences = ["requester", "staff"] as const;
export type LetterAudience = (typeof letterAudiences)[number];
export const letterAudience = z.enum(letterAudiences);
export const audienceOf = (kind: LetterKind): LetterAudience => (isStaffLetter(kind) ? "staff" : "requester");

/** The lines of facts that letters may hold, each with a label before it. */
export const letterLabels = [
  "number",
  "received",
  "subject",
  "link",
  "specialist",
  "group",
  "type",
  "priority",
  "deadline",
  "oldDeadline",
  "newDeadline",
  "agreedBy",
  "schedule",
  "effort",
  "product",
  "from",
  "to",
  "equipment",
  "autoClose",
  "duplicateOf",
  "clock",
  "level",
  "customer",
] as const;
export type LetterLabel = (typeof letterLabels)[number];

/** What stands in every letter: how it begins and ends, the words of its button, and what its facts are called. */
export const frameWords = {
  greeting: filledText(letterLimits.greeting),
  button: filledText(letterLimits.button),
  signature: filledText(letterLimits.signature),
  /** only those that are called otherwise than the product calls them */
  labels: z.partialRecord(z.enum(letterLabels), filledText(letterLimits.label)),
};
export interface FrameWords {
  readonly greeting: string;
  readonly button: string;
  readonly signature: string;
  readonly labels: Readonly<Partial<Record<LetterLabel, string>>>;
}

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

/** One version of words in a language; null words are the built-in ones. Times are in milliseconds. */
interface VersionOf<Words> {
  readonly version: number;
  readonly language: Language;
  readonly effectiveFrom: number;
  readonly words: Words | null;
}
export type LetterVersion = VersionOf<LetterWords>;
export type FrameVersion = VersionOf<FrameWords>;
export interface LetterEntry {
  readonly letterKind: LetterKind;
  /** by effective time within each language */
  readonly versions: readonly LetterVersion[];
}
export interface FrameEntry {
  readonly audience: LetterAudience;
  /** by effective time within each language */
  readonly versions: readonly FrameVersion[];
}

export const letterFields = { letterKind, language };
export const frameFields = { audience: letterAudience, language };

/** The versions of one language, earliest first. */
export const versionsOf = <Version extends { readonly language: Language }>(
  entry: { readonly versions: readonly Version[] } | null,
  of: Language,
): readonly Version[] => entry?.versions.filter((version) => version.language === of) ?? [];

export const findLetter = (directory: Directory, kind: LetterKind): LetterEntry | null =>
  lookup(directory.letters, kind) ?? null;
export const findFrame = (directory: Directory, audience: LetterAudience): FrameEntry | null =>
  lookup(directory.letterFrames, audience) ?? null;

/** The frame of an audience is an entry beside the kinds of letters. */
export const frameId = (audience: LetterAudience): string => `frame-${audience}`;

/** The words that somebody has put in the place of the built-in ones and that hold at an instant (milliseconds); else null. */
export function letterWordsAt(directory: Directory, kind: LetterKind, of: Language, at: number): LetterWords | null {
  return (
    versionsOf(findLetter(directory, kind), of).findLast(({ effectiveFrom }) => effectiveFrom <= at)?.words ?? null
  );
}

/** The same for what stands in every letter of an audience. */
export function frameWordsAt(
  directory: Directory,
  audience: LetterAudience,
  of: Language,
  at: number,
): FrameWords | null {
  return (
    versionsOf(findFrame(directory, audience), of).findLast(({ effectiveFrom }) => effectiveFrom <= at)?.words ?? null
  );
}

/** What stands between double braces, each once; blanks around a name do not count. */
export const placeholdersIn = (said: string): readonly string[] => [
  ...new Set([...said.matchAll(/\{\{([^{}]*)\}\}/gu)].map(([, name = ""]) => name.trim())),
];

import type { FrameWords, LetterKind, LetterLabel, LetterWords } from "@docket/domain";

/** What letters say in one language; `ru.ts` and `en.ts` are complete by their type. */
export interface LetterTexts {
  /** what stands in every letter while nobody has put other words in its place; every fact has a name */
  readonly frame: FrameWords & { readonly labels: Readonly<Record<LetterLabel, string>> };
  /** the built-in words of every kind of letter, with their placeholders */
  readonly words: Readonly<Record<LetterKind, LetterWords>>;
  readonly clockNames: Readonly<Record<"reaction" | "resolution" | "ola", string>>;
  readonly types: Readonly<Record<"incident" | "change" | "consultation" | "scheduled_work", string>>;
  readonly priorities: Readonly<Record<"high" | "medium" | "low", string>>;
  readonly none: string;
}

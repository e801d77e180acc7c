import type { LetterKind, LetterWords } from "@docket/domain";

/** What letters say in one language; `ru.ts` and `en.ts` are complete by their type. */
export interface LetterTexts {
  readonly greeting: (name: string) => string;
  readonly signature: string;
  readonly open: string;
  readonly labels: Readonly<
    Record<
      | "number"
      | "received"
      | "subject"
      | "link"
      | "specialist"
      | "group"
      | "type"
      | "priority"
      | "deadline"
      | "oldDeadline"
      | "newDeadline"
      | "agreedBy"
      | "schedule"
      | "effort"
      | "product"
      | "from"
      | "to"
      | "equipment"
      | "autoClose"
      | "duplicateOf"
      | "clock"
      | "level"
      | "customer",
      string
    >
  >;
  /** the built-in words of every kind of letter, with their placeholders */
  readonly words: Readonly<Record<LetterKind, LetterWords>>;
  readonly clockNames: Readonly<Record<"reaction" | "resolution" | "ola", string>>;
  readonly types: Readonly<Record<"incident" | "change" | "consultation" | "scheduled_work", string>>;
  readonly priorities: Readonly<Record<"high" | "medium" | "low", string>>;
  readonly none: string;
}

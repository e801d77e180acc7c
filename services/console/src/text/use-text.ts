import { useSyncExternalStore } from "react";
import {
  commandTitle,
  currentLanguage,
  eventTitle,
  languageGeneration,
  onLanguage,
  say,
  term,
  type Language,
} from "./i18n.ts";
import type { Say } from "./keys.ts";

export interface Texts {
  readonly t: Say;
  readonly language: Language;
  readonly term: typeof term;
  readonly eventTitle: typeof eventTitle;
  readonly commandTitle: typeof commandTitle;
}

/** The texts of a component; it is drawn anew when the language changes. */
export function useText(): Texts {
  useSyncExternalStore(onLanguage, languageGeneration);
  return { t: say, language: currentLanguage(), term, eventTitle, commandTitle };
}

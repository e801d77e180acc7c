import type { Language } from "@docket/domain";
import { en } from "./en.ts";
import type { LetterTexts } from "./keys.ts";
import { ru } from "./ru.ts";

export const textsOf = (language: Language): LetterTexts => (language === "ru" ? ru : en);

import { z } from "zod";
import { defineEvent } from "../../event.ts";
import { frameFields, frameWords, letterFields, letterWords } from "../letters.ts";
import { instant } from "../../values.ts";

/** The words of letters. */
export const letterEvents = {
  /** other words for a kind of letter, in place of the built-in ones */
  letterTextChanged: defineEvent(
    "letter",
    "LetterTextChanged",
    { ru: "Текст письма изменён", en: "Letter's text changed" },
    {
      ...letterFields,
      ...letterWords,
      version: z.int().min(1),
      effectiveFrom: instant,
    },
  ),
  letterTextReset: defineEvent(
    "letter",
    "LetterTextReset",
    { ru: "Письму возвращён встроенный текст", en: "Letter's built-in text restored" },
    {
      ...letterFields,
      version: z.int().min(2),
      effectiveFrom: instant,
    },
  ),
  /** another beginning, end, button or names of facts in every letter to an audience */
  letterFrameChanged: defineEvent(
    "letter",
    "LetterFrameChanged",
    { ru: "Общее оформление писем изменено", en: "Letters' frame changed" },
    {
      ...frameFields,
      ...frameWords,
      version: z.int().min(1),
      effectiveFrom: instant,
    },
  ),
  letterFrameReset: defineEvent(
    "letter",
    "LetterFrameReset",
    { ru: "Письмам возвращено встроенное оформление", en: "Letters' built-in frame restored" },
    {
      ...frameFields,
      version: z.int().min(2),
      effectiveFrom: instant,
    },
  ),
} as const;

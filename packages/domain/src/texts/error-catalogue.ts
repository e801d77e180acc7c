import { errorTexts, type SlaErrorCode } from "@docket/sla";
import type { DomainError } from "../errors.ts";
import type { Language } from "../values.ts";
import { directoryErrors } from "./directory-errors.ts";
import { invalid, type ErrorEntry } from "./error-text.ts";
import { termOf } from "./terms.ts";
import { ticketErrors } from "./ticket-errors.ts";

/** Refusals of calendars, targets and chains, which the SLA package words. */
const slaErrors = Object.fromEntries(
  Object.entries(errorTexts).map(([code, { ru, en }]) => [code, invalid(ru, en)]),
) as Readonly<Record<SlaErrorCode, ErrorEntry>>;

export type ErrorCode = keyof typeof ticketErrors | keyof typeof directoryErrors | SlaErrorCode;

/** Every code with which the domain refuses, with its texts in both languages and what sort of refusal it is. */
export const errorCatalogue: Readonly<Record<ErrorCode, ErrorEntry>> = {
  ...slaErrors,
  ...ticketErrors,
  ...directoryErrors,
};

/**
 * What a refusal says to a person. Params that name a status, a role, a type and the like are said in the glossary's words.
 * A code that is not listed is said as it is.
 */
export function describeError(error: DomainError, language: Language): string {
  const entry = (errorCatalogue as Readonly<Record<string, ErrorEntry | undefined>>)[error.code];
  if (!entry) return error.code;
  return entry[language].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = error.params?.[name];
    if (value === undefined || value === null) return "—";
    return typeof value === "string" ? termOf(name, value, language) : String(value);
  });
}

import type { Language } from "@docket/domain";

/** A text in both languages of the product; `{name}` is filled from the error's params. */
export interface Texts {
  readonly ru: string;
  readonly en: string;
}

/** One entry of the error catalogue: the HTTP status under which the code travels, and what people read. */
export interface ErrorDefinition {
  readonly status: number;
  readonly title: Texts;
}

export type ErrorParams = Readonly<Record<string, unknown>>;

/** Fills `{name}` in a text; an unknown name stays as it is, so that a missing param is seen and not hidden. */
export function fillText(texts: Texts, language: Language, params: ErrorParams = {}): string {
  return texts[language].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined || value === null ? whole : String(value);
  });
}

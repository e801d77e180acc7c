/** A text in both languages of the product. */
export interface Text {
  readonly ru: string;
  readonly en: string;
}

/**
 * What sort of refusal a code is, without a word about HTTP: the input is wrong in itself (`invalid`), names something that
 * is not there (`not_found`), does not fit the state that things are in (`conflict`), or is not this sender's to do
 * (`forbidden`).
 */
export type ErrorKind = "invalid" | "not_found" | "conflict" | "forbidden";

/** One code: its kind and its texts; `{name}` is filled from the error's params. */
export interface ErrorEntry extends Text {
  readonly kind: ErrorKind;
}

const entry =
  (kind: ErrorKind) =>
  (ru: string, en: string): ErrorEntry => ({ kind, ru, en });
export const invalid = entry("invalid");
export const notFound = entry("not_found");
export const conflict = entry("conflict");
export const forbidden = entry("forbidden");

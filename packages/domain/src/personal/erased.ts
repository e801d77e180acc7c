/**
 * What stands in the place of personal data whose key was destroyed: one text for every field, in both languages, so that
 * it reads as what it is wherever it appears and never differs between two rebuilds.
 */
export const erasedText = "[erased · удалено]";

/** Whether a value is the blank that an erasure left. */
export function isErased(value: unknown): boolean {
  return value === erasedText;
}

/** The value, or null where an erasure left a blank: for who needs a real address, name or number. */
export function unlessErased(value: string | null): string | null {
  return value === erasedText ? null : value;
}

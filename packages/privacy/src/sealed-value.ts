/**
 * A personal field of an event as it is stored: the data subject's reference (opaque), the nonce and the ciphertext, both
 * in base64. In metadata, where a text is expected, the same as `$p.<subject>.<nonce>.<ciphertext>` in base64url.
 */
export interface SealedValue {
  readonly $p: string;
  readonly n: string;
  readonly c: string;
}

/** Whether a value is a sealed field. */
export function isSealed(value: unknown): value is SealedValue {
  return typeof value === "object" && value !== null && typeof (value as { $p?: unknown }).$p === "string";
}

const form = /^\$p\.([0-9a-f-]{36})\.([\w-]+)\.([\w-]+)$/;

/** The text form of a sealed value. */
export function sealedText(subject: string, nonce: Buffer, sealed: Buffer): string {
  return `$p.${subject}.${nonce.toString("base64url")}.${sealed.toString("base64url")}`;
}

/** What a sealed text holds; undefined for a text in clear. */
export function readSealedText(
  text: unknown,
): { readonly subject: string; readonly nonce: Buffer; readonly sealed: Buffer } | undefined {
  if (typeof text !== "string" || !text.startsWith("$p.")) return undefined;
  const [, subject, nonce, sealed] = form.exec(text) ?? [];
  if (subject === undefined || nonce === undefined || sealed === undefined) return undefined;
  return { subject, nonce: Buffer.from(nonce, "base64url"), sealed: Buffer.from(sealed, "base64url") };
}

import { createDecipheriv } from "node:crypto";

/** What opens one personal field of one event (packages/privacy discloses it). */
export interface FieldKeyOf {
  /** JSON Pointer into `{data, meta}` */
  readonly pointer: string;
  readonly subject: string;
  /** 32 bytes in base64; null: destroyed, the field cannot be opened by anybody */
  readonly key: string | null;
}

interface Sealed {
  readonly subject: string;
  readonly ciphertext: Buffer;
}

/** The sealed form of a value: `{"$p","n","c"}` in data, a text `$p.<subject>.<n>.<c>` in metadata. */
export function sealedOf(value: unknown): Sealed | undefined {
  if (typeof value === "string") {
    const [mark, subject, nonce, ciphertext] = value.split(".");
    if (mark !== "$p" || subject === undefined || nonce === undefined || ciphertext === undefined) return undefined;
    return { subject, ciphertext: Buffer.from(ciphertext, "base64url") };
  }
  if (typeof value !== "object" || value === null || !("$p" in value) || !("c" in value)) return undefined;
  const { $p: subject, c } = value as { $p: unknown; c: unknown };
  return { subject: String(subject), ciphertext: Buffer.from(String(c), "base64") };
}

/** The value at a JSON Pointer; undefined where there is none. */
export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const part of pointer.split("/").slice(1)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return value;
}

/**
 * Opens a sealed field with its key; undefined when the key does not fit: AES-256-GCM, the tag in the last 16 bytes, an iv of noughts, and
 * stream, type and pointer as additional data.
 */
export function openSealed(
  { ciphertext }: Sealed,
  key: string,
  place: { readonly stream: string; readonly type: string; readonly pointer: string },
): string | undefined {
  try {
    const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64"), Buffer.alloc(12));
    decipher.setAAD(Buffer.from(`${place.stream}\n${place.type}\n${place.pointer}`, "utf8"));
    decipher.setAuthTag(ciphertext.subarray(-16));
    return Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

const blank = "•••";

/** The same value with blanks for everything that is sealed. */
export function withBlanks(value: unknown): unknown {
  if (sealedOf(value) !== undefined) return blank;
  if (Array.isArray(value)) return value.map(withBlanks);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withBlanks(inner)]));
}

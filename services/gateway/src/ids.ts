import { createHash, randomBytes } from "node:crypto";

function format(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** A new id that sorts by the time given (UUID version 7, RFC 9562). */
export function newId(at: Date): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return format(bytes);
}

/** Any fixed UUID; ours, so that nobody else's names give the same ids. */
const namespace = Buffer.from("b1f0c8a25d3e4c5f9a7e6d1c2b3a4f50", "hex");

/** The id that follows from a name (UUID version 5): the same parts give the same id in every process. */
export function idFrom(...parts: readonly string[]): string {
  const bytes = createHash("sha1").update(namespace).update(parts.map((part) => `${part.length}:${part}`).join("")).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  return format(bytes);
}

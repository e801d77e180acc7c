import { hash } from "node:crypto";

/** The name space of Docket's derived ids (UUIDv5 wants one): a random UUID, fixed for ever. */
const NAMESPACE = Buffer.from("5c1d6f0e9b3a4c7f8e2d41a67b90c3d5", "hex");

/**
 * The UUIDv5 (RFC 9562) of a name: the same name gives the same id, in every process and for ever. Everything that must be
 * the same when it is done again (event ids, ids of commands that reactors send) is derived by it. Parts are joined by NUL,
 * which no id contains.
 */
export function derivedId(...parts: readonly (string | number)[]): string {
  const name = Buffer.from(parts.join("\0"), "utf8");
  const digest = hash("sha1", Buffer.concat([NAMESPACE, name]), "buffer");
  return formatUuid(digest.subarray(0, 16), 5);
}

/**
 * A UUIDv7 whose time is `at` and whose random part is taken from a name, so that ids made from the same contact are the
 * same and yet sort by time.
 */
export function derivedIdAt(at: Date, ...parts: readonly (string | number)[]): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  const digest = hash("sha256", Buffer.concat([NAMESPACE, Buffer.from(parts.join("\0"), "utf8")]), "buffer");
  digest.copy(bytes, 6, 0, 10);
  return formatUuid(bytes, 7);
}

function formatUuid(source: Uint8Array, version: number): string {
  const bytes = Buffer.from(source);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

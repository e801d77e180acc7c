import type { Cursor } from "./protobuf.ts";
import { readBigUint, skipField } from "./protobuf.ts";

/** Expected revision of an append as the store counts it: -1 no stream, -2 any, -4 stream exists, else an exact revision. */
export const ANY = -2;
export const NO_STREAM = -1;
export const STREAM_EXISTS = -4;

/** `value` is what the rules work with; `wire` is the number to echo when the client named an exact revision. */
export type Expected = { value: number; wire: bigint };

const U64_MAX = 18446744073709551615n;

/** An exact revision from the wire. Revisions that no stream can have stay unequal to every real one. */
export function exactRevision(wire: bigint): Expected {
  if (wire === U64_MAX) return { value: NO_STREAM, wire };
  return { value: wire > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER - 1 : Number(wire), wire };
}

/**
 * Reads the expected-revision oneof that every write request shares: `revision` in field 2, then three empty
 * messages whose meaning is given by field number.
 * Returns undefined when the tag is none of them; the field is then still unread.
 */
export function readExpected(c: Cursor, tag: number): Expected | undefined {
  switch (tag) {
    case 0x10:
      return exactRevision(readBigUint(c));
    case 0x1a:
      skipField(c, tag);
      return { value: NO_STREAM, wire: 0n };
    case 0x22:
      skipField(c, tag);
      return { value: ANY, wire: 0n };
    case 0x2a:
      skipField(c, tag);
      return { value: STREAM_EXISTS, wire: 0n };
    default:
      return undefined;
  }
}

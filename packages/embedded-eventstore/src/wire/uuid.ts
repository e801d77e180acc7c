import {
  type Cursor,
  MalformedMessage,
  readBigUint,
  readMessage,
  readString,
  skipField,
  writeMessage,
} from "./protobuf.ts";

/** A UUID message as it came: its canonical text, or undefined when it holds no valid UUID. */
export type WireUuid = { text: string | undefined; raw: Buffer; structured: boolean; sent: string };

export const NIL_UUID = "00000000-0000-0000-0000-000000000000";

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BARE = /^[0-9a-f]{32}$/;

/** The lower-case hyphenated form of a UUID, or undefined when the text is none. */
export function canonicalUuid(text: string): string | undefined {
  if (CANONICAL.test(text)) return text;
  let lower = text.trim().toLowerCase();
  if (CANONICAL.test(lower)) return lower;
  if ((lower.startsWith("{") && lower.endsWith("}")) || (lower.startsWith("(") && lower.endsWith(")")))
    lower = lower.slice(1, -1);
  if (CANONICAL.test(lower)) return lower;
  return BARE.test(lower) ? hyphenate(lower) : undefined;
}

function hyphenate(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Reads a `UUID` sub-message (string or structured form). */
export function readUuid(c: Cursor): WireUuid {
  const m = readMessage(c);
  const raw = m.buf.subarray(m.pos, m.end);
  let sent = "";
  let text: string | undefined;
  let structured = false;
  while (m.pos < m.end) {
    const tag = readTagOf(m);
    if (tag === 0x12) {
      sent = readString(m);
      text = canonicalUuid(sent);
      structured = false;
    } else if (tag === 0x0a) {
      const s = readMessage(m);
      let most = 0n;
      let least = 0n;
      while (s.pos < s.end) {
        const inner = readTagOf(s);
        if (inner === 0x08) most = readBigUint(s);
        else if (inner === 0x10) least = readBigUint(s);
        else skipField(s, inner);
      }
      text = hyphenate(most.toString(16).padStart(16, "0") + least.toString(16).padStart(16, "0"));
      sent = text;
      structured = true;
    } else skipField(m, tag);
  }
  return { text, raw, structured, sent };
}

function readTagOf(c: Cursor): number {
  const tag = Number(readBigUint(c));
  if (tag === 0) throw new MalformedMessage("field number 0");
  return tag;
}

/** The body of a `UUID` message in string form. */
export function encodeUuidText(text: string): Buffer {
  return writeMessage().string(2, text).finish();
}

/** The body of a `UUID` message in structured form (two signed 64-bit halves). */
export function encodeUuidStructured(text: string): Buffer {
  const hex = text.replaceAll("-", "");
  const halves = writeMessage()
    .uint(1, BigInt(`0x${hex.slice(0, 16)}`))
    .uint(2, BigInt(`0x${hex.slice(16)}`))
    .finish();
  return writeMessage().message(1, halves).finish();
}

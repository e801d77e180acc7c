import { isUtf8 } from "node:buffer";
import { Refusal } from "./refusal.ts";

/** Deeper than any message of ours; far less than what makes a parser or a recursive check run out of stack. */
export const deepestNesting = 32;

const quote = 0x22;
const backslash = 0x5c;
const isOpening = (byte: number): boolean => byte === 0x5b || byte === 0x7b;
const isClosing = (byte: number): boolean => byte === 0x5d || byte === 0x7d;

/** Says whether brackets are nested deeper than `limit`, without building anything. Brackets within texts do not count. */
export function isNestedDeeper(json: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i] as number;
    if (inText) {
      if (byte === backslash) i++;
      else if (byte === quote) inText = false;
    } else if (byte === quote) inText = true;
    else if (isOpening(byte)) {
      if (++depth > limit) return true;
    } else if (isClosing(byte)) depth--;
  }
  return false;
}

/**
 * The value of a JSON body. Refuses what is empty, not UTF-8, nested too deep or not JSON. A key `__proto__` comes out as a
 * plain property, which every schema refuses as unknown.
 */
export function parseJsonBody(body: Buffer): unknown {
  if (body.length === 0) throw new Refusal("empty_body");
  if (!isUtf8(body)) throw new Refusal("malformed_encoding");
  if (isNestedDeeper(body, deepestNesting))
    throw new Refusal("nesting_too_deep", { params: { limit: deepestNesting } });
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new Refusal("malformed_json", { cause });
  }
}

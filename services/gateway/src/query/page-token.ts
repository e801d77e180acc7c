import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { Refusal } from "../http/refusal.ts";

/** Where a page ended: the last row's value of the sorted column and its id; of a past moment, the log position it is pinned to. */
export interface PageKey {
  readonly value: string | number | boolean | null;
  readonly id: string;
  readonly position?: string;
}

const tagLength = 16;

/** What a token is bound to: the list, who asks, and everything asked for but the page itself. */
export function queryFingerprint(listId: string, reader: string, query: Readonly<Record<string, unknown>>): Buffer {
  const { page: _page, limit: _limit, count: _count, wait: _wait, ...bound } = query;
  const sorted = Object.entries(bound)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([listId, reader, sorted]))
    .digest();
}

/** An opaque token for the next page, signed, and of no use with another query or for another reader. */
export function writePageToken(secret: Buffer, fingerprint: Buffer, key: PageKey): string {
  const payload = Buffer.from(JSON.stringify([key.value, key.id, key.position]));
  return Buffer.concat([sign(secret, fingerprint, payload), payload]).toString("base64url");
}

/** Reads a token back; throws `page_token_invalid`. */
export function readPageToken(secret: Buffer, fingerprint: Buffer, token: string): PageKey {
  const bytes = Buffer.from(token, "base64url");
  const payload = bytes.subarray(tagLength);
  if (bytes.length <= tagLength || !timingSafeEqual(bytes.subarray(0, tagLength), sign(secret, fingerprint, payload)))
    throw new Refusal("page_token_invalid", { field: "page" });
  const [value, id, position] = JSON.parse(payload.toString()) as [PageKey["value"], string, string | null];
  return { value, id, ...(position === null ? {} : { position }) };
}

const sign = (secret: Buffer, fingerprint: Buffer, payload: Buffer): Buffer =>
  createHmac("sha256", secret).update("page").update(fingerprint).update(payload).digest().subarray(0, tagLength);

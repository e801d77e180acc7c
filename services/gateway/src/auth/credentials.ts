import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 256 random bits, fit for a cookie or a header. */
export const newSecret = (): string => randomBytes(32).toString("base64url");

export const tokenPrefix = "dkt_";

/** Only hashes of cookies and tokens are kept. They are random, so that a fast hash is enough. */
export const hashOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** Compares without telling by its time where they differ. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hashOf(a), hashOf(b));
}

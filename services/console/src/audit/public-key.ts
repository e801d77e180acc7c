/**
 * The 64 hex digits of an Ed25519 public key, given as these or as PEM (its last 32 bytes are the key); null when the text is neither.
 */
export function keyOfText(text: string): string | null {
  const plain = text.trim().toLowerCase();
  if (/^[0-9a-f]{64}$/u.test(plain)) return plain;
  const body = /-----BEGIN PUBLIC KEY-----([\s\S]+?)-----END PUBLIC KEY-----/u.exec(text)?.[1]?.replaceAll(/\s/gu, "");
  if (body === undefined) return null;
  try {
    const bytes = Array.from(atob(body), (char) => char.charCodeAt(0));
    // 12 bytes say that it is an Ed25519 key, 32 are the key
    if (bytes.length !== 44) return null;
    return bytes
      .slice(-32)
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
  } catch {
    return null;
  }
}

import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Signed references to a ticket that only our own mails carry. A quoted ticket number alone proves nothing (anyone can type
 * it), so a mail joins a ticket by such a token or by a thread of message ids.
 */
export interface MailTokens {
  /** the token of a ticket: 22 + 12 characters, safe in an address, a subject and a message id */
  sign(ticketId: string): string;
  /** the ticket of a token, or null when it is not ours or was altered */
  verify(token: string): string | null;
  /** `<t.TOKEN.UNIQUE@host>`; the same `unique` gives the same id, so that a repeated sending can be told */
  messageId(ticketId: string | null, unique: string): string;
  /** the ticket that a message id of ours belongs to, or null */
  ticketOfMessageId(messageId: string): string | null;
  /** `name+TOKEN@domain` */
  replyAddress(base: string, ticketId: string): string;
  /** the ticket of the first good token in a text (a subject) or an address */
  findIn(text: string): string | null;
}

const tokenPattern = /(?<![a-z0-9])[a-z0-9]{25}x[a-f0-9]{16}(?![a-z0-9])/g;

/** Tokens under a secret of at least 16 characters; `host` is the right side of our message ids. */
export function mailTokens(secret: string, host: string): MailTokens {
  if (secret.length < 16) throw new Error("mail secret: at least 16 characters");
  const mac = (body: string) => createHmac("sha256", secret).update(`docket-mail:${body}`).digest("hex").slice(0, 16);
  const sign = (ticketId: string) => {
    const body = BigInt(`0x${ticketId.replaceAll("-", "")}`)
      .toString(36)
      .padStart(25, "0");
    return `${body}x${mac(body)}`;
  };
  const verify = (token: string) => {
    const lower = token.toLowerCase();
    const [body, given] = [lower.slice(0, 25), lower.slice(26)];
    if (lower.length !== 42 || lower[25] !== "x") return null;
    const expected = Buffer.from(mac(body));
    if (expected.length !== given.length || !timingSafeEqual(expected, Buffer.from(given))) return null;
    let value = 0n;
    for (const digit of body) value = value * 36n + BigInt(Number.parseInt(digit, 36));
    const hex = value.toString(16).padStart(32, "0");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  };
  const findIn = (text: string) => {
    // Only the head can hold one of ours; an endless line must not cost endless time.
    for (const match of text.slice(0, 4_000).toLowerCase().matchAll(tokenPattern)) {
      const ticket = verify(match[0]);
      if (ticket !== null) return ticket;
    }
    return null;
  };
  return {
    sign,
    verify,
    messageId: (ticketId, unique) => `<${ticketId === null ? "n" : `t.${sign(ticketId)}`}.${unique}@${host}>`,
    ticketOfMessageId: (messageId) =>
      messageId.trim().toLowerCase().endsWith(`@${host.toLowerCase()}>`) ? findIn(messageId) : null,
    replyAddress: (base, ticketId) => base.replace("@", `+${sign(ticketId)}@`),
    findIn,
  };
}

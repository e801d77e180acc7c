/** The header fields that tell a person's mail from a machine's, lower-case names, values as they came. */
export interface LoopSigns {
  readonly headers: ReadonlyMap<string, string>;
  /** the envelope's sender; "" is a bounce's null path, null when the way of arrival has no envelope (IMAP) */
  readonly envelopeFrom: string | null;
  readonly from: string | null;
  /** our own addresses and the host part of our message ids */
  readonly ownAddresses: readonly string[];
  readonly ownIdHost: string;
}

const machineMailboxes = /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+@-]|$)/i;

/**
 * Is this mail a machine's (auto-reply, bounce, mailing list, or our own mail come back)? Such mail is kept, never answered
 * and never registered by itself, so that two auto-responders cannot loop (RFC 3834, RFC 2919, RFC 3464).
 */
export function isAutomatic(signs: LoopSigns): boolean {
  const header = (name: string) => signs.headers.get(name)?.trim().toLowerCase() ?? "";
  const autoSubmitted = header("auto-submitted");
  if (autoSubmitted !== "" && autoSubmitted !== "no") return true;
  if (signs.envelopeFrom === "" || header("return-path") === "<>") return true;
  if (/\b(?:bulk|junk|list|auto_reply)\b/.test(header("precedence"))) return true;
  for (const name of [
    "list-id",
    "list-unsubscribe",
    "x-autoreply",
    "x-autorespond",
    "x-auto-reply-from",
    "x-mailer-daemon-error",
  ]) {
    if (header(name) !== "") return true;
  }
  if (
    /\b(?:all|oof|autoreply)\b/.test(header("x-auto-response-suppress")) &&
    header("in-reply-to") !== "" &&
    autoSubmitted !== "no"
  )
    return true;
  if (header("content-type").startsWith("multipart/report") || header("x-failed-recipients") !== "") return true;
  if (header("x-docket-mail") !== "" || header("message-id").includes(`@${signs.ownIdHost.toLowerCase()}>`))
    return true;
  if (signs.from !== null) {
    if (machineMailboxes.test(signs.from)) return true;
    if (signs.ownAddresses.some((own) => own.toLowerCase() === signs.from?.toLowerCase())) return true;
  }
  return false;
}

import { backoffMs, sleep, type Logger } from "@docket/service-kit";
import { ImapFlow } from "imapflow";
import { maxMailBytes } from "./smtp.ts";

export interface ImapOptions {
  /** imap://user:password@host:port/mailbox or imaps://... */
  readonly url: string;
  readonly take: (raw: Buffer) => Promise<unknown>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** how long to wait for news before looking anyway */
  readonly pollMs?: number;
}

/**
 * Follows a mailbox: every unseen mail is kept for good, then marked seen. A crash in between takes it again, which gives the
 * same contact. States: connecting -> draining (unseen mails, oldest first) -> idle (until news, or the poll) -> draining;
 * any error -> waiting (backoff) -> connecting. Resolves when the signal aborts.
 */
export async function followMailbox(options: ImapOptions): Promise<void> {
  const { signal, logger } = options;
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await session(options, () => (attempt = 0));
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error, attempt }, "mailbox is out of reach, trying again");
      await sleep(backoffMs(attempt), signal).catch(() => undefined);
    }
  }
}

async function session(options: ImapOptions, connected: () => void): Promise<void> {
  const url = new URL(options.url);
  const secure = url.protocol === "imaps:";
  const client = new ImapFlow({
    host: url.hostname,
    port: Number(url.port || (secure ? 993 : 143)),
    secure,
    auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    logger: false,
  });
  const failed = new Promise<never>((_, reject) => {
    client.on("error", reject);
    client.on("close", () => reject(new Error("mailbox connection closed")));
  });
  failed.catch(() => undefined);
  const stopped = () => client.close();
  options.signal.addEventListener("abort", stopped);
  try {
    await client.connect();
    await client.mailboxOpen(decodeURIComponent(url.pathname.slice(1)) || "INBOX");
    connected();
    while (!options.signal.aborted) {
      await drain(client, options);
      await Promise.race([news(client, options.pollMs ?? 30_000, options.signal), failed]);
    }
  } finally {
    options.signal.removeEventListener("abort", stopped);
    client.close();
  }
}

async function drain(client: ImapFlow, options: ImapOptions): Promise<void> {
  const uids = await client.search({ seen: false }, { uid: true });
  for (const uid of uids === false ? [] : uids) {
    if (options.signal.aborted) return;
    const message = await client.fetchOne(String(uid), { source: { maxLength: maxMailBytes } }, { uid: true });
    if (message === false || message.source === undefined) continue;
    await options.take(message.source);
    await client.messageFlagsAdd(String(uid), ["\\Seen"], { uid: true });
  }
}

/** Resolves on new mail, on the poll's time, or when told to stop. */
async function news(client: ImapFlow, pollMs: number, signal: AbortSignal): Promise<void> {
  const enough = new AbortController();
  const done = () => enough.abort();
  client.once("exists", done);
  const idle = client.idle().catch(() => undefined);
  await sleep(pollMs, AbortSignal.any([signal, enough.signal])).catch(() => undefined);
  client.off("exists", done);
  void idle;
}

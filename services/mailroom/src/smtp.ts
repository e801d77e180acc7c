import type { AddressInfo } from "node:net";
import type { Logger } from "@docket/service-kit";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";

/** Longest mail that is taken: one attachment of the greatest size in base64, and its text. */
export const maxMailBytes = 36 * 1024 * 1024;

export interface SmtpOptions {
  readonly host: string;
  /** 0 takes a free port */
  readonly port: number;
  /** addresses that are taken, also with +token; others are refused at RCPT TO */
  readonly addresses: readonly string[];
  /** keeps the mail for good; 250 is answered only after it resolves, 451 when it rejects */
  readonly take: (raw: Buffer, envelopeFrom: string) => Promise<unknown>;
  readonly logger: Logger;
}

class SmtpError extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/** A mail server for our own addresses only: no relaying, no authentication needed, a 250 is a promise. */
export async function startSmtp(options: SmtpOptions): Promise<{ port: number; close(): Promise<void> }> {
  const own = new Set(options.addresses.map((address) => address.toLowerCase()));
  const server = new SMTPServer({
    name: "docket",
    banner: "Docket mailroom",
    size: maxMailBytes,
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    maxClients: 200,
    socketTimeout: 60_000,
    closeTimeout: 2_000,
    onRcptTo(address, _session, callback) {
      const plain = address.address.toLowerCase().replace(/\+[^@]*@/, "@");
      if (own.has(plain)) return callback();
      return callback(new SmtpError(550, "5.1.1 no such mailbox here"));
    },
    onData(stream, session, callback) {
      receive(stream, session, options).then(
        () => callback(null),
        (error: unknown) =>
          callback(error instanceof SmtpError ? error : new SmtpError(451, "4.3.0 not kept, please try again later")),
      );
    },
  });
  // A client that hangs up in the middle is no fault of ours.
  server.on("error", (error) => options.logger.debug({ err: error }, "smtp connection"));
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.server.off("error", reject);
      resolve();
    });
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function receive(stream: SMTPServerDataStream, session: SMTPServerSession, options: SmtpOptions): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What exceeds the limit is read and thrown away, so that the answer reaches the sender.
    if (size <= maxMailBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (stream.sizeExceeded || size > maxMailBytes)
    throw new SmtpError(552, `5.3.4 mail is larger than ${maxMailBytes} bytes`);
  const from = session.envelope.mailFrom;
  try {
    await options.take(Buffer.concat(chunks), from === false ? "" : from.address);
  } catch (error) {
    options.logger.warn({ err: error, size }, "mail could not be kept; the sender is told to try again");
    throw error;
  }
}

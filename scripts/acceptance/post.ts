import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { readMail, type Mail } from "@docket/mail";
import nodemailer from "nodemailer";
import { SMTPServer } from "smtp-server";

export interface SunkMail extends Mail {
  readonly envelopeTo: string;
  readonly raw: string;
}

/** The customers' mail server: a real one, that keeps what it is given. */
export interface MailSink {
  readonly port: number;
  readonly mails: readonly SunkMail[];
  /** addresses that it knows nothing of: whoever writes to one is told so for good (550) */
  readonly unknown: Set<string>;
  close(): Promise<void>;
}

export async function startMailSink(): Promise<MailSink> {
  const mails: SunkMail[] = [];
  const unknown = new Set<string>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: 500,
    onRcptTo({ address }, _session, callback) {
      callback(
        unknown.has(address) ? Object.assign(new Error("no such mailbox here"), { responseCode: 550 }) : undefined,
      );
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const raw = Buffer.concat(chunks);
        readMail(raw, { envelopeFrom: "x@x.example", ownAddresses: [], ownIdHost: "nowhere.example" }).then(
          (mail) => {
            mails.push({ ...mail, envelopeTo: session.envelope.rcptTo[0]?.address ?? "", raw: raw.toString("utf8") });
            callback();
          },
          (error: Error) => callback(error),
        );
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    unknown,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Sends a mail's source over SMTP, as a customer's mail server would: again and again until it is taken with a 250. */
export async function sendRaw(
  port: () => number,
  from: string,
  to: string,
  raw: Buffer | string,
  patienceMs = 60_000,
): Promise<void> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      const transport = nodemailer.createTransport({
        host: "127.0.0.1",
        port: port(),
        secure: false,
        ignoreTLS: true,
        connectionTimeout: 3_000,
        socketTimeout: 10_000,
      });
      await transport.sendMail({ envelope: { from, to }, raw });
      return;
    } catch (error) {
      const code = (error as { responseCode?: number }).responseCode ?? 0;
      if (code >= 500 || Date.now() > until) throw error;
      await pause(50);
    }
  }
}

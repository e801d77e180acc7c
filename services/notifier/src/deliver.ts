import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UndeliverableMail, type OutboxMail, type Sending } from "@docket/process-engine";
import nodemailer from "nodemailer";

const addressed = (mail: OutboxMail, from: string) => ({
  from: { name: "Docket", address: from },
  to: mail.to,
  subject: mail.subject,
  text: mail.text,
  ...(mail.html === null ? {} : { html: mail.html }),
  messageId: mail.messageId,
  date: mail.createdAt,
  headers: mail.headers,
});

/** Sends over SMTP (`smtp://` or `smtps://`, with user and password where needed). A 5xx answer is final, all else passes. */
export function smtpSender(
  url: string,
  from: string,
): { send: (mail: OutboxMail) => Promise<Sending>; close: () => void } {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  });
  return {
    async send(mail) {
      try {
        await transport.sendMail({ ...addressed(mail, from), envelope: { from, to: mail.to } });
        return "sent";
      } catch (error) {
        const code = (error as { responseCode?: number }).responseCode ?? 0;
        if (code >= 500 && code < 600) throw new UndeliverableMail((error as Error).message, { cause: error });
        throw error;
      }
    },
    close: () => transport.close(),
  };
}

/** The files of a folder sender whose mails may no longer be kept: those of whom they tell were forgotten. */
export async function dropForgotten(
  folder: string,
  isKept: (mailIds: readonly string[]) => Promise<ReadonlySet<string>>,
) {
  const names = await readdir(folder).catch(() => []);
  const mails = names.flatMap((name) => {
    const id = /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.eml(?:\.part)?$/.exec(name)?.[1];
    return id === undefined ? [] : [{ name, id }];
  });
  if (mails.length === 0) return;
  const kept = await isKept(mails.map(({ id }) => id));
  for (const { name, id } of mails) if (!kept.has(id)) await rm(join(folder, name), { force: true });
}

/** Without a mail server: each mail becomes a file in a folder, in the form that any mail program opens. */
export function folderSender(
  folder: string,
  from: string,
): { send: (mail: OutboxMail) => Promise<Sending>; close: () => void } {
  const composer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  return {
    async send(mail) {
      const { message } = await composer.sendMail(addressed(mail, from));
      const name = join(folder, `${mail.createdAt.toISOString().replaceAll(":", "-")}-${mail.id}.eml`);
      // readable by who runs Docket only: it is people's mail
      const write = () => writeFile(`${name}.part`, message as Buffer, { mode: 0o600 });
      await write().catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await write();
      });
      await rename(`${name}.part`, name);
      return "kept";
    },
    close: () => undefined,
  };
}

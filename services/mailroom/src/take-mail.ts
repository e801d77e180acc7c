import { createHash } from "node:crypto";
import type { Desk } from "@docket/command-handling";
import { limits, type AnyEvent, type Attachment, type Fact } from "@docket/domain";
import { derivedId } from "@docket/event-store";
import { newTextOf, readClaims, readMail, type Mail, type MailFile, type MailTokens } from "@docket/mail";
import { CodedError, type Clock } from "@docket/service-kit";
import { findThread, type ThreadLookup } from "./thread.ts";

export interface MailroomDeps {
  readonly desk: Desk;
  readonly clock: Clock;
  readonly tokens: MailTokens;
  /** keeps bytes under their hash, sealed for whom they belong to; durable when it resolves, harmless when repeated */
  readonly keep: (bytes: Buffer, mediaType: string, owner: string) => Promise<{ sha256: string; size: number }>;
  /** to whom belongs what a contact brings, by the data of its arrival */
  readonly ownerOf: (contactId: string, received: object) => Promise<string>;
  readonly lookup: ThreadLookup;
  readonly ownAddresses: readonly string[];
  readonly ownIdHost: string;
  /** carries the kept contact on (registers, joins, holds); a reactor does it again if this process dies before */
  readonly advance: (contactId: string, facts: readonly Fact<AnyEvent>[] | undefined) => void;
}

/**
 * Keeps one mail for good: its source and files in the blob store, the contact in the event store. Resolves when nothing of it
 * can be lost; the same mail again (a sender that missed our answer) gives the same contact. Throws `StoreUnavailable` or a
 * Postgres error when it could not be kept, and then the sender has to try again.
 */
export async function takeMail(
  raw: Buffer,
  envelopeFrom: string | null,
  deps: MailroomDeps,
): Promise<{ contactId: string; repeated: boolean }> {
  const mail = await readMail(raw, { envelopeFrom, ownAddresses: deps.ownAddresses, ownIdHost: deps.ownIdHost });
  const contactId = contactIdOf(mail, raw);
  const receivedAt = deps.clock.now().toISOString();
  const read = readClaims(mail.text);
  const claims = { ...read, personName: read.personName ?? mail.from.name, email: mail.from.address };
  const owner = await deps.ownerOf(contactId, { subject: "", claims, mail: { from: mail.from.address } });
  const [source, attachments, aboutTicketId] = await Promise.all([
    deps.keep(raw, "message/rfc822", owner),
    keepFiles(mail.files, owner, deps),
    findThread(mail, deps.tokens, deps.lookup),
  ]);
  const result = await deps.desk.execute(
    {
      type: "ReceiveContact",
      data: {
        contactId,
        channel: "email",
        receivedAt,
        subject: shorten(mail.subject, limits.subject),
        text: shorten(aboutTicketId === null ? mail.text : newTextOf(mail.text), limits.text),
        claims,
        wish: { type: null, priority: null },
        product: null,
        productVersion: null,
        stepsToReproduce: null,
        region: null,
        attachments,
        raw: { sha256: source.sha256, size: source.size, mediaType: "message/rfc822" },
        mail: {
          messageId: mail.messageId,
          inReplyTo: [...mail.references],
          from: mail.from.address,
          to: mail.to.slice(0, 100),
          sentAt: mail.sentAt?.toISOString() ?? null,
          automatic: mail.automatic,
        },
        aboutTicketId,
        authenticatedPersonId: null,
      },
    },
    {
      commandId: derivedId("receive-mail", contactId),
      correlationId: contactId,
      causationId: null,
      actor: { id: "mailroom", role: "system" },
      channel: "email",
    },
  );
  if (!result.ok && result.error.code !== "contact_exists") {
    throw new CodedError(result.error.code, `the mail could not be kept as a contact: ${result.error.field ?? ""}`);
  }
  deps.advance(contactId, result.ok && !result.repeated ? result.events : undefined);
  return { contactId, repeated: !result.ok || result.repeated };
}

/**
 * The same mail sent again has the same id: by its Message-ID and its content, without the trace lines that every hop adds.
 * A stranger who reuses somebody's Message-ID for another content gets another contact.
 */
function contactIdOf(mail: Mail, raw: Buffer): string {
  const untraced = raw
    .toString("latin1")
    .replace(/^(?:(?:Received|Return-Path|Delivered-To|X-Received):[^\n]*\n(?:[ \t][^\n]*\n)*)+/gim, "");
  return derivedId("mail", mail.messageId ?? "", createHash("sha256").update(untraced, "latin1").digest("hex"));
}

async function keepFiles(files: readonly MailFile[], owner: string, deps: MailroomDeps): Promise<Attachment[]> {
  const kept: Attachment[] = [];
  // One after the other: a mail with fifty files must not hold fifty connections. What exceeds the limits stays in the source.
  for (const file of files.slice(0, limits.attachmentsPerMessage)) {
    if (file.bytes.length > limits.attachmentBytes) continue;
    const { sha256, size } = await deps.keep(file.bytes, file.mediaType, owner);
    kept.push({ sha256, size, name: file.name, mediaType: file.mediaType.slice(0, 200) });
  }
  return kept;
}

/** Cuts at a limit without splitting a surrogate pair; the source keeps the whole. */
function shorten(text: string, max: number): string {
  return text.length <= max
    ? text
    : `${text
        .slice(0, max - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, "")}…`;
}

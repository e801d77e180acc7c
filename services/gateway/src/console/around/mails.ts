import { sql } from "kysely";
import type { OutgoingMail } from "@docket/api-contract";
import { erasedText } from "@docket/domain";
import { type Boxes, findSubject, type Vault } from "@docket/privacy";
import { isCustomer, type Principal } from "../../auth/principal.ts";
import type { GatewayDeps } from "../../deps.ts";

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly ticket_id: string | null;
  readonly to_address: string;
  readonly subject: string;
  readonly body_text: string;
  readonly status: OutgoingMail["status"];
  readonly attempts: number;
  readonly created_at: Date;
  readonly sent_at: Date | null;
  readonly message_id: string;
  readonly cause_event_id: string;
  readonly last_error: string | null;
  readonly seq: string;
  readonly parties: string[];
  readonly sealed: Buffer | null;
}

export interface MailWish {
  readonly ticketId?: string | undefined;
  readonly status?: string | undefined;
  readonly to?: string | undefined;
  /** only those that were caused before this one */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Mails of the outbox, newest first; `last` tells where the next page begins. */
export async function readMails(
  { db, privacy }: Pick<GatewayDeps, "db" | "privacy">,
  caller: Principal,
  wish: MailWish,
): Promise<{ items: OutgoingMail[]; last: string | null }> {
  const { ticketId, status, to, before, limit } = wish;
  // Addresses are sealed; whose mails may be his is told by the keys, and which ones are by what they say.
  const parties = to === undefined ? [] : await partiesOf(privacy.vault, to);
  const { rows } = await sql<Row>`select id, kind, ticket_id, to_address, subject, body_text, status, attempts,
      created_at, sent_at, message_id, cause_event_id, last_error, seq, parties, sealed from app.outbox
    where true
      ${ticketId === undefined ? sql`` : sql`and ticket_id = ${ticketId}`}
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${to === undefined ? sql`` : sql`and (lower(to_address) = ${to.toLowerCase()} or parties && ${parties}::uuid[])`}
      ${before === undefined ? sql`` : sql`and seq < ${before}::bigint`}
    order by seq desc limit ${sql.lit(limit + 1)}`.execute(db);
  const shown = rows.slice(0, limit);
  const opened = await Promise.all(shown.map((row) => openMail(privacy.boxes, row)));
  return {
    items: opened
      .filter(({ to_address }) => to === undefined || to_address.toLowerCase() === to.toLowerCase())
      .map((row) => mailFor(caller, row)),
    last: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null,
  };
}

/** The subjects that go by an address, and those who are the same. */
async function partiesOf(vault: Vault, address: string): Promise<readonly string[]> {
  try {
    const { subjects, shared } = await findSubject(vault, `mail:${address}`);
    return [...subjects, ...shared];
  } catch (error) {
    const subject = await vault.find(`mail:${address.trim().toLowerCase()}`);
    if (subject !== undefined) return [subject];
    if ((error as { code?: unknown }).code === "subject_unknown") return [];
    throw error;
  }
}

/** What a mail says; blanks once somebody of whom it tells was forgotten. */
async function openMail(boxes: Boxes, row: Row): Promise<Row> {
  if (row.parties.length === 0) return row;
  const bytes = row.sealed === null ? undefined : await boxes.open(row.parties, `docket mail ${row.id}`, row.sealed);
  if (bytes === undefined) return { ...row, to_address: erasedText, subject: erasedText, body_text: erasedText };
  const { to, subject, text } = JSON.parse(bytes.toString("utf8")) as { to: string; subject: string; text: string };
  return { ...row, to_address: to, subject, body_text: text };
}

/** To a customer's person no more than what he has in his own mailbox. */
function mailFor(caller: Principal, row: Row): OutgoingMail {
  return {
    mailId: row.id,
    kind: row.kind,
    ticketId: row.ticket_id,
    to: row.to_address,
    subject: row.subject,
    status: row.status,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
    messageId: row.message_id,
    causeEventId: row.cause_event_id,
    ...(isCustomer(caller) ? {} : { error: row.last_error, text: row.body_text }),
  };
}

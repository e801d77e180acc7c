import { sql } from "kysely";
import type { OutgoingMail } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import { isCustomer, type Principal } from "../../auth/principal.ts";

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
  db: Db,
  caller: Principal,
  wish: MailWish,
): Promise<{ items: OutgoingMail[]; last: string | null }> {
  const { ticketId, status, to, before, limit } = wish;
  const { rows } = await sql<Row>`select id, kind, ticket_id, to_address, subject, body_text, status, attempts,
      created_at, sent_at, message_id, cause_event_id, last_error, seq from app.outbox
    where true
      ${ticketId === undefined ? sql`` : sql`and ticket_id = ${ticketId}`}
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${to === undefined ? sql`` : sql`and lower(to_address) = ${to.toLowerCase()}`}
      ${before === undefined ? sql`` : sql`and seq < ${before}::bigint`}
    order by seq desc limit ${sql.lit(limit + 1)}`.execute(db);
  const shown = rows.slice(0, limit);
  return {
    items: shown.map((row) => mailFor(caller, row)),
    last: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null,
  };
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

import { sql } from "kysely";
import type { OutgoingMail } from "@docket/api-contract";
import { erasedText } from "@docket/domain";
import { openMail } from "@docket/process-engine";
import type { GatewayDeps } from "../../deps.ts";
import { isCustomer, type Principal } from "../../auth/principal.ts";

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly ticket_id: string | null;
  readonly to_address: string;
  readonly subject: string;
  readonly body_text: string;
  readonly body_html: string | null;
  readonly headers: Record<string, string>;
  readonly parties: string[];
  readonly sealed: Buffer | null;
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
  const { ticketId, status, before, limit } = wish;
  const { rows } = await sql<Row>`select id, kind, ticket_id, to_address, subject, body_text,
      body_html, headers, parties, sealed, status, attempts,
      created_at, sent_at, message_id, cause_event_id, last_error, seq from app.outbox
    where true
      ${ticketId === undefined ? sql`` : sql`and ticket_id = ${ticketId}`}
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${before === undefined ? sql`` : sql`and seq < ${before}::bigint`}
    order by seq desc limit ${sql.lit(limit + 1)}`.execute(db);
  const shown = rows.slice(0, limit);
  return {
    items: await Promise.all(shown.map(async (row) => mailFor(caller, row, await openMail(row, privacy.boxes)))),
    last: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null,
  };
}

/** To a customer's person no more than what he has in his own mailbox. */
function mailFor(
  caller: Principal,
  row: Row,
  said: { readonly to: string; readonly subject: string; readonly text: string } | undefined,
): OutgoingMail {
  return {
    mailId: row.id,
    kind: row.kind,
    ticketId: row.ticket_id,
    to: said?.to ?? erasedText,
    subject: said?.subject ?? erasedText,
    status: row.status,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
    messageId: row.message_id,
    causeEventId: row.cause_event_id,
    ...(isCustomer(caller) ? {} : { error: row.last_error, text: said?.text ?? erasedText }),
  };
}

import { standForLead, type Queryable } from "@docket/postgres";
import { backoffMs, sleep, type Logger } from "@docket/service-kit";
import type { Pool } from "pg";
import { listenTo } from "./bell.ts";

/** A mail in the outbox. Its id is derived from its cause and recipient, so that it can be put there only once. */
export interface OutboxMail {
  readonly id: string;
  readonly kind: string;
  readonly causeEventId: string;
  readonly ticketId: string | null;
  readonly to: string;
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  /** the data subjects of whom it tells; needed to keep it sealed */
  readonly parties?: readonly string[];
}

/**
 * Seals what a mail says, so that it can be opened only as long as all its parties' keys are there. `open` gives undefined when
 * one of them is not.
 */
export interface MailSeals {
  seal(parties: readonly string[], context: string, plain: Uint8Array): Promise<Buffer>;
  open(parties: readonly string[], context: string, sealed: Uint8Array): Promise<Buffer | undefined>;
}

/** What is sealed of a mail; the other members stand in the outbox as they are. */
type Content = Pick<OutboxMail, "to" | "subject" | "text" | "html" | "headers">;
const contextOf = (id: string): string => `docket mail ${id}`;
const blank: Content = { to: "", subject: "", text: "", html: null, headers: {} };

async function sealed(mail: OutboxMail, seals: MailSeals): Promise<OutboxMail & { readonly sealed: Buffer | null }> {
  const { parties = [], to, subject, text, html, headers } = mail;
  if (parties.length === 0) return { ...mail, sealed: null };
  const content: Content = { to, subject, text, html, headers };
  const bytes = await seals.seal(parties, contextOf(mail.id), Buffer.from(JSON.stringify(content), "utf8"));
  return { ...mail, ...blank, sealed: bytes };
}

/**
 * Puts mails into the outbox, within the caller's transaction; those that are there already stay as they are. With seals,
 * a mail that names its parties is kept sealed for them.
 */
export async function enqueueMails(tx: Queryable, given: readonly OutboxMail[], seals?: MailSeals): Promise<void> {
  if (given.length === 0) return;
  const mails = await Promise.all(
    given.map(async (mail) => (seals === undefined ? { ...mail, parties: [], sealed: null } : sealed(mail, seals))),
  );
  const column = <T>(of: (mail: (typeof mails)[number]) => T) => mails.map(of);
  await tx.query(
    `insert into app.outbox (id, kind, cause_event_id, ticket_id, to_address, message_id, subject, body_text, body_html, headers, created_at, parties, sealed, next_attempt_at)
     select id, kind, cause, ticket, recipient, message, subject, body, html, headers, created,
       array(select json_array_elements_text(parties)::uuid), sealed, now()
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[],
       $11::timestamptz[], $12::json[], $13::bytea[])
       as m(id, kind, cause, ticket, recipient, message, subject, body, html, headers, created, parties, sealed)
     on conflict do nothing`,
    [
      column((mail) => mail.id),
      column((mail) => mail.kind),
      column((mail) => mail.causeEventId),
      column((mail) => mail.ticketId),
      column((mail) => mail.to),
      column((mail) => mail.messageId),
      column((mail) => mail.subject),
      column((mail) => mail.text),
      column((mail) => mail.html),
      column((mail) => JSON.stringify(mail.headers)),
      column((mail) => mail.createdAt),
      column((mail) => JSON.stringify(mail.parties ?? [])),
      column((mail) => mail.sealed),
    ],
  );
  await tx.query("notify docket_outbox");
}

/** What became of one sending. `kept`: there is no mail server, the mail stays in the local outbox for good. */
export type Sending = "sent" | "kept";

/** Thrown by a sender for an answer that no further try can change (a 5xx of the mail server). */
export class UndeliverableMail extends Error {}

export interface OutboxOptions {
  readonly databaseUrl: string;
  readonly pool: Pool;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** the regulation's clock, for `sent_at`; waiting between tries is real time */
  readonly now: () => Date;
  readonly send: (mail: OutboxMail) => Promise<Sending>;
  /** opens what was sealed when it was put there */
  readonly seals?: MailSeals;
  /** how many mails are on their way at a time */
  readonly parallel?: number;
  readonly attempts?: number;
}

interface Row {
  seq: string;
  id: string;
  kind: string;
  cause_event_id: string;
  ticket_id: string | null;
  to_address: string;
  message_id: string;
  subject: string;
  body_text: string;
  body_html: string | null;
  headers: Record<string, string>;
  created_at: Date;
  attempts: number;
  parties: string[];
  sealed: Buffer | null;
}

/**
 * Sends what waits in the outbox, oldest first, one instance at a time.
 *
 * A mail is waiting -> sending (marked before the mail server hears of it) -> sent. A crash between the server's 250 and our
 * record leaves it `sending`, and it is sent again under the same Message-ID: the only way in which a mail can come twice. A
 * passing failure -> waiting, with a growing pause; a final refusal, or too many tries -> failed, which an operator sees. A mail
 * to or about somebody whose personal data were erased meanwhile cannot be opened, and fails as `personal_data_erased`.
 */
export async function runOutbox(options: OutboxOptions): Promise<void> {
  const { signal, logger } = options;
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      const lead = await standForLead({ url: options.databaseUrl, name: "outbox", signal });
      try {
        await dispatch(options, AbortSignal.any([signal, lead.lost]), () => (attempt = 0));
      } finally {
        await lead.release();
      }
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error, attempt }, "outbox stopped, trying again");
      await sleep(backoffMs(attempt), signal).catch(() => undefined);
    }
  }
}

async function dispatch(options: OutboxOptions, signal: AbortSignal, working: () => void): Promise<void> {
  const bell = await listenTo(options.databaseUrl, "docket_outbox");
  try {
    const record = recorder(options.pool);
    while (!signal.aborted) {
      // marked as on their way, all of them, before the mail server hears of the first
      const { rows } = await options.pool.query<Row>(
        `update app.outbox set status = 'sending', attempts = attempts + 1
         where id in (select id from app.outbox where status in ('waiting', 'sending') and next_attempt_at <= now() order by seq limit $1)
         returning seq, id, kind, cause_event_id, ticket_id, to_address, message_id, subject, body_text, body_html, headers, created_at,
           attempts, parties, sealed`,
        [options.parallel ?? 8],
      );
      working();
      rows.sort((a, b) => Number(a.seq) - Number(b.seq));
      // When one cannot be recorded the others come to their end all the same, so that none is on its way twice at a time.
      const ended = await Promise.allSettled(rows.map((row) => sendOne(row, options, record)));
      for (const each of ended) if (each.status === "rejected") throw each.reason;
      // The notification is a hint only; the poll finds what it missed and what is due again.
      if (rows.length === 0) await bell.wait(1_000, signal);
    }
  } finally {
    await bell.close();
  }
}

async function sendOne(row: Row, options: OutboxOptions, record: Recorder): Promise<void> {
  let outcome: Sending;
  try {
    outcome = await options.send({
      id: row.id,
      kind: row.kind,
      causeEventId: row.cause_event_id,
      ticketId: row.ticket_id,
      messageId: row.message_id,
      createdAt: row.created_at,
      ...(await contentOf(row, options.seals)),
    });
  } catch (error) {
    const why = withoutAddresses(error instanceof Error ? error.message : String(error)).slice(0, 500);
    const final = error instanceof UndeliverableMail || row.attempts >= (options.attempts ?? 40);
    options.logger.warn({ why, mail: row.id, attempts: row.attempts, final }, "mail was not taken");
    const pauseMs = backoffMs(row.attempts, { firstMs: 500, maxMs: 1_800_000 });
    await options.pool.query(
      "update app.outbox set status = $2, last_error = $3, next_attempt_at = now() + $4 * interval '1 ms' where id = $1",
      [row.id, final ? "failed" : "waiting", why, pauseMs],
    );
    return;
  }
  await record({ id: row.id, outcome, at: options.now() });
}

interface Taken {
  readonly id: string;
  readonly outcome: Sending;
  readonly at: Date;
}
type Recorder = (taken: Taken) => Promise<void>;

/**
 * Records what was taken: at once when nothing is being recorded, else together with all else that was taken until that is done.
 * Resolves when it is recorded.
 */
function recorder(pool: Pool): Recorder {
  let next: { readonly taken: Taken[]; readonly written: Promise<void> } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const write = (taken: readonly Taken[]) =>
    pool.query(
      `update app.outbox o set status = t.outcome, sent_at = t.at, last_error = null
       from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as t(id, outcome, at) where o.id = t.id`,
      [taken.map(({ id }) => id), taken.map(({ outcome }) => outcome), taken.map(({ at }) => at)],
    );
  return (one) => {
    if (next === undefined) {
      const taken: Taken[] = [];
      const written = last.then(async () => {
        next = undefined;
        await write(taken);
      });
      next = { taken, written };
      last = written.catch(() => undefined);
    }
    next.taken.push(one);
    return next.written;
  };
}

/** A mail server's answer repeats the address that it refuses; neither the table nor the log is to tell whose it is. */
const withoutAddresses = (text: string): string => text.replaceAll(/[^\s<>"'(),;:]+@[^\s<>"'(),;:]+/gu, "…@…");

/** What a mail of the outbox says, as its row keeps it; undefined when one whom it tells of was erased. */
export async function openMail(
  row: Pick<Row, "id" | "to_address" | "subject" | "body_text" | "body_html" | "headers" | "parties" | "sealed">,
  seals: MailSeals,
): Promise<Pick<OutboxMail, "to" | "subject" | "text" | "html" | "headers"> | undefined> {
  return contentOf(row, seals).catch((error: unknown) => {
    if (error instanceof UndeliverableMail) return undefined;
    throw error;
  });
}

async function contentOf(row: Parameters<typeof openMail>[0], seals: MailSeals | undefined): Promise<Content> {
  if (row.sealed === null) {
    // its parties' content was taken away when they were erased
    if (row.parties.length > 0) throw new UndeliverableMail("personal_data_erased");
    return { to: row.to_address, subject: row.subject, text: row.body_text, html: row.body_html, headers: row.headers };
  }
  const opened = await seals?.open(row.parties, contextOf(row.id), row.sealed);
  if (opened === undefined) throw new UndeliverableMail("personal_data_erased");
  return JSON.parse(opened.toString("utf8")) as Content;
}

import type { ColumnType, Generated, JSONColumnType } from "kysely";

/*
 * The tables of migrations 0001 and on, as kysely sees them. A column that may be absent in an insert is Generated or nullable.
 */

type Row = Record<string, unknown>;
type Nullable<T> = T | null;
type Int8 = ColumnType<string, string | number | bigint, string | number | bigint>;

export type AccountsTable = {
  id: string;
  login: string;
  password_hash: string;
  role: string;
  person_id: Nullable<string>;
  organization_id: Nullable<string>;
  display_name: string;
  language: Generated<string>;
  disabled: Generated<boolean>;
  created_at: Generated<Date>;
};

export type SessionsTable = {
  /** SHA-256 of the cookie's token. */
  token_hash: Buffer;
  account_id: string;
  csrf_token: string;
  created_at: Date;
  expires_at: Date;
};

export type ApiTokensTable = {
  /** SHA-256 of the token. */
  token_hash: Buffer;
  id: string;
  name: string;
  role: string;
  organization_id: Nullable<string>;
  scopes: Generated<string[]>;
  created_at: Generated<Date>;
  expires_at: Nullable<Date>;
  revoked_at: Nullable<Date>;
};

export type IdempotencyKeysTable = {
  account_id: string;
  key: string;
  body_hash: Buffer;
  /** HTTP status of the answer; null while the first request still runs. */
  status: Nullable<number>;
  response: JSONColumnType<Row | unknown[], string | null, string | null> | null;
  created_at: Generated<Date>;
  /** the answer sealed, behind the 16 bytes of the reference to its key */
  sealed: Nullable<Buffer>;
};

export type UploadsTable = {
  account_id: string;
  sha256: Buffer;
  name: string;
  size: Int8;
  media_type: string;
  uploaded_at: Date;
};

export type LoginAttemptsTable = {
  /** SHA-256 of the login as it was typed, in lower case. */
  login_hash: Buffer;
  failures: number;
  locked_until: Nullable<Date>;
  last_at: Date;
};

export type OutboxTable = {
  id: string;
  kind: string;
  cause_event_id: string;
  ticket_id: Nullable<string>;
  to_address: string;
  message_id: string;
  subject: string;
  body_text: string;
  body_html: Nullable<string>;
  headers: JSONColumnType<Record<string, string>, string | undefined>;
  status: Generated<"waiting" | "sending" | "sent" | "failed" | "kept">;
  attempts: Generated<number>;
  next_attempt_at: Date;
  last_error: Nullable<string>;
  created_at: Date;
  sent_at: Nullable<Date>;
  /** whose keys are needed to open `sealed`, in the order in which it was sealed; the other texts are empty then */
  parties: Generated<string[]>;
  sealed: Nullable<Buffer>;
  /** the order in which mails were caused */
  seq: Generated<Int8>;
};

export type CheckpointsTable = {
  name: string;
  commit_position: Int8;
  prepare_position: Int8;
  epoch: ColumnType<string, string | number | undefined, string | number>;
  updated_at: Generated<Date>;
};

export type LeadsTable = {
  name: string;
  epoch: Int8;
  holder: string;
  backend_pid: number;
  acquired_at: Date;
  expires_at: Date;
};

export type BlobTable = {
  sha256: Buffer;
  size: Int8;
  media_type: string;
  created_at: Generated<Date>;
};

export type BlobPartTable = { sha256: Buffer; part: number; bytes: Buffer };

export type SavedViewsTable = {
  id: string;
  account_id: string;
  account_name: string;
  name: string;
  queue: string;
  filter: JSONColumnType<Row, string, string>;
  q: Nullable<string>;
  sort: Nullable<string>;
  columns: JSONColumnType<string[], string | null, string | null> | null;
  shared: Generated<boolean>;
  revision: Generated<number>;
  created_at: Date;
  updated_at: Date;
};

export type SavedScreensTable = {
  id: string;
  account_id: string;
  area: string;
  name: string;
  search: JSONColumnType<Record<string, string>, string, string>;
  shared: Generated<boolean>;
  updated_at: Date;
};

export type PreferencesTable = {
  account_id: string;
  data: JSONColumnType<Row, string, string>;
  revision: Generated<number>;
  updated_at: Date;
};

export type SeenMarksTable = { account_id: string; ticket_id: string; revision: number; seen_at: Date };

export type ReplyTemplatesTable = {
  id: string;
  revision: number;
  name: string;
  language: string;
  kind: string;
  body: string;
  active: boolean;
  changed_by: string;
  changed_by_name: string;
  changed_at: Date;
};

export type WatchedTicketsTable = { account_id: string; ticket_id: string; since: Date };
export type NotificationMarksTable = { account_id: string; up_to: Int8 };
export type NotificationsReadTable = { account_id: string; notification_id: string; position: Int8 };

export type BulkJobsTable = {
  id: string;
  account_id: string;
  caller: JSONColumnType<Row, string, string>;
  command: string;
  body: JSONColumnType<Row, string, string>;
  state: "running" | "done" | "stopped";
  total: number;
  undo_of: Nullable<string>;
  created_at: Date;
  finished_at: Nullable<Date>;
  worker: Nullable<string>;
  leased_until: Nullable<Date>;
};

export type BulkItemsTable = {
  job_id: string;
  place: number;
  ticket_id: string;
  number: Nullable<string>;
  body: JSONColumnType<Row, string | null, string | null> | null;
  outcome: Generated<"waiting" | "done" | "refused">;
  code: Nullable<string>;
  params: JSONColumnType<Row, string | null, string | null> | null;
  revision: Nullable<number>;
  before: JSONColumnType<Row, string | null, string | null> | null;
};

export type AppTables = {
  "app.saved_views": SavedViewsTable;
  "app.saved_screens": SavedScreensTable;
  "app.preferences": PreferencesTable;
  "app.seen_marks": SeenMarksTable;
  "app.reply_templates": ReplyTemplatesTable;
  "app.watched_tickets": WatchedTicketsTable;
  "app.notification_marks": NotificationMarksTable;
  "app.notifications_read": NotificationsReadTable;
  "app.bulk_jobs": BulkJobsTable;
  "app.bulk_items": BulkItemsTable;
  "app.accounts": AccountsTable;
  "app.sessions": SessionsTable;
  "app.api_tokens": ApiTokensTable;
  "app.idempotency_keys": IdempotencyKeysTable;
  "app.uploads": UploadsTable;
  "app.login_attempts": LoginAttemptsTable;
  "app.outbox": OutboxTable;
  "app.reactor_checkpoints": CheckpointsTable;
  "app.leads": LeadsTable;
  "files.blob": BlobTable;
  "files.blob_part": BlobPartTable;
};

import type { ColumnType } from "kysely";

/**
 * The read side as the gateway sees it: views in the Postgres schema `read`, switched by a rebuild in one transaction.
 * Instants are `timestamptz`. History rows carry [valid_from, valid_to) by recordedAt; the current row ends at
 * 'infinity'. `position` is the log position (commit) of the event that wrote the row; `revision` the stream's.
 */
type Instant = ColumnType<Date, Date | string, Date | string>;
type Int8 = ColumnType<string, string | bigint | number, string | bigint | number>;
type Json<T> = ColumnType<T, string, string>;

/** Every event of the store as it is (auditors, rebuilds, the gateway's live feed). */
export interface JournalTable {
  position: Int8;
  stream: string;
  stream_kind: string;
  revision: number;
  event_id: string;
  type: string;
  schema_version: number;
  occurred_at: Instant;
  recorded_at: Instant;
  actor_id: string;
  actor_role: string;
  channel: string;
  command_id: string;
  correlation_id: string;
  causation_id: string | null;
  data: Json<Record<string, unknown>>;
  meta: Json<Record<string, unknown>>;
  prev_hash: string | null;
  hash: string;
}

export type TicketStatus =
  | "registered"
  | "classified"
  | "assigned"
  | "in_work"
  | "waiting_customer"
  | "waiting_approval"
  | "result_confirmation"
  | "closed";
export type ClosedBecause = "confirmed" | "auto_closed" | "withdrawn" | "duplicate";

/** What a list, a filter and a counter need; the same columns in `ticket` and, per revision, in `ticket_history`. */
export interface TicketColumns {
  ticket_id: string;
  number: string;
  status: TicketStatus;
  closed_because: ClosedBecause | null;
  type: string;
  priority: string;
  classified: boolean;
  subject: string;
  organization_id: string;
  contract_id: string;
  requester_person_id: string | null;
  requester_name: string;
  requester_email: string | null;
  channel: string;
  product: string | null;
  region: string | null;
  line: number | null;
  group_id: string | null;
  engineer_id: string | null;
  under_control: boolean;
  has_workaround: boolean;
  escalations: number;
  returns: number;
  hand_overs: number;
  reaction_deadline: Instant | null;
  reaction_state: string | null;
  resolution_deadline: Instant | null;
  resolution_state: string | null;
  ola_deadline: Instant | null;
  ola_state: string | null;
  /** the nearest open deadline; what a queue is sorted by */
  next_deadline: Instant | null;
  auto_close_at: Instant | null;
  received_at: Instant;
  registered_at: Instant;
  accepted_at: Instant | null;
  resolved_at: Instant | null;
  closed_at: Instant | null;
  /** times of the last event */
  occurred_at: Instant;
  recorded_at: Instant;
  revision: number;
  position: Int8;
}

/** All of them, in their order. */
export const ticketColumns = [
  "ticket_id",
  "number",
  "status",
  "closed_because",
  "type",
  "priority",
  "classified",
  "subject",
  "organization_id",
  "contract_id",
  "requester_person_id",
  "requester_name",
  "requester_email",
  "channel",
  "product",
  "region",
  "line",
  "group_id",
  "engineer_id",
  "under_control",
  "has_workaround",
  "escalations",
  "returns",
  "hand_overs",
  "reaction_deadline",
  "reaction_state",
  "resolution_deadline",
  "resolution_state",
  "ola_deadline",
  "ola_state",
  "next_deadline",
  "auto_close_at",
  "received_at",
  "registered_at",
  "accepted_at",
  "resolved_at",
  "closed_at",
  "occurred_at",
  "recorded_at",
  "revision",
  "position",
] as const satisfies readonly (keyof TicketColumns)[];

/** `details`: the rest of the ticket's state as JSON (description, proposal, open question, workaround, solution, attachments, links, escalation). */
export interface TicketTable extends TicketColumns {
  details: Json<Record<string, unknown>>;
}
export interface TicketHistoryTable extends TicketColumns {
  details: Json<Record<string, unknown>>;
  valid_from: Instant;
  valid_to: Instant;
}

/** Open tickets only (status other than closed): small, hot, sorted by next_deadline. */
export type QueueTable = TicketColumns;
/** What a queue page as of a past moment needs. */
export interface QueueHistoryTable extends TicketColumns {
  valid_from: Instant;
  valid_to: Instant;
}

/** One row per clock and stretch of time in which it was in one state: intervals and current state in one. */
export interface ClockTable {
  ticket_id: string;
  kind: "reaction" | "resolution" | "ola";
  line: number;
  cycle: number;
  /** 0-based number of this stretch within the clock */
  seq: number;
  state: string;
  ticking: boolean;
  paused_because: string | null;
  started_at: Instant;
  target: string;
  deadline: Instant | null;
  used_seconds: number;
  remaining_seconds: number | null;
  stopped_at: Instant | null;
  missed_at: Instant | null;
  extended_to: Instant | null;
  contract_id: string;
  policy_version: number;
  calendar_id: string;
  calendar_version: number;
  /** when the stretch begins and ends in the world (occurredAt) */
  from_at: Instant;
  to_at: Instant;
  /** when the engine knew (recordedAt) */
  valid_from: Instant;
  valid_to: Instant;
  position: Int8;
}

/** A judgement once recorded is never rewritten: one row per clock that was met, missed or cancelled. */
export interface JudgementTable {
  ticket_id: string;
  kind: string;
  line: number;
  cycle: number;
  outcome: "met" | "missed" | "cancelled";
  deadline: Instant | null;
  judged_at: Instant;
  recorded_at: Instant;
  used_seconds: number;
  target: string;
  policy_version: number;
  calendar_id: string;
  calendar_version: number;
  organization_id: string;
  contract_id: string;
  type: string;
  priority: string;
  ticket_line: number | null;
  group_id: string | null;
  engineer_id: string | null;
  product: string | null;
  position: Int8;
}

/** What falls due: the clockwork's work list. `owner` is a ticket's or a plan's id. */
export interface DeadlineTable {
  owner: string;
  owner_kind: "ticket" | "plan";
  key: string;
  kind: "step" | "miss" | "reminder" | "auto_close" | "plan";
  level: number;
  due_at: Instant;
  position: Int8;
  /** the owner's first moment: a question for what is due by T asks for it too, since it is what the index knows */
  next_due: Instant;
}

/** Owners of moments, by their first one. */
export interface DeadlineOwnerTable {
  owner: string;
  owner_kind: "ticket" | "plan";
  next_due: Instant;
}

export interface ContactTable {
  contact_id: string;
  status: "received" | "held" | "verified" | "registered" | "joined" | "rejected";
  channel: string;
  received_at: Instant;
  subject: string;
  text: string;
  from_name: string | null;
  from_email: string | null;
  claimed_organization: string | null;
  organization_id: string | null;
  contract_id: string | null;
  person_id: string | null;
  ticket_id: string | null;
  about_ticket_id: string | null;
  doubts: string[];
  reject_reason: string | null;
  message_id: string | null;
  raw_sha256: string | null;
  details: Json<Record<string, unknown>>;
  occurred_at: Instant;
  recorded_at: Instant;
  revision: number;
  position: Int8;
}

export interface ContactHistoryTable extends ContactTable {
  valid_from: Instant;
  valid_to: Instant;
}

/** Organizations, people, contracts, calendars, staff, groups, rules and plans: `kind` + `entry_id`, the folded state as JSON, with history. */
export interface DirectoryTable {
  kind: "organization" | "contract" | "calendar" | "staff" | "group" | "routing-rules" | "plan" | "letter" | "survey";
  entry_id: string;
  name: string;
  organization_id: string | null;
  active: boolean;
  state: Json<Record<string, unknown>>;
  valid_from: Instant;
  valid_to: Instant;
  revision: number;
  position: Int8;
}

/** What happened, by whom it concerns: `staff:<id>`, `group:<id>`, `role:<role>`, `person:<id>`. */
export interface NotificationTable {
  notification_id: string;
  recipient: string;
  kind: string;
  ticket_id: string;
  revision: number;
  actor_id: string;
  actor_role: string;
  recorded_at: Instant;
  position: Int8;
}

/** `words`: what a ticket is looked for by, in lower case; `topic`: what it is about. */
export interface TicketWordsTable {
  ticket_id: string;
  organization_id: string;
  words: string;
  topic: string;
}

export interface TicketLinkTable {
  from_id: string;
  to_id: string;
  kind: string;
  recorded_at: Instant;
  position: Int8;
}

/** The tables of the schema `read`, named as kysely sees them. */
export interface ReadModels {
  "read.journal": JournalTable;
  "read.ticket": TicketTable;
  "read.ticket_history": TicketHistoryTable;
  "read.queue": QueueTable;
  "read.queue_history": QueueHistoryTable;
  "read.clock": ClockTable;
  "read.judgement": JudgementTable;
  "read.deadline": DeadlineTable;
  "read.deadline_owner": DeadlineOwnerTable;
  "read.contact": ContactTable;
  "read.notification": NotificationTable;
  "read.ticket_words": TicketWordsTable;
  "read.ticket_link": TicketLinkTable;
  "read.contact_history": ContactHistoryTable;
  /** rows whose valid_to is infinity are the current ones */
  "read.directory": DirectoryTable;
}

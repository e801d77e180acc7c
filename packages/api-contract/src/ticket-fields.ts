/**
 * Every column of a ticket that a list shows, filters or sorts by: one table that the query schemas, the gateway's SQL, the
 * redaction for customers and the socket's filters are all made from.
 */
export type FieldKind = "id" | "enum" | "text" | "int" | "flag" | "instant";

export interface ListField {
  readonly kind: FieldKind;
  /** the read model's column */
  readonly column: string;
  readonly filter: boolean;
  readonly sort: boolean;
  /** the service centre's own business: a customer neither sees it nor filters or sorts by it */
  readonly staffOnly: boolean;
}

type Use = "fs" | "f" | "s" | "-";
const field = (kind: FieldKind, column: string, use: Use = "fs", staffOnly = false): ListField => ({
  kind,
  column,
  filter: use.includes("f"),
  sort: use.includes("s"),
  staffOnly,
});

export const ticketFields = {
  ticketId: field("id", "ticket_id", "f"),
  number: field("id", "number"),
  status: field("enum", "status"),
  closedBecause: field("enum", "closed_because", "f"),
  type: field("enum", "type"),
  priority: field("enum", "priority"),
  classified: field("flag", "classified", "f"),
  subject: field("text", "subject", "s"),
  organizationId: field("id", "organization_id"),
  contractId: field("id", "contract_id", "f"),
  requesterPersonId: field("id", "requester_person_id", "f"),
  requesterName: field("text", "requester_name", "fs"),
  requesterEmail: field("text", "requester_email", "f"),
  channel: field("enum", "channel", "f"),
  product: field("text", "product"),
  region: field("text", "region"),
  line: field("int", "line", "fs", true),
  groupId: field("id", "group_id", "fs", true),
  engineerId: field("id", "engineer_id"),
  underControl: field("flag", "under_control", "f", true),
  hasWorkaround: field("flag", "has_workaround", "f"),
  escalations: field("int", "escalations", "fs", true),
  returns: field("int", "returns"),
  handOvers: field("int", "hand_overs", "fs", true),
  reactionDeadline: field("instant", "reaction_deadline"),
  reactionState: field("enum", "reaction_state", "f"),
  resolutionDeadline: field("instant", "resolution_deadline"),
  resolutionState: field("enum", "resolution_state", "f"),
  olaDeadline: field("instant", "ola_deadline", "fs", true),
  olaState: field("enum", "ola_state", "f", true),
  nextDeadline: field("instant", "next_deadline", "fs", true),
  autoCloseAt: field("instant", "auto_close_at"),
  receivedAt: field("instant", "received_at"),
  registeredAt: field("instant", "registered_at"),
  acceptedAt: field("instant", "accepted_at"),
  resolvedAt: field("instant", "resolved_at"),
  closedAt: field("instant", "closed_at"),
  occurredAt: field("instant", "occurred_at", "fs"),
  recordedAt: field("instant", "recorded_at", "fs"),
  revision: field("int", "revision", "-"),
  position: field("int", "position", "-"),
} as const satisfies Record<string, ListField>;
export type TicketField = keyof typeof ticketFields;

export const contactFields = {
  contactId: field("id", "contact_id", "f"),
  status: field("enum", "status"),
  channel: field("enum", "channel", "f"),
  receivedAt: field("instant", "received_at"),
  subject: field("text", "subject", "s"),
  fromName: field("text", "from_name"),
  fromEmail: field("text", "from_email"),
  claimedOrganization: field("text", "claimed_organization"),
  organizationId: field("id", "organization_id"),
  contractId: field("id", "contract_id", "f"),
  personId: field("id", "person_id", "f"),
  ticketId: field("id", "ticket_id", "f"),
  aboutTicketId: field("id", "about_ticket_id", "f"),
  recordedAt: field("instant", "recorded_at"),
} as const satisfies Record<string, ListField>;

export const clockFields = {
  ticketId: field("id", "ticket_id", "f"),
  kind: field("enum", "kind", "f"),
  line: field("int", "line", "f", true),
  cycle: field("int", "cycle", "f"),
  state: field("enum", "state", "f"),
  ticking: field("flag", "ticking", "f"),
  pausedBecause: field("enum", "paused_because", "f"),
  deadline: field("instant", "deadline"),
  startedAt: field("instant", "started_at"),
  missedAt: field("instant", "missed_at", "f"),
  stoppedAt: field("instant", "stopped_at", "f"),
  contractId: field("id", "contract_id", "f"),
  calendarId: field("id", "calendar_id", "f"),
} as const satisfies Record<string, ListField>;

export const judgementFields = {
  ticketId: field("id", "ticket_id", "f"),
  kind: field("enum", "kind", "f"),
  line: field("int", "line", "f", true),
  cycle: field("int", "cycle", "f"),
  outcome: field("enum", "outcome", "f"),
  judgedAt: field("instant", "judged_at"),
  recordedAt: field("instant", "recorded_at"),
  deadline: field("instant", "deadline"),
  usedSeconds: field("int", "used_seconds", "s"),
  organizationId: field("id", "organization_id", "f"),
  contractId: field("id", "contract_id", "f"),
  type: field("enum", "type", "f"),
  priority: field("enum", "priority", "f"),
  ticketLine: field("int", "ticket_line", "f", true),
  groupId: field("id", "group_id", "f", true),
  engineerId: field("id", "engineer_id", "f"),
  product: field("text", "product", "f"),
} as const satisfies Record<string, ListField>;

export const journalFields = {
  position: field("int", "position", "s"),
  stream: field("id", "stream", "f"),
  streamKind: field("enum", "stream_kind", "f"),
  type: field("enum", "type", "f"),
  actorId: field("id", "actor_id", "f"),
  actorRole: field("enum", "actor_role", "f"),
  channel: field("enum", "channel", "f"),
  eventId: field("id", "event_id", "f"),
  commandId: field("id", "command_id", "f"),
  correlationId: field("id", "correlation_id", "f"),
  causationId: field("id", "causation_id", "f"),
  occurredAt: field("instant", "occurred_at", "f"),
  recordedAt: field("instant", "recorded_at", "f"),
} as const satisfies Record<string, ListField>;

export const accessFields = {
  at: field("instant", "at"),
  accountId: field("id", "account_id", "f"),
  actorId: field("id", "actor_id", "f"),
  actorRole: field("enum", "actor_role", "f"),
  kind: field("enum", "kind", "f"),
  ticketId: field("id", "ticket_id", "f"),
  position: field("int", "position", "-"),
} as const satisfies Record<string, ListField>;

import { type Column, defineTable, type Row, type Value } from "@docket/projection-engine";
import { isUnderControl, nextDeadline, type TicketState } from "./state.ts";

/*
 * Current tickets in one table, versions that are over in another one that only grows. A version is written there when the next one
 * replaces it: both ends of its validity are known by then, and no row of history is ever touched again. What stands fixed from
 * the registration is kept once. Nothing that changes with every event is indexed, so current rows are replaced within their page.
 */

const fixed: readonly Column[] = [
  ["ticket_id", "uuid"],
  ["number", "text"],
  ["subject", "text"],
  ["organization_id", "text"],
  ["contract_id", "text"],
  ["requester_person_id", "text", "null"],
  ["requester_name", "text"],
  ["requester_email", "text", "null"],
  ["channel", "text"],
  ["region", "text", "null"],
  ["received_at", "timestamptz"],
  ["registered_at", "timestamptz"],
];

const changing: readonly Column[] = [
  ["status", "text"],
  ["type", "text"],
  ["priority", "text"],
  ["classified", "bool"],
  ["product", "text", "null"],
  ["line", "int2", "null"],
  ["group_id", "text", "null"],
  ["engineer_id", "text", "null"],
  ["under_control", "bool"],
  ["has_workaround", "bool"],
  ["escalations", "int4"],
  ["returns", "int4"],
  ["hand_overs", "int4"],
  ["reaction_deadline", "timestamptz", "null"],
  ["reaction_state", "text", "null"],
  ["resolution_deadline", "timestamptz", "null"],
  ["resolution_state", "text", "null"],
  ["ola_deadline", "timestamptz", "null"],
  ["ola_state", "text", "null"],
  ["next_deadline", "timestamptz", "null"],
  ["auto_close_at", "timestamptz", "null"],
  ["accepted_at", "timestamptz", "null"],
  ["resolved_at", "timestamptz", "null"],
  ["occurred_at", "timestamptz"],
  ["recorded_at", "timestamptz"],
  ["revision", "int4"],
  ["position", "int8"],
  ["details", "text"],
];

export const current = defineTable({
  name: "ticket",
  columns: [
    ...fixed,
    ...changing,
    ["closed_because", "text", "null"],
    ["closed_at", "timestamptz", "null"],
    ["open", "bool"],
    // which of reaction (1), resolution (2) and acceptance (4) tick
    ["ticking", "int2"],
  ],
  key: ["ticket_id"],
  indexes: [
    "(ticket_id) where open",
    "(registered_at, ticket_id)",
    "(organization_id, registered_at, ticket_id)",
    "(number)",
  ],
  opaque: ["details"],
  fillfactor: 50,
});

export const past = defineTable({
  name: "ticket_past",
  columns: [["ticket_id", "uuid"], ...changing, ["valid_to", "timestamptz"], ["span", "int2"]],
  opaque: ["details", "position"],
  // by span: see openTicketsAt
  indexes: ["(ticket_id, revision)", "(span, recorded_at, valid_to)"],
});

/** What the registration says beyond the columns, as JSON. */
export const texts = defineTable({
  name: "ticket_text",
  columns: [
    ["ticket_id", "uuid"],
    ["details", "text"],
  ],
  key: ["ticket_id"],
  plain: ["details"],
});

/** Files and links, one row each: a list within `details` would be written anew with every version. */
export const items = defineTable({
  name: "ticket_item",
  columns: [
    ["ticket_id", "uuid"],
    ["revision", "int4"],
    ["place", "int4"],
    ["kind", "text"],
    ["recorded_at", "timestamptz"],
    ["item", "text"],
  ],
  key: ["ticket_id", "revision", "place"],
  opaque: ["item"],
});

/**
 * Which fields each fact changed (domain: changedMask): a row for every fact that changed one. Its key is the fact's place in the
 * log, in whose order an audit walks it; a row is so narrow that walking all of it is quick.
 */
export const changes = defineTable({
  name: "ticket_change",
  columns: [
    ["position", "int8"],
    ["prepare_position", "int8"],
    ["mask", "int8"],
  ],
  key: ["position", "prepare_position"],
});

/** Adds the changing columns to a row. */
function addChanging(row: Value[], state: TicketState): void {
  row.push(
    state.status,
    state.type,
    state.priority,
    state.classified,
    state.product,
    state.line,
    state.groupId,
    state.engineerId,
    isUnderControl(state),
    state.hasWorkaround,
    state.escalations,
    state.returns,
    state.handOvers,
    state.reaction.deadline,
    state.reaction.state,
    state.resolution.deadline,
    state.resolution.state,
    state.ola.deadline,
    state.ola.state,
    nextDeadline(state),
    state.autoCloseAt,
    state.acceptedAt,
    state.resolvedAt,
    state.occurredAt,
    state.recordedAt,
    state.revision,
    state.position,
    state.detailsText,
  );
}

export function currentRow(state: TicketState): Row {
  const { reaction, resolution, ola } = state;
  const row: Value[] = [
    state.ticketId,
    state.number,
    state.subject,
    state.organizationId,
    state.contractId,
    state.requesterPersonId,
    state.requesterName,
    state.requesterEmail,
    state.channel,
    state.region,
    state.receivedAt,
    state.registeredAt,
  ];
  addChanging(row, state);
  row.push(
    state.closedBecause,
    state.closedAt,
    state.status !== "closed",
    (reaction.ticking ? 1 : 0) + (resolution.ticking ? 2 : 0) + (ola.ticking ? 4 : 0),
  );
  return row;
}

/** A version that ended when the next one was recorded. */
export function pastRow(state: TicketState, validTo: number): Row {
  const row: Value[] = [state.ticketId];
  addChanging(row, state);
  row.push(validTo, spanOf(validTo - state.recordedAt));
  return row;
}

/** The magnitude of a duration: it is shorter than 2^span seconds. -1 for none at all, which no moment falls into. */
export function spanOf(ms: number): number {
  if (ms <= 0) return -1;
  return ms < 1_000 ? 0 : Math.floor(Math.log2(ms / 1_000)) + 1;
}

export const fixedNames: ReadonlySet<string> = new Set(fixed.map(([name]) => name));

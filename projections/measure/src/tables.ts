import { type Column, defineTable, type Row, type Value } from "@docket/projection-engine";
import type { MeasureState } from "./state.ts";

/*
 * Facts that reports count: one narrow row per ticket, and one for each version that is over, written once when the next one
 * replaces it. A version is also a stretch of the ticket's life: [from_at, to_at) in the world, [recorded_at, valid_to) in the engine's
 * knowledge, [position, next_position) in the log. No sums are kept: whatever a report says as of a moment and a position follows
 * from the rows that held there.
 */

const fixed: readonly Column[] = [
  ["ticket_id", "uuid"],
  ["number", "text"],
  ["organization_id", "text"],
  ["contract_id", "text"],
  ["channel", "text"],
  ["requester_person_id", "text", "null"],
  ["received_at", "timestamptz"],
  ["registered_at", "timestamptz"],
];

const changing: readonly Column[] = [
  ["status", "text"],
  ["came_from", "text", "null"],
  ["came_after", "int4", "null"],
  ["type", "text"],
  ["priority", "text"],
  ["product", "text", "null"],
  ["line", "int2", "null"],
  ["group_id", "text", "null"],
  ["engineer_id", "text", "null"],
  ["calendar_id", "text", "null"],
  ["paused", "text", "null"],
  ["reaction", "text", "null"],
  ["reaction_seconds", "int4", "null"],
  ["reaction_missed_at", "timestamptz", "null"],
  ["resolution", "text", "null"],
  ["resolution_seconds", "int4", "null"],
  ["resolution_missed_at", "timestamptz", "null"],
  ["returns", "int2"],
  ["hand_overs", "int2"],
  ["customer_escalations", "int2"],
  ["manager_escalations", "int2"],
  ["policy_escalations", "int2"],
  ["accepted_at", "timestamptz", "null"],
  ["resolved_at", "timestamptz", "null"],
  ["from_at", "timestamptz"],
  ["recorded_at", "timestamptz"],
  ["revision", "int4"],
  ["position", "int8"],
];

export const current = defineTable({
  name: "measure",
  columns: [
    ...fixed,
    ...changing,
    ["closed_at", "timestamptz", "null"],
    ["closed_because", "text", "null"],
    // when the present status began: what the next version needs to know
    ["since", "timestamptz"],
  ],
  key: ["ticket_id"],
  indexes: ["(registered_at, ticket_id)"],
  fillfactor: 80,
});

/** A closed ticket takes no event: what is over was never a closed version. */
export const past = defineTable({
  name: "measure_past",
  columns: [
    ["ticket_id", "uuid"],
    ...changing,
    ["to_at", "timestamptz"],
    ["valid_to", "timestamptz"],
    ["next_position", "int8"],
    ["span", "int2"],
    ["stride", "int2"],
  ],
  // by magnitude of how long it held, in knowledge and in the log: see views.ts
  indexes: ["(ticket_id, revision)", "(span, recorded_at)", "(stride, position)"],
});

export const fixedNames: ReadonlySet<string> = new Set(fixed.map(([name]) => name));
export const names: readonly string[] = [...fixed, ...changing].map(([name]) => name);

function changingValues({ version, fromAt, recordedAt, revision, position }: MeasureState): Value[] {
  const { reaction, resolution } = version;
  return [
    version.status,
    version.cameFrom,
    version.cameAfter,
    version.type,
    version.priority,
    version.product,
    version.line,
    version.groupId,
    version.engineerId,
    version.calendarId,
    version.paused,
    reaction.state,
    reaction.usedSeconds,
    reaction.missedAt,
    resolution.state,
    resolution.usedSeconds,
    resolution.missedAt,
    version.returns,
    version.handOvers,
    version.customerEscalations,
    version.managerEscalations,
    version.policyEscalations,
    version.acceptedAt,
    version.resolvedAt,
    fromAt,
    recordedAt,
    revision,
    position,
  ];
}

export function currentRow(state: MeasureState): Row {
  const { origin, version } = state;
  return [
    origin.ticketId,
    origin.number,
    origin.organizationId,
    origin.contractId,
    origin.channel,
    origin.requesterPersonId,
    origin.receivedAt,
    origin.registeredAt,
    ...changingValues(state),
    version.closedAt,
    version.closedBecause,
    state.since,
  ];
}

/** A version that ended when the next one came. */
export function pastRow(state: MeasureState, next: MeasureState): Row {
  return [
    state.origin.ticketId,
    ...changingValues(state),
    next.fromAt,
    next.recordedAt,
    next.position,
    magnitude((next.recordedAt - state.recordedAt) / 1_000),
    magnitude(next.position - state.position),
  ];
}

/** The smallest n with `length` below 2^n; -1 for no length at all, which no moment falls into. */
export function magnitude(length: number): number {
  if (length <= 0) return -1;
  return length < 1 ? 0 : Math.floor(Math.log2(length)) + 1;
}

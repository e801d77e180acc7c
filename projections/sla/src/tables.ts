import { type Column, defineTable, type Row, type Value } from "@docket/projection-engine";
import type { Facets, Judgement, Stretch } from "./state.ts";

const stretchColumns: readonly Column[] = [
  ["ticket_id", "uuid"],
  ["kind", "text"],
  ["line", "int2"],
  ["cycle", "int4"],
  ["seq", "int4"],
  ["state", "text"],
  ["ticking", "bool"],
  ["paused_because", "text", "null"],
  ["started_at", "timestamptz"],
  ["target", "text"],
  ["deadline", "timestamptz", "null"],
  ["used_seconds", "int8"],
  ["remaining_seconds", "int8", "null"],
  ["stopped_at", "timestamptz", "null"],
  ["missed_at", "timestamptz", "null"],
  ["extended_to", "timestamptz", "null"],
  ["contract_id", "text"],
  ["policy_version", "int4"],
  ["calendar_id", "text"],
  ["calendar_version", "int4"],
  ["from_at", "timestamptz"],
  ["recorded_at", "timestamptz"],
  ["position", "int8"],
];

/** Each clock in its current stretch. */
export const clockNow = defineTable({
  name: "clock_now",
  columns: stretchColumns,
  key: ["ticket_id", "kind", "line", "cycle"],
  fillfactor: 60,
});

/** Stretches that are over, with their ends. Only grows. */
export const clockPast = defineTable({
  name: "clock_past",
  columns: [...stretchColumns, ["to_at", "timestamptz"], ["valid_to", "timestamptz"]],
  indexes: ["(ticket_id)"],
});

const facetColumns: readonly Column[] = [
  ["organization_id", "text"],
  ["contract_id", "text"],
  ["type", "text"],
  ["priority", "text"],
  ["ticket_line", "int2", "null"],
  ["group_id", "text", "null"],
  ["engineer_id", "text", "null"],
  ["product", "text", "null"],
];

/** What the next judgement of a ticket will be counted by. */
export const facetsNow = defineTable({
  name: "ticket_facets",
  columns: [["ticket_id", "uuid"], ...facetColumns],
  key: ["ticket_id"],
  fillfactor: 80,
});

/** A judgement once recorded is never rewritten. */
export const judgements = defineTable({
  name: "judgement",
  columns: [
    ["ticket_id", "uuid"],
    ["kind", "text"],
    ["line", "int2"],
    ["cycle", "int4"],
    ["outcome", "text"],
    ["deadline", "timestamptz", "null"],
    ["judged_at", "timestamptz"],
    ["recorded_at", "timestamptz"],
    ["used_seconds", "int8"],
    ["target", "text"],
    ["policy_version", "int4"],
    ["calendar_id", "text"],
    ["calendar_version", "int4"],
    ...facetColumns,
    ["position", "int8"],
  ],
  indexes: ["(ticket_id)", "(judged_at, organization_id)"],
});

export function stretchValues(ticketId: string, stretch: Stretch): Value[] {
  return [
    ticketId,
    stretch.kind,
    stretch.line,
    stretch.cycle,
    stretch.seq,
    stretch.state,
    stretch.ticking,
    stretch.pausedBecause,
    stretch.startedAt,
    stretch.target,
    stretch.deadline,
    stretch.usedSeconds,
    stretch.remainingSeconds,
    stretch.stoppedAt,
    stretch.missedAt,
    stretch.extendedTo,
    stretch.contractId,
    stretch.policyVersion,
    stretch.calendarId,
    stretch.calendarVersion,
    stretch.fromAt,
    stretch.recordedAt,
    stretch.position,
  ];
}

export function facetValues(facets: Facets): Value[] {
  const { organizationId, contractId, type, priority, line, groupId, engineerId, product } = facets;
  return [organizationId, contractId, type, priority, line, groupId, engineerId, product];
}

export function judgementRow(ticketId: string, { stretch, outcome, judgedAt }: Judgement, facets: Facets): Row {
  return [
    ticketId,
    stretch.kind,
    stretch.line,
    stretch.cycle,
    outcome,
    stretch.deadline,
    judgedAt,
    stretch.recordedAt,
    stretch.usedSeconds,
    stretch.target,
    stretch.policyVersion,
    stretch.calendarId,
    stretch.calendarVersion,
    ...facetValues(facets),
    stretch.position,
  ];
}

import { type Column, defineTable, type Row, type Value } from "@docket/projection-engine";
import type { MeasureState } from "./state.ts";

/*
 * Facts that reports count: one narrow row per ticket, and one for each version that is over, written once when the next one
 * replaces it. A version is also a stretch of the ticket's life: [from_at, to_at) in the world, [recorded_at, valid_to) in the engine's
 * knowledge, [position, next_position) in the log. No sums are kept: whatever a report says as of a moment and a position follows
 * from the rows that held there.
 */

/** A column and its value. What stands *fixed* from the registration, and what only *ends* have, is in current rows alone. */
type Entry = readonly [column: Column, value: (state: MeasureState) => Value, part?: "fixed" | "end"];

// Reports walk a million of these rows: what they look at in every one stands first, of fixed length and never empty, where Postgres knows
// its place without looking at what comes before.
const entries: readonly Entry[] = [
  [["ticket_id", "uuid"], ({ origin }) => origin.ticketId],
  [["recorded_at", "timestamptz"], ({ recordedAt }) => recordedAt],
  [["position", "int8"], ({ position }) => position],
  [["registered_at", "timestamptz"], ({ origin }) => origin.registeredAt, "fixed"],
  [["received_at", "timestamptz"], ({ origin }) => origin.receivedAt, "fixed"],
  [["from_at", "timestamptz"], ({ fromAt }) => fromAt],
  [["since", "timestamptz"], ({ since }) => since, "end"],
  [["revision", "int4"], ({ revision }) => revision],
  [["returns", "int2"], ({ version }) => version.returns],
  [["hand_overs", "int2"], ({ version }) => version.handOvers],
  [["customer_escalations", "int2"], ({ version }) => version.customerEscalations],
  [["manager_escalations", "int2"], ({ version }) => version.managerEscalations],
  [["policy_escalations", "int2"], ({ version }) => version.policyEscalations],
  // the first stretch in its status, at its line, of its kind of pause: tickets are counted by these marks
  [["first_pause", "int2"], ({ firsts }) => firsts.pause],
  [["first_status", "bool"], ({ firsts }) => firsts.status],
  [["first_line", "bool"], ({ firsts }) => firsts.line],
  [["been", "int4"], ({ firsts }) => firsts.been, "end"],
  [["organization_id", "text"], ({ origin }) => origin.organizationId, "fixed"],
  [["priority", "text"], ({ version }) => version.priority],
  [["type", "text"], ({ version }) => version.type],
  [["status", "text"], ({ version }) => version.status],
  [["reaction", "text", "null"], ({ version }) => version.reaction.state],
  [["resolution", "text", "null"], ({ version }) => version.resolution.state],
  [["closed_at", "timestamptz", "null"], ({ version }) => version.closedAt, "end"],
  [["resolved_at", "timestamptz", "null"], ({ version }) => version.resolvedAt],
  [["accepted_at", "timestamptz", "null"], ({ version }) => version.acceptedAt],
  [["reaction_seconds", "int4", "null"], ({ version }) => version.reaction.usedSeconds],
  [["resolution_seconds", "int4", "null"], ({ version }) => version.resolution.usedSeconds],
  [["line", "int2", "null"], ({ version }) => version.line],
  [["came_after", "int4", "null"], ({ version }) => version.cameAfter],
  [["came_from", "text", "null"], ({ version }) => version.cameFrom],
  [["reaction_missed_at", "timestamptz", "null"], ({ version }) => version.reaction.missedAt],
  [["resolution_missed_at", "timestamptz", "null"], ({ version }) => version.resolution.missedAt],
  [["group_id", "text", "null"], ({ version }) => version.groupId],
  [["engineer_id", "text", "null"], ({ version }) => version.engineerId],
  [["product", "text", "null"], ({ version }) => version.product],
  [["calendar_id", "text", "null"], ({ version }) => version.calendarId],
  [["paused", "text", "null"], ({ version }) => version.paused],
  [["contract_id", "text"], ({ origin }) => origin.contractId, "fixed"],
  [["channel", "text"], ({ origin }) => origin.channel, "fixed"],
  [["number", "text"], ({ origin }) => origin.number, "fixed"],
  [["requester_person_id", "text", "null"], ({ origin }) => origin.requesterPersonId, "fixed"],
  [["closed_because", "text", "null"], ({ version }) => version.closedBecause, "end"],
];
const changing = entries.filter(([, , part]) => part === undefined);

export const current = defineTable({
  name: "measure",
  columns: entries.map(([column]) => column),
  key: ["ticket_id"],
  indexes: ["(registered_at, ticket_id)"],
  fillfactor: 85,
});

/** A closed ticket takes no event: what is over was never a closed version. */
export const past = defineTable({
  name: "measure_past",
  columns: [
    ["to_at", "timestamptz"],
    ["valid_to", "timestamptz"],
    ["next_position", "int8"],
    ["span", "int2"],
    ["stride", "int2"],
    ...changing.map(([column]) => column),
  ],
  // by magnitude of how long it held, in knowledge and in the log: see views.ts
  indexes: ["(ticket_id, revision)", "(span, recorded_at)", "(stride, position)"],
});

export const currentRow = (state: MeasureState): Row => entries.map(([, value]) => value(state));

/** A version that ended when the next one came. */
export function pastRow(state: MeasureState, next: MeasureState): Row {
  return [
    next.fromAt,
    next.recordedAt,
    next.position,
    magnitude((next.recordedAt - state.recordedAt) / 1_000),
    magnitude(next.position - state.position),
    ...changing.map(([, value]) => value(state)),
  ];
}

/** The smallest n with `length` below 2^n; -1 for no length at all, which no moment falls into. */
export function magnitude(length: number): number {
  if (length <= 0) return -1;
  return length < 1 ? 0 : Math.floor(Math.log2(length)) + 1;
}

/** The columns that change, of past and current rows alike. */
export const changingList = (of: "t" | "p" | "s"): string => changing.map(([[name]]) => `${of}.${name}`).join(", ");

/** What a version is made of as a list of a select: `t` is its ticket, `v` where what changes is (`t` itself for the current one). */
export function versionList(v: "t" | "p"): string {
  return entries
    .filter(([[name]]) => name !== "since" && name !== "been")
    .map(([[name, type], , part]) => {
      if (v === "p" && part === "end") return `null::${type} as ${name}`;
      return `${part === undefined ? v : "t"}.${name}`;
    })
    .join(", ");
}

import { sql } from "kysely";
import type { TicketMeasures } from "@docket/api-contract";
import type { Sql } from "./population.ts";

/** The columns of a ticket with its measures, of the facts `f`. */
export const ticketColumns: Sql = sql`f.ticket_id, f.number, f.organization_id, f.contract_id, f.type, f.priority, f.status, f.line, f.group_id,
  f.engineer_id, f.product, f.channel, f.requester_person_id, f.registered_at, f.accepted_at, f.resolved_at, f.closed_at, f.closed_because,
  f.reaction, f.reaction_seconds, f.reaction_missed_at, f.resolution, f.resolution_seconds, f.resolution_missed_at, f.returns, f.hand_overs,
  f.customer_escalations + f.manager_escalations + f.policy_escalations as escalations, f.recorded_at, f.position`;

type Row = Record<string, unknown>;

const text = (value: unknown): string | null => (value === null ? null : String(value as string));
const number = (value: unknown): number | null => (value === null ? null : Number(value));
const instant = (value: unknown): string | null => (value instanceof Date ? value.toISOString() : null);

function wall(from: unknown, to: unknown): number | null {
  return from instanceof Date && to instanceof Date ? (to.getTime() - from.getTime()) / 1_000 : null;
}

/** A row of `ticketColumns` as the interface gives it. */
export function ticketRow(row: Row): TicketMeasures {
  return {
    ticketId: String(row["ticket_id"]),
    number: String(row["number"]),
    organization: String(row["organization_id"]),
    contract: String(row["contract_id"]),
    type: String(row["type"]),
    priority: String(row["priority"]),
    status: String(row["status"]),
    line: number(row["line"]),
    group: text(row["group_id"]),
    engineer: text(row["engineer_id"]),
    product: text(row["product"]),
    channel: String(row["channel"]),
    requester: text(row["requester_person_id"]),
    registeredAt: instant(row["registered_at"]) ?? "",
    acceptedAt: instant(row["accepted_at"]),
    resolvedAt: instant(row["resolved_at"]),
    closedAt: instant(row["closed_at"]),
    closedBecause: text(row["closed_because"]),
    reaction: text(row["reaction"]) as TicketMeasures["reaction"],
    reactionWorkingSeconds: number(row["reaction_seconds"]),
    reactionWallSeconds: wall(row["registered_at"], row["accepted_at"]),
    reactionMissedAt: instant(row["reaction_missed_at"]),
    resolution: text(row["resolution"]) as TicketMeasures["resolution"],
    resolutionWorkingSeconds: number(row["resolution_seconds"]),
    resolutionWallSeconds: wall(row["accepted_at"], row["resolved_at"]),
    resolutionMissedAt: instant(row["resolution_missed_at"]),
    returns: Number(row["returns"]),
    handOvers: Number(row["hand_overs"]),
    escalations: Number(row["escalations"]),
    recordedAt: instant(row["recorded_at"]) ?? "",
    position: String(row["position"]),
  };
}

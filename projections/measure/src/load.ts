import type { Queryable } from "@docket/projection-engine";
import type { MeasureState } from "./state.ts";

type Row = Record<string, unknown>;

const ms = (value: unknown): number | null => (value instanceof Date ? value.getTime() : null);
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const number = (value: unknown): number | null => (value === null ? null : Number(value));

/** The states of tickets from their current rows. */
export async function loadMeasures(
  db: Queryable,
  schema: string,
  streams: readonly string[],
): Promise<Map<string, MeasureState>> {
  const ids = streams.map((stream) => stream.slice("ticket-".length));
  const { rows } = await db.query<Row>(`select * from ${schema}.measure where ticket_id = any($1::uuid[])`, [ids]);
  return new Map(rows.map((row) => [`ticket-${String(row["ticket_id"])}`, stateOf(row)]));
}

function stateOf(row: Row): MeasureState {
  return {
    origin: {
      ticketId: String(row["ticket_id"]),
      number: String(row["number"]),
      organizationId: String(row["organization_id"]),
      contractId: String(row["contract_id"]),
      channel: String(row["channel"]),
      requesterPersonId: text(row["requester_person_id"]),
      receivedAt: ms(row["received_at"]) ?? 0,
      registeredAt: ms(row["registered_at"]) ?? 0,
    },
    version: {
      status: String(row["status"]),
      cameFrom: text(row["came_from"]),
      cameAfter: number(row["came_after"]),
      type: String(row["type"]),
      priority: String(row["priority"]),
      product: text(row["product"]),
      line: number(row["line"]),
      groupId: text(row["group_id"]),
      engineerId: text(row["engineer_id"]),
      calendarId: text(row["calendar_id"]),
      paused: text(row["paused"]),
      reaction: {
        state: text(row["reaction"]),
        usedSeconds: number(row["reaction_seconds"]),
        missedAt: ms(row["reaction_missed_at"]),
      },
      resolution: {
        state: text(row["resolution"]),
        usedSeconds: number(row["resolution_seconds"]),
        missedAt: ms(row["resolution_missed_at"]),
      },
      returns: Number(row["returns"]),
      handOvers: Number(row["hand_overs"]),
      customerEscalations: Number(row["customer_escalations"]),
      managerEscalations: Number(row["manager_escalations"]),
      policyEscalations: Number(row["policy_escalations"]),
      acceptedAt: ms(row["accepted_at"]),
      resolvedAt: ms(row["resolved_at"]),
      closedAt: ms(row["closed_at"]),
      closedBecause: text(row["closed_because"]),
    },
    fromAt: ms(row["from_at"]) ?? 0,
    since: ms(row["since"]) ?? 0,
    recordedAt: ms(row["recorded_at"]) ?? 0,
    revision: Number(row["revision"]),
    position: Number(row["position"]),
    firsts: {
      status: row["first_status"] === true,
      line: row["first_line"] === true,
      pause: Number(row["first_pause"]),
      been: Number(row["been"]),
    },
  };
}

import type { Queryable } from "@docket/projection-engine";
import type { Details, ShownClock, TicketState } from "./state.ts";

type Row = Record<string, unknown>;

const ms = (value: unknown): number | null => (value instanceof Date ? value.getTime() : null);
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** The states of tickets from their current rows. */
export async function loadTickets(
  db: Queryable,
  schema: string,
  streams: readonly string[],
): Promise<Map<string, TicketState>> {
  const ids = streams.map((stream) => stream.slice("ticket-".length));
  const { rows } = await db.query<Row>(`select * from ${schema}.ticket where ticket_id = any($1::uuid[])`, [ids]);
  return new Map(rows.map((row) => [`ticket-${String(row["ticket_id"])}`, stateOf(row)]));
}

function stateOf(row: Row): TicketState {
  const ticking = Number(row["ticking"]);
  const clock = (name: string, bit: number): ShownClock => ({
    state: text(row[`${name}_state`]),
    deadline: ms(row[`${name}_deadline`]),
    ticking: (ticking & bit) !== 0,
  });
  const detailsText = String(row["details"]);
  return {
    ticketId: String(row["ticket_id"]),
    number: String(row["number"]),
    status: String(row["status"]),
    closedBecause: text(row["closed_because"]),
    type: String(row["type"]),
    priority: String(row["priority"]),
    classified: row["classified"] === true,
    subject: String(row["subject"]),
    organizationId: String(row["organization_id"]),
    contractId: String(row["contract_id"]),
    requesterPersonId: text(row["requester_person_id"]),
    requesterName: String(row["requester_name"]),
    requesterEmail: text(row["requester_email"]),
    channel: String(row["channel"]),
    product: text(row["product"]),
    region: text(row["region"]),
    line: row["line"] === null ? null : Number(row["line"]),
    groupId: text(row["group_id"]),
    engineerId: text(row["engineer_id"]),
    hasWorkaround: row["has_workaround"] === true,
    escalations: Number(row["escalations"]),
    returns: Number(row["returns"]),
    handOvers: Number(row["hand_overs"]),
    reaction: clock("reaction", 1),
    resolution: clock("resolution", 2),
    ola: clock("ola", 4),
    autoCloseAt: ms(row["auto_close_at"]),
    receivedAt: ms(row["received_at"]) ?? 0,
    registeredAt: ms(row["registered_at"]) ?? 0,
    acceptedAt: ms(row["accepted_at"]),
    resolvedAt: ms(row["resolved_at"]),
    closedAt: ms(row["closed_at"]),
    occurredAt: ms(row["occurred_at"]) ?? 0,
    recordedAt: ms(row["recorded_at"]) ?? 0,
    revision: Number(row["revision"]),
    position: Number(row["position"]),
    details: JSON.parse(detailsText) as Details,
    detailsText,
  };
}

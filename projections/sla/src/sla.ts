import { defineProjection, type Queryable } from "@docket/projection-engine";
import { evolve, type Facets, isSameClock, type SlaState, type Stretch } from "./state.ts";
import { clockNow, clockPast, facetsNow, facetValues, judgementRow, judgements, stretchValues } from "./tables.ts";

const stretchList = [
  "ticket_id",
  "kind",
  "line::int4 as line",
  "cycle",
  "seq",
  "state",
  "ticking",
  "paused_because",
  "started_at",
  "target",
  "deadline",
  "used_seconds::int4 as used_seconds",
  "remaining_seconds::int4 as remaining_seconds",
  "stopped_at",
  "missed_at",
  "extended_to",
  "contract_id",
  "policy_version",
  "calendar_id",
  "calendar_version",
  "from_at",
].join(", ");

/** Every clock of every ticket: its stretches in the world and in the engine's knowledge, and what was judged. */
export const sla = defineProjection<SlaState>({
  name: "sla",
  version: 1,
  kinds: ["ticket"],
  tables: [clockNow, clockPast, facetsNow, judgements],
  views: [
    {
      name: "clock",
      sql: (schema) => `
        select ${stretchList}, to_at, recorded_at as valid_from, valid_to, position from ${schema}.clock_past
        union all
        select ${stretchList}, 'infinity'::timestamptz, recorded_at, 'infinity'::timestamptz, position from ${schema}.clock_now`,
    },
    {
      name: "judgement",
      sql: (schema) => `
        select ticket_id, kind, line::int4 as line, cycle, outcome, deadline, judged_at, recorded_at,
          used_seconds::int4 as used_seconds, target, policy_version, calendar_id, calendar_version, organization_id, contract_id,
          type, priority, ticket_line::int4 as ticket_line, group_id, engineer_id, product, position
        from ${schema}.judgement`,
    },
  ],
  load,
  fold: (state, event, write) => {
    const { state: next, ended, judged } = evolve(state, event);
    for (const stretch of ended)
      write.insert(clockPast, [...stretchValues(event.entityId, stretch), event.occurredMs, event.recordedMs]);
    for (const judgement of judged) write.insert(judgements, judgementRow(event.entityId, judgement, next.facets));
    return next;
  },
  flush: (before, after, write, stream) => {
    const ticketId = stream.slice("ticket-".length);
    if (after.facets !== before?.facets)
      (before ? write.update : write.insert)(facetsNow, [ticketId, ...facetValues(after.facets)]);
    for (const stretch of after.clocks) {
      const old = before?.clocks.find((clock) => isSameClock(clock, stretch));
      if (old !== stretch) (old ? write.update : write.insert)(clockNow, stretchValues(ticketId, stretch));
    }
  },
});

type Row = Record<string, unknown>;

const ms = (value: unknown): number | null => (value instanceof Date ? value.getTime() : null);
const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
const number = (value: unknown): number | null => (value === null ? null : Number(value));

async function load(db: Queryable, schema: string, streams: readonly string[]): Promise<Map<string, SlaState>> {
  const ids = streams.map((stream) => stream.slice("ticket-".length));
  const facets = await db.query<Row>(`select * from ${schema}.ticket_facets where ticket_id = any($1::uuid[])`, [ids]);
  const clocks = await db.query<Row>(
    `select * from ${schema}.clock_now where ticket_id = any($1::uuid[]) order by ticket_id, kind, line, cycle`,
    [ids],
  );
  const byTicket = new Map<string, Stretch[]>();
  for (const row of clocks.rows) {
    const known = byTicket.get(String(row["ticket_id"])) ?? [];
    known.push(stretchOf(row));
    byTicket.set(String(row["ticket_id"]), known);
  }
  return new Map(
    facets.rows.map((row) => {
      const ticketId = String(row["ticket_id"]);
      return [`ticket-${ticketId}`, { facets: facetsOf(row), clocks: byTicket.get(ticketId) ?? [] }];
    }),
  );
}

function facetsOf(row: Row): Facets {
  return {
    organizationId: String(row["organization_id"]),
    contractId: String(row["contract_id"]),
    type: String(row["type"]),
    priority: String(row["priority"]),
    line: number(row["ticket_line"]),
    groupId: text(row["group_id"]),
    engineerId: text(row["engineer_id"]),
    product: text(row["product"]),
  };
}

function stretchOf(row: Row): Stretch {
  return {
    kind: String(row["kind"]),
    line: Number(row["line"]),
    cycle: Number(row["cycle"]),
    seq: Number(row["seq"]),
    state: String(row["state"]),
    ticking: row["ticking"] === true,
    pausedBecause: text(row["paused_because"]),
    startedAt: ms(row["started_at"]) ?? 0,
    target: String(row["target"]),
    deadline: ms(row["deadline"]),
    usedSeconds: Number(row["used_seconds"]),
    remainingSeconds: number(row["remaining_seconds"]),
    stoppedAt: ms(row["stopped_at"]),
    missedAt: ms(row["missed_at"]),
    extendedTo: ms(row["extended_to"]),
    contractId: String(row["contract_id"]),
    policyVersion: Number(row["policy_version"]),
    calendarId: String(row["calendar_id"]),
    calendarVersion: Number(row["calendar_version"]),
    fromAt: ms(row["from_at"]) ?? 0,
    recordedAt: ms(row["recorded_at"]) ?? 0,
    position: Number(row["position"]),
  };
}

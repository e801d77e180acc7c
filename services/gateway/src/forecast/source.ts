import { sql, type RawBuilder } from "kysely";
import { rowsAt } from "../query/past.ts";
import type { Moment } from "../query/moment.ts";
import { openTickets } from "../tickets/source.ts";

const ticket = [
  "ticket_id",
  "number",
  "subject",
  "status",
  "organization_id",
  "contract_id",
  "type",
  "priority",
  "product",
  "region",
  "channel",
  "line",
  "group_id",
  "engineer_id",
] as const;

const clock = [
  "kind",
  "cycle",
  "state",
  "ticking",
  "paused_because",
  "started_at",
  "target",
  "deadline",
  "used_seconds",
  "remaining_seconds",
  "missed_at",
  "extended_to",
  "calendar_id",
  "from_at",
] as const;

/** Columns of the forecast's source. */
export const forecastColumns: readonly string[] = [...ticket, ...clock, "clock_line", "verdict"];

const clocks = {
  now: sql`(select * from read.clock where valid_to = 'infinity')`,
  versions: sql.table("read.clock"),
  kind: "ticket",
  id: { column: "ticket_id", type: "uuid" },
  thing: ["ticket_id", "kind", "line", "cycle"],
  number: "seq",
} as const;

/**
 * Every open clock of every ticket that was open at a moment, with its verdict: what becomes of it by `until` if nothing
 * changes. A clock that stands still stays so; one at its deadline's very instant has missed it.
 */
export function forecastSource(moment: Moment, at: Date, until: Date): RawBuilder<unknown> {
  const columns = ["ticket_id", "line", "stopped_at", ...clock];
  return sql`(
    select ${sql.join(ticket.map((column) => sql.ref(`q.${column}`)))}, ${sql.join(clock.map((column) => sql.ref(`c.${column}`)))},
      nullif(c.line, 0) as clock_line,
      case when c.state = 'missed' or (c.ticking and c.deadline <= ${at}) then 'missed'
        when not c.ticking then 'paused'
        when c.deadline is null then 'never'
        when c.deadline <= ${until} then 'will_miss'
        else 'in_time' end as verdict
    from ${openTickets(moment)} q cross join lateral (
      select k.* from ${rowsAt(clocks, columns, moment)} k where k.ticket_id = q.ticket_id and k.stopped_at is null offset 0) c)`;
}

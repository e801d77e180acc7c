import { sql, type RawBuilder } from "kysely";
import type { Moment } from "../query/moment.ts";
import { rowsAt } from "../query/past.ts";

const columns = [
  "ticket_id",
  "kind",
  "line",
  "cycle",
  "state",
  "ticking",
  "paused_because",
  "started_at",
  "target",
  "deadline",
  "used_seconds",
  "remaining_seconds",
  "stopped_at",
  "missed_at",
  "extended_to",
  "contract_id",
  "policy_version",
  "calendar_id",
  "calendar_version",
] as const;

/** Every clock in the stretch in which it was at a moment. */
export const clocksAt = (moment: Moment): RawBuilder<unknown> =>
  rowsAt(
    {
      now: sql`(select * from read.clock where valid_to = 'infinity')`,
      versions: sql.table("read.clock"),
      kind: "ticket",
      id: { column: "ticket_id", type: "uuid" },
      thing: ["ticket_id", "kind", "line", "cycle"],
      number: "seq",
    },
    columns,
    moment,
  );

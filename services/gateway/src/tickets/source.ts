import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { Moment } from "../query/moment.ts";
import { rowsAt } from "../query/past.ts";
import { ticketColumns } from "./rows.ts";

const versions = {
  versions: sql.table("read.ticket_version"),
  kind: "ticket",
  id: { column: "ticket_id", type: "uuid" },
  thing: ["ticket_id"],
  number: "revision",
} as const;

/** All tickets, as of a moment. */
export const allTickets = (moment: Moment): RawBuilder<unknown> =>
  rowsAt({ ...versions, now: sql.table("read.ticket") }, ticketColumns, moment);

/** Tickets that were open at a moment: a function walks its index for each magnitude of time, where a view could not. */
export const openTickets = (moment: Moment): RawBuilder<unknown> =>
  rowsAt(
    {
      ...versions,
      now: sql.table("read.queue"),
      at: (at) => sql`read.queue_at(${at})`,
      shown: sql<SqlBool>`v.status <> 'closed'`,
    },
    ticketColumns,
    moment,
  );

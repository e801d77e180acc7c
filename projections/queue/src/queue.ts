import { ticketColumns } from "@docket/postgres";
import { defineProjection } from "@docket/projection-engine";

/**
 * Open tickets, now and at any past moment. It folds nothing of its own: a queue is the open part of the tickets, and keeping the same
 * rows a second time would cost every event a third more (docs/decisions). So it is views over those of `ticket`, which it names
 * only by their place in the schema `read`.
 */
export const queue = defineProjection({
  name: "queue",
  version: 1,
  kinds: [],
  tables: [],
  views: [
    { name: "queue", sql: () => `select ${columns("t")} from read.ticket t where t.open` },
    {
      name: "queue_history",
      sql: () =>
        `select ${columns("v")}, v.valid_from, v.valid_to from read.ticket_version v where v.status <> 'closed'`,
    },
    {
      name: "queue_at",
      kind: "function",
      sql: () => `
        create or replace function read.queue_at(moment timestamptz) returns setof read.queue_history language sql stable as $$
          select ${columns("o")}, o.valid_from, o.valid_to from read.open_tickets_at(moment) o
        $$`,
    },
  ],
  fold: () => undefined,
});

const columns = (of: string): string => ticketColumns.map((column) => `${of}.${column}`).join(", ");

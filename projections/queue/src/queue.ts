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

function columns(of: string): string {
  return [
    "ticket_id",
    "number",
    "status",
    "closed_because",
    "type",
    "priority",
    "classified",
    "subject",
    "organization_id",
    "contract_id",
    "requester_person_id",
    "requester_name",
    "requester_email",
    "channel",
    "product",
    "region",
    "line",
    "group_id",
    "engineer_id",
    "under_control",
    "has_workaround",
    "escalations",
    "returns",
    "hand_overs",
    "reaction_deadline",
    "reaction_state",
    "resolution_deadline",
    "resolution_state",
    "ola_deadline",
    "ola_state",
    "next_deadline",
    "auto_close_at",
    "received_at",
    "registered_at",
    "accepted_at",
    "resolved_at",
    "closed_at",
    "occurred_at",
    "recorded_at",
    "revision",
    "position",
  ]
    .map((column) => `${of}.${column}`)
    .join(", ");
}

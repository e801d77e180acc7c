import type { ReadView } from "@docket/projection-engine";
import { ticketColumns } from "@docket/postgres";
import { fixedNames } from "./tables.ts";

/** The columns of a list where `t` is a current ticket. */
const currentList = ticketColumns.map((column) => `t.${column}`).join(", ");

/** The same where `p` is a version that is over and `t` the ticket it belongs to; such a version was never a closed one. */
const pastList = ticketColumns
  .map((column) => {
    if (column === "closed_because") return "null::text as closed_because";
    if (column === "closed_at") return "null::timestamptz as closed_at";
    return column !== "ticket_id" && fixedNames.has(column) ? `t.${column}` : `p.${column}`;
  })
  .join(", ");

/** Everything that a ticket's page shows; \`v\` is the version (current or past) that it is shown as of. */
const details = (schema: string, version: string): string => `
  x.details::jsonb || ${version}.details::jsonb || jsonb_build_object(
    'attachments', coalesce((select jsonb_agg(i.item::jsonb order by i.revision, i.place) from ${schema}.ticket_item i
      where i.ticket_id = ${version}.ticket_id and i.revision <= ${version}.revision and i.kind = 'attachment'), '[]'),
    'links', coalesce((select jsonb_agg(i.item::jsonb order by i.revision, i.place) from ${schema}.ticket_item i
      where i.ticket_id = ${version}.ticket_id and i.revision <= ${version}.revision and i.kind = 'link'), '[]'))`;

/**
 * Versions that held at a moment. Those that are over lie in the index by the magnitude of how long they held: one that held for
 * less than 2^n seconds and holds at T began after T - 2^n seconds. So each magnitude is one short walk in the index, and at
 * most half of what it meets had ended before T. An index over ranges would find the same, and cost ten times as much to keep.
 *
 * Every version has its ticket; the joins are left ones so that a question that asks for none of the ticket's fixed columns (a
 * counter) need not look it up.
 */
const openTicketsAt = (schema: string): string => `
  create or replace function read.open_tickets_at(moment timestamptz) returns setof read.ticket_version language sql stable as $$
    select ${pastList}, p.recorded_at as valid_from, p.valid_to
    from generate_series(0, 31) as magnitude(n)
      cross join lateral (
        select * from ${schema}.ticket_past
        where span = magnitude.n and recorded_at <= moment and recorded_at > moment - make_interval(secs => 2 ^ magnitude.n)
          and valid_to > moment
        offset 0) p
      left join ${schema}.ticket t on t.ticket_id = p.ticket_id
    union all
    select ${currentList}, t.recorded_at, 'infinity'::timestamptz from ${schema}.ticket t where t.open and t.recorded_at <= moment
  $$`;

export const views: readonly ReadView[] = [
  {
    name: "ticket",
    sql: (schema) => `
      select ${currentList}, (${details(schema, "t")}) as details, t.open
      from ${schema}.ticket t left join ${schema}.ticket_text x on x.ticket_id = t.ticket_id`,
  },
  {
    name: "ticket_history",
    sql: (schema) => `
      select ${pastList}, (${details(schema, "p")}) as details, p.recorded_at as valid_from, p.valid_to
      from ${schema}.ticket_past p left join ${schema}.ticket t on t.ticket_id = p.ticket_id
        left join ${schema}.ticket_text x on x.ticket_id = p.ticket_id
      union all
      select ${currentList}, (${details(schema, "t")}) as details, t.recorded_at, 'infinity'::timestamptz
      from ${schema}.ticket t left join ${schema}.ticket_text x on x.ticket_id = t.ticket_id`,
  },
  {
    // the same without the details: what lists of a past moment are made of
    name: "ticket_version",
    sql: (schema) => `
      select ${pastList}, p.recorded_at as valid_from, p.valid_to
      from ${schema}.ticket_past p left join ${schema}.ticket t on t.ticket_id = p.ticket_id
      union all
      select ${currentList}, t.recorded_at, 'infinity'::timestamptz from ${schema}.ticket t`,
  },
  { name: "ticket_change", sql: (schema) => `select position, prepare_position, mask from ${schema}.ticket_change` },
  { name: "open_tickets_at", kind: "function", sql: openTicketsAt },
];

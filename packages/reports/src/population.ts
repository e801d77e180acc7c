import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { Basis } from "@docket/api-contract";
import type { Question } from "./question.ts";

export type Sql = RawBuilder<unknown>;
export type Condition = RawBuilder<SqlBool>;

/**
 * The rows that a report counts, before any filter: what stands behind `from`, the condition that puts them into the period, and where
 * the parts of a row lie. `f` is the ticket as it was known; what else there is joins it.
 */
export interface Population {
  readonly from: Sql;
  readonly where: readonly Condition[];
  /** which row the changing fields (status, line, group ...) are taken from */
  readonly fields: "f" | "s" | "j";
  /** the instant that dimensions of time cut */
  readonly at: Sql;
  /** what tells two rows apart, as text: where one ticket may have several */
  readonly key: Sql;
  /** may one ticket have several rows? */
  readonly many: boolean;
}

/** Tickets as they were known at the question's moment and position. */
export const factsAt = ({ asOf, position, present }: Pick<Question, "asOf" | "position" | "present">): Sql =>
  present === true
    ? sql`(select * from read.measure where recorded_at <= ${asOf}::timestamptz and position <= ${position}::bigint)`
    : sql`read.measures_at(${asOf}::timestamptz, ${position}::bigint)`;
const stretchesAt = ({ asOf, position }: Question): Sql =>
  sql`read.measure_stretches_at(${asOf}::timestamptz, ${position}::bigint)`;

export const basisColumn: Readonly<Record<Basis, Sql>> = {
  registered: sql`f.registered_at`,
  accepted: sql`f.accepted_at`,
  resolved: sql`f.resolved_at`,
  closed: sql`f.closed_at`,
};

/** instant within [from, to) of the question */
export function within(at: Sql, { from, to }: Pick<Question, "from" | "to">): Condition[] {
  return [
    ...(from ? [sql<SqlBool>`${at} >= ${from}::timestamptz`] : []),
    ...(to ? [sql<SqlBool>`${at} < ${to}::timestamptz`] : []),
  ];
}

const ticketKey = sql`f.ticket_id::text`;
const stretchKey = sql`(f.ticket_id::text || '/' || lpad(s.revision::text, 9, '0'))`;

/** What the question's report counts. Measures of `flow` and `heatmap` have each an instant of their own: see series.ts. */
export function populationOf(question: Question): Population {
  const { definition, by } = question;
  const at = basisColumn[by];
  const tickets: Population = {
    from: sql`${factsAt(question)} as f`,
    where: within(at, question),
    fields: "f",
    at,
    key: ticketKey,
    many: false,
  };
  const stretches = (condition: Condition): Population => ({
    ...tickets,
    from: sql`${factsAt(question)} as f join ${stretchesAt(question)} as s on s.ticket_id = f.ticket_id`,
    where: [...tickets.where, condition],
    fields: "s",
    key: stretchKey,
    many: true,
  });
  switch (definition.counts) {
    case "tickets":
    case "events":
      return tickets;
    case "open":
      return { ...tickets, where: [...tickets.where, sql<SqlBool>`f.status <> 'closed'`] };
    case "stretches":
      return stretches(sql<SqlBool>`s.status <> 'closed'`);
    case "pauses":
      return stretches(sql<SqlBool>`s.paused is not null`);
    case "transitions":
      return stretches(sql<SqlBool>`s.came_from is not null`);
    case "acceptances":
      return {
        from: sql`read.judgement as j join ${factsAt(question)} as f on f.ticket_id = j.ticket_id`,
        where: [
          sql<SqlBool>`j.kind = 'ola' and j.outcome <> 'cancelled' and j.recorded_at <= ${question.asOf}::timestamptz and j.position <= ${question.position}::bigint`,
          ...within(sql`j.judged_at`, question),
        ],
        fields: "j",
        at: sql`j.judged_at`,
        key: sql`(f.ticket_id::text || '/' || j.line || '/' || j.cycle)`,
        many: true,
      };
  }
}

import { sql, type SqlBool } from "kysely";
import type { MeasureName, TicketMeasures } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { WorkingCalendar } from "@docket/sla";
import { calendarOf } from "./calendars.ts";
import { dimensionOf, filtersOf, needsCalendar } from "./dimension.ts";
import { isSpan } from "./buckets.ts";
import { sourceFor } from "./joins.ts";
import { countsTicketsOnce, measureSql } from "./measure.ts";
import { type Condition, factsAt, type Population, populationOf, type Sql, within } from "./population.ts";
import type { Question } from "./question.ts";
import { inReading, settle } from "./reading.ts";
import { instants } from "./series.ts";
import { ticketColumns, ticketRow } from "./ticket-row.ts";

/** Where a page of the list ended. */
export interface After {
  readonly registeredAt: string;
  readonly key: string;
}

export interface TicketsPage {
  readonly items: TicketMeasures[];
  readonly count: number;
  readonly after: After | null;
}

/** The rows behind a number: what it reads, which of them, and what tells them apart. */
export interface Opened {
  readonly source: Sql;
  readonly conditions: readonly Condition[];
  readonly key: Sql;
}

/**
 * The tickets that a measure of a question counts, in the order of their registration. Where a measure counts a ticket several times (each
 * transition, each acceptance), the list has it as often.
 */
export async function openTickets(
  db: Db,
  question: Question,
  measure: MeasureName | undefined,
  page: { readonly limit: number; readonly after: After | null },
): Promise<TicketsPage> {
  return inReading(db, question, async (reading) => {
    const { source, conditions, key } = await opened(reading, await settle(reading, question), measure);
    const all = sql`from ${source} where ${sql.join([sql<SqlBool>`true`, ...conditions], sql` and `)}`;
    const { after, limit } = page;
    const beyond = after
      ? sql` and (f.registered_at, ${key}) > (${after.registeredAt}::timestamptz, ${after.key})`
      : sql``;
    const counted = await sql<{ n: string }>`select count(*) as n ${all}`.execute(reading);
    const { rows } = await sql<Record<string, unknown>>`select ${ticketColumns}, ${key} as key ${all}${beyond}
      order by f.registered_at, ${key} limit ${sql.lit(limit + 1)}`.execute(reading);
    const items = rows.slice(0, limit).map(ticketRow);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return {
      items,
      count: Number(counted.rows[0]?.n ?? 0),
      after: last ? { registeredAt: (last["registered_at"] as Date).toISOString(), key: String(last["key"]) } : null,
    };
  });
}

/** What a question, or one measure of it, counts. */
export async function opened(db: Db, question: Question, measure: MeasureName | undefined): Promise<Opened> {
  const { counts } = question.definition;
  const calendar = needsCalendar(question) ? await calendarOf(db, question, question.calendar) : null;
  const population = populationOf(question);
  const filtered = (over: Population): Condition[] =>
    filtersOf(question.filters, (name) => dimensionOf(name, question, over, calendar));
  if (counts === "events") return openedEvents(question, population, measure ?? "arrivals", filtered, calendar);
  const names = measure === undefined ? [] : [measure];
  const source = await sourceFor(db, population, question, names);
  const conditions = [
    ...population.where,
    ...filtered(population),
    ...(measure === undefined ? [] : [measureSql(counts, measure, question.asOf).opens]),
  ];
  const once =
    population.many && counts !== "acceptances" && (measure === undefined || countsTicketsOnce(counts, measure));
  if (!once) return { source, conditions, key: population.key };
  return {
    source: sql`${factsAt(question)} as f`,
    conditions: [
      sql<SqlBool>`f.ticket_id in (select f.ticket_id from ${source} where ${sql.join([sql<SqlBool>`true`, ...conditions], sql` and `)})`,
    ],
    key: sql`f.ticket_id::text`,
  };
}

function openedEvents(
  question: Question,
  population: Population,
  measure: MeasureName,
  filtered: (over: Population) => Condition[],
  calendar: WorkingCalendar | null,
): Opened {
  const { from: source, key } = population;
  const instant = instants[measure];
  if (instant) {
    const over = { ...population, at: instant, where: within(instant, question) };
    return { source, key, conditions: [...over.where, ...filtered(over)] };
  }
  // the backlog at the end of a stretch of time, or of the whole period
  const fields = question.filters.filter(({ dimension }) => !isSpan(dimension));
  const end = endOf(question, population, calendar);
  const conditions = [
    sql<SqlBool>`f.registered_at < ${end}::timestamptz and (f.closed_at is null or f.closed_at >= ${end}::timestamptz)`,
    ...filtersOf(fields, (name) => dimensionOf(name, question, population, null)),
  ];
  return { source, key, conditions };
}

function endOf(question: Question, population: Population, calendar: WorkingCalendar | null): Date {
  const whole = question.to ?? question.asOf;
  const cut = question.filters.find(({ dimension }) => isSpan(dimension));
  if (!cut) return whole;
  const { buckets } = dimensionOf(cut.dimension, question, population, calendar);
  const index = buckets ? buckets.names.indexOf(cut.values[0] ?? "") : -1;
  const end = index < 0 ? whole : (buckets?.starts[index + 1] ?? buckets?.end ?? whole);
  return end < whole ? end : whole;
}

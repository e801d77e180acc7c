import { sql, type SqlBool } from "kysely";
import type { MeasureName } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { WorkingCalendar } from "@docket/sla";
import { readCalendars } from "./calendars.ts";
import { type Condition, factsAt, type Population, within, type Sql } from "./population.ts";
import type { Question } from "./question.ts";

const dayMs = 86_400_000;
/** A requester who comes again with the same topic within so many days repeats himself. */
const repeatDays = 30;

/**
 * Tickets as they were known, and whether each repeats an earlier one (`repeated`): the same requester, the same topic, not long before. They are
 * sorted by a hash of both first, which costs a fraction of sorting by texts; the texts themselves tell apart what has the same hash.
 */
function repeatedFacts(question: Question): Sql {
  const { by, from, to } = question;
  const reach =
    by === "registered"
      ? { from: from && new Date(from.getTime() - repeatDays * dayMs), to }
      : { from: null, to: null };
  const conditions: Condition[] = [sql<SqlBool>`true`, ...within(sql`f.registered_at`, reach)];
  const topic = sql`coalesce(f.product, f.type)`;
  return sql`(
    select f.*, f.requester_person_id is not null and coalesce(f.registered_at - lag(f.registered_at) over (
        partition by hashtextextended(f.requester_person_id, hashtext(${topic})), f.requester_person_id collate "C", ${topic} collate "C"
        order by f.registered_at, f.ticket_id
      ) <= make_interval(days => ${sql.lit(repeatDays)}), false) as repeated
    from ${factsAt(question)} as f where ${sql.join(conditions, sql` and `)})`;
}

/** The working stretches of a calendar as columns: where each begins and how long it is (seconds), and what went before. */
function columnsOf(calendar: WorkingCalendar, from: number, to: number) {
  const starts: number[] = [];
  const lengths: number[] = [];
  const before: number[] = [];
  let sum = 0;
  for (const interval of calendar.intervals(from, to)) {
    const length = (interval.to - interval.from) / 1_000;
    starts.push(interval.from / 1_000);
    lengths.push(length);
    before.push(sum);
    sum += length;
  }
  return { starts, lengths, before };
}

const usedUntil = (instant: Sql, place: Sql): Sql =>
  sql`(case when ${place} = 0 then 0 else c.before[${place}] + least(${instant} - c.starts[${place}], c.lengths[${place}]) end)`;

/** A stretch of time whose working seconds are wanted, and the calendar that they are counted by (its id). */
interface Stretch {
  readonly from: Sql;
  readonly to: Sql;
  readonly calendar: Sql;
}

/** Of an open ticket: since its registration. Of anything else: how long the stretch `s` took. */
function stretchOf({ definition, asOf }: Question): Stretch {
  if (definition.counts === "open")
    return { from: sql`f.registered_at`, to: sql`${asOf}::timestamptz`, calendar: sql`f.calendar_id` };
  return {
    from: sql`s.from_at`,
    to: sql`greatest(coalesce(s.to_at, ${asOf}::timestamptz), s.from_at)`,
    calendar: sql`s.calendar_id`,
  };
}

/**
 * Working seconds of each stretch (`w.seconds`; null without a calendar) by the calendar of the ticket's clocks. A calendar's working time up
 * to an instant is found by halving among its stretches, twice per row: no row is handed to the program for it.
 */
async function workingOf(db: Db, question: Question): Promise<Sql> {
  const calendars = await readCalendars(db, question);
  const begin = await beginOf(db, question);
  const rows = [...calendars].map(([id, calendar]) => {
    const { starts, lengths, before } = columnsOf(calendar, begin - dayMs, question.asOf.getTime() + dayMs);
    return sql`(${id}::text, ${starts}::float8[], ${lengths}::float8[], ${before}::float8[])`;
  });
  const none = sql`(null::text, null::float8[], null::float8[], null::float8[])`;
  const { from, to, calendar } = stretchOf(question);
  return sql` left join (values ${sql.join(rows.length > 0 ? rows : [none])}) as c(id, starts, lengths, before) on c.id = ${calendar}
    cross join lateral (select date_part('epoch', ${from}) as a, date_part('epoch', ${to}) as b) as e
    cross join lateral (select width_bucket(e.a, c.starts) as a, width_bucket(e.b, c.starts) as b) as k
    cross join lateral (select ${usedUntil(sql`e.b`, sql`k.b`)} - ${usedUntil(sql`e.a`, sql`k.a`)} as seconds) as w`;
}

/** An instant before which no ticket of the question was registered. */
async function beginOf(db: Db, { by, from, asOf }: Question): Promise<number> {
  if (by === "registered" && from !== null) return from.getTime();
  const { rows } = await sql<{ at: Date | null }>`select min(registered_at) as at from read.measure`.execute(db);
  return rows[0]?.at?.getTime() ?? asOf.getTime();
}

const ofRepeats: ReadonlySet<string> = new Set(["repeats", "repeatRate"]);
const ofWorking: ReadonlySet<string> = new Set([
  "workingTotal",
  "workingPerTicket",
  "ageWorkingMean",
  "ageWorkingMedian",
  "ageWorkingP90",
  "ageWorkingP95",
  "ageWorkingMax",
]);

/** What stands behind `from` for these measures: the population, and what they need beside it. */
export async function sourceFor(
  db: Db,
  population: Population,
  question: Question,
  names: readonly MeasureName[],
): Promise<Sql> {
  const { counts } = question.definition;
  const repeats = counts === "tickets" && names.some((name) => ofRepeats.has(name));
  const from = repeats ? sql`${repeatedFacts(question)} as f` : population.from;
  return names.some((name) => ofWorking.has(name)) ? sql`${from}${await workingOf(db, question)}` : from;
}

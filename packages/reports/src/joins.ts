import { sql, type SqlBool } from "kysely";
import type { MeasureName } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { WorkingCalendar } from "@docket/sla";
import { readCalendars } from "./calendars.ts";
import { type Condition, factsAt, within, type Sql } from "./population.ts";
import type { Question } from "./question.ts";

const dayMs = 86_400_000;
/** A requester who comes again with the same topic within so many days repeats himself. */
export const repeatDays = 30;

/** Whether each ticket repeats an earlier one (`r`): the same requester, the same topic, not long before. */
export function repeatsOf(question: Question): Sql {
  const { by, from, to } = question;
  const reach =
    by === "registered"
      ? { from: from && new Date(from.getTime() - repeatDays * dayMs), to }
      : { from: null, to: null };
  const conditions: Condition[] = [
    sql<SqlBool>`f.requester_person_id is not null`,
    ...within(sql`f.registered_at`, reach),
  ];
  return sql` left join (
    select f.ticket_id, f.registered_at - lag(f.registered_at) over (
        partition by f.requester_person_id collate "C", coalesce(f.product, f.type) collate "C" order by f.registered_at, f.ticket_id
      ) <= make_interval(days => ${sql.lit(repeatDays)}) as repeated
    from ${factsAt(question)} as f where ${sql.join(conditions, sql` and `)}) as r on r.ticket_id = f.ticket_id`;
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

/**
 * Working seconds of each stretch `s` (`w.seconds`) by the calendar of the ticket's clocks. A calendar's working time up to an instant
 * is found by halving among its stretches, twice per row: no row is handed to the program for it.
 */
export async function workingOf(db: Db, question: Question): Promise<Sql> {
  const calendars = await readCalendars(db, question);
  const first = await sql<{ at: Date | null }>`
    select min(f.registered_at) as at from ${factsAt(question)} as f where ${sql.join(
      [sql<SqlBool>`true`, ...(question.by === "registered" ? within(sql`f.registered_at`, question) : [])],
      sql` and `,
    )}`.execute(db);
  const from = first.rows[0]?.at?.getTime() ?? question.asOf.getTime();
  const rows = [...calendars].map(([id, calendar]) => {
    const { starts, lengths, before } = columnsOf(calendar, from - dayMs, question.asOf.getTime() + dayMs);
    return sql`(${id}::text, ${starts}::float8[], ${lengths}::float8[], ${before}::float8[])`;
  });
  const none = sql`(null::text, null::float8[], null::float8[], null::float8[])`;
  return sql` left join (values ${sql.join(rows.length > 0 ? rows : [none])}) as c(id, starts, lengths, before) on c.id = s.calendar_id
    cross join lateral (select date_part('epoch', s.from_at) as a,
      date_part('epoch', greatest(coalesce(s.to_at, ${question.asOf}::timestamptz), s.from_at)) as b) as e
    cross join lateral (select width_bucket(e.a, c.starts) as a, width_bucket(e.b, c.starts) as b) as k
    cross join lateral (select ${usedUntil(sql`e.b`, sql`k.b`)} - ${usedUntil(sql`e.a`, sql`k.a`)} as seconds) as w`;
}

const ofRepeats: ReadonlySet<string> = new Set(["repeats", "repeatRate"]);
const ofWorking: ReadonlySet<string> = new Set(["workingTotal", "workingPerTicket"]);

/** What must join the population for these measures. */
export async function joinsFor(db: Db, question: Question, names: readonly MeasureName[]): Promise<Sql> {
  const repeats = names.some((name) => ofRepeats.has(name)) ? repeatsOf(question) : sql``;
  const working = names.some((name) => ofWorking.has(name)) ? await workingOf(db, question) : sql``;
  return sql`${repeats}${working}`;
}

import { sql, type SqlBool } from "kysely";
import type { MeasureName } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { WorkingCalendar } from "@docket/sla";
import { isSpan, type Buckets } from "./buckets.ts";
import { calendarOf } from "./calendars.ts";
import { dimensionOf, filtersOf, needsCalendar, type Dimension } from "./dimension.ts";
import { type Condition, type Population, populationOf, type Sql, within } from "./population.ts";
import type { Question } from "./question.ts";
import { ReportRefusal } from "./refusal.ts";
import type { Answer, Group } from "./group.ts";
import { inReading, settle } from "./reading.ts";

/** The instant that each of these measures counts. `backlog` follows from arrivals and closures. */
export const instants: Partial<Record<MeasureName, Sql>> = {
  arrivals: sql`f.registered_at`,
  resolutions: sql`f.resolved_at`,
  closures: sql`f.closed_at`,
  reactionMisses: sql`f.reaction_missed_at`,
  resolutionMisses: sql`f.resolution_missed_at`,
};

type Row = Record<string, unknown>;
type Counts = Map<string, { readonly keys: readonly unknown[]; n: number; position: bigint }>;

/** So many groups are put together in the program; a question with more is refused. */
const mostGroups = 50_000;

function bound(groups: number): void {
  if (groups > mostGroups) throw new ReportRefusal("too_many_groups", "groupBy", { limit: mostGroups });
}

/**
 * Numbers over time, each by an instant of its own: one walk per measure, put together here. The backlog at the end of a stretch of
 * time is what was open when the period began, and what came and went since.
 */
export async function answerSeries(db: Db, question: Question, limit: number): Promise<Answer> {
  const spans = question.groupBy.filter(isSpan);
  const backlog = question.measures.includes("backlog");
  if (backlog && spans.length > 1) throw new ReportRefusal("not_allowed", "groupBy", { name: spans.join(", ") });
  const cut = question.filters.find(({ dimension }) => isSpan(dimension));
  if (backlog && cut) throw new ReportRefusal("not_allowed", cut.dimension, { name: cut.dimension });
  const calendar = needsCalendar(question) ? await calendarOf(db, question, question.calendar) : null;
  const over = seriesOf(question, calendar).over;
  const walk = <T>(work: (reading: Db, settled: Question) => Promise<T>): Promise<T> =>
    inReading(db, question, async (reading) => work(reading, await settle(reading, question)));
  const wanted = new Set<MeasureName>(question.measures.filter((name) => name !== "backlog"));
  const counts = new Map<MeasureName, Counts>();
  let open: Counts | undefined;
  if (backlog) {
    const found = await walk((reading, settled) => comingAndGoing(reading, settled, calendar));
    counts.set("arrivals", found.arrivals).set("closures", found.closures);
    open = found.open;
    wanted.delete("arrivals");
    wanted.delete("closures");
  }
  // two at a time: more than that helps nobody on the machines that this is made for
  const names = [...wanted];
  for (let index = 0; index < names.length; index += 2)
    await Promise.all(
      names.slice(index, index + 2).map(async (name) => {
        const found = await walk((reading, settled) => seriesOf(settled, calendar).source(reading, name));
        counts.set(name, found);
      }),
    );
  const { buckets } = over.find(({ buckets: has }) => has !== undefined) ?? {};
  const place = question.groupBy.findIndex(isSpan);

  const groups = new Map<
    string,
    { readonly keys: unknown[]; readonly values: Map<MeasureName, number>; position: bigint }
  >();
  const groupFor = (keys: readonly unknown[]) => {
    const id = JSON.stringify(keys);
    const known = groups.get(id) ?? { keys: [...keys], values: new Map<MeasureName, number>(), position: 0n };
    groups.set(id, known);
    return known;
  };
  for (const [name, found] of counts)
    for (const { keys, n, position } of found.values()) {
      const group = groupFor(keys);
      group.values.set(name, n);
      if (position > group.position) group.position = position;
    }
  if (open) {
    for (const { keys } of open.values()) groupFor(place < 0 ? keys : keys.toSpliced(place, 0, 1));
    if (buckets && place >= 0) fill(groupFor, groups, place, shownBuckets(buckets, question));
    accumulate(groups, place, open);
  }
  const all = [...groups.values()].toSorted((a, b) => compareKeys(a.keys, b.keys));
  const kept = keepGreatest(all, place, limit);
  const valuesOf = (values: ReadonlyMap<MeasureName, number>): Record<string, number> =>
    Object.fromEntries(question.measures.map((name) => [name, values.get(name) ?? 0]));
  const shown: Group[] = kept.map(({ keys, values, position }) => ({
    keys: over.map((dimension, index) => dimension.nameOf(keys[index] ?? null)),
    values: valuesOf(values),
    position: position === 0n ? null : String(position),
  }));
  return { groups: shown, total: totalOf(question, all, place, valuesOf), leftOut: all.length - kept.length };
}

function seriesOf(question: Question, calendar: WorkingCalendar | null) {
  const population = populationOf(question);
  const at = (instant: Sql): Population => ({ ...population, at: instant, where: within(instant, question) });
  const of = (instant: Sql) => (name: Dimension["name"]) => dimensionOf(name, question, at(instant), calendar);
  const over = question.groupBy.map(of(sql`f.registered_at`));
  const source = async (db: Db, name: MeasureName): Promise<Counts> => {
    const instant = instants[name];
    if (!instant) throw new Error(`no instant for the measure ${name}`);
    const conditions = [...at(instant).where, ...filtersOf(question.filters, of(instant))];
    return countBy(db, population.from, question.groupBy.map(of(instant)), conditions);
  };
  return { source, over };
}

async function countBy(db: Db, from: Sql, by: readonly Dimension[], conditions: readonly Condition[]): Promise<Counts> {
  const keys = by.map(({ expression }, index) => sql`${expression} as ${sql.ref(`k${index}`)}, `);
  const grouping = by.length === 0 ? sql`` : sql`group by ${sql.join(by.map((_, index) => sql.lit(index + 1)))}`;
  const { rows } =
    await sql<Row>`select ${sql.join(keys, sql``)}count(*) as n, coalesce(max(f.position), 0) as position from ${from}
    where ${sql.join([sql<SqlBool>`true`, ...conditions], sql` and `)} ${grouping} limit ${sql.lit(mostGroups + 1)}`.execute(
      db,
    );
  bound(rows.length);
  return new Map(
    rows.map((row) => {
      const found = by.map((_, index) => row[`k${index}`] ?? null);
      return [JSON.stringify(found), { keys: found, n: Number(row["n"]), position: BigInt(String(row["position"])) }];
    }),
  );
}

/**
 * What came, what went, and what was open when the period began, in one walk: tickets are counted by the stretches in which they came and
 * went together, and these few rows are added up three ways.
 */
async function comingAndGoing(
  db: Db,
  question: Question,
  calendar: WorkingCalendar | null,
): Promise<{ arrivals: Counts; closures: Counts; open: Counts }> {
  const population = populationOf(question);
  const { from } = question;
  const [came, went] = [sql`f.registered_at`, sql`f.closed_at`];
  const inPeriod = (at: Sql) => sql<SqlBool>`(${sql.join(within(at, question), sql` and `)})`;
  const before = sql<SqlBool>`(f.registered_at < ${from}::timestamptz and (f.closed_at is null or f.closed_at >= ${from}::timestamptz))`;
  const dimension = (name: Dimension["name"], at: Sql): Dimension =>
    dimensionOf(name, question, { ...population, at }, calendar);
  const span = question.groupBy.find(isSpan);
  const place = question.groupBy.findIndex(isSpan);
  const stretchOf = (at: Sql) =>
    sql`case when ${inPeriod(at)} then ${span === undefined ? sql`1` : dimension(span, at).expression} end`;
  const fields = question.groupBy.filter((name) => !isSpan(name)).map((name) => dimension(name, came));
  const filters = filtersOf(question.filters, (name) => dimension(name, came));
  const keys = fields.map((_, index) => sql.ref(`k${index}`));
  const named = (part: string) => sql.join([...keys, sql.ref(part)]);
  const counted = sql`sum(n) as n, max(position) as position from walked`;
  const { rows } = await sql<Row>`with walked as materialized (
      select ${sql.join([...fields.map(({ expression }, index) => sql`${expression} as ${sql.ref(`k${index}`)}`), sql`${stretchOf(came)} as came`, sql`${stretchOf(went)} as went`, sql`${before} as stood`])},
        count(*) as n, max(f.position) as position
      from ${population.from}
      where ${sql.join([sql<SqlBool>`(${sql.join([inPeriod(came), inPeriod(went), before], sql` or `)})`, ...filters], sql` and `)}
      group by ${sql.join([...fields, 0, 0, 0].map((_, index) => sql.lit(index + 1)))})
    select 'came' as part, ${named("came")}, ${counted} where came is not null group by ${named("came")}
    union all select 'went', ${named("went")}, ${counted} where went is not null group by ${named("went")}
    union all select 'stood', ${sql.join([...keys, sql`null`])}, ${counted} where stood ${keys.length === 0 ? sql`having count(*) > 0` : sql`group by ${sql.join(keys)}`}`.execute(
    db,
  );
  const part = (name: string): Counts =>
    new Map(
      rows
        .filter((row) => row["part"] === name)
        .map((row) => {
          const found = fields.map((_, index) => row[`k${index}`] ?? null);
          if (name !== "stood" && place >= 0) found.splice(place, 0, row["came"] ?? null);
          const counts = { keys: found, n: Number(row["n"]), position: BigInt(String(row["position"])) };
          return [JSON.stringify(found), counts];
        }),
    );
  return { arrivals: part("came"), closures: part("went"), open: part("stood") };
}

/** Stretches that have begun: of the rest nothing is known. */
const shownBuckets = ({ starts }: Buckets, { asOf }: Question): number =>
  starts.filter((start) => start.getTime() <= asOf.getTime()).length;

type Groups = Map<string, { readonly keys: unknown[]; readonly values: Map<MeasureName, number>; position: bigint }>;

/** Every group in every stretch of time: a day without arrivals has a backlog, too. */
function fill(groupFor: (keys: readonly unknown[]) => unknown, groups: Groups, place: number, count: number): void {
  const kinds = new Map([...groups.values()].map(({ keys }) => [JSON.stringify(keys.with(place, 0)), keys]));
  bound(kinds.size * count);
  for (const keys of kinds.values()) for (let bucket = 1; bucket <= count; bucket++) groupFor(keys.with(place, bucket));
}

function accumulate(groups: Groups, place: number, open: Counts): void {
  const without = (keys: readonly unknown[]): string => JSON.stringify(place < 0 ? keys : keys.toSpliced(place, 1));
  const standing = new Map([...open].map(([id, { n }]) => [id, n]));
  for (const { keys, values } of [...groups.values()].toSorted(
    (a, b) => Number(a.keys[place] ?? 0) - Number(b.keys[place] ?? 0),
  )) {
    const id = without(keys);
    const now = (standing.get(id) ?? 0) + (values.get("arrivals") ?? 0) - (values.get("closures") ?? 0);
    standing.set(id, now);
    values.set("backlog", now);
  }
}

/** Of more groups than may be shown those with the most; of groups over time whole rows of stretches. */
function keepGreatest<
  G extends { readonly keys: readonly unknown[]; readonly values: ReadonlyMap<MeasureName, number> },
>(all: readonly G[], place: number, limit: number): readonly G[] {
  if (all.length <= limit) return all;
  const weight = new Map<string, { sum: number; rows: number }>();
  const idOf = ({ keys }: G): string => JSON.stringify(place < 0 ? keys : keys.toSpliced(place, 1));
  for (const group of all) {
    const known = weight.get(idOf(group)) ?? { sum: 0, rows: 0 };
    for (const value of group.values.values()) known.sum += value;
    known.rows++;
    weight.set(idOf(group), known);
  }
  const kept = new Set<string>();
  let rows = 0;
  for (const [id, one] of [...weight].toSorted(([, a], [, b]) => b.sum - a.sum)) {
    if (rows + one.rows > limit) break;
    kept.add(id);
    rows += one.rows;
  }
  return kept.size > 0 ? all.filter((group) => kept.has(idOf(group))) : all.slice(0, limit);
}

function compareKeys(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, one] of a.entries()) {
    const other = b[index];
    if (one === other) continue;
    if (one === null) return 1;
    if (other === null) return -1;
    if (typeof one === "number" && typeof other === "number") return one - other;
    return String(one as string) < String(other as string) ? -1 : 1;
  }
  return 0;
}

/** Sums of what came and went; the backlog of the whole is that of the last stretch. */
function totalOf(
  question: Question,
  all: readonly {
    readonly keys: readonly unknown[];
    readonly values: ReadonlyMap<MeasureName, number>;
    readonly position: bigint;
  }[],
  place: number,
  valuesOf: (values: ReadonlyMap<MeasureName, number>) => Record<string, number>,
): Group {
  const sums = new Map<MeasureName, number>();
  let last = 0;
  let position = 0n;
  for (const group of all) {
    if (group.position > position) position = group.position;
    if (place >= 0) last = Math.max(last, Number(group.keys[place]));
    for (const [name, value] of group.values) if (name !== "backlog") sums.set(name, (sums.get(name) ?? 0) + value);
  }
  const standing = all.filter(({ keys }) => place < 0 || Number(keys[place]) === last);
  sums.set(
    "backlog",
    standing.reduce((sum, { values }) => sum + (values.get("backlog") ?? 0), 0),
  );
  return { keys: [], values: valuesOf(sums), position: position === 0n ? null : String(position) };
}

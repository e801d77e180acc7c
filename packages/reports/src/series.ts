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
    inReading(db, async (reading) => work(reading, await settle(reading, question)));
  const wanted = new Set<MeasureName>(question.measures.filter((name) => name !== "backlog"));
  if (backlog) wanted.add("arrivals").add("closures");

  const counts = new Map<MeasureName, Counts>();
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
  const open = backlog ? await walk((reading, settled) => openBefore(reading, settled, over)) : undefined;

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
    where ${sql.join([sql<SqlBool>`true`, ...conditions], sql` and `)} ${grouping}`.execute(db);
  return new Map(
    rows.map((row) => {
      const found = by.map((_, index) => row[`k${index}`] ?? null);
      return [JSON.stringify(found), { keys: found, n: Number(row["n"]), position: BigInt(String(row["position"])) }];
    }),
  );
}

/** What was open when the period began, by the dimensions that are not of time. */
function openBefore(db: Db, question: Question, over: readonly Dimension[]): Promise<Counts> {
  const population = populationOf(question);
  const { from } = question;
  const fields = over.filter(({ buckets }) => buckets === undefined);
  const of = (name: Dimension["name"]): Dimension => dimensionOf(name, question, population, null);
  const conditions = [
    sql<SqlBool>`f.registered_at < ${from}::timestamptz and (f.closed_at is null or f.closed_at >= ${from}::timestamptz)`,
    ...filtersOf(question.filters, of),
  ];
  return countBy(db, population.from, fields, conditions);
}

/** Stretches that have begun: of the rest nothing is known. */
const shownBuckets = ({ starts }: Buckets, { asOf }: Question): number =>
  starts.filter((start) => start.getTime() <= asOf.getTime()).length;

type Groups = Map<string, { readonly keys: unknown[]; readonly values: Map<MeasureName, number>; position: bigint }>;

/** Every group in every stretch of time: a day without arrivals has a backlog, too. */
function fill(groupFor: (keys: readonly unknown[]) => unknown, groups: Groups, place: number, count: number): void {
  const kinds = new Map([...groups.values()].map(({ keys }) => [JSON.stringify(keys.with(place, 0)), keys]));
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

import { sql } from "kysely";
import {
  definitionsVersion,
  dimensions,
  measures as measureTexts,
  type ReportReply,
  type ReportRow,
} from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import { calendarOf, usualCalendar } from "./calendars.ts";
import { dimensionOf, filtersOf, needsCalendar, type Dimension } from "./dimension.ts";
import { joinsFor } from "./joins.ts";
import { labelsFor, type Labels } from "./labels.ts";
import { measureSql, type Aggregate, type Measure } from "./measure.ts";
import { type Condition, populationOf, type Sql } from "./population.ts";
import { addressOf, filterText, type Question, unitOf } from "./question.ts";
import type { Answer, Group } from "./group.ts";
import { inReading, settle } from "./reading.ts";
import { answerSeries } from "./series.ts";

/** Everything of a question as SQL. */
interface Prepared {
  readonly question: Question;
  readonly dimensions: readonly Dimension[];
  readonly of: (name: Dimension["name"]) => Dimension;
  readonly measures: ReadonlyMap<string, Measure>;
  readonly source: Sql;
  readonly conditions: readonly Condition[];
}

async function prepare(db: Db, question: Question): Promise<Prepared> {
  const population = populationOf(question);
  const calendar = needsCalendar(question) ? await calendarOf(db, question, question.calendar) : null;
  const of = (name: Dimension["name"]): Dimension => dimensionOf(name, question, population, calendar);
  return {
    question,
    of,
    dimensions: question.groupBy.map(of),
    measures: new Map(
      question.measures.map((name) => [name, measureSql(question.definition.counts, name, question.asOf)]),
    ),
    source: sql`${population.from}${await joinsFor(db, question, question.measures)}`,
    conditions: [sql<boolean>`true`, ...population.where, ...filtersOf(question.filters, of)],
  };
}

type Row = Record<string, unknown>;

/**
 * Answers a question. At most `limit` groups: of more, the greatest are given, and how many were left out. What held at a moment and a
 * position never changes, so the walks that a series is made of may be transactions of their own, side by side.
 */
export async function answer(db: Db, question: Question, limit: number): Promise<Answer> {
  if (question.definition.counts === "events") return answerSeries(db, question, limit);
  return inReading(db, async (reading) =>
    answerGroups(reading, await prepare(reading, await settle(reading, question)), limit),
  );
}

async function answerGroups(db: Db, prepared: Prepared, limit: number): Promise<Answer> {
  const aggregates = new Map<string, Aggregate>();
  for (const measure of prepared.measures.values())
    for (const [name, aggregate] of Object.entries(measure.aggregates)) aggregates.set(name, aggregate);
  const names = [...aggregates.keys()];
  const columns = [...aggregates.values()].map(({ sql: text }, index) => sql`${text} as ${sql.ref(`m${index}`)}`);
  const base = sql`${sql.join([...columns, sql`count(*) as n`, sql`max(f.position) as position`])}`;
  const where = sql`from ${prepared.source} where ${sql.join(prepared.conditions as Condition[], sql` and `)}`;
  const valuesOf = (of: (aggregate: string) => number | null): Record<string, number | null> =>
    Object.fromEntries([...prepared.measures].map(([name, measure]) => [name, measure.value(of)]));
  const read = (row: Row) => (aggregate: string) => numberOf(row[`m${names.indexOf(aggregate)}`]);

  const whole = async (): Promise<Group> => {
    const { rows } = await sql<Row>`select ${base} ${where}`.execute(db);
    const row = rows[0] ?? {};
    return { keys: [], values: valuesOf(read(row)), position: textOf(row["position"]) };
  };
  const { dimensions: by } = prepared;
  if (by.length === 0) {
    const total = await whole();
    return { groups: [total], total, leftOut: 0 };
  }
  const keys = by.map(({ expression }, index) => sql`${expression} as ${sql.ref(`k${index}`)}`);
  const places = sql.join(by.map((_, index) => sql.lit(index + 1)));
  const { rows } = await sql<Row>`select *, count(*) over () as groups from (
      select ${sql.join(keys)}, ${base} ${where} group by ${places}) as g
    order by n desc, ${places} limit ${sql.lit(limit)}`.execute(db);
  const sorted = sortRows(rows, by.length);
  const groups = sorted.map((row) => ({
    keys: by.map((dimension, index) => dimension.nameOf(row[`k${index}`] ?? null)),
    values: valuesOf(read(row)),
    position: textOf(row["position"]),
  }));
  const leftOut = Math.max(0, Number(rows[0]?.["groups"] ?? 0) - rows.length);
  const additive = leftOut === 0 && [...aggregates.values()].every(({ add }) => add);
  return { groups, total: additive ? sumUp(rows, names, valuesOf) : await whole(), leftOut };
}

function sumUp(
  rows: readonly Row[],
  names: readonly string[],
  valuesOf: (of: (aggregate: string) => number | null) => Record<string, number | null>,
): Group {
  const sums = names.map((_, index) => {
    const known = rows.flatMap((row) => numberOf(row[`m${index}`]) ?? []);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
  });
  const position = rows.reduce<bigint | null>((most, row) => {
    const here = row["position"] === null ? null : BigInt(String(row["position"]));
    return here !== null && (most === null || here > most) ? here : most;
  }, null);
  return {
    keys: [],
    values: valuesOf((name) => sums[names.indexOf(name)] ?? null),
    position: position === null ? null : String(position),
  };
}

const numberOf = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value as string | number);

/** By the keys in their own order: numbers as numbers, texts by their characters, those without one last. */
function sortRows(rows: readonly Row[], keys: number): Row[] {
  return rows.toSorted((a, b) => {
    for (let index = 0; index < keys; index++) {
      const [one, other] = [a[`k${index}`], b[`k${index}`]];
      if (one === other) continue;
      if (one === null) return 1;
      if (other === null) return -1;
      if (typeof one === "number" && typeof other === "number") return one - other;
      return String(one as string) < String(other as string) ? -1 : 1;
    }
    return 0;
  });
}

/** The answer to a question as the interface gives it. */
export async function report(db: Db, question: Question, limit: number): Promise<ReportReply> {
  const { groups, total, leftOut } = await answer(db, question, limit);
  const labels = await labelsFor(db, question, groups);
  const rowOf = (group: Group): ReportRow => replyRow(question, group, labels);
  return {
    ...sayQuestion(question),
    position: question.position,
    columns: [
      ...question.groupBy.map((name) => ({
        name,
        role: "dimension" as const,
        unit: null,
        title: dimensions[name].title,
      })),
      ...question.measures.map((name) => ({
        name,
        role: "measure" as const,
        unit: unitOf(name),
        title: measureTexts[name].title,
      })),
    ],
    rows: groups.map(rowOf),
    total: total && rowOf(total),
    leftOut: leftOut === 0 ? null : { because: "too_many_groups", groups: leftOut, shown: groups.length },
  };
}

/** What every reply says of its question. */
export function sayQuestion(question: Question) {
  return {
    report: question.report,
    definitions: definitionsVersion,
    title: question.definition.title,
    from: question.from?.toISOString() ?? null,
    to: question.to?.toISOString() ?? null,
    zone: question.zone.name,
    calendar: needsCalendar(question) ? (question.calendar ?? usualCalendar) : null,
    by: question.definition.bases.length > 0 ? question.by : null,
    asOf: question.asOf.toISOString(),
    groupBy: [...question.groupBy],
    measures: [...question.measures],
  };
}

function replyRow(question: Question, group: Group, labels: Labels): ReportRow {
  const keys: Record<string, string | null> = {};
  const shown: Record<string, string> = {};
  const cell = addressOf(question);
  for (const [index, value] of group.keys.entries()) {
    const name = question.groupBy[index];
    if (name === undefined) continue;
    keys[name] = value;
    cell.set(name, filterText(value));
    const label = value === null ? undefined : labels.get(`${name}/${value}`);
    if (label !== undefined && label !== value) shown[name] = label;
  }
  return {
    keys,
    labels: shown,
    values: { ...group.values },
    position: group.position,
    tickets: `/api/v1/reports/${question.report}/tickets?${cell.toString()}`,
  };
}

import { sql, type SqlBool } from "kysely";
import {
  definitionsVersion,
  dimensions,
  measures as measureTexts,
  type ReportReply,
  type ReportRow,
} from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import { countGroups, type Row } from "./aggregate.ts";
import { calendarOf, usualCalendar } from "./calendars.ts";
import { dimensionOf, filtersOf, needsCalendar, type Dimension } from "./dimension.ts";
import { firstsOf } from "./firsts.ts";
import { sourceFor } from "./joins.ts";
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
    source: await sourceFor(db, population, question, question.measures),
    conditions: [sql<SqlBool>`true`, ...population.where, ...filtersOf(question.filters, of)],
  };
}

/**
 * Answers a question. At most `limit` groups: of more, the greatest are given, and how many were left out. What held at a moment and a
 * position never changes, so the walks that a series is made of may be transactions of their own, side by side.
 */
export async function answer(db: Db, question: Question, limit: number): Promise<Answer> {
  if (question.definition.counts === "events") return answerSeries(db, question, limit);
  return inReading(db, question, async (reading) =>
    answerGroups(reading, await prepare(reading, await settle(reading, question)), limit),
  );
}

async function answerGroups(db: Db, prepared: Prepared, limit: number): Promise<Answer> {
  const { source, conditions, dimensions: by, measures } = prepared;
  const aggregates = new Map<string, Aggregate>();
  const firsts = firstsOf(prepared.question);
  for (const measure of measures.values())
    for (const [name, aggregate] of Object.entries(measure.aggregates))
      if (aggregate.once === true && firsts !== null)
        aggregates.set(name, firsts.group).set(`${name} of the whole`, firsts.whole);
      else aggregates.set(name, aggregate);
  const names = [...aggregates.keys()];
  const keys = by.map(({ expression }) => expression);
  const counted = await countGroups(db, { source, conditions, keys, aggregates: [...aggregates.values()] }, limit);
  const groupOf = (row: Row, found: Group["keys"], whole = false): Group => {
    const valueOf = (aggregate: string): number | null => {
      const ofWhole = whole ? names.indexOf(`${aggregate} of the whole`) : -1;
      return numberOf(row[`m${ofWhole < 0 ? names.indexOf(aggregate) : ofWhole}`]);
    };
    return {
      keys: found,
      values: Object.fromEntries([...measures].map(([name, measure]) => [name, measure.value(valueOf)])),
      position: textOf(row["position"]),
    };
  };
  const total = groupOf(counted.whole, [], true);
  if (by.length === 0) return { groups: [total], total, leftOut: 0 };
  const groups = sortRows(counted.groups, by.length).map((row) =>
    groupOf(
      row,
      by.map((dimension, index) => dimension.nameOf(row[`k${index}`] ?? null)),
    ),
  );
  return { groups, total, leftOut: Math.max(0, counted.all - groups.length) };
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

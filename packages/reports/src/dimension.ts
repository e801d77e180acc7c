import { sql, type SqlBool } from "kysely";
import type { DimensionName } from "@docket/api-contract";
import type { WorkingCalendar } from "@docket/sla";
import { type Buckets, bucketsOf, isSpan } from "./buckets.ts";
import { hourOf, localSeconds, weekdayOf } from "./local-time.ts";
import type { Condition, Population, Sql } from "./population.ts";
import type { Question, Wanted } from "./question.ts";

/** A dimension as SQL over a population: what to group by, how a value of it reads, how a filter on it is said. */
export interface Dimension {
  readonly name: DimensionName;
  readonly expression: Sql;
  /** the value's name; null: without one */
  readonly nameOf: (value: unknown) => string | null;
  readonly filter: (values: readonly (string | null)[]) => Condition;
  /** the stretches of time, of a dimension that cuts the period */
  readonly buckets?: Buckets;
}

const fixedColumns: Partial<Record<DimensionName, string>> = {
  organization: "organization_id",
  contract: "contract_id",
  channel: "channel",
  requester: "requester_person_id",
  closedBecause: "closed_because",
};
const changingColumns: Partial<Record<DimensionName, string>> = {
  type: "type",
  priority: "priority",
  line: "line",
  group: "group_id",
  engineer: "engineer_id",
  product: "product",
  status: "status",
};

const dayMs = 86_400_000;
const ages = ["<1d", "1-3d", "3-7d", "7-14d", "14-30d", "30-90d", ">90d"] as const;
const ageSeconds = [1, 3, 7, 14, 30, 90].map((days) => days * 86_400);
const lengths = ["<15m", "15-30m", "30-60m", "1-2h", "2-4h", "4-8h", "8-16h", "16-40h", ">40h"] as const;
const lengthSeconds = [0.25, 0.5, 1, 2, 4, 8, 16, 40].map((hours) => hours * 3_600);
const lengthColumns = { reactionTime: "f.reaction_seconds", resolutionTime: "f.resolution_seconds" } as const;
const never = sql<SqlBool>`false`;
const any = (parts: readonly Condition[]): Condition =>
  parts.length === 0 ? never : sql<SqlBool>`(${sql.join(parts, sql` or `)})`;

/** How a dimension of this question reads and filters. `calendar` is needed by those of working time. */
export function dimensionOf(
  name: DimensionName,
  question: Question,
  population: Population,
  calendar: WorkingCalendar | null,
): Dimension {
  const { fields } = population;
  const text = (expression: Sql): Dimension => ({
    name,
    expression,
    nameOf: (value) => (value === null ? null : String(value as string | number)),
    filter: (values) =>
      any([
        ...(values.includes(null) ? [sql<SqlBool>`${expression} is null`] : []),
        sql<SqlBool>`${expression}::text = any(${values.filter((value) => value !== null)}::text[])`,
      ]),
  });
  const numbered = (expression: Sql, names: readonly string[]): Dimension => ({
    name,
    expression,
    nameOf: (value) => (value === null ? null : (names[Number(value)] ?? null)),
    filter: (values) =>
      any([
        ...(values.includes(null) ? [sql<SqlBool>`${expression} is null`] : []),
        sql<SqlBool>`${expression} = any(${values.map((value) => names.indexOf(value ?? ""))}::int[])`,
      ]),
  });
  if (fields === "j" && name === "line") return text(sql`nullif(j.line, 0)`);
  const fixed = fixedColumns[name];
  if (fixed !== undefined) return text(sql.ref(`f.${fixed}`));
  const changing = changingColumns[name];
  if (changing !== undefined) return text(sql.ref(`${fields}.${changing}`));
  const { at } = population;
  const { from, to } = boundsOf(question);
  if (isSpan(name)) return spanOf(name, question, population, calendar);
  switch (name) {
    case "topic":
      return text(sql`coalesce(${sql.ref(`${fields}.product`)}, ${sql.ref(`${fields}.type`)})`);
    case "reason":
      return text(sql`s.paused`);
    case "fromStatus":
      return text(sql`s.came_from`);
    case "toStatus":
      return text(sql`s.status`);
    case "age":
      return numbered(
        sql`width_bucket(extract(epoch from ${question.asOf}::timestamptz - f.registered_at)::float8, ${ageSeconds}::float8[])`,
        ages,
      );
    case "reactionTime":
    case "resolutionTime":
      return numbered(sql`width_bucket(${sql.ref(lengthColumns[name])}::float8, ${lengthSeconds}::float8[])`, lengths);
    case "hour":
      return numbered(hourOf(localSeconds(at, question.zone, from, to)), hours);
    case "weekday":
      return numbered(weekdayOf(localSeconds(at, question.zone, from, to)), ["", "1", "2", "3", "4", "5", "6", "7"]);
    default:
      return workingHour(question, population, calendar as WorkingCalendar);
  }
}

const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, "0"));

/** The period that dimensions of time cut: for an unbounded question, from a hundred years ago on. */
function boundsOf(question: Question): { from: Date; to: Date } {
  const to = question.to ?? new Date(question.asOf.getTime() + 1);
  return { from: question.from ?? new Date(to.getTime() - 10 * 365 * dayMs), to };
}

function spanOf(
  name: Parameters<typeof bucketsOf>[0],
  question: Question,
  { at }: Population,
  calendar: WorkingCalendar | null,
): Dimension {
  const { from, to } = boundsOf(question);
  const buckets = bucketsOf(name, from, to, question.zone, calendar as WorkingCalendar);
  const { starts, names, end } = buckets;
  return {
    name,
    buckets,
    expression: sql`nullif(width_bucket(${at}, ${starts.map((start) => start.toISOString())}::timestamptz[]), 0)`,
    nameOf: (value) => (value === null ? null : (names[Number(value) - 1] ?? null)),
    filter: (values) =>
      any(
        values.flatMap((value) => {
          const index = names.indexOf(value ?? "");
          const start = starts[index];
          if (start === undefined) return [];
          return [sql<SqlBool>`(${at} >= ${start}::timestamptz and ${at} < ${starts[index + 1] ?? end}::timestamptz)`];
        }),
      ),
  };
}

/** Within working time the local hour, else -1: the starts and ends of working stretches take turns. */
function workingHour(question: Question, { at }: Population, calendar: WorkingCalendar): Dimension {
  const { from, to } = boundsOf(question);
  const turns: string[] = [];
  for (const interval of calendar.intervals(from.getTime(), to.getTime()))
    turns.push(new Date(interval.from).toISOString(), new Date(interval.to).toISOString());
  const { tz } = calendar.pieceAt(from.getTime()).compiled.calendar;
  const expression = sql`(case when width_bucket(${at}, ${turns}::timestamptz[]) % 2 = 1 then extract(hour from ${at} at time zone ${tz})::int else -1 end)`;
  const value = (text: string | null): number =>
    text === "outside" ? -1 : hours.indexOf(text ?? "") === -1 ? -2 : hours.indexOf(text ?? "");
  return {
    name: "workingHour",
    expression,
    nameOf: (found) => (found === null ? null : Number(found) < 0 ? "outside" : (hours[Number(found)] ?? null)),
    filter: (values) => sql<SqlBool>`${expression} = any(${values.map(value)}::int[])`,
  };
}

/** Conditions of the question's filters. */
export function filtersOf(filters: readonly Wanted[], of: (name: DimensionName) => Dimension): Condition[] {
  return filters.map(({ dimension, values }) => of(dimension).filter(values));
}

const working: ReadonlySet<string> = new Set(["workingDay", "workingWeek", "workingMonth", "workingHour"]);
/** Does the question need a calendar to cut time by? */
export const needsCalendar = ({ groupBy, filters }: Question): boolean =>
  [...groupBy, ...filters.map(({ dimension }) => dimension)].some((name) => working.has(name));

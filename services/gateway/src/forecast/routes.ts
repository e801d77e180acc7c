import { sql } from "kysely";
import type { FastifyInstance } from "fastify";
import { workingTimeBetween } from "@docket/sla";
import {
  analysisRoutes,
  forecastFields,
  forecastGroups,
  type ForecastGroup,
  type ForecastRow,
} from "@docket/api-contract";
import { workingCalendarOf, type CalendarEntry } from "@docket/domain";
import type { CellType, Column } from "@docket/reports";
import { calendarsAt } from "../directory/past.ts";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { sendTable, tableFormat } from "../http/table.ts";
import { demand } from "../policy/enforce.ts";
import { visibility } from "../policy/policy.ts";
import { filterSql } from "../query/filter-sql.ts";
import { and } from "../query/filter.ts";
import { filterOfQuery, searchFilter } from "../query/list-filter.ts";
import { answerList, walkList, type ListSpec } from "../query/list.ts";
import { askedFor, momentOf, type Moment } from "../query/moment.ts";
import type { Row } from "../query/page.ts";
import { jsonValue, namedColumns } from "../query/rows.ts";
import { forecastColumns, forecastSource } from "./source.ts";

const names = {
  ticketId: "ticket_id",
  number: "number",
  subject: "subject",
  status: "status",
  organizationId: "organization_id",
  contractId: "contract_id",
  type: "type",
  priority: "priority",
  product: "product",
  line: "line",
  groupId: "group_id",
  engineerId: "engineer_id",
  kind: "kind",
  clockLine: "clock_line",
  cycle: "cycle",
  state: "state",
  ticking: "ticking",
  pausedBecause: "paused_because",
  startedAt: "started_at",
  target: "target",
  deadline: "deadline",
  calendarId: "calendar_id",
} as const;

const typed: Readonly<Record<string, CellType>> = {
  line: "number",
  clockLine: "number",
  cycle: "number",
  ticking: "boolean",
  startedAt: "instant",
  deadline: "instant",
  extended: "boolean",
  usedSeconds: "number",
  remainingSeconds: "number",
};
/** What a forecast is as a table: a row a clock. */
const exported = [...Object.keys(names), "extended", "usedSeconds", "remainingSeconds", "verdict"].map(
  (name): Column => ({ name, type: typed[name] ?? "text" }),
);
const searched = ["number", "subject", "product"];
const key = sql`(t.ticket_id::text || '/' || t.kind || '/' || coalesce(t.clock_line, 0) || '/' || t.cycle)`;

/** What becomes of the open clocks if nothing changes: facts and calendars, no guesses. */
export function serveForecast(app: FastifyInstance, serving: Serving): void {
  const { deps } = serving;

  serving.serve(app, analysisRoutes.forecast, {}, async ({ caller, query, request, reply }) => {
    demand(caller, { do: "report" });
    const now = deps.clock.now();
    const asked = askedFor(query, now);
    const at = asked.asOf ?? now;
    const until = new Date(query["until"] as string);
    if (until <= at) throw new Refusal("until_not_after", { field: "until" });
    // A forecast is one answer in several parts: all of them are given at one position.
    const start = await momentOf(serving, asked);
    const calendars = await calendarsAt(deps.db, "all", start);
    const format = tableFormat(query["format"], request.headers.accept);
    const spec: ListSpec<ForecastRow> = {
      id: "forecast",
      source: (moment) => forecastSource(moment, at, until),
      columns: forecastColumns,
      key,
      fields: forecastFields,
      defaultSort: "deadline",
      nullable: new Set(["deadline", "line", "group_id", "engineer_id"]),
      search: searched,
      filter: visibility(caller, "ticket"),
      // what is read in many steps, or kept as a file, is of one position as well
      asked: start.pinned || format !== undefined ? { ...asked, atPosition: start.position } : asked,
      item: (row) => forecastRowOf(row, calendars, at.getTime()),
    };
    if (format !== undefined) {
      const rows = walkList(serving, caller, query, spec);
      const { position } = start;
      return sendTable(reply, format, { name: "forecast", columns: exported, rows, asOf: at.toISOString(), position });
    }

    const page = await answerList(serving, caller, query, spec);
    const counted = query["page"] === undefined ? await countAll() : { totals: null, groups: null };
    return { until: until.toISOString(), at: at.toISOString(), ...counted, ...page };

    async function countAll() {
      const filter = and(
        visibility(caller, "ticket"),
        filterOfQuery(forecastFields, query, () => true),
        searchFilter(searched, query["q"] as string | undefined),
      );
      const by = (query["groupBy"] as string | undefined)?.split(",") ?? ["line", "groupId", "engineerId"];
      const groupBy = forecastGroups.filter((name) => by.includes(name));
      return countForecast(deps.db, { moment: start, at, until, groupBy, filter: filterSql(filter, "t") });
    }
  });
}

function forecastRowOf(row: Row, calendars: ReadonlyMap<string, CalendarEntry>, at: number): ForecastRow {
  const deadline = row["deadline"] as Date | null;
  const ticking = row["ticking"] === true;
  const entry = calendars.get(row["calendar_id"] as string);
  const working = (from: number, to: number): number =>
    entry === undefined || to <= from ? 0 : Math.floor(workingTimeBetween(workingCalendarOf(entry), from, to) / 1_000);
  const verdict = row["verdict"] as ForecastRow["verdict"];
  let remainingSeconds: number | null = row["remaining_seconds"] as number | null;
  if (verdict === "missed") remainingSeconds = 0;
  else if (ticking) remainingSeconds = deadline === null ? null : working(at, deadline.getTime());
  return {
    ...namedColumns(row, names),
    extended: row["extended_to"] !== null,
    usedSeconds: (row["used_seconds"] as number) + (ticking ? working((row["from_at"] as Date).getTime(), at) : 0),
    remainingSeconds,
    verdict,
  } as ForecastRow;
}

interface Count {
  readonly moment: Moment;
  readonly at: Date;
  readonly until: Date;
  readonly groupBy: readonly ForecastGroup[];
  readonly filter: ReturnType<typeof filterSql>;
}

/** Totals, and the counts by each of the groups, in one walk. */
async function countForecast(db: Serving["deps"]["db"], { moment, at, until, groupBy, filter }: Count) {
  const columns = groupBy.map((name) => sql.ref(`t.${forecastFields[name as keyof typeof forecastFields].column}`));
  const sets = sql.join([sql`()`, ...columns.map((column) => sql`(${column})`)]);
  const verdict = (name: string) => sql`count(*) filter (where t.verdict = ${sql.lit(name)})::int`;
  const { rows } = await sql<Row>`select
      grouping(${sql.join(columns)}) as which, coalesce(${sql.join(columns.map((column) => sql`${column}::text`))}, null) as key,
      count(distinct t.ticket_id)::int as tickets, count(*)::int as clocks, ${verdict("missed")} as missed, ${verdict("will_miss")} as "willMiss",
      ${verdict("in_time")} as "inTime", ${verdict("paused")} as paused, ${verdict("never")} as never,
      min(t.deadline) filter (where t.verdict in ('will_miss', 'in_time')) as next
    from ${forecastSource(moment, at, until)} as t where ${filter}
    group by grouping sets (${sets}) order by which, "willMiss" desc, missed desc, key`.execute(db);
  const all = 2 ** columns.length - 1;
  const countsOf = ({ which: _which, key: _key, next: _next, ...counts }: Row) => counts as never;
  const groups = groupBy.map((name, index) => {
    // `grouping` sets the bit of every column that the row does not stand for
    const which = all - 2 ** (columns.length - 1 - index);
    const own = rows.filter((row) => row["which"] === which);
    return [
      name,
      own.map((row) => ({
        key: row["key"] as string | null,
        ...(countsOf(row) as object),
        nextDeadline: jsonValue(row["next"]),
      })),
    ] as const;
  });
  const total = rows.find((row) => row["which"] === all);
  return { totals: total === undefined ? null : countsOf(total), groups: Object.fromEntries(groups) as never };
}

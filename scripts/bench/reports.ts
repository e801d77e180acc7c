import { createPool } from "@docket/postgres";
import { measure } from "@docket/projection-measure";
import type { Stack } from "../stack/stack.ts";
import { type Bench, percentile } from "./figure.ts";
import { openLane } from "./http-lane.ts";
import { cpuWithEndedMs, familyOf } from "./processes.ts";
import { measurePastRows, measureRows, reportLives } from "./report-rows.ts";
import { headersOf, openStage } from "./stage.ts";

const many = 1_000_000;
const year = "from=2025-01-01&to=2026-01-01";
const questions: readonly (readonly [what: string, path: string, aim?: boolean])[] = [
  ["compliance by month and organization", `sla?${year}&groupBy=month,organization`, true],
  ["compliance of one month by organization", "sla?from=2025-06-01&to=2025-07-01&groupBy=organization", true],
  [
    "percentiles of the resolution by priority",
    `times?${year}&groupBy=priority&measures=resolutionWorkingMedian,resolutionWorkingP90,resolutionWorkingP95`,
    true,
  ],
  ["arrivals by day", `flow?${year}&groupBy=day&measures=arrivals`, true],
  ["backlog by day", `flow?${year}&groupBy=day&measures=backlog`, true],
  ["age of the backlog", "backlog?groupBy=age", true],
  ["compliance, as of the middle of the year", `sla?${year}&groupBy=month,organization&asOf=2025-07-01T00:00:00Z`],
  ["quality by organization", `quality?${year}&groupBy=organization`],
  ["heat map of arrivals", `heatmap?${year}&measures=arrivals`],
  ["time in each state, one month", "states?from=2025-06-01&to=2025-07-01"],
  ["time in each state, one month, working time", "states?from=2025-06-01&to=2025-07-01&measures=all"],
  ["repeats by organization", `repeats?${year}&groupBy=organization`],
];

/**
 * Reports over a year of a million tickets through the gateway. Rows are made by the statements of report-rows.ts, shaped like those of the
 * projection (eight versions of each ticket, seven million past ones); what is not in it: how they got there.
 */
export const reports: Bench = {
  name: "reports",
  title: "Reports over a year of a million tickets",
  async run({ folder, quick, say }) {
    const tickets = quick ? many / 10 : many;
    const stack = await openStage(folder);
    try {
      say(`filling up to ${tickets} tickets`);
      await fill(stack, tickets);
      const headers = await headersOf(stack, "maria");
      const lane = await openLane(stack.urls.public);
      const figures = [];
      for (const [what, path, aimed] of questions) {
        const waits: number[] = [];
        const before = postgresMs(stack);
        for (let i = 0; i < 5; i++) {
          const asked = performance.now();
          const reply = await lane.send("GET", `/api/v1/reports/${path}`, headers);
          waits.push(performance.now() - asked);
          if (reply.status !== 200) throw new Error(`${reply.status} ${reply.body.toString()}`);
          if (!reply.body.includes('"rows":[{')) throw new Error(`an empty report: ${path}`);
        }
        const processor = Math.round((postgresMs(stack) - before) / waits.length);
        say(`${what}: ${waits.map(Math.round).join(", ")} ms, ${processor} ms of processor in Postgres`);
        figures.push({
          what: `${what}, ${tickets === many ? "1 M" : "100 k"} tickets`,
          value: percentile(waits, 0.5),
          unit: "ms",
          note: `${processor} ms of processor in Postgres`,
          ...(aimed === true ? { aims: [{ of: "value", atMost: 1_000 }] as const } : {}),
        });
      }
      lane.close();
      return figures;
    } finally {
      await stack.stop();
    }
  },
};

/** Processor time of Postgres with all its processes, ended ones too. */
function postgresMs(stack: Stack): number {
  const pid = stack.processes.get("postgres")?.pid;
  return pid === undefined ? 0 : familyOf(pid).reduce((sum, one) => sum + cpuWithEndedMs(one), 0);
}

/** A year of tickets in place of what is there. */
async function fill(stack: Stack, tickets: number): Promise<void> {
  const pool = createPool(stack.urls.database, { max: 1 });
  try {
    const { rows } = await pool.query<{ schema_name: string }>(
      "select schema_name from engine.projections where name = 'measure'",
    );
    const schema = rows[0]?.schema_name as string;
    await pool.query(`set search_path = ${schema}; set maintenance_work_mem = '256MB'`);
    await pool.query(reportLives(tickets));
    const indexed = await pool.query<{ name: string; table: string; constraint: string | null }>(
      `select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as table, c.conname as constraint
       from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
       where i.indrelid in ('measure'::regclass, 'measure_past'::regclass)`,
    );
    for (const { name, table, constraint } of indexed.rows)
      await pool.query(
        constraint === null ? `drop index ${name}` : `alter table ${table} drop constraint ${constraint}`,
      );
    await pool.query("truncate measure, measure_past");
    await pool.query(measureRows);
    await pool.query(measurePastRows);
    for (const table of measure.tables) for (const sql of table.indexSql(schema)) await pool.query(sql);
    await pool.query("vacuum (analyze) measure");
    await pool.query("vacuum (analyze) measure_past");
  } finally {
    await pool.end();
  }
}

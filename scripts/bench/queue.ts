import { createPool } from "@docket/postgres";
import { ticket } from "@docket/projection-ticket";
import type { Stack } from "../stack/stack.ts";
import { type Bench, percentile } from "./figure.ts";
import { openLane } from "./http-lane.ts";
import { begin, currentRows, everySeconds, lives, pastRows, textRows } from "./queue-rows.ts";
import { headersOf, openStage } from "./stage.ts";

/** The tables of the read model that lists are made of. */
const filled = ["ticket", "ticket_past", "ticket_text"];

const few = 10_000;
const many = 1_000_000;

/**
 * A page of the queue, now and as of past moments, through the gateway, when the service centre has had 10,000 tickets (its first
 * week) and a million (its second year). The backlog is the same, some 3,400 open tickets: what must not be felt is the
 * history. Rows are made by the statements of queue-rows.ts, shaped like those of the projections (five versions of each ticket);
 * what is not in it: how they got there.
 */
export const queue: Bench = {
  name: "queue",
  title: "A page of the queue, now and as of a past moment, when history grows",
  async run({ folder, quick, say }) {
    const requests = quick ? 50 : 300;
    const most = quick ? many / 10 : many;
    const stack = await openStage(folder);
    try {
      const headers = await headersOf(stack, "olga");
      const measured: { page: number[]; past: number[]; deep: number[]; counters: number[] }[] = [];
      for (const tickets of [few, most]) {
        say(`filling up to ${tickets} tickets`);
        await fill(stack, tickets);
        measured.push({
          page: await ask(stack, headers, requests, () => "/api/v1/queues/all-open?limit=50"),
          past: await ask(
            stack,
            headers,
            requests,
            (chance) => `/api/v1/queues/all-open?limit=50&asOf=${momentWithin(tickets, chance)}`,
          ),
          deep: await ask(stack, headers, requests, () => "/api/v1/tickets?limit=50&sort=-registeredAt"),
          counters: await ask(stack, headers, requests, () => "/api/v1/queues"),
        });
      }
      const [small, large] = measured;
      if (small === undefined || large === undefined) return [];
      const row = (what: string, key: keyof typeof small, atMost?: number) => ({
        what: `${what}, p95 (p50 ${percentile(large[key], 0.5).toFixed(1)} ms)`,
        value: percentile(large[key], 0.95),
        unit: "ms",
        yardstick: { what: "at 10 k tickets", value: percentile(small[key], 0.95) },
        ...(atMost === undefined
          ? {}
          : {
              aims: [
                { of: "ratio", atMost: 1.5 },
                { of: "value", atMost },
              ] as const,
            }),
      });
      const size = most === many ? "1 M" : "100 k";
      return [
        row(`queue page of 50 at ${size} tickets`, "page", 20),
        row(`queue page as of a past moment at ${size}`, "past", 50),
        row(`list of all tickets, first 50 at ${size}`, "deep"),
        row(`counters of all queues at ${size}`, "counters"),
      ];
    } finally {
      await stack.stop();
    }
  },
};

/** A moment in the last half of what is filled, not in its very last days. */
function momentWithin(tickets: number, chance: number): string {
  const span = tickets * everySeconds * 1_000;
  return new Date(Date.parse(begin) + span * (0.5 + 0.45 * chance)).toISOString();
}

async function ask(
  stack: Stack,
  headers: string,
  requests: number,
  path: (chance: number) => string,
): Promise<number[]> {
  const lane = await openLane(stack.urls.public);
  const waits: number[] = [];
  for (let i = -100; i < requests; i++) {
    const asked = performance.now();
    const reply = await lane.send("GET", path(((i + 100) * 0.618) % 1), headers);
    if (i >= 0) waits.push(performance.now() - asked);
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.body.toString()}`);
    if (i < 0 && !reply.body.includes('"items":[{') && !reply.body.includes('"counters"'))
      throw new Error(`an empty page: ${reply.body.toString().slice(0, 300)}`);
  }
  lane.close();
  return waits;
}

/** Makes so many tickets in place of what is there; those of the last days are still open, all others closed. */
async function fill(stack: Stack, tickets: number): Promise<void> {
  const pool = createPool(stack.urls.database, { max: 1 });
  try {
    const { rows } = await pool.query<{ schema_name: string }>(
      "select schema_name from engine.projections where name = 'ticket'",
    );
    const schema = rows[0]?.schema_name as string;
    await pool.query(`set search_path = ${schema}; set maintenance_work_mem = '256MB'`);
    await pool.query(lives(tickets));
    // Filling a table is quicker without its indexes; the read models themselves are built in this order.
    const indexed = await pool.query<{ name: string; table: string; constraint: string | null }>(
      `select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as table, c.conname as constraint
       from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
       where i.indrelid = any($1::regclass[])`,
      [filled],
    );
    for (const { name, table, constraint } of indexed.rows)
      await pool.query(
        constraint === null ? `drop index ${name}` : `alter table ${table} drop constraint ${constraint}`,
      );
    await pool.query(`truncate ${filled.join(", ")}`);
    await pool.query(currentRows);
    await pool.query(pastRows);
    await pool.query(textRows);
    for (const table of ticket.tables.filter(({ name }) => filled.includes(name)))
      for (const sql of table.indexSql(schema)) await pool.query(sql);
    for (const table of filled) await pool.query(`vacuum (analyze) ${table}`);
  } finally {
    await pool.end();
  }
}

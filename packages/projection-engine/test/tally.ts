import { createHash } from "node:crypto";
import type { RawEvent } from "@docket/event-store";
import { journal } from "@docket/projection-journal";
import { testEvent } from "@docket/test-kit";
import type pg from "pg";
import { defineProjection, type Projection } from "../src/projection.ts";
import { defineTable } from "../src/table.ts";

/*
 * The smallest read model with everything in it: a current row per stream, history that only grows, rows that come and go. Events
 * are numbers; the sum over a stream tells whether each was folded once, the history whether in order.
 */

type State = { readonly entity: string; readonly sum: number; readonly revision: number };
type Tally = {
  readonly add?: number;
  readonly boom?: boolean;
  readonly tooLarge?: boolean;
  readonly flushBoom?: boolean;
};

export const current = defineTable({
  name: "tally",
  columns: [
    ["entity", "text"],
    ["sum", "int4"],
    ["revision", "int4"],
  ],
  key: ["entity"],
});
export const past = defineTable({
  name: "tally_past",
  columns: [
    ["entity", "text"],
    ["revision", "int4"],
    ["sum", "int4"],
  ],
  key: ["entity", "revision"],
});
/** Streams with an odd sum: rows that are inserted and removed again. */
const odd = defineTable({ name: "tally_odd", columns: [["entity", "text"]], key: ["entity"] });

/** @param mended when true, events that could not be folded can */
export function tally(mended = false, version = 1): Projection {
  return defineProjection<State>({
    name: "tally",
    version,
    kinds: ["ticket", "contact"],
    tables: [current, past, odd],
    views: [
      { name: "tally", sql: (schema) => `select entity, sum, revision, ${version} as version from ${schema}.tally` },
    ],
    load: async (db, schema, streams) => {
      const { rows } = await db.query<State>(
        `select entity, sum, revision from ${schema}.tally where entity = any($1)`,
        [streams],
      );
      return new Map(rows.map((row) => [row.entity, row]));
    },
    fold: (state, event, write) => {
      const { add = 0, boom, tooLarge } = event.data as unknown as Tally;
      if (state && event.revision !== state.revision + 1)
        throw new Error(`${event.stream}: revision ${event.revision} after ${state.revision}`);
      if (!state && event.revision !== 0) throw new Error(`${event.stream} begins with revision ${event.revision}`);
      const sum = (state?.sum ?? 0) + add * version + (tooLarge && !mended ? 2 ** 40 : 0);
      write.insert(past, [event.stream, event.revision, sum]);
      if (boom && !mended) throw new Error("boom");
      return { entity: event.stream, sum, revision: event.revision };
    },
    flush: (before, after, write) => {
      (before ? write.update : write.insert)(current, [after.entity, after.sum, after.revision]);
      const [was, is] = [(before?.sum ?? 0) % 2 !== 0, after.sum % 2 !== 0];
      if (was && !is) write.remove(odd, [after.entity]);
      if (is && !was) write.insert(odd, [after.entity]);
    },
  });
}

/** What one step of a generated log does; the stream is `ticket-<n>`. */
export type Step = { readonly stream: number } & Tally;

/** Events of the steps, with revisions and positions; positions leave gaps, as a filtered log does. */
export function eventsOf(steps: readonly Step[], from = 0): RawEvent[] {
  const revisions = new Map<number, number>();
  return steps.map(({ stream, ...data }, index) => {
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    return testEvent({
      stream: `ticket-${stream}`,
      revision,
      type: "Counted",
      data,
      position: (from + index + 1) * 10,
    });
  });
}

/** What the tables must hold after the steps when every one of them can be folded. */
export function expectedSums(steps: readonly Step[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { stream, add = 0 } of steps) sums[`ticket-${stream}`] = (sums[`ticket-${stream}`] ?? 0) + add;
  return sums;
}

export async function sumsIn(pool: pg.Pool): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ entity: string; sum: number }>(
    "select entity, sum from read.tally order by entity",
  );
  return Object.fromEntries(rows.map(({ entity, sum }) => [entity, sum]));
}

/** One text for everything that the tables of a generation hold. */
export async function contents(pool: pg.Pool, schema: string): Promise<string> {
  const hash = createHash("sha256");
  for (const { name } of [current, past, odd]) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${schema}.${name} t order by 1`);
    for (const { row } of rows) hash.update(`${name}${row}\n`);
  }
  return hash.digest("hex");
}

/** Takes all read models back to the start, as a database without any. */
export async function reset(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    "select nspname as name from pg_namespace where nspname like 'rm\\_%'",
  );
  for (const { name } of rows) await pool.query(`drop schema ${name} cascade`);
  await pool.query("drop schema read cascade; create schema read");
  await pool.query("truncate engine.checkpoints, engine.projections, engine.rebuilds, engine.parked, engine.status");
}

export { journal };

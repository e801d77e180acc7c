import { sql } from "kysely";
import type { Zone } from "@docket/sla";
import type { Sql } from "./population.ts";

const dayMs = 86_400_000;

/** Where a zone's offset changes within [from, to], and what it is before, between and after (seconds). */
function offsetsOf(zone: Zone, from: number, to: number): { readonly changes: number[]; readonly offsets: number[] } {
  const changes: number[] = [];
  const offsets = [zone.offsetAt(from)];
  for (let at = from; at < to; at += dayMs) {
    const next = zone.offsetAt(at + dayMs);
    if (next === offsets.at(-1)) continue;
    let [low, high] = [at, at + dayMs];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (zone.offsetAt(middle) === next) high = middle;
      else low = middle;
    }
    changes.push(high);
    offsets.push(next);
  }
  return { changes, offsets: offsets.map((ms) => ms / 1_000) };
}

/**
 * Seconds of local time since 1970 at an instant within [from, to], as SQL. Postgres can convert zones itself, at several times the price for
 * every row; the few changes of a zone's offset in a period are known before.
 */
export function localSeconds(at: Sql, zone: Zone, from: Date, to: Date): Sql {
  const { changes, offsets } = offsetsOf(zone, from.getTime(), to.getTime());
  const seconds = sql`date_part('epoch', ${at})`;
  if (changes.length === 0) return sql`(${seconds} + ${sql.lit(offsets[0] ?? 0)})`;
  const cases = changes.map(
    (change, index) =>
      sql`when ${at} < ${new Date(change).toISOString()}::timestamptz then ${sql.lit(offsets[index] ?? 0)}`,
  );
  return sql`(${seconds} + case ${sql.join(cases, sql` `)} else ${sql.lit(offsets.at(-1) ?? 0)} end)`;
}

/** The hour of the day (0-23) of local seconds. */
export const hourOf = (local: Sql): Sql => sql`((floor(${local} / 3600)::bigint % 24 + 24) % 24)::int`;
/** The day of the week (1 is Monday) of local seconds. */
export const weekdayOf = (local: Sql): Sql => sql`(((floor(${local} / 86400)::bigint + 3) % 7 + 7) % 7 + 1)::int`;

import type { ReadView } from "@docket/projection-engine";
import { changingList, versionList } from "./tables.ts";

const now = versionList("t");
const over = versionList("p");

/**
 * Versions that are over and held at a moment and a position of the log: the latest of its ticket that was recorded by then and stands in
 * the log by there. Those are wanted within whose time the moment falls, or within whose stretch of the log the position falls. They lie in
 * the indexes by the magnitude of that length: one that is shorter than 2^n and holds at T began after T - 2^n, so each magnitude is
 * one short walk.
 */
const pastAt = (schema: string): string => `
  create or replace function read.past_measures_at(moment timestamptz, place bigint) returns setof read.measure language sql stable parallel safe as $$
    select ${over}
    from generate_series(0, 31) as magnitude(n)
      cross join lateral (
        select * from ${schema}.measure_past
        where span = magnitude.n and recorded_at <= moment and recorded_at > moment - make_interval(secs => 2 ^ magnitude.n)
          and valid_to > moment and position <= place
        offset 0) p
      join ${schema}.measure t on t.ticket_id = p.ticket_id
    union all
    select ${over}
    from generate_series(0, 52) as magnitude(n)
      cross join lateral (
        select * from ${schema}.measure_past
        where stride = magnitude.n and position <= place and position > place - (1::bigint << magnitude.n)
          and next_position > place and recorded_at <= moment and valid_to <= moment
        offset 0) p
      join ${schema}.measure t on t.ticket_id = p.ticket_id
  $$`;

/** Each ticket as it was known at a moment and at a position of the log. */
const measuresAt = (): string => `
  create or replace function read.measures_at(moment timestamptz, place bigint) returns setof read.measure language sql stable parallel safe as $$
    select t.* from read.measure t where t.recorded_at <= moment and t.position <= place
    union all
    select p.* from read.past_measures_at(moment, place) p
  $$`;

/**
 * Every stretch of every ticket as it was known at a moment and at a position; the one that held then has no end (null). What is asked of a
 * stretch is asked outside of its two parts, which stay bare: only then does Postgres look them up by ticket instead of walking all of them.
 */
const stretchesAt = (): string => `
  create or replace function read.measure_stretches_at(moment timestamptz, place bigint) returns setof read.measure_stretch_known language sql stable parallel safe as $$
    select ${changingList("s")}, case when s.valid_to <= moment and s.next_position <= place then s.to_at end
    from read.measure_change s where s.recorded_at <= moment and s.position <= place
  $$`;

export const views: readonly ReadView[] = [
  { name: "measure", sql: (schema) => `select ${now} from ${schema}.measure t` },
  {
    name: "measure_stretch",
    sql: (schema) => `
      select ${now}, null::timestamptz as to_at from ${schema}.measure t
      union all
      select ${over}, p.to_at from ${schema}.measure_past p join ${schema}.measure t on t.ticket_id = p.ticket_id`,
  },
  {
    // stretches without what stands fixed, which who asks for many of them has from the ticket
    name: "measure_change",
    sql: (schema) => `
      select ${changingList("t")}, null::timestamptz as to_at, null::timestamptz as valid_to, null::bigint as next_position
      from ${schema}.measure t
      union all
      select ${changingList("p")}, p.to_at, p.valid_to, p.next_position from ${schema}.measure_past p`,
  },
  {
    name: "measure_stretch_known",
    sql: () => `select ${changingList("s")}, s.to_at from read.measure_change s`,
  },
  { name: "past_measures_at", kind: "function", sql: pastAt },
  { name: "measures_at", kind: "function", sql: measuresAt },
  { name: "measure_stretches_at", kind: "function", sql: stretchesAt },
];

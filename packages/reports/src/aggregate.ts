import { sql } from "kysely";
import type { Db } from "@docket/postgres";
import type { Aggregate } from "./measure.ts";
import type { Condition, Sql } from "./population.ts";

export type Row = Readonly<Record<string, unknown>>;

/** What is to be added up, and by what. */
export interface Counting {
  readonly source: Sql;
  readonly conditions: readonly Condition[];
  readonly keys: readonly Sql[];
  readonly aggregates: readonly Aggregate[];
}

/**
 * The greatest groups, the whole, and how many groups there are. A row has its keys as `k0` ..., its aggregates as `m0` ..., how many rows it
 * counts as `n`, and the newest fact's `position`.
 */
export interface Counted {
  readonly groups: readonly Row[];
  readonly whole: Row;
  readonly all: number;
}

/**
 * Adds up in one walk over the source, however the whole follows from the groups: sums are summed; of percentiles the whole is grouped beside
 * the groups; tickets that have several rows are put together one by one first, so that each is counted once in every group and in the whole.
 */
export async function countGroups(db: Db, counting: Counting, limit: number): Promise<Counted> {
  const { aggregates } = counting;
  if (aggregates.every(({ add }) => add)) return sums(db, counting, limit);
  if (aggregates.every(({ add, once }) => add || once === true)) return byTicket(db, counting, limit);
  return besideTheWhole(db, counting, limit);
}

const named = (parts: readonly Sql[], letter: string): Sql[] =>
  parts.map((part, index) => sql`${part} as ${sql.ref(`${letter}${index}`)}`);
const refs = (count: number, letter: string): Sql[] =>
  Array.from({ length: count }, (_, index) => sql.ref(`${letter}${index}`));
const list = (...parts: readonly (readonly Sql[])[]): Sql => sql.join(parts.flat());
const places = (count: number): Sql => sql.join(Array.from({ length: count }, (_, index) => sql.lit(index + 1)));
const found = ({ source, conditions }: Counting): Sql =>
  sql`from ${source} where ${sql.join([...conditions], sql` and `)}`;
const rest = [sql`count(*) as n`, sql`max(f.position) as position`];
const order = (keys: number): Sql => (keys === 0 ? sql`` : sql`, ${places(keys)}`);
const grouped = (keys: number): Sql => (keys === 0 ? sql`` : sql`group by ${places(keys)}`);

async function sums(db: Db, counting: Counting, limit: number): Promise<Counted> {
  const { keys, aggregates } = counting;
  const parts = list(
    named(keys, "k"),
    named(
      aggregates.map((one) => one.sql),
      "m",
    ),
    rest,
  );
  const totals = [...refs(aggregates.length, "m"), sql.ref("n")].map((part) => sql`sum(${part}) over ()`);
  const { rows } =
    await sql<Row>`select *, count(*) over () as groups, max(position) over () as newest, ${list(named(totals, "t"))}
    from (select ${parts} ${found(counting)} ${grouped(keys.length)}) as g
    order by n desc${order(keys.length)} limit ${sql.lit(limit)}`.execute(db);
  const first = rows[0] ?? {};
  const whole = Object.fromEntries(aggregates.map((_, index) => [`m${index}`, first[`t${index}`] ?? null]));
  return {
    groups: rows,
    whole: { ...whole, n: first[`t${aggregates.length}`] ?? 0, position: first["newest"] ?? null },
    all: Number(first["groups"] ?? 0),
  };
}

async function byTicket(db: Db, counting: Counting, limit: number): Promise<Counted> {
  const { keys, aggregates } = counting;
  const own = aggregates.map((one) => (one.once === true ? sql`1` : one.sql));
  const added = (tickets: Sql): Sql[] =>
    named(
      aggregates.map((one, index) => (one.once === true ? tickets : sql`sum(${sql.ref(`m${index}`)})`)),
      "m",
    );
  // many rows come out of the parallel part, which is worth it all the same
  await sql`select set_config('parallel_tuple_cost', '0.02', true)`.execute(db);
  const both = [sql`sum(n) as n`, sql`max(position) as position`];
  const { rows } = await sql<Row>`with each as materialized (
      select ${list(named(keys, "k"), [sql`f.ticket_id as ticket`], named(own, "m"), rest)} ${found(counting)}
      group by ${places(keys.length + 1)})
    (select ${list(refs(keys.length, "k"), added(sql`count(*)`), both, [
      sql`count(*) over () as groups`,
      sql`false as whole`,
    ])}
      from each ${grouped(keys.length)} order by n desc${order(keys.length)} limit ${sql.lit(limit)})
    union all
    select ${list(
      keys.map(() => sql`null`),
      added(sql`(select count(*) from (select distinct ticket from each) as tickets)`),
      both,
      [sql`null`, sql`true`],
    )} from each`.execute(db);
  return parted(rows, keys.length === 0);
}

async function besideTheWhole(db: Db, counting: Counting, limit: number): Promise<Counted> {
  const { keys, aggregates } = counting;
  const parts = list(
    named(keys, "k"),
    [sql`false as whole`],
    named(
      aggregates.map((one) => one.sql),
      "m",
    ),
    rest,
  );
  // the constant among the keys tells groups from the whole, where it is null
  const { rows } = await sql<Row>`select *, count(*) over () - 1 as groups from (
      select ${parts} ${found(counting)} group by grouping sets ((${places(keys.length + 1)}), ())) as g
    order by whole nulls first, n desc${order(keys.length)} limit ${sql.lit(limit + 1)}`.execute(db);
  return parted(
    rows.map((row) => ({ ...row, whole: row["whole"] === null })),
    keys.length === 0,
  );
}

function parted(rows: readonly Row[], isWhole: boolean): Counted {
  const whole = rows.find((row) => row["whole"] === true) ?? {};
  const groups = isWhole ? [whole] : rows.filter((row) => row["whole"] !== true);
  return { groups, whole, all: isWhole ? 1 : Number(groups[0]?.["groups"] ?? 0) };
}

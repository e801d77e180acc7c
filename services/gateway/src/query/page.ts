import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { Db } from "@docket/postgres";
import { filterSql } from "./filter-sql.ts";
import type { Filter } from "./filter.ts";
import type { PageKey } from "./page-token.ts";

/** What to read of which view. `key` tells rows of equal sort values apart; both run in the sort's direction. */
export interface PageRequest {
  /** a table, view or function call; known as `t` */
  readonly source: RawBuilder<unknown>;
  readonly columns: readonly string[];
  /** a column, or an expression over the table `t` */
  readonly key: RawBuilder<unknown>;
  readonly filter: Filter;
  readonly sort: { readonly column: string; readonly descending: boolean; readonly nullable: boolean };
  readonly limit: number;
  readonly after: PageKey | undefined;
}

export type Row = Record<string, unknown>;

/**
 * Rows from `after` on, in order: ascending with missing values last, descending with missing values first, so that one
 * index serves both ways. It is read in two steps, rows with a value and rows without, since a condition over both would
 * keep the index from being walked. Reads one row more than the limit, to know whether there is a next page.
 */
export async function readPage(db: Db, request: PageRequest): Promise<{ rows: Row[]; more: boolean }> {
  const { sort, after, limit } = request;
  const wanted = limit + 1;
  if (!sort.nullable) {
    const rows = await readPart(db, request, "all", after, wanted);
    return { rows: rows.slice(0, limit), more: rows.length > limit };
  }
  const order = sort.descending ? (["missing", "present"] as const) : (["present", "missing"] as const);
  const startsIn = after === undefined ? 0 : order.indexOf(after.value === null ? "missing" : "present");
  const rows: Row[] = [];
  for (const [index, part] of order.entries()) {
    if (index < startsIn || rows.length >= wanted) continue;
    rows.push(...(await readPart(db, request, part, index === startsIn ? after : undefined, wanted - rows.length)));
  }
  return { rows: rows.slice(0, limit), more: rows.length > limit };
}

async function readPart(
  db: Db,
  request: PageRequest,
  part: "all" | "present" | "missing",
  after: PageKey | undefined,
  limit: number,
): Promise<Row[]> {
  const { source, columns, filter, sort, key } = request;
  const value = sql.ref(`t.${sort.column}`);
  const conditions: RawBuilder<SqlBool>[] = [filterSql(filter, "t")];
  if (part === "missing") conditions.push(sql<SqlBool>`${value} is null`);
  if (part === "present") conditions.push(sql<SqlBool>`${value} is not null`);
  if (after !== undefined) {
    const beyond = sort.descending ? sql`<` : sql`>`;
    if (part === "missing") conditions.push(sql<SqlBool>`${key} ${beyond} ${after.id}`);
    else conditions.push(sql<SqlBool>`(${value}, ${key}) ${beyond} (${after.value}, ${after.id})`);
  }
  const way = sort.descending ? sql`desc` : sql`asc`;
  const order = part === "missing" ? sql`${key} ${way}` : sql`${value} ${way}, ${key} ${way}`;
  const result =
    await sql<Row>`select ${sql.join(columns.map((column) => sql.ref(`t.${column}`)))}, ${key}::text as "$key" from ${source} as t
    where ${sql.join(conditions, sql` and `)} order by ${order} limit ${sql.lit(limit)}`.execute(db);
  return result.rows;
}

/** Where a page that ends with this row ended. */
export function keyOfRow(row: Row, column: string): PageKey {
  const value = row[column];
  return {
    value: value instanceof Date ? value.toISOString() : ((value ?? null) as PageKey["value"]),
    id: row["$key"] as string,
  };
}

/** Counts no further than this: beyond, a list says "more than". */
export const countCap = 10_000;

/** How many rows fulfil the condition, counted up to the cap. */
export async function countRows(
  db: Db,
  source: RawBuilder<unknown>,
  filter: Filter,
): Promise<{ total: number; capped: boolean }> {
  const result = await sql<{ n: string }>`select count(*) as n from
    (select 1 from ${source} as t where ${filterSql(filter, "t")} limit ${sql.lit(countCap + 1)}) counted`.execute(db);
  const counted = Number(result.rows[0]?.n ?? 0);
  return { total: Math.min(counted, countCap), capped: counted > countCap };
}

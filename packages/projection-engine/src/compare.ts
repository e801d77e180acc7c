import type { Queryable } from "@docket/postgres";
import type { Projection } from "./projection.ts";

/** A table of the old generation beside that of the new one. */
export type TableComparison = {
  readonly table: string;
  readonly same: boolean;
  readonly oldRows: number;
  readonly newRows: number;
  /** A few rows that only one of them has, as text. */
  readonly onlyOld: readonly string[];
  readonly onlyNew: readonly string[];
};

/**
 * Compares the current generation with a new one, table by table, byte by byte: the number of rows and two independent 64-bit
 * sums over their texts, and, where they differ, some of the rows that do. Generations of different versions have different
 * tables: then only the numbers of rows are told, and they count as the same.
 */
export async function compareGenerations(
  db: Queryable,
  projection: Projection,
  newSchema: string,
): Promise<TableComparison[]> {
  const { rows } = await db.query<{ version: number; schema_name: string }>(
    "select version, schema_name from engine.projections where name = $1",
    [projection.name],
  );
  const old = rows[0];
  if (!old) return [];
  const comparisons: TableComparison[] = [];
  for (const { name: table } of projection.tables) {
    if (old.version !== projection.version) {
      const count = await db.query<{ n: string }>(`select count(*) as n from ${newSchema}.${table}`);
      comparisons.push({ table, same: true, oldRows: -1, newRows: Number(count.rows[0]?.n), onlyOld: [], onlyNew: [] });
      continue;
    }
    const [before, after] = [await sums(db, old.schema_name, table), await sums(db, newSchema, table)];
    const same = before.rows === after.rows && before.first === after.first && before.second === after.second;
    const onlyOld = same ? [] : await onlyIn(db, `${old.schema_name}.${table}`, `${newSchema}.${table}`);
    const onlyNew = same ? [] : await onlyIn(db, `${newSchema}.${table}`, `${old.schema_name}.${table}`);
    comparisons.push({ table, same, oldRows: Number(before.rows), newRows: Number(after.rows), onlyOld, onlyNew });
  }
  return comparisons;
}

type Sums = { readonly rows: string; readonly first: string | null; readonly second: string | null };

async function sums(db: Queryable, schema: string, table: string): Promise<Sums> {
  const { rows } = await db.query<Sums>(
    `select count(*) as rows, sum(hashtextextended(t::text, 1)) as first, sum(hashtextextended(t::text, 2)) as second from ${schema}.${table} t`,
  );
  return rows[0] ?? { rows: "0", first: null, second: null };
}

async function onlyIn(db: Queryable, one: string, other: string): Promise<string[]> {
  const { rows } = await db.query<{ row: string }>(
    `select t::text as row from ${one} t except all select t::text from ${other} t limit 5`,
  );
  return rows.map(({ row }) => row.slice(0, 500));
}

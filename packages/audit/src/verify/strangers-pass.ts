import type { Queryable } from "@docket/postgres";
import { shown } from "./cells.ts";
import type { Collector } from "./collector.ts";
import type { Model } from "./models-pass.ts";

const most = 100;

/**
 * Rows that no event speaks of: of streams that there are not, or at places of the log where no event of the read model's stands. And rows
 * of tables that are found by their keys alone, when there are more than were expected.
 */
export async function findStrangers(
  db: Queryable,
  models: readonly Model[],
  looked: ReadonlyMap<string, number>,
  collect: Collector,
): Promise<void> {
  for (const { projection, schema, tables } of models)
    for (const { table, owner } of tables) {
      const label = `${schema}.${table.name}`;
      const kinds = projection.kinds === "all" ? [] : projection.kinds;
      const { rows } = await db.query<{ stream: string; rows: string }>(
        owner.stream === null
          ? `select 'position ' || t.position as stream, count(*) as rows from ${label} t
             where not exists (select from read.journal j where j.position = t.position and j.stream_kind = any($1))
             group by t.position limit ${most}`
          : `select s.stream, s.rows from (select ${owner.stream} as stream, count(*) as rows from ${label} t group by 1) s
             where not exists (select from read.journal j where j.stream = s.stream and j.stream_kind = any($1)) limit ${most}`,
        [kinds],
      );
      for (const { stream, rows: count } of rows)
        collect.add("read_model_row_extra", {
          table: label,
          stream,
          ...(stream.startsWith("ticket-") ? { ticket: stream.slice("ticket-".length) } : {}),
          row: `${count} rows`,
        });
      if (owner.finds === "by_key" && rows.length === 0) await countAgain(db, label, table.key ?? [], looked, collect);
    }
}

/** More rows than were looked at: those that no expected key led to. They are told by the event that they say they are of. */
async function countAgain(
  db: Queryable,
  label: string,
  key: readonly string[],
  looked: ReadonlyMap<string, number>,
  collect: Collector,
): Promise<void> {
  const counted = await db.query<{ n: string }>(`select count(*) as n from ${label}`);
  if (Number(counted.rows[0]?.n ?? 0) <= (looked.get(label) ?? 0)) return;
  const [id = ""] = key;
  const { rows } = await db.query<{ id: string; stream: string }>(
    `select t.${id}::text as id, t.stream from ${label} t
     where not exists (select from read.journal j where j.position = t.position and j.stream = t.stream
       and j.data_text like '%"' || t.${id} || '"%') limit ${most}`,
  );
  for (const { id: row, stream } of rows)
    collect.add("read_model_row_extra", { table: label, stream, row: shown(JSON.stringify([row])) });
}

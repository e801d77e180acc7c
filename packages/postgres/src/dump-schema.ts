import type { Queryable } from "./checkpoint.ts";

const shown = ["app", "audit", "files", "engine", "read", "vault"];

/**
 * The schema as text, ordered by name: what `schema.sql` in this package holds, so that a review sees what a migration did.
 * It is read from the catalogue, hence says what Postgres has, not what a migration meant.
 */
export async function dumpSchema(db: Queryable): Promise<string> {
  const tables = await db.query<{ name: string; columns: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       string_agg(format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
         case when a.attnotnull then ' not null' else '' end,
         coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')), E',\n' order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relkind = 'r' and n.nspname = any($1) group by 1 order by 1`,
    [shown],
  );
  const constraints = await db.query<{ table: string; text: string }>(
    `select conrelid::regclass::text as table, format('constraint %I %s', conname, pg_get_constraintdef(oid)) as text
     from pg_constraint where connamespace::regnamespace::text = any($1) and contype <> 'n' order by 1, 2`,
    [shown],
  );
  const indexes = await db.query<{ text: string }>(
    `select pg_get_indexdef(i.indexrelid) as text from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relnamespace::regnamespace::text = any($1)
       and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u'))
     order by i.indrelid::regclass::text, 1`,
    [shown],
  );
  return [
    ...tables.rows.map((table) => {
      const rules = constraints.rows.filter((rule) => rule.table === table.name).map((rule) => `,\n  ${rule.text}`);
      return `create table ${table.name} (\n${table.columns}${rules.join("")}\n);\n`;
    }),
    `${indexes.rows.map((index) => `${index.text};`).join("\n")}\n`,
  ].join("\n");
}

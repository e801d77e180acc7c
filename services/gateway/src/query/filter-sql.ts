import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { Filter } from "./filter.ts";

/** LIKE's own signs in a text mean themselves. */
const literal = (text: string): string => text.toLowerCase().replace(/[\\%_]/g, (sign) => `\\${sign}`);

/** The condition as SQL over a table known by `alias`. Values are always parameters; columns come from our own tables. */
export function filterSql(filter: Filter, alias: string): RawBuilder<SqlBool> {
  const column = (name: string): RawBuilder<unknown> => sql.ref(`${alias}.${name}`);
  switch (filter.op) {
    case "always":
      return sql<SqlBool>`true`;
    case "never":
      return sql<SqlBool>`false`;
    case "and":
      return sql<SqlBool>`(${sql.join(
        filter.of.map((part) => filterSql(part, alias)),
        sql` and `,
      )})`;
    case "or":
      return sql<SqlBool>`(${sql.join(
        filter.of.map((part) => filterSql(part, alias)),
        sql` or `,
      )})`;
    case "not":
      return filter.of.op === "missing"
        ? sql<SqlBool>`${column(filter.of.column)} is not null`
        : sql<SqlBool>`(${filterSql(filter.of, alias)}) is not true`;
    case "in":
      if (filter.values.length === 0) return sql<SqlBool>`false`;
      if (filter.values.length === 1) return sql<SqlBool>`${column(filter.column)} = ${filter.values[0]}`;
      return sql<SqlBool>`${column(filter.column)} in (${sql.join(filter.values)})`;
    case "missing":
      return sql<SqlBool>`${column(filter.column)} is null`;
    case "between": {
      const parts: RawBuilder<SqlBool>[] = [sql<SqlBool>`${column(filter.column)} is not null`];
      if (filter.from) parts.push(sql<SqlBool>`${column(filter.column)} >= ${filter.from}`);
      if (filter.to) parts.push(sql<SqlBool>`${column(filter.column)} < ${filter.to}`);
      return sql<SqlBool>`(${sql.join(parts, sql` and `)})`;
    }
    case "contains":
      return sql<SqlBool>`lower(${column(filter.column)}) like ${`%${literal(filter.text)}%`}`;
    case "words":
      return sql<SqlBool>`${column("ticket_id")} in (select known.ticket_id from read.ticket_words known where ${sql.join(
        filter.words.map((word) => sql`known.words like ${`%${literal(word)}%`}`),
        sql` and `,
      )})`;
    case "startsWith":
      return sql<SqlBool>`lower(${column(filter.column)}) like ${`${literal(filter.text)}%`}`;
    case "ofTicket":
      return sql<SqlBool>`exists (select 1 from read.ticket owner where owner.ticket_id = ${column("ticket_id")} and ${filterSql(filter.of, "owner")})`;
    case "calendarOf":
      return sql<SqlBool>`exists (select 1 from read.directory deal, jsonb_array_elements(deal.state->'policies') as terms
        where deal.kind = 'contract' and deal.organization_id = ${filter.organizationId} and deal.valid_to = 'infinity'
          and terms->'policy'->>'calendarId' = ${column("entry_id")})`;
  }
}

import { sql, type RawBuilder, type SqlBool } from "kysely";
import type { Moment } from "./moment.ts";

type Sql = RawBuilder<unknown>;

/** A read model with history: where its rows stand, and how the versions of a thing hang together. */
export interface PastSource {
  /** present rows */
  readonly now: Sql;
  /** every version, with [valid_from, valid_to) and position */
  readonly versions: Sql;
  /** those that held at a moment, found by an index, where there is one */
  readonly at?: (moment: Date) => Sql;
  /** kind of the streams that it is folded from, and the column that holds their id */
  readonly kind: string;
  readonly id: { readonly column: string; readonly type: "uuid" | "text" };
  /** columns that tell the things of the read model apart, and the one by which a thing's versions are numbered */
  readonly thing: readonly string[];
  readonly number: string;
  /** which versions the read model shows, when not all */
  readonly shown?: RawBuilder<SqlBool>;
}

/**
 * The rows of a read model as they were at a moment, as a table to select from. Validity ranges give them as long as nothing was
 * recorded behind the moment's position with a time before it. Things of which that is not so (late entries, imports) are taken
 * out and put back as they were at the position: the last version up to it.
 */
export function rowsAt(source: PastSource, columns: readonly string[], moment: Moment): Sql {
  const { at, position, pinned } = moment;
  if (!pinned) return source.now;
  const list = sql.join(columns.map((column) => sql.ref(`v.${column}`)));
  const held = heldAt(source, list, at);
  const late = lateIds(source, moment);
  if (late === undefined) return held;
  const id = sql.ref(`v.${source.id.column}`);
  const things = sql.join(source.thing.map((column) => sql.ref(`v.${column}`)));
  return sql`(
    select ${list} from ${held} v where ${id} not in ${late}
    union all
    select ${list} from (
      select distinct on (${things}) v.* from ${source.versions} v
      where ${id} in ${late} and v.position <= ${position}::bigint ${at === null ? sql`` : sql`and v.valid_from <= ${at}`}
      order by ${things}, ${sql.ref(`v.${source.number}`)} desc) v
    where ${source.shown ?? sql<SqlBool>`true`})`;
}

function heldAt({ now, versions, at: quick }: PastSource, list: Sql, at: Date | null): Sql {
  if (at === null) return sql`(select ${list} from ${now} v)`;
  if (quick !== undefined) return sql`(select ${list} from ${quick(at)} v)`;
  return sql`(select ${list} from ${versions} v where v.valid_from <= ${at} and v.valid_to > ${at})`;
}

/** The ids of streams with facts behind the position that count as known at the moment; undefined: there are none. */
function lateIds({ kind, id }: PastSource, { at, position, late }: Moment): Sql | undefined {
  if (!late.has(kind)) return undefined;
  const name = sql`case when stream = stream_kind then stream else substr(stream, length(stream_kind) + 2) end`;
  return sql`(select ${id.type === "uuid" ? sql`(${name})::uuid` : name} from read.journal
    where position > ${position}::bigint and stream_kind = ${kind} ${at === null ? sql`` : sql`and recorded_at <= ${at}`})`;
}

/** Facts that count at a moment, as a condition on a table of facts known by `alias`. */
export function knownAt(alias: string, { at, position, pinned }: Moment): RawBuilder<SqlBool> {
  if (!pinned) return sql<SqlBool>`true`;
  const upTo = sql<SqlBool>`${sql.ref(`${alias}.position`)} <= ${position}::bigint`;
  return at === null ? upTo : sql<SqlBool>`(${upTo} and ${sql.ref(`${alias}.recorded_at`)} <= ${at})`;
}

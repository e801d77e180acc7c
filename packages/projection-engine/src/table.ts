import type { ColumnType } from "./bytes.ts";
import { arrayEncoder, copyColumns, CopyRows, reuse, type Row } from "./rows.ts";

/** A column: name, type, and "null" where it may be empty. */
export type Column = readonly [name: string, type: ColumnType, nullable?: "null"];

export type TableDefinition = {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Primary key, by which rows are replaced and removed; none for tables that only grow. */
  readonly key?: readonly string[];
  /** Further indexes: what stands behind `create index on <table>`, e.g. `(registered_at, ticket_id)`. */
  readonly indexes?: readonly string[];
  /** Room left in each page for new versions of its rows (percent filled); for tables whose rows change often. */
  readonly fillfactor?: number;
  /**
   * Columns with long texts that are to lie beside the others as they are: by default Postgres compresses what makes a row
   * longer than 2 kB, which costs more time than writing it.
   */
  readonly plain?: readonly string[];
  /** Columns that nobody searches by: no statistics are gathered on them, which for long texts is most of what that costs. */
  readonly opaque?: readonly string[];
};

/** A table with the statements that write it and the encoders of its rows. */
export type Table = TableDefinition & {
  readonly createSql: (schema: string) => string;
  readonly indexSql: (schema: string) => readonly string[];
  readonly copySql: (schema: string, freeze?: boolean) => string;
  readonly insertSql: (schema: string) => string;
  readonly updateSql: (schema: string) => string;
  readonly removeSql: (schema: string) => string;
  /** The same update from a temporary table of whole rows, for many rows: COPY into it is far cheaper than arrays. */
  readonly stage: {
    readonly createSql: (schema: string) => string;
    readonly copySql: (schema: string) => string;
    readonly updateSql: (schema: string) => string;
  };
  /** An empty set of rows for COPY; the memory of earlier ones is used again, until it is let go of. */
  readonly copyRows: () => CopyRows;
  readonly reuse: (memory: ArrayBuffer) => void;
  readonly letGo: () => void;
  readonly encodeArrays: (rows: readonly Row[]) => Buffer[];
  readonly encodeKeys: (keys: readonly Row[]) => Buffer[];
};

/**
 * Makes a table of a read model.
 * @example defineTable({ name: "ticket", columns: [["ticket_id", "uuid"], ["subject", "text"]], key: ["ticket_id"] })
 */
export function defineTable(definition: TableDefinition): Table {
  const { name, columns, key = [] } = definition;
  const names = columns.map(([column]) => column);
  const types = columns.map(([, type]) => type);
  const keyPlaces = key.map((column) => names.indexOf(column));
  if (keyPlaces.includes(-1)) throw new Error(`table ${name}: its key names a column that it has not`);
  const keyTypes = keyPlaces.map((place) => types[place] as ColumnType);

  const at = (schema: string): string => `${schema}.${name}`;
  const list = names.join(", ");
  const arrays = (of: readonly ColumnType[]): string => of.map((type, index) => `$${index + 1}::${type}[]`).join(", ");
  const sets = names
    .filter((column) => !key.includes(column))
    .map((column) => `${column} = u.${column}`)
    .join(", ");
  const match = key.map((column) => `t.${column} = u.${column}`).join(" and ");
  const copies = copyColumns(types);
  const stage = (schema: string): string => `pg_temp.stage_${schema}_${name}`;

  return {
    ...definition,
    createSql: (schema) => {
      const cells = columns.map(([column, type, nullable]) => `  ${column} ${type}${nullable ? "" : " not null"}`);
      const { fillfactor, plain = [], opaque = [] } = definition;
      const storage = [
        ...(fillfactor ? [`fillfactor = ${fillfactor}`] : []),
        ...(plain.length > 0 ? ["toast_tuple_target = 8160"] : []),
      ];
      const create = `create table ${at(schema)} (\n${cells.join(",\n")}\n)${storage.length > 0 ? ` with (${storage.join(", ")})` : ""}`;
      const alter = (column: string, what: string): string =>
        `alter table ${at(schema)} alter column ${column} set ${what}`;
      const external = plain.map((column) => alter(column, "storage external"));
      return [create, ...external, ...[...plain, ...opaque].map((column) => alter(column, "statistics 0"))].join("; ");
    },
    indexSql: (schema) => [
      ...(key.length > 0 ? [`alter table ${at(schema)} add primary key (${key.join(", ")})`] : []),
      ...(definition.indexes ?? []).map((index) => `create index on ${at(schema)} ${index}`),
    ],
    copySql: (schema, freeze = false) =>
      `copy ${at(schema)} (${list}) from stdin (format binary${freeze ? ", freeze true" : ""})`,
    insertSql: (schema) => `insert into ${at(schema)} (${list}) select * from unnest(${arrays(types)})`,
    updateSql: (schema) => `update ${at(schema)} t set ${sets} from unnest(${arrays(types)}) u(${list}) where ${match}`,
    removeSql: (schema) =>
      `delete from ${at(schema)} t using unnest(${arrays(keyTypes)}) u(${key.join(", ")}) where ${match}`,
    stage: {
      createSql: (schema) =>
        `create temporary table if not exists stage_${schema}_${name} (like ${at(schema)}) on commit delete rows`,
      copySql: (schema) => `copy ${stage(schema)} (${list}) from stdin (format binary)`,
      updateSql: (schema) => `update ${at(schema)} t set ${sets} from ${stage(schema)} u where ${match}`,
    },
    copyRows: () => new CopyRows(copies),
    reuse: (memory) => reuse(copies, memory),
    letGo: () => void (copies.spare.length = 0),
    encodeArrays: arrayEncoder(types),
    encodeKeys: arrayEncoder(keyTypes),
  };
}

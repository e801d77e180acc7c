import type { Writer } from "./projection.ts";
import { CopyRows, type Row } from "./rows.ts";
import type { Table } from "./table.ts";

/** Rows kept as they are, for few of them. */
export class RowList {
  readonly rows: Row[] = [];
  #mark = 0;

  get count(): number {
    return this.rows.length;
  }

  add(row: Row): void {
    this.rows.push(row);
  }

  mark(): void {
    this.#mark = this.rows.length;
  }

  undo(): void {
    this.rows.length = this.#mark;
  }
}

export type Rows = RowList | CopyRows;

/** The rows that a batch gave for one table. */
export type TableRows = { readonly table: Table; inserts: Rows; updates: Rows; readonly removes: RowList };

/** Rows of one projection, gathered until they are written; a failing event's rows can be taken back. */
export type WriteSet = {
  readonly writer: Writer;
  readonly tables: readonly TableRows[];
  readonly mark: () => void;
  readonly undo: () => void;
  /** Gives memory back once the rows are written, or never will be. */
  readonly recycle: () => void;
};

/** @param bulk whether many rows are to come: they are then encoded for COPY at once, else kept for arrays */
export function writeSet(tables: readonly Table[], bulk: boolean): WriteSet {
  // few rows at a time: the catching up is over, and its memory is of no more use
  if (!bulk) for (const table of tables) table.letGo();
  const rows = (table: Table): Rows => (bulk ? table.copyRows() : new RowList());
  const all: TableRows[] = tables.map((table) => ({
    table,
    inserts: rows(table),
    updates: rows(table),
    removes: new RowList(),
  }));
  const [first, ...others] = all;
  const of = (table: Table): TableRows => {
    if (first?.table === table) return first;
    for (const one of others) if (one.table === table) return one;
    throw new Error(`table ${table.name} is not one of this projection's`);
  };
  return {
    tables: all,
    writer: {
      insert: (table, row) => of(table).inserts.add(row),
      update: (table, row) => of(table).updates.add(row),
      remove: (table, key) => of(table).removes.add(key),
    },
    mark: () => {
      for (const one of all) {
        one.inserts.mark();
        one.updates.mark();
        one.removes.mark();
      }
    },
    undo: () => {
      for (const one of all) {
        one.inserts.undo();
        one.updates.undo();
        one.removes.undo();
      }
    },
    recycle: () => {
      for (const { inserts, updates } of all)
        for (const rows of [inserts, updates]) if (rows instanceof CopyRows) rows.recycle();
    },
  };
}

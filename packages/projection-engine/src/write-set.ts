import type { Writer } from "./projection.ts"
import type { Row } from "./rows.ts"
import type { Table } from "./table.ts"

/** The rows that a batch gave for one table. */
export type TableRows = { readonly table: Table; inserts: Row[]; updates: Row[]; removes: Row[] }

/** Rows of one projection, gathered until they are written; a failing event's rows can be taken back. */
export type WriteSet = {
  readonly writer: Writer
  readonly tables: readonly TableRows[]
  /** Marks the place to which `undo` goes back. */
  readonly mark: () => void
  readonly undo: () => void
  readonly count: () => number
}

export function writeSet(tables: readonly Table[]): WriteSet {
  const all: TableRows[] = tables.map((table) => ({ table, inserts: [], updates: [], removes: [] }))
  const marks: number[] = all.flatMap(() => [0, 0, 0])
  const byTable = new Map(all.map((rows) => [rows.table, rows]))
  const of = (table: Table): TableRows => {
    const rows = byTable.get(table)
    if (!rows) throw new Error(`table ${table.name} is not one of this projection's`)
    return rows
  }
  return {
    tables: all,
    writer: {
      insert: (table, row) => void of(table).inserts.push(row),
      update: (table, row) => void of(table).updates.push(row),
      remove: (table, key) => void of(table).removes.push(key),
    },
    mark: () => {
      let place = 0
      for (const rows of all) {
        marks[place++] = rows.inserts.length
        marks[place++] = rows.updates.length
        marks[place++] = rows.removes.length
      }
    },
    undo: () => {
      let place = 0
      for (const rows of all) {
        rows.inserts.length = marks[place++] ?? 0
        rows.updates.length = marks[place++] ?? 0
        rows.removes.length = marks[place++] ?? 0
      }
    },
    count: () => all.reduce((sum, rows) => sum + rows.inserts.length + rows.updates.length + rows.removes.length, 0),
  }
}

import { ByteWriter, type ColumnType, typeOids, type Value, valueWriter } from "./bytes.ts"

/** The values of a row in the order of the table's columns. */
export type Row = readonly Value[]

const copyHeader = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)])

/**
 * Makes the encoder of a table's rows for `COPY ... FROM STDIN (FORMAT binary)`: one buffer, header and trailer included.
 * Throws TypeError when a value is not of its column's type.
 */
export function copyEncoder(types: readonly ColumnType[]): (rows: readonly Row[]) => Buffer {
  const writers = types.map(valueWriter)
  const width = writers.length
  let sizeSeen = 4096
  return (rows) => {
    const out = new ByteWriter(sizeSeen)
    out.reserve(copyHeader.length)
    out.at = copyHeader.copy(out.bytes, 0)
    for (const row of rows) {
      out.reserve(2)
      out.int16(width)
      let index = 0
      for (const write of writers) write(out, row[index++] as Value)
    }
    out.reserve(2)
    out.int16(-1)
    sizeSeen = Math.min(Math.max(4096, Math.ceil(out.at * 1.1)), 1 << 23)
    return out.bytes.subarray(0, out.at)
  }
}

const arrayHeader = 20

/**
 * Makes the encoder of a table's rows as one binary array per column, for `unnest($1, $2, ...)`.
 * Throws TypeError when a value is not of its column's type.
 */
export function arrayEncoder(types: readonly ColumnType[]): (rows: readonly Row[]) => Buffer[] {
  const columns = types.map((type) => ({ write: valueWriter(type), oid: typeOids[type] }))
  return (rows) =>
    columns.map(({ write, oid }, index) => {
      const out = new ByteWriter(arrayHeader + rows.length * 16)
      out.int32(1) // dimensions
      out.int32(1) // may hold nulls
      out.int32(oid)
      out.int32(rows.length)
      out.int32(1) // lower bound
      for (const row of rows) write(out, row[index] as Value)
      return out.bytes.subarray(0, out.at)
    })
}

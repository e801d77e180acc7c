import { ByteWriter, type ColumnType, typeOids, type Value, writeRow } from "./bytes.ts";

/** The values of a row in the order of the table's columns. */
export type Row = readonly Value[];

const copyHeader = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);

/**
 * Rows in the form that `COPY ... FROM STDIN (FORMAT binary)` takes, encoded as they come: a row of many values is garbage at once,
 * where thousands of them kept until they are sent would be carried through every collection.
 *
 * It has memory from the first row on until `recycle`, which hands it to the next; large buffers made and dropped for every batch would
 * keep the collector busier than all the folding.
 */
export class CopyRows {
  readonly #columns: CopyColumns;
  #out: ByteWriter | undefined;
  #mark = 0;
  #markCount = 0;
  count = 0;

  constructor(columns: CopyColumns) {
    this.#columns = columns;
  }

  get size(): number {
    return this.#out?.at ?? 0;
  }

  /** Throws TypeError when a value is not of its column's type; nothing of the row is kept then. */
  add(row: Row): void {
    const out = (this.#out ??= begun(this.#columns));
    const start = out.at;
    const { types } = this.#columns;
    out.reserve(2);
    out.int16(types.length);
    try {
      writeRow(out, types, row);
    } catch (error) {
      out.at = start;
      throw error;
    }
    this.count++;
  }

  /** Marks the place to which `undo` goes back. */
  mark(): void {
    this.#mark = this.#out?.at ?? copyHeader.length;
    this.#markCount = this.count;
  }

  undo(): void {
    if (this.#out) this.#out.at = this.#mark;
    this.count = this.#markCount;
  }

  /** All rows, with header and trailer. Nothing may be added afterwards. */
  bytes(): Buffer {
    const out = (this.#out ??= begun(this.#columns));
    out.reserve(2);
    out.int16(-1);
    return out.bytes.subarray(0, out.at);
  }

  /** The same for somebody who keeps them: their memory is a buffer of its own. */
  giveAway(): Buffer {
    const bytes = this.bytes();
    this.#out = undefined;
    this.count = 0;
    return bytes;
  }

  /** Gives the memory back; the bytes must have been sent. */
  recycle(): void {
    if (this.#out) keep(this.#columns, this.#out);
    this.#out = undefined;
    this.count = 0;
  }
}

/** How a table's rows are written, and memory that can be used again. */
export type CopyColumns = { readonly types: readonly ColumnType[]; readonly spare: ByteWriter[] };

export function copyColumns(types: readonly ColumnType[]): CopyColumns {
  return { types, spare: [] };
}

const mostSpare = 3;

function keep({ spare }: CopyColumns, memory: ByteWriter): void {
  if (spare.length < mostSpare) spare.push(memory);
}

/** Memory that had been given away comes back. */
export function reuse(columns: CopyColumns, memory: ArrayBuffer): void {
  keep(columns, new ByteWriter(Buffer.from(memory)));
}

function begun({ spare }: CopyColumns): ByteWriter {
  const out = spare.pop() ?? new ByteWriter(Buffer.allocUnsafeSlow(16_384));
  out.at = copyHeader.copy(out.bytes, 0);
  return out;
}

const arrayHeader = 20;

/**
 * Makes the encoder of a table's rows as one binary array per column, for `unnest($1, $2, ...)`.
 * Throws TypeError when a value is not of its column's type.
 */
export function arrayEncoder(types: readonly ColumnType[]): (rows: readonly Row[]) => Buffer[] {
  return (rows) =>
    types.map((type, index) => {
      const out = new ByteWriter(Buffer.allocUnsafeSlow(arrayHeader + rows.length * 16));
      out.int32(1); // dimensions
      out.int32(1); // may hold nulls
      out.int32(typeOids[type]);
      out.int32(rows.length);
      out.int32(1); // lower bound
      const one = [type];
      for (const row of rows) writeRow(out, one, [row[index] as Value]);
      return out.bytes.subarray(0, out.at);
    });
}

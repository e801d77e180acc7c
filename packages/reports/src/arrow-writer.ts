import {
  Bool,
  type DataType,
  Field,
  Float64,
  makeBuilder,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
} from "apache-arrow";
import type { Cell, CellType, Column } from "./table.ts";

const typeOf: Readonly<Record<CellType, () => DataType>> = {
  text: () => new Utf8(),
  number: () => new Float64(),
  instant: () => new TimestampMillisecond("UTC"),
  boolean: () => new Bool(),
};

/** See `arrowStream`. */
export async function* writeArrow(
  columns: readonly Column[],
  batches: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>,
  facts: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array> {
  const fields = columns.map(({ name, type }) => new Field(name, typeOf[type](), true));
  const schema = new Schema(fields, new Map(Object.entries(facts)));
  const writer = new RecordBatchStreamWriter<Record<string, DataType>>();
  writer.reset(undefined, schema as never);
  const pieces = writer[Symbol.asyncIterator]();
  // What `write` makes stands in the writer's queue at once; a `next` that is still open found the queue empty and waits for more.
  let open: Promise<IteratorResult<Uint8Array>> | undefined;
  async function* made(): AsyncGenerator<Uint8Array> {
    for (;;) {
      open ??= pieces.next();
      const piece = await Promise.race([open, Promise.resolve(undefined)]);
      if (piece === undefined) return;
      open = undefined;
      if (piece.done === true) return;
      // the writer goes on to use its buffers
      yield Uint8Array.from(piece.value);
    }
  }
  let some = false;
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    some = true;
    writer.write(batchOf(schema, columns, rows));
    yield* made();
  }
  if (!some) writer.write(batchOf(schema, columns, []));
  writer.finish();
  yield* made();
}

function batchOf(schema: Schema, columns: readonly Column[], rows: readonly (readonly Cell[])[]): RecordBatch {
  const children = columns.map(({ type }, index) => {
    const builder = makeBuilder({ type: typeOf[type](), nullValues: [null] });
    for (const row of rows) builder.append(valueOf(type, row[index] ?? null));
    return builder.finish().flush();
  });
  const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return new RecordBatch(schema, data as never);
}

function valueOf(type: CellType, cell: Cell): Cell {
  return type === "instant" && typeof cell === "string" ? Date.parse(cell) : cell;
}

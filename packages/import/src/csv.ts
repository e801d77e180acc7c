/** What is wrong with one record of a file. `detail` names the place; the codes are in docs/import.md. */
export interface RecordFault {
  readonly code: "quote_not_closed" | "quote_broken" | "cell_too_long" | "record_too_long";
  readonly detail: string;
}

/** One record of a CSV file: its cells as bytes, and the number of the line on which it begins (the first line is 1). */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly Buffer[];
  readonly fault?: RecordFault;
}

export interface CsvForm {
  /** one ASCII character each */
  readonly delimiter: string;
  readonly quote: string;
  /** bytes of one cell; a record with a longer one is a fault of its own and costs nothing else */
  readonly maxCell: number;
}

/** A quoted cell that is still open after so many bytes is taken for a quote that nobody closed. */
const MAX_RECORD = 24 * 1024 * 1024;
const LF = 10;
const CR = 13;

type Step =
  | {
      readonly kind: "record";
      readonly cells: Buffer[];
      readonly end: number;
      readonly lines: number;
      readonly fault?: RecordFault;
    }
  | { readonly kind: "fault"; readonly fault: RecordFault }
  | { readonly kind: "more" };

/**
 * Reads records from a stream of bytes, whatever its length, holding one record at a time. It works on bytes, so that a cell in
 * a foreign encoding is that cell's trouble only; the encodings it can read keep the delimiter, the quote and the line's end as in
 * ASCII. Lines end with LF, CRLF or CR; empty lines are passed over.
 *
 * A broken record is handed over with its fault and the reading goes on at the line after the one on which it began: a quote
 * that nobody closed costs one row, not the rest of the file.
 *
 * States: reading -> skipping (a line without an end, longer than any record: bytes are dropped up to its end) -> reading.
 */
export async function* readCsv(source: AsyncIterable<Buffer>, form: CsvForm): AsyncGenerator<CsvRecord[]> {
  let buffer: Buffer = Buffer.alloc(0);
  let line = 1;
  let wanted = 0;
  let skipping = false;
  const delimiter = form.delimiter.charCodeAt(0);
  const quote = form.quote === "" ? -1 : form.quote.charCodeAt(0);

  const take = (end: boolean): CsvRecord[] => {
    const records: CsvRecord[] = [];
    let start = 0;
    while (start < buffer.length) {
      if (skipping) {
        const next = lineEnd(buffer, start, end);
        if (next === undefined) {
          start = buffer.length;
          break;
        }
        skipping = false;
        line++;
        start = next;
        continue;
      }
      const step = readRecord(buffer, start, end, delimiter, quote, form.maxCell);
      if (step.kind === "more") {
        if (buffer.length - start <= MAX_RECORD) break;
        const open = quote >= 0 && buffer.indexOf(quote, start) >= 0;
        records.push({
          line,
          cells: [],
          fault: { code: open ? "quote_not_closed" : "record_too_long", detail: `longer than ${MAX_RECORD} bytes` },
        });
        skipping = true;
        continue;
      }
      if (step.kind === "fault") {
        records.push({ line, cells: [], fault: step.fault });
        // A broken quote is found only after the record's first line has been read.
        const next = lineEnd(buffer, start, true) ?? buffer.length;
        line++;
        start = next;
        continue;
      }
      const { cells } = step;
      if (cells.length > 1 || (cells[0]?.length ?? 0) > 0 || step.fault)
        records.push({ line, cells, ...(step.fault ? { fault: step.fault } : {}) });
      line += step.lines;
      start = step.end;
    }
    // Cells are views of what was read; what is left goes on in a buffer of its own.
    buffer = Buffer.from(buffer.subarray(start));
    // A long record is looked at again only when there is twice as much of it.
    wanted = buffer.length < 65_536 ? 0 : buffer.length * 2;
    return records;
  };

  for await (const chunk of source) {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    if (buffer.length < wanted && buffer.length <= MAX_RECORD) continue;
    const records = take(false);
    if (records.length > 0) yield records;
  }
  const records = take(true);
  if (records.length > 0) yield records;
}

/** Where the line after this one begins; undefined when its end is not there yet. */
function lineEnd(buffer: Buffer, from: number, end: boolean): number | undefined {
  for (let i = from; i < buffer.length; i++) {
    if (buffer[i] === LF) return i + 1;
    if (buffer[i] === CR) {
      if (i + 1 < buffer.length) return buffer[i + 1] === LF ? i + 2 : i + 1;
      return end ? i + 1 : undefined;
    }
  }
  return end ? buffer.length : undefined;
}

function readRecord(
  buffer: Buffer,
  start: number,
  end: boolean,
  delimiter: number,
  quote: number,
  maxCell: number,
): Step {
  const cells: Buffer[] = [];
  let lines = 1;
  let fault: RecordFault | undefined;
  let at = start;
  const { length } = buffer;
  for (;;) {
    let cell: Buffer;
    if (at < length && buffer[at] === quote) {
      const quoted = readQuoted(buffer, at, end, quote);
      if (quoted.kind !== "cell") {
        if (quoted.kind === "more") return quoted;
        return { kind: "fault", fault: { code: quoted.code, detail: `column ${cells.length + 1}` } };
      }
      ({ cell } = quoted);
      lines += quoted.lines;
      at = quoted.after;
      const next = at < length ? buffer[at] : undefined;
      if (next === undefined && !end) return { kind: "more" };
      if (next !== undefined && next !== delimiter && next !== LF && next !== CR)
        return { kind: "fault", fault: { code: "quote_broken", detail: `column ${cells.length + 1}` } };
    } else {
      let i = at;
      for (; i < length; i++) {
        const byte = buffer[i];
        if (byte === delimiter || byte === LF || byte === CR) break;
      }
      if (i === length && !end) return { kind: "more" };
      cell = buffer.subarray(at, i);
      at = i;
    }
    if (cell.length > maxCell) {
      fault ??= {
        code: "cell_too_long",
        detail: `column ${cells.length + 1}: ${cell.length} bytes, at most ${maxCell} are read`,
      };
      cell = cell.subarray(0, 0);
    }
    cells.push(cell);
    if (at < length && buffer[at] === delimiter) {
      at++;
      if (at === length && !end) return { kind: "more" };
      continue;
    }
    if (at < length && buffer[at] === CR && at + 1 === length && !end) return { kind: "more" };
    const after = at >= length ? length : buffer[at] === CR && buffer[at + 1] === LF ? at + 2 : at + 1;
    return { kind: "record", cells, end: after, lines, ...(fault ? { fault } : {}) };
  }
}

type Quoted =
  | { readonly kind: "cell"; readonly cell: Buffer; readonly after: number; readonly lines: number }
  | { readonly kind: "more" }
  | { readonly kind: "fault"; readonly code: "quote_not_closed" };

function readQuoted(buffer: Buffer, open: number, end: boolean, quote: number): Quoted {
  let from = open + 1;
  let doubled = false;
  for (;;) {
    const close = buffer.indexOf(quote, from);
    if (close < 0) return end ? { kind: "fault", code: "quote_not_closed" } : { kind: "more" };
    if (close + 1 >= buffer.length && !end) return { kind: "more" };
    if (buffer[close + 1] === quote) {
      doubled = true;
      from = close + 2;
      continue;
    }
    const raw = buffer.subarray(open + 1, close);
    let lines = 0;
    for (let i = raw.indexOf(LF); i >= 0; i = raw.indexOf(LF, i + 1)) lines++;
    return { kind: "cell", cell: doubled ? undouble(raw, quote) : raw, after: close + 1, lines };
  }
}

function undouble(raw: Buffer, quote: number): Buffer {
  const cell = Buffer.allocUnsafe(raw.length);
  let length = 0;
  for (let i = 0; i < raw.length; i++) {
    cell[length++] = raw[i] as number;
    if (raw[i] === quote) i++;
  }
  return cell.subarray(0, length);
}

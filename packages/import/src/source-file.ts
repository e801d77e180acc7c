import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { CodedError } from "@docket/service-kit";
import { type CsvRecord, readCsv, type RecordFault } from "./csv.ts";
import { decoderOf, isWide } from "./decode.ts";
import type { Mapping } from "./mapping-schema.ts";

/** One record of a file that is no fault of form: its cells read as text where they are asked for. */
export interface TextRecord {
  readonly line: number;
  /** number of cells */
  readonly width: number;
  cell(index: number): { readonly text: string; readonly clean: boolean; readonly fellBack: boolean };
}

export type FileRecord =
  | { readonly kind: "record"; readonly record: TextRecord }
  | { readonly kind: "fault"; readonly line: number; readonly fault: RecordFault };

export interface SourceFile {
  /** Records of the file, in batches; ends with the file. Throws `file_unreadable`. */
  records(): AsyncGenerator<FileRecord[]>;
  /** SHA-256 of the file's bytes as they are, known once it was read to its end. */
  sha256(): string;
  /** how much of the file has been read, 0 to 1 */
  progress(): number;
}

/** Opens a CSV file, plain or gzipped (told by its first bytes), in the form that the mapping says. */
export async function openSourceFile(path: string, form: Mapping["file"]): Promise<SourceFile> {
  const { size, head } = await firstBytes(path);
  const hash: Hash = createHash("sha256");
  let read = 0;
  let digest: string | undefined;
  const own = decoderOf(head.encoding ?? form.encoding);
  const fallback = form.fallbackEncoding === undefined ? undefined : decoderOf(form.fallbackEncoding);
  const two = isWide(own.encoding);
  const decoder = two ? decoderOf("utf-8") : own;

  async function* bytes(): AsyncGenerator<Buffer> {
    const file = createReadStream(path, { highWaterMark: 256 * 1024 });
    file.on("data", (chunk) => {
      hash.update(chunk);
      read += chunk.length;
    });
    const source = head.gzip ? file.pipe(createGunzip()) : file;
    // A fault of the file itself must reach whoever reads what was unpacked.
    if (source !== file) file.on("error", (error) => source.destroy(error));
    let first = true;
    const wide = two ? new TextDecoder(own.encoding, { ignoreBOM: true }) : undefined;
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        let part = wide ? Buffer.from(wide.decode(chunk, { stream: true }), "utf8") : chunk;
        if (first) {
          if (part.length >= 3 && part[0] === 0xef && part[1] === 0xbb && part[2] === 0xbf) part = part.subarray(3);
          first = false;
        }
        yield part;
      }
    } catch (error) {
      throw new CodedError("file_unreadable", `${path} cannot be read to its end: ${(error as Error).message}`, {
        cause: error,
      });
    }
    digest = hash.digest("hex");
  }

  return {
    sha256() {
      if (digest === undefined) throw new Error("the file has not been read to its end");
      return digest;
    },
    progress: () => (size === 0 ? 1 : read / size),
    async *records() {
      const csv = readCsv(bytes(), { delimiter: form.delimiter, quote: form.quote, maxCell: form.maxCellBytes });
      for await (const batch of csv) {
        const wanted = batch.filter((record) => record.line > form.skipLines && !isSpreadsheetHint(record));
        if (wanted.length > 0) yield wanted.map((record) => toFileRecord(record));
      }
    },
  };

  function toFileRecord({ line, cells, fault }: CsvRecord): FileRecord {
    if (fault) return { kind: "fault", line, fault };
    return {
      kind: "record",
      record: {
        line,
        width: cells.length,
        cell(index) {
          const raw = cells[index];
          if (raw === undefined) return { text: "", clean: true, fellBack: false };
          const told = decoder.decode(raw);
          if (told.clean || fallback === undefined) return { ...told, fellBack: false };
          const other = fallback.decode(raw);
          return { ...other, fellBack: true };
        },
      },
    };
  }
}

/** A first line `sep=;`, which tells spreadsheets the delimiter and belongs to no table. */
function isSpreadsheetHint({ line, cells }: CsvRecord): boolean {
  return line === 1 && cells.length <= 2 && /^sep=.?$/i.test(cells[0]?.toString("latin1") ?? "");
}

/** Size, whether it is gzipped, and an encoding that its first bytes prove. Throws `file_unreadable`. */
async function firstBytes(
  path: string,
): Promise<{ size: number; head: { gzip: boolean; encoding: string | undefined } }> {
  try {
    const handle = await open(path, "r");
    try {
      const { size } = await handle.stat();
      const start = Buffer.alloc(4);
      await handle.read(start, 0, 4, 0);
      const gzip = start[0] === 0x1f && start[1] === 0x8b;
      const encoding =
        start[0] === 0xff && start[1] === 0xfe
          ? "utf-16le"
          : start[0] === 0xfe && start[1] === 0xff
            ? "utf-16be"
            : undefined;
      return { size, head: { gzip, encoding: gzip ? undefined : encoding } };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new CodedError("file_unreadable", `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { CodedError } from "@docket/service-kit";

/** How a file that nobody has described is written, by its beginning. */

export interface GuessedForm {
  readonly encoding: string;
  /** for the few lines that are none in `encoding` */
  readonly fallbackEncoding: string | undefined;
  readonly delimiter: string;
}

/** Looks at the first megabyte. Throws `file_unreadable`. */
export async function guessForm(path: string): Promise<GuessedForm> {
  const head = await beginning(path);
  const { encoding, fallbackEncoding } = encodingsOf(head);
  const text = new TextDecoder(encoding).decode(head).replace(/^\uFEFF/, "");
  return { encoding, fallbackEncoding, delimiter: delimiterOf(text) };
}

async function beginning(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    const handle = await open(path, "r");
    const start = Buffer.alloc(2);
    try {
      await handle.read(start, 0, 2, 0);
    } finally {
      await handle.close();
    }
    const file = createReadStream(path);
    const source = start[0] === 0x1f && start[1] === 0x8b ? file.pipe(createGunzip()) : file;
    for await (const chunk of source as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > 1_000_000) break;
    }
    file.destroy();
  } catch (error) {
    throw new CodedError("file_unreadable", `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return Buffer.concat(chunks);
}

function encodingsOf(head: Buffer): { encoding: string; fallbackEncoding: string | undefined } {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", fallbackEncoding: undefined };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", fallbackEncoding: undefined };
  const strict = new TextDecoder("utf-8", { fatal: true });
  const foreign: Buffer[] = [];
  let good = 0;
  for (let at = 0; at < head.length;) {
    const end = head.indexOf(10, at);
    // The last line may be cut within a character.
    if (end < 0 && at > 0) break;
    const line = head.subarray(at, end < 0 ? head.length : end);
    at = end < 0 ? head.length : end + 1;
    if (line.every((byte) => byte < 128)) continue;
    try {
      strict.decode(line);
      good++;
    } catch {
      foreign.push(line);
    }
  }
  if (foreign.length === 0) return { encoding: "utf-8", fallbackEncoding: undefined };
  const other = oneByteEncodingOf(foreign);
  const marked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  return marked || good > foreign.length
    ? { encoding: "utf-8", fallbackEncoding: other }
    : { encoding: other, fallbackEncoding: undefined };
}

/** Cyrillic words are foreign bytes in a row; in western languages such bytes stand alone among plain letters. */
function oneByteEncodingOf(lines: readonly Buffer[]): string {
  let alone = 0;
  let together = 0;
  for (const line of lines)
    for (const [i, byte] of line.entries())
      if (byte > 127) {
        if ((line[i - 1] ?? 0) > 127 || (line[i + 1] ?? 0) > 127) together++;
        else alone++;
      }
  return together > alone ? "windows-1251" : "windows-1252";
}

/** The character that stands equally often in the first lines. */
function delimiterOf(text: string): string {
  const told = /^sep=(.)\r?\n/i.exec(text)?.[1];
  if (told !== undefined) return told;
  const lines = text
    .split(/\r\n|\n|\r/)
    .filter((line) => line !== "")
    .slice(0, 30);
  const scored = [",", ";", "\t", "|"].map((delimiter) => {
    const counts = lines.map((line) => line.replace(/"(?:[^"]|"")*"/g, "").split(delimiter).length - 1);
    const usual = counts[0] ?? 0;
    return {
      delimiter,
      score: usual === 0 ? 0 : counts.filter((count) => count === usual).length * Math.min(usual, 50),
    };
  });
  return scored.toSorted((a, b) => b.score - a.score)[0]?.delimiter ?? ",";
}

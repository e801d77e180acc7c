/** A line with its place and its bytes, the end of line included. */
export interface Line {
  readonly number: number;
  readonly bytes: Buffer;
  /** without the end of line; undefined: it is not UTF-8 */
  readonly text: string | undefined;
  /** false for what stands behind the last end of line */
  readonly ended: boolean;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The lines of a source of bytes; holds one at a time. */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let rest: Buffer[] = [];
  let number = 0;
  const line = (bytes: Buffer, ended: boolean): Line => ({
    number: ++number,
    bytes,
    text: textOf(bytes, ended),
    ended,
  });
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const part = bytes.subarray(from, end + 1);
      from = end + 1;
      yield line(rest.length === 0 ? part : Buffer.concat([...rest, part]), true);
      rest = [];
    }
    if (from < bytes.length) rest.push(Buffer.from(bytes.subarray(from)));
  }
  if (rest.length > 0) yield line(Buffer.concat(rest), false);
}

function textOf(bytes: Buffer, ended: boolean): string | undefined {
  try {
    return decoder.decode(ended ? bytes.subarray(0, -1) : bytes);
  } catch {
    return undefined;
  }
}

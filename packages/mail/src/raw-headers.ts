import iconv from "iconv-lite";

/**
 * Old Russian mailers put 8-bit text into header fields without naming a charset. Such a header block is rewritten in
 * UTF-8, by the charset that the mail names for its body, else by windows-1251; everything else stays byte for byte.
 */
export function repairRawHeaders(raw: Buffer): Buffer {
  const end = headerEnd(raw);
  if (end > greatHeader) return repairRawHeaders(Buffer.concat([shortened(raw.subarray(0, end)), raw.subarray(end)]));
  const head = raw.subarray(0, end);
  if (!head.some((byte) => byte >= 0x80) || isUtf8(head)) return raw;
  const named = /^content-type:[^\n]*(?:\n[ \t][^\n]*)*?charset\s*=\s*"?([\w.:-]+)/im.exec(
    head.toString("latin1"),
  )?.[1];
  const charset =
    named !== undefined && iconv.encodingExists(named) && !/^(?:us-ascii|utf-?8)$/i.test(named)
      ? named
      : "windows-1251";
  return Buffer.concat([Buffer.from(iconv.decode(head, charset), "utf8"), raw.subarray(end)]);
}

/** A parameter that was read byte by byte as Latin-1 although it was written in UTF-8 (or windows-1251). */
export function repairRawParameter(value: string): string {
  // eslint-disable-next-line no-control-regex -- the whole range of one byte
  if (!/[\u0080-\u00ff]/.test(value) || !/^[\u0000-\u00ff]*$/.test(value)) return value;
  const bytes = Buffer.from(value, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : iconv.decode(bytes, "windows-1251");
}

/** A header block of this size is nobody's honest one; the parser gives up on it as a whole. */
const greatHeader = 256 * 1024;

/** Cuts every field of a header block to a length that the parser takes; the fields as such stay. */
function shortened(head: Buffer): Buffer {
  const fields = head.toString("latin1").split(/\r?\n(?![ \t])/);
  return Buffer.from(
    fields
      .slice(0, 1_000)
      .map((field) => field.slice(0, 8_000).slice(0, Math.floor(greatHeader / Math.min(fields.length, 1_000)) - 2))
      .join("\r\n"),
    "latin1",
  );
}

function headerEnd(raw: Buffer): number {
  const crlf = raw.indexOf("\r\n\r\n");
  const lf = raw.indexOf("\n\n");
  const ends = [crlf, lf].filter((at) => at >= 0);
  return ends.length === 0 ? raw.length : Math.min(...ends);
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

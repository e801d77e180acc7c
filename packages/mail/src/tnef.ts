import iconv from "iconv-lite";

export interface TnefFile {
  readonly name: string;
  readonly bytes: Buffer;
}
export interface TnefContent {
  readonly text: string | null;
  readonly html: string | null;
  readonly files: readonly TnefFile[];
}

// [MS-OXTNEF] 2.1.3: attribute ids, and [MS-OXPROPS]: the property tags that carry names and bodies.
const signature = 0x223e9f78;
const attachRenderData = 0x9002;
const attachTitle = 0x8010;
const attachData = 0x800f;
const attachProps = 0x9005;
const messageProps = 0x9003;
const plainBody = 0x800c;
const codePage = 0x9007;
const propLongName = 0x3707;
const propFileName = 0x3704;
const propBody = 0x1000;
const propHtml = 0x1013;

/**
 * Opens a winmail.dat: the plain or HTML body and the files in it. Gives null when the bytes are no TNEF stream; a stream that
 * is cut off gives what stood before the cut. Takes at most `maxFiles` files.
 */
export function readTnef(bytes: Buffer, maxFiles = 100): TnefContent | null {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== signature) return null;
  let encoding = "windows-1252";
  let text: string | null = null;
  let html: string | null = null;
  const files: { name: string; bytes: Buffer }[] = [];
  let at = 6;
  while (at + 11 <= bytes.length) {
    const id = bytes.readUInt16LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const start = at + 9;
    if (start + length > bytes.length) break;
    const value = bytes.subarray(start, start + length);
    at = start + length + 2;
    const file = files.at(-1);
    if (id === codePage && length >= 4) {
      const name = `windows-${value.readUInt32LE(0)}`;
      if (iconv.encodingExists(name)) encoding = name;
    } else if (id === attachRenderData) {
      if (files.length >= maxFiles) break;
      files.push({ name: "", bytes: Buffer.alloc(0) });
    } else if (id === attachTitle && file && file.name === "") file.name = decodeString(value, encoding);
    else if (id === attachData && file) file.bytes = Buffer.from(value);
    else if (id === attachProps && file) {
      const props = readProps(value, encoding);
      file.name = props.get(propLongName) ?? (file.name || (props.get(propFileName) ?? ""));
    } else if (id === messageProps) {
      const props = readProps(value, encoding);
      text ??= props.get(propBody) ?? null;
      html ??= props.get(propHtml) ?? null;
    } else if (id === plainBody) text ??= decodeString(value, encoding);
  }
  return { text, html, files: files.filter((file) => file.bytes.length > 0 || file.name !== "") };
}

function decodeString(value: Buffer, encoding: string): string {
  const end = value.indexOf(0);
  return iconv.decode(end < 0 ? value : value.subarray(0, end), encoding);
}

/** The string-like properties of a MAPI property list, by property id. Stops quietly at a kind that it cannot measure. */
function readProps(list: Buffer, encoding: string): Map<number, string> {
  const found = new Map<number, string>();
  let at = 4;
  const need = (size: number) => at + size <= list.length;
  const count = list.length >= 4 ? list.readUInt32LE(0) : 0;
  for (let n = 0; n < count && need(4); n++) {
    const kind = list.readUInt16LE(at) & 0x0fff;
    const many = (list.readUInt16LE(at) & 0x1000) !== 0;
    const id = list.readUInt16LE(at + 2);
    at += 4;
    if (id >= 0x8000) {
      // a named property: GUID, then a number or a name
      if (!need(20)) return found;
      const byName = list.readUInt32LE(at + 16) === 1;
      at += 20;
      if (!need(4)) return found;
      const length = byName ? list.readUInt32LE(at) : 0;
      at += 4 + (byName ? length + pad(length) : 0);
    }
    const variable = kind === 0x1e || kind === 0x1f || kind === 0x102 || kind === 0x0d;
    let values = 1;
    if (many || variable) {
      if (!need(4)) return found;
      values = list.readUInt32LE(at);
      at += 4;
    }
    for (let v = 0; v < values; v++) {
      if (variable) {
        if (!need(4)) return found;
        const length = list.readUInt32LE(at);
        at += 4;
        if (!need(length)) return found;
        const value = list.subarray(at, at + length);
        at += length + pad(length);
        if (v === 0) {
          if (kind === 0x1f) found.set(id, value.toString("utf16le").replace(/\0.*$/s, ""));
          else if (kind === 0x1e) found.set(id, decodeString(value, encoding));
          else if (kind === 0x102 && id === propHtml) found.set(id, iconv.decode(value, encoding));
        }
      } else {
        const size = {
          0x02: 4,
          0x03: 4,
          0x04: 4,
          0x0a: 4,
          0x0b: 4,
          0x05: 8,
          0x06: 8,
          0x07: 8,
          0x14: 8,
          0x40: 8,
          0x48: 16,
        }[kind];
        if (size === undefined || !need(size)) return found;
        at += size;
      }
    }
  }
  return found;
}

const pad = (length: number) => (4 - (length % 4)) % 4;

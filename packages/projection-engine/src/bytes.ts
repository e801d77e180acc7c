/*
 * Values in Postgres's binary form. Text forms would be shorter to write here, and several times slower on both sides:
 * the server would parse every instant and number, and we would escape every text.
 */

/** Types a read-model column may have. Instants are given as milliseconds since the epoch, Infinity allowed; json as its text. */
export type ColumnType = "text" | "uuid" | "timestamptz" | "int2" | "int4" | "int8" | "bool" | "bytea" | "json";

/** What a column is given; null where the column allows it. bytea is given as hex. */
export type Value = string | number | boolean | null;

/** Identifiers of the types in Postgres's catalogue (fixed there for good). */
export const typeOids: Readonly<Record<ColumnType, number>> = {
  text: 25,
  uuid: 2950,
  timestamptz: 1184,
  int2: 21,
  int4: 23,
  int8: 20,
  bool: 16,
  bytea: 17,
  json: 114,
};

/** A buffer that grows; `at` is the place of the next byte. The int methods need room reserved before. */
export class ByteWriter {
  bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  reserve(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + size));
    this.bytes.copy(grown, 0, 0, this.at);
    this.bytes = grown;
  }

  int16(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value >> 8;
    bytes[at + 1] = value;
    this.at = at + 2;
  }

  int32(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value >> 24;
    bytes[at + 1] = value >> 16;
    bytes[at + 2] = value >> 8;
    bytes[at + 3] = value;
    this.at = at + 4;
  }

  /** A whole number up to 2^53. */
  int64(value: number): void {
    const high = Math.floor(value / 4294967296);
    this.int32(high);
    this.int32(value - high * 4294967296);
  }
}

const epoch2000 = 946_684_800_000;
/** Up to some 250 years from now microseconds are exact as numbers. */
const exactMs = 8e12;

function wrong(type: ColumnType, value: Value): never {
  throw new TypeError(`not a value of type ${type}: ${JSON.stringify(value)}`);
}

/** Up to this length a loop beats a call into the runtime, whatever the letters. */
const shortText = 64;

function writeText(out: ByteWriter, value: Value): void {
  if (typeof value !== "string") return wrong("text", value);
  const length = value.length;
  out.reserve(4 + length * 3);
  const { bytes, at } = out;
  const begin = at + 4;
  let place = begin;
  if (length <= shortText) {
    let index = 0;
    for (; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code < 128) {
        if (code === 0) return wrong("text", value);
        bytes[place++] = code;
      } else if (code < 0x800) {
        bytes[place++] = 0xc0 | (code >> 6);
        bytes[place++] = 0x80 | (code & 63);
      } else if (code < 0xd800 || code > 0xdfff) {
        bytes[place++] = 0xe0 | (code >> 12);
        bytes[place++] = 0x80 | ((code >> 6) & 63);
        bytes[place++] = 0x80 | (code & 63);
      } else break; // a surrogate: the runtime knows what to make of it
    }
    if (index === length) {
      out.int32(place - begin);
      out.at = place;
      return;
    }
  }
  // Postgres's texts cannot hold NUL; the domain refuses it at the door, what came by another way is an error here
  if (value.includes("\0")) return wrong("text", value);
  const written = bytes.write(value, begin, "utf8");
  out.int32(written);
  out.at = begin + written;
}

const hexDigit = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  hexDigit[digit.toString(16).charCodeAt(0)] = digit;
  hexDigit[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/** Where the bytes of an identifier stand in its usual form, with dashes. */
const uuidPlaces = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

function writeUuid(out: ByteWriter, value: Value): void {
  if (typeof value !== "string" || value.length !== 36) return wrong("uuid", value);
  out.reserve(20);
  out.int32(16);
  const { bytes } = out;
  let { at } = out;
  let all = 0;
  for (const place of uuidPlaces) {
    // a character that is no digit gives -1, which no later OR takes back
    const byte = ((hexDigit[value.charCodeAt(place)] ?? -1) << 4) | (hexDigit[value.charCodeAt(place + 1)] ?? -1);
    all |= byte;
    bytes[at++] = byte;
  }
  if (all < 0 || value[8] !== "-" || value[13] !== "-" || value[18] !== "-" || value[23] !== "-")
    return wrong("uuid", value);
  out.at = at;
}

function writeBytea(out: ByteWriter, value: Value): void {
  if (typeof value !== "string" || value.length % 2 !== 0) return wrong("bytea", value);
  const length = value.length >> 1;
  out.reserve(4 + length);
  out.int32(length);
  // stops at the first character that is no digit
  if (out.bytes.write(value, out.at, "hex") !== length) return wrong("bytea", value);
  out.at += length;
}

/** Writes a timestamptz with its length, room reserved before. */
function writeInstant(out: ByteWriter, value: Value): void {
  if (typeof value !== "number" || Number.isNaN(value)) return wrong("timestamptz", value);
  out.int32(8);
  if (Math.abs(value) < exactMs) out.int64((value - epoch2000) * 1000);
  else if (value === Infinity) {
    out.int32(0x7fffffff);
    out.int32(-1);
  } else if (value === -Infinity) {
    out.int32(-0x80000000);
    out.int32(0);
  } else {
    out.bytes.writeBigInt64BE(BigInt(Math.trunc(value) - epoch2000) * 1000n, out.at);
    out.at += 8;
  }
}

function isWhole(value: Value, limit: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value < limit && value >= -limit;
}

/** What no value but a text or bytes is longer than, its length included. */
const longestFixed = 20;

/**
 * Writes the values of a row one behind the other: what is done some forty times for each event, hence one loop that knows all types, and
 * not a function for each column. Throws TypeError for a value that is not of its column's type.
 */
export function writeRow(out: ByteWriter, types: readonly ColumnType[], row: readonly Value[]): void {
  const count = types.length;
  for (let index = 0; index < count; index++) {
    const value = row[index] as Value;
    out.reserve(longestFixed);
    if (value === null) {
      out.int32(-1);
      continue;
    }
    const wanted = types[index] as ColumnType;
    switch (wanted) {
      case "text":
      case "json":
        writeText(out, value);
        break;
      case "timestamptz":
        writeInstant(out, value);
        break;
      case "uuid":
        writeUuid(out, value);
        break;
      case "int2":
        if (!isWhole(value, 2 ** 15)) return wrong(wanted, value);
        out.int32(2);
        out.int16(value);
        break;
      case "int4":
        if (!isWhole(value, 2 ** 31)) return wrong(wanted, value);
        out.int32(4);
        out.int32(value);
        break;
      case "int8":
        if (!isWhole(value, 2 ** 53)) return wrong(wanted, value);
        out.int32(8);
        out.int64(value);
        break;
      case "bool":
        if (typeof value !== "boolean") return wrong(wanted, value);
        out.int32(1);
        out.bytes[out.at++] = value ? 1 : 0;
        break;
      case "bytea":
        writeBytea(out, value);
        break;
      default:
        wanted satisfies never;
    }
  }
}

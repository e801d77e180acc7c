/**
 * The few protobuf primitives that the services need: a cursor that reads and a growing writer.
 * Hand-written because the generated code costs about six times as much per message (spec 8.3).
 */

/** A reading position inside `buf`; `end` bounds the message that is being read. */
export type Cursor = { buf: Buffer; pos: number; end: number };

/** Thrown for bytes that are no valid protobuf. */
export class MalformedMessage extends Error {}

export function cursorOf(buf: Buffer): Cursor {
  return { buf, pos: 0, end: buf.length };
}

/** Reads a varint as a number. Values above 2^53 lose precision: use `readBigUint` where they may occur. */
export function readVarint(c: Cursor): number {
  const { buf, end } = c;
  let pos = c.pos;
  let byte = pos < end ? buf[pos++]! : fail();
  let value = byte & 0x7f;
  if (byte < 0x80) {
    c.pos = pos;
    return value;
  }
  let factor = 0x80;
  for (let i = 1; i < 10; i++) {
    byte = pos < end ? buf[pos++]! : fail();
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) {
      c.pos = pos;
      return value;
    }
    factor *= 0x80;
  }
  return fail();
}

/** Reads a varint as an unsigned 64-bit value, exact over the whole range. */
export function readBigUint(c: Cursor): bigint {
  let value = 0n;
  let shift = 0n;
  for (let i = 0; i < 10; i++) {
    if (c.pos >= c.end) fail();
    const byte = c.buf[c.pos++]!;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
    shift += 7n;
  }
  return fail();
}

/** Reads a length-delimited field as a view into the message. */
export function readBytes(c: Cursor): Buffer {
  const length = readVarint(c);
  const start = c.pos;
  if (start + length > c.end) fail();
  c.pos = start + length;
  return c.buf.subarray(start, start + length);
}

export function readString(c: Cursor): string {
  const length = readVarint(c);
  const start = c.pos;
  if (start + length > c.end) fail();
  c.pos = start + length;
  return c.buf.toString("utf8", start, start + length);
}

/** Reads a sub-message as a cursor of its own. */
export function readMessage(c: Cursor): Cursor {
  const length = readVarint(c);
  const pos = c.pos;
  if (pos + length > c.end) fail();
  c.pos = pos + length;
  return { buf: c.buf, pos, end: pos + length };
}

/** Skips the field whose tag was just read. */
export function skipField(c: Cursor, tag: number): void {
  switch (tag & 7) {
    case 0:
      readVarint(c);
      return;
    case 1:
      c.pos += 8;
      break;
    case 2: {
      // Not `c.pos += readVarint(c)`: that would add to the position before the length.
      const length = readVarint(c);
      c.pos += length;
      break;
    }
    case 5:
      c.pos += 4;
      break;
    default:
      fail();
  }
  if (c.pos > c.end) fail();
}

function fail(): never {
  throw new MalformedMessage("malformed protobuf message");
}

/** Bytes that `value` takes as a varint (numbers up to 2^53). */
export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  if (value < 0x800000000) return 5;
  if (value < 0x40000000000) return 6;
  if (value < 0x2000000000000) return 7;
  return 8;
}

/** Writes `value` (0 .. 2^53) at `pos`, returns the position behind it. */
export function writeVarint(buf: Uint8Array, pos: number, value: number): number {
  while (value >= 0x80) {
    buf[pos++] = (value % 0x80) | 0x80;
    value = value < 0x80000000 ? value >>> 7 : Math.floor(value / 0x80);
  }
  buf[pos++] = value;
  return pos;
}

/** A message under construction. Fields are appended in the order of the calls. */
export type MessageWriter = {
  uint(field: number, value: number | bigint): MessageWriter;
  /** A signed int32/int64 field: negative values take ten bytes. */
  int(field: number, value: number | bigint): MessageWriter;
  bool(field: number, value: boolean): MessageWriter;
  string(field: number, value: string): MessageWriter;
  bytes(field: number, value: Uint8Array): MessageWriter;
  /** A sub-message, given finished. */
  message(field: number, value: Uint8Array): MessageWriter;
  finish(): Buffer;
};

const EMPTY = Buffer.alloc(0);

/** A writer for messages off the hot path: collects parts, joins them once. */
export function writeMessage(): MessageWriter {
  const parts: Uint8Array[] = [];
  const self: MessageWriter = {
    uint(field, value) {
      parts.push(tagBytes(field, 0), bigVarint(BigInt.asUintN(64, BigInt(value))));
      return self;
    },
    int(field, value) {
      return self.uint(field, BigInt.asUintN(64, BigInt(value)));
    },
    bool(field, value) {
      return self.uint(field, value ? 1 : 0);
    },
    string(field, value) {
      return self.bytes(field, Buffer.from(value, "utf8"));
    },
    bytes(field, value) {
      parts.push(tagBytes(field, 2), smallVarint(value.length), value);
      return self;
    },
    message(field, value) {
      return self.bytes(field, value);
    },
    finish() {
      return parts.length === 0 ? EMPTY : Buffer.concat(parts);
    },
  };
  return self;
}

function tagBytes(field: number, wireType: number): Uint8Array {
  return smallVarint(field * 8 + wireType);
}

function smallVarint(value: number): Uint8Array {
  const out = Buffer.allocUnsafe(varintSize(value));
  writeVarint(out, 0, value);
  return out;
}

function bigVarint(value: bigint): Uint8Array {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return smallVarint(Number(value));
  const out: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    out.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  out.push(Number(rest));
  return Uint8Array.from(out);
}

/** Puts the five-byte gRPC prefix (uncompressed, length) before a message. */
export function frameOf(message: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(5 + message.length);
  out[0] = 0;
  out.writeUInt32BE(message.length, 1);
  out.set(message, 5);
  return out;
}

/**
 * The little of protobuf that the hot messages need. Writing: functions that give the bytes of one field. Reading: a cursor
 * over one message's bytes.
 */

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** An unsigned integer in base 128, least significant group first. */
export function varint(value: number | bigint): Buffer {
  if (typeof value === "number" && value < 128) return Buffer.of(value);
  let rest = BigInt(value);
  const groups: number[] = [];
  do {
    const group = Number(rest & 0x7fn);
    rest >>= 7n;
    groups.push(rest === 0n ? group : group | 0x80);
  } while (rest !== 0n);
  return Buffer.from(groups);
}

/** A field of an unsigned integer, boolean or enum. */
export function uintField(number: number, value: number | bigint): Buffer {
  return Buffer.concat([varint((number << 3) | VARINT), varint(value)]);
}

/** A field of bytes, text (UTF-8) or a nested message given by its own fields. */
export function bytesField(number: number, content: Uint8Array | string | readonly Uint8Array[]): Buffer {
  const length =
    typeof content === "string"
      ? Buffer.byteLength(content)
      : content instanceof Uint8Array
        ? content.length
        : totalLength(content);
  const head = varintLength(number << 3) + varintLength(length);
  const field = Buffer.allocUnsafe(head + length);
  writeVarint(field, writeVarint(field, 0, (number << 3) | BYTES), length);
  if (typeof content === "string") field.write(content, head, "utf8");
  else if (content instanceof Uint8Array) field.set(content, head);
  else {
    let at = head;
    for (const part of content) {
      field.set(part, at);
      at += part.length;
    }
  }
  return field;
}

function totalLength(parts: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

/** Of a number below 2^31. */
function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}

function writeVarint(target: Buffer, at: number, value: number): number {
  let rest = value;
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** A nested message without fields: what the protocol uses for choices such as "start" or "no stream". */
export function emptyField(number: number): Buffer {
  return bytesField(number, new Uint8Array(0));
}

/**
 * A cursor over the fields of one message. `next()` moves to the next field and tells its number (0 at the end); then
 * exactly one of the reading methods, or `skip()`, is called for its value.
 */
export class Cursor {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #type = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  next(): number {
    if (this.#at >= this.#end) return 0;
    const tag = this.number();
    this.#type = tag & 7;
    return tag >>> 3;
  }

  /** An unsigned integer; exact up to 2^53, rounded above. */
  number(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new RangeError("truncated message");
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  /** An unsigned 64-bit integer. */
  bigint(): bigint {
    const start = this.#at;
    const rounded = this.number();
    if (rounded <= Number.MAX_SAFE_INTEGER) return BigInt(rounded);
    let value = 0n;
    for (let at = start, shift = 0n; at < this.#at; at++, shift += 7n)
      value |= BigInt(this.#bytes.readUInt8(at) & 0x7f) << shift;
    return BigInt.asUintN(64, value);
  }

  text(): string {
    const [start, end] = this.#range();
    return this.#bytes.toString("utf8", start, end);
  }

  /** Text known to be ASCII; cheaper. */
  ascii(): string {
    const [start, end] = this.#range();
    return this.#bytes.toString("latin1", start, end);
  }

  /** A nested message. */
  message(): Cursor {
    const [start, end] = this.#range();
    return new Cursor(this.#bytes, start, end);
  }

  skip(): void {
    switch (this.#type) {
      case VARINT:
        this.number();
        return;
      case FIXED64:
        this.#at += 8;
        return;
      case FIXED32:
        this.#at += 4;
        return;
      case BYTES:
        this.#range();
        return;
      default:
        throw new RangeError(`unknown wire type ${this.#type}`);
    }
  }

  #range(): [start: number, end: number] {
    const length = this.number();
    const start = this.#at;
    const end = start + length;
    if (end > this.#end) throw new RangeError("truncated message");
    this.#at = end;
    return [start, end];
  }
}

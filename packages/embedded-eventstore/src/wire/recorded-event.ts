import {
  cursorOf,
  frameOf,
  readBytes,
  readMessage,
  readString,
  readVarint,
  skipField,
  varintSize,
  writeMessage,
  writeVarint,
} from "./protobuf.ts";
import { encodeUuidStructured } from "./uuid.ts";

/**
 * Events are stored as the bytes that a read sends: one complete gRPC frame
 *
 *     prefix(5) ReadResp{ event(1): ReadEvent{ event(1): RecordedEvent, commit_position(3) } }
 *
 * so that a plain read copies and never encodes (spec 8.3). This file makes such frames and takes them apart.
 */

/** What an event consists of before it is written. `id` is canonical; positions are byte offsets in the log. */
export type EventParts = {
  id: string;
  type: string;
  isJson: boolean;
  data: Uint8Array;
  metadata: Uint8Array;
};

const KEY_TYPE = Buffer.from([0x0a, 0x04, ...Buffer.from("type")]);
const ENTRY_JSON = metadataEntry("content-type", "application/json");
const ENTRY_BINARY = metadataEntry("content-type", "application/octet-stream");
const KEY_CREATED = Buffer.from([0x0a, 0x07, ...Buffer.from("created")]);
/** Ticks since the epoch have 17 digits from 2001 to 2286. */
const TICK_DIGITS = 17;

function metadataEntry(key: string, value: string): Buffer {
  return writeMessage().message(6, writeMessage().string(1, key).string(2, value).finish()).finish();
}

/** The encoded `stream_identifier` field (2) of a RecordedEvent; made once per append. */
export function encodeStreamField(stream: string): Buffer {
  return writeMessage()
    .message(2, writeMessage().bytes(3, Buffer.from(stream, "utf8")).finish())
    .finish();
}

/**
 * Encodes one event as a stored frame.
 * Takes the event, its encoded stream field, revision, position and creation time (ms since the epoch).
 * A revision of -1 stands for the tombstone's int64 max.
 */
export function encodeEventFrame(
  event: EventParts,
  streamField: Uint8Array,
  revision: number,
  position: number,
  createdMs: number,
): Buffer {
  const typeLength = Buffer.byteLength(event.type, "utf8");
  const ticks = `${createdMs}0000`;
  if (ticks.length !== TICK_DIGITS) throw new RangeError("clock outside the years 2001 to 2286");
  const typeEntry = KEY_TYPE.length + 1 + varintSize(typeLength) + typeLength;
  const createdEntry = KEY_CREATED.length + 2 + TICK_DIGITS;
  const contentEntry = event.isJson ? ENTRY_JSON : ENTRY_BINARY;
  const revisionSize = revision < 0 ? 9 : varintSize(revision);
  const positionSize = varintSize(position);
  const meta = event.metadata.length;
  const data = event.data.length;
  const recorded =
    40 +
    streamField.length +
    1 +
    revisionSize +
    2 * (1 + positionSize) +
    (1 + varintSize(typeEntry) + typeEntry) +
    (2 + createdEntry) +
    contentEntry.length +
    (meta > 0 ? 1 + varintSize(meta) + meta : 0) +
    (data > 0 ? 1 + varintSize(data) + data : 0);
  const readEvent = 1 + varintSize(recorded) + recorded + 1 + positionSize;
  const message = 1 + varintSize(readEvent) + readEvent;
  const out = Buffer.allocUnsafe(5 + message);
  out[0] = 0;
  out.writeUInt32BE(message, 1);
  out[5] = 0x0a;
  let p = writeVarint(out, 6, readEvent);
  out[p++] = 0x0a;
  p = writeVarint(out, p, recorded);
  out[p] = 0x0a;
  out[p + 1] = 38;
  out[p + 2] = 0x12;
  out[p + 3] = 36;
  out.write(event.id, p + 4, 36, "latin1");
  p += 40;
  out.set(streamField, p);
  p += streamField.length;
  out[p++] = 0x18;
  if (revision < 0) {
    out.fill(0xff, p, p + 8);
    out[p + 8] = 0x7f;
    p += 9;
  } else p = writeVarint(out, p, revision);
  out[p++] = 0x20;
  p = writeVarint(out, p, position);
  out[p++] = 0x28;
  p = writeVarint(out, p, position);
  out[p++] = 0x32;
  p = writeVarint(out, p, typeEntry);
  out.set(KEY_TYPE, p);
  p += KEY_TYPE.length;
  out[p++] = 0x12;
  p = writeVarint(out, p, typeLength);
  p += out.write(event.type, p, typeLength, "utf8");
  out[p++] = 0x32;
  out[p++] = createdEntry;
  out.set(KEY_CREATED, p);
  p += KEY_CREATED.length;
  out[p++] = 0x12;
  out[p++] = TICK_DIGITS;
  p += out.write(ticks, p, TICK_DIGITS, "latin1");
  out.set(contentEntry, p);
  p += contentEntry.length;
  if (meta > 0) {
    out[p++] = 0x3a;
    p = writeVarint(out, p, meta);
    out.set(event.metadata, p);
    p += meta;
  }
  if (data > 0) {
    out[p++] = 0x42;
    p = writeVarint(out, p, data);
    out.set(event.data, p);
    p += data;
  }
  out[p++] = 0x18;
  writeVarint(out, p, position);
  return out;
}

/** The RecordedEvent message inside a stored frame (a view). */
export function recordedOf(frame: Buffer): Buffer {
  const c = { buf: frame, pos: 6, end: frame.length };
  readVarint(c);
  c.pos += 1;
  return readBytes(c);
}

/** The event id of a stored frame. */
export function idOf(frame: Buffer): string {
  const recorded = recordedOf(frame);
  return recorded.toString("latin1", 4, 40);
}

/** A decoded RecordedEvent: everything but the positions, which the caller knows. */
export type DecodedEvent = EventParts & { stream: string; createdTicks: string };

/** Decodes the event of a stored frame. `data` and `metadata` are views. */
export function decodeEvent(frame: Buffer): DecodedEvent {
  const c = cursorOf(recordedOf(frame));
  const out: DecodedEvent = {
    id: "",
    type: "",
    isJson: false,
    data: EMPTY,
    metadata: EMPTY,
    stream: "",
    createdTicks: "0",
  };
  while (c.pos < c.end) {
    const tag = readVarint(c);
    if (tag === 0x0a) {
      const m = readMessage(c);
      m.pos += 1;
      out.id = readString(m);
    } else if (tag === 0x12) {
      const m = readMessage(c);
      m.pos += 1;
      out.stream = readString(m);
    } else if (tag === 0x32) {
      const m = readMessage(c);
      m.pos += 1;
      const key = readString(m);
      m.pos += 1;
      const value = readString(m);
      if (key === "type") out.type = value;
      else if (key === "created") out.createdTicks = value;
      else out.isJson = value === "application/json";
    } else if (tag === 0x3a) out.metadata = readBytes(c);
    else if (tag === 0x42) out.data = readBytes(c);
    else skipField(c, tag);
  }
  return out;
}

const EMPTY = Buffer.alloc(0);

/**
 * A ReadResp frame for a resolved link: `event` = the target (absent when it cannot be read), `link` = the link event.
 * The commit position is the link's.
 */
export function resolvedFrame(target: Uint8Array | undefined, link: Uint8Array, position: number): Buffer {
  const event = writeMessage();
  if (target) event.message(1, target);
  event.message(2, link).uint(3, position);
  return frameOf(writeMessage().message(1, event.finish()).finish());
}

/** The RecordedEvent with its id in structured form, for the callers that ask for it. */
export function withStructuredId(recorded: Buffer): Buffer {
  const id = recorded.toString("latin1", 4, 40);
  return Buffer.concat([writeMessage().message(1, encodeUuidStructured(id)).finish(), recorded.subarray(40)]);
}

/** Where a link points: `<revision>@<stream>`, split at the first `@`; undefined when the text is no such thing. */
export function parseLink(data: Uint8Array): { revision: number; stream: string } | undefined {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("utf8");
  const at = text.indexOf("@");
  if (at < 1 || !/^-?\d{1,19}$/.test(text.slice(0, at))) return undefined;
  return { revision: Number(text.slice(0, at)), stream: text.slice(at + 1) };
}

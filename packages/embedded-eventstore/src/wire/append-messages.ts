import { ANY, type Expected, NO_STREAM, readExpected, STREAM_EXISTS } from "./expected.ts";
import {
  type Cursor,
  cursorOf,
  frameOf,
  readBigUint,
  readBytes,
  readMessage,
  readString,
  readVarint,
  skipField,
  varintSize,
  writeMessage,
  writeVarint,
} from "./protobuf.ts";
import { readUuid, type WireUuid } from "./uuid.ts";

/** A proposed event as it came. `type` and `contentType` are undefined when their metadata key is missing. */
export type ProposedEvent = {
  id: string | undefined;
  type: string | undefined;
  contentType: string | undefined;
  metadata: Buffer;
  data: Buffer;
};

/** The `options` of an append, delete or tombstone. */
export type WriteOptions = { stream: string | undefined; expected: Expected | undefined };

export type BatchOptions = WriteOptions & {
  /** Milliseconds left when the request was read; undefined without a deadline. */
  remainingMs: number | undefined;
  /** The stream identifier message to echo. */
  rawStream: Buffer;
};

export type BatchAppendReq = {
  correlation: WireUuid | undefined;
  options: BatchOptions | undefined;
  events: ProposedEvent[];
  isFinal: boolean;
};

const EMPTY = Buffer.alloc(0);

/** Reads a StreamIdentifier sub-message: the name is UTF-8 in field 3. */
export function readStreamName(c: Cursor): string {
  const m = readMessage(c);
  let name = "";
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x1a) name = readString(m);
    else skipField(m, tag);
  }
  return name;
}

function readProposed(c: Cursor): ProposedEvent {
  const m = readMessage(c);
  const event: ProposedEvent = { id: undefined, type: undefined, contentType: undefined, metadata: EMPTY, data: EMPTY };
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x22) event.data = readBytes(m);
    else if (tag === 0x1a) event.metadata = readBytes(m);
    else if (tag === 0x12) readMetadataEntry(m, event);
    else if (tag === 0x0a) event.id = readUuid(m).text;
    else skipField(m, tag);
  }
  return event;
}

/** Only `type` and `content-type` are kept; a real node drops the other keys too. */
function readMetadataEntry(c: Cursor, event: ProposedEvent): void {
  const m = readMessage(c);
  let key = "";
  let value = "";
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x0a) key = readString(m);
    else if (tag === 0x12) value = readString(m);
    else skipField(m, tag);
  }
  if (key === "type") event.type = value;
  else if (key === "content-type") event.contentType = value;
}

/** `AppendReq`: either the options or one event. */
export function decodeAppendReq(payload: Buffer): { options?: WriteOptions; event?: ProposedEvent } {
  const c = cursorOf(payload);
  const out: { options?: WriteOptions; event?: ProposedEvent } = {};
  while (c.pos < c.end) {
    const tag = readVarint(c);
    if (tag === 0x0a) out.options = readWriteOptions(readMessage(c));
    else if (tag === 0x12) out.event = readProposed(c);
    else skipField(c, tag);
  }
  return out;
}

/** `DeleteReq` and `TombstoneReq`. */
export function decodeDeleteReq(payload: Buffer): WriteOptions {
  const c = cursorOf(payload);
  let options: WriteOptions = { stream: undefined, expected: undefined };
  while (c.pos < c.end) {
    const tag = readVarint(c);
    if (tag === 0x0a) options = readWriteOptions(readMessage(c));
    else skipField(c, tag);
  }
  return options;
}

function readWriteOptions(m: Cursor): WriteOptions {
  const out: WriteOptions = { stream: undefined, expected: undefined };
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x0a) {
      out.stream = readStreamName(m);
      continue;
    }
    const expected = readExpected(m, tag);
    if (expected) out.expected = expected;
    else skipField(m, tag);
  }
  return out;
}

/** `BatchAppendReq`. `nowMs` turns an absolute deadline into the time that is left. */
export function decodeBatchAppendReq(payload: Buffer, nowMs: number): BatchAppendReq {
  const c = cursorOf(payload);
  const out: BatchAppendReq = { correlation: undefined, options: undefined, events: [], isFinal: false };
  while (c.pos < c.end) {
    const tag = readVarint(c);
    if (tag === 0x1a) out.events.push(readProposed(c));
    else if (tag === 0x0a) out.correlation = readUuid(c);
    else if (tag === 0x12) out.options = readBatchOptions(readMessage(c), nowMs);
    else if (tag === 0x20) out.isFinal = readVarint(c) !== 0;
    else skipField(c, tag);
  }
  return out;
}

function readBatchOptions(m: Cursor, nowMs: number): BatchOptions {
  const out: BatchOptions = { stream: undefined, expected: undefined, remainingMs: undefined, rawStream: EMPTY };
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x0a) {
      const at = { ...m };
      out.rawStream = readBytes(at);
      out.stream = readStreamName(m);
    } else if (tag === 0x32) out.remainingMs = readSecondsAndNanos(m) - nowMs;
    else if (tag === 0x3a) out.remainingMs = readSecondsAndNanos(m);
    else {
      const expected = readExpected(m, tag);
      if (expected) out.expected = expected;
      else skipField(m, tag);
    }
  }
  return out;
}

/** A Timestamp or Duration in milliseconds. */
function readSecondsAndNanos(c: Cursor): number {
  const m = readMessage(c);
  let seconds = 0n;
  let nanos = 0n;
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x08) seconds = BigInt.asIntN(64, readBigUint(m));
    else if (tag === 0x10) nanos = BigInt.asIntN(32, readBigUint(m));
    else skipField(m, tag);
  }
  return Number(seconds) * 1000 + Number(nanos) / 1e6;
}

/** What a write came to, as the answers need it. `revision` -1: the stream has no events. */
export type WriteResult = { revision: number; position: number | undefined };

function positionMessage(position: number): Buffer {
  return writeMessage().uint(1, position).uint(2, position).finish();
}

/** `AppendResp.success`. */
export function encodeAppendSuccess(result: WriteResult): Buffer {
  const body = writeMessage();
  if (result.revision >= 0) body.uint(1, result.revision);
  else body.message(2, EMPTY);
  if (result.position === undefined) body.message(4, EMPTY);
  else body.message(3, positionMessage(result.position));
  return writeMessage().message(1, body.finish()).finish();
}

/** `AppendResp.wrong_expected_version`: the current fields and their deprecated twins, as a real node sets both. */
export function encodeAppendConflict(current: number, expected: Expected): Buffer {
  const body = writeMessage();
  if (current >= 0) body.uint(1, current);
  else body.message(2, EMPTY);
  if (expected.value >= 0) body.uint(3, expected.wire);
  else if (expected.value === ANY) body.message(4, EMPTY);
  else if (expected.value === STREAM_EXISTS) body.message(5, EMPTY);
  if (current >= 0) body.uint(6, current);
  else body.message(7, EMPTY);
  if (expected.value >= 0) body.uint(8, expected.wire);
  else if (expected.value === ANY) body.message(9, EMPTY);
  else if (expected.value === STREAM_EXISTS) body.message(10, EMPTY);
  else if (expected.value === NO_STREAM) body.message(11, EMPTY);
  return writeMessage().message(2, body.finish()).finish();
}

/** `DeleteResp` / `TombstoneResp`. */
export function encodeDeleteResp(position: number): Buffer {
  return writeMessage().message(1, positionMessage(position)).finish();
}

/** A finished gRPC frame with `BatchAppendResp.success`; hot, so it is written in one go. */
export function encodeBatchSuccessFrame(correlation: Uint8Array, rawStream: Uint8Array, result: WriteResult): Buffer {
  const revisionSize = result.revision >= 0 ? 1 + varintSize(result.revision) : 2;
  const at = result.position;
  const inner = at === undefined ? 0 : 2 * (1 + varintSize(at));
  const success = revisionSize + (at === undefined ? 2 : 2 + inner);
  const message =
    1 +
    varintSize(correlation.length) +
    correlation.length +
    2 +
    success +
    1 +
    varintSize(rawStream.length) +
    rawStream.length;
  const out = Buffer.allocUnsafe(5 + message);
  out[0] = 0;
  out.writeUInt32BE(message, 1);
  out[5] = 0x0a;
  let p = writeVarint(out, 6, correlation.length);
  out.set(correlation, p);
  p += correlation.length;
  out[p++] = 0x1a;
  out[p++] = success;
  if (result.revision >= 0) {
    out[p++] = 0x08;
    p = writeVarint(out, p, result.revision);
  } else {
    out[p++] = 0x12;
    out[p++] = 0;
  }
  if (at === undefined) {
    out[p++] = 0x22;
    out[p++] = 0;
  } else {
    out[p++] = 0x1a;
    out[p++] = inner;
    out[p++] = 0x08;
    p = writeVarint(out, p, at);
    out[p++] = 0x10;
    p = writeVarint(out, p, at);
  }
  out[p++] = 0x22;
  p = writeVarint(out, p, rawStream.length);
  out.set(rawStream, p);
  return out;
}

/** The `Status` of a failed batch append. `detail` names the Any's message under `event_store.client.`, or is a full name. */
export type BatchError = { code: number; message: string; detail: string; body?: Uint8Array };

/** A finished gRPC frame with `BatchAppendResp.error`. The client must always get details (spec 2.6, hazard 2). */
export function encodeBatchErrorFrame(
  correlation: Uint8Array | undefined,
  rawStream: Uint8Array,
  error: BatchError,
): Buffer {
  const name = error.detail.includes(".") ? error.detail : `event_store.client.${error.detail}`;
  const any = writeMessage().string(1, `type.googleapis.com/${name}`);
  if (error.body && error.body.length > 0) any.bytes(2, error.body);
  const status = writeMessage();
  if (error.code !== 0) status.uint(1, error.code);
  status.string(2, error.message).message(3, any.finish());
  const out = writeMessage();
  if (correlation) out.message(1, correlation);
  out.message(2, status.finish());
  if (rawStream.length > 0) out.message(4, rawStream);
  return frameOf(out.finish());
}

/** The body of the shared `WrongExpectedVersion` message. */
export function encodeConflictDetail(current: number, expected: Expected): Buffer {
  const body = writeMessage();
  if (current >= 0) body.uint(1, current);
  else body.message(2, EMPTY);
  if (expected.value >= 0) body.uint(3, expected.wire);
  else if (expected.value === ANY) body.message(4, EMPTY);
  else if (expected.value === STREAM_EXISTS) body.message(5, EMPTY);
  else body.message(6, EMPTY);
  return body.finish();
}

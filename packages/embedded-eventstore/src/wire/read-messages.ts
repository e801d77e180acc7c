import { readStreamName } from "./append-messages.ts";
import {
  type Cursor,
  cursorOf,
  frameOf,
  readBigUint,
  readMessage,
  readString,
  readVarint,
  skipField,
  writeMessage,
} from "./protobuf.ts";

/** Where a read begins. For streams `at.commit` holds the revision. Values are exact u64. */
export type ReadFrom = { kind: "start" } | { kind: "end" } | { kind: "at"; commit: bigint; prepare: bigint };

export type FilterOptions = {
  on: "stream" | "type" | undefined;
  regex: string;
  prefixes: string[];
  /** Search window; undefined when the caller asked for none. */
  max: number | undefined;
  multiplier: number;
};

/** A `ReadReq` with every part that may be missing shown as undefined: the service decides what that means. */
export type ReadReq = {
  source: { kind: "stream"; name: string; from: ReadFrom } | { kind: "all"; from: ReadFrom } | undefined;
  backwards: boolean;
  resolveLinks: boolean;
  count: bigint | undefined;
  subscription: boolean;
  filter: FilterOptions | undefined;
  noFilter: boolean;
  uuid: "structured" | "string" | undefined;
  compatibility: number;
};

/** Decodes a `ReadReq`. A source without revision or position counts as 0, the protobuf default. */
export function decodeReadReq(payload: Buffer): ReadReq {
  const c = cursorOf(payload);
  const out: ReadReq = {
    source: undefined,
    backwards: false,
    resolveLinks: false,
    count: undefined,
    subscription: false,
    filter: undefined,
    noFilter: false,
    uuid: undefined,
    compatibility: 0,
  };
  while (c.pos < c.end) {
    const tag = readVarint(c);
    if (tag === 0x0a) readOptions(readMessage(c), out);
    else skipField(c, tag);
  }
  return out;
}

function readOptions(m: Cursor, out: ReadReq): void {
  while (m.pos < m.end) {
    const tag = readVarint(m);
    switch (tag) {
      case 0x0a:
        out.source = readStreamSource(readMessage(m));
        break;
      case 0x12:
        out.source = { kind: "all", from: readAllFrom(readMessage(m)) };
        break;
      case 0x18:
        out.backwards = readVarint(m) === 1;
        break;
      case 0x20:
        out.resolveLinks = readVarint(m) !== 0;
        break;
      case 0x28:
        out.count = readBigUint(m);
        out.subscription = false;
        break;
      case 0x32:
        skipField(m, tag);
        out.subscription = true;
        out.count = undefined;
        break;
      case 0x3a:
        out.filter = readFilter(readMessage(m));
        out.noFilter = false;
        break;
      case 0x42:
        skipField(m, tag);
        out.noFilter = true;
        out.filter = undefined;
        break;
      case 0x4a:
        out.uuid = readUuidOption(readMessage(m));
        break;
      case 0x52:
        out.compatibility = readCompatibility(readMessage(m));
        break;
      default:
        skipField(m, tag);
    }
  }
}

function readStreamSource(m: Cursor): NonNullable<ReadReq["source"]> {
  let name = "";
  let from: ReadFrom = { kind: "at", commit: 0n, prepare: 0n };
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x0a) name = readStreamName(m);
    else if (tag === 0x10) from = { kind: "at", commit: readBigUint(m), prepare: 0n };
    else if (tag === 0x1a) from = skipped(m, tag, "start");
    else if (tag === 0x22) from = skipped(m, tag, "end");
    else skipField(m, tag);
  }
  return { kind: "stream", name, from };
}

/** The `all` options of a read or of a persistent subscription: position 1, start 2, end 3. */
export function readAllFrom(m: Cursor): ReadFrom {
  let from: ReadFrom = { kind: "at", commit: 0n, prepare: 0n };
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x0a) from = readPosition(readMessage(m));
    else if (tag === 0x12) from = skipped(m, tag, "start");
    else if (tag === 0x1a) from = skipped(m, tag, "end");
    else skipField(m, tag);
  }
  return from;
}

function skipped(m: Cursor, tag: number, kind: "start" | "end"): ReadFrom {
  skipField(m, tag);
  return { kind };
}

function readPosition(m: Cursor): ReadFrom {
  let commit = 0n;
  let prepare = 0n;
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x08) commit = readBigUint(m);
    else if (tag === 0x10) prepare = readBigUint(m);
    else skipField(m, tag);
  }
  return { kind: "at", commit, prepare };
}

/** A filter as reads and persistent subscriptions to `$all` send it. */
export function readFilter(m: Cursor): FilterOptions {
  const out: FilterOptions = { on: undefined, regex: "", prefixes: [], max: undefined, multiplier: 0 };
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x0a || tag === 0x12) {
      out.on = tag === 0x0a ? "stream" : "type";
      out.regex = "";
      out.prefixes = [];
      const e = readMessage(m);
      while (e.pos < e.end) {
        const inner = readVarint(e);
        if (inner === 0x0a) out.regex = readString(e);
        else if (inner === 0x12) out.prefixes.push(readString(e));
        else skipField(e, inner);
      }
    } else if (tag === 0x18) out.max = readVarint(m);
    else if (tag === 0x28) out.multiplier = readVarint(m);
    else skipField(m, tag);
  }
  return out;
}

function readUuidOption(m: Cursor): "structured" | "string" | undefined {
  let out: "structured" | "string" | undefined;
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x0a) out = "structured";
    else if (tag === 0x12) out = "string";
    skipField(m, tag);
  }
  return out;
}

function readCompatibility(m: Cursor): number {
  let out = 0;
  while (m.pos < m.end) {
    const tag = readVarint(m);
    if (tag === 0x08) out = readVarint(m);
    else skipField(m, tag);
  }
  return out;
}

/** Finished frames of the `ReadResp` messages that carry no event. */
export function confirmationFrame(subscriptionId: string): Buffer {
  return frameOf(writeMessage().message(2, writeMessage().string(1, subscriptionId).finish()).finish());
}

export function checkpointFrame(position: number): Buffer {
  return frameOf(writeMessage().message(3, writeMessage().uint(1, position).uint(2, position).finish()).finish());
}

export function streamNotFoundFrame(stream: string): Buffer {
  const identifier = writeMessage().bytes(3, Buffer.from(stream, "utf8")).finish();
  return frameOf(writeMessage().message(4, writeMessage().message(1, identifier).finish()).finish());
}

export function firstStreamPositionFrame(revision: number): Buffer {
  return frameOf(writeMessage().uint(5, revision).finish());
}

export function lastStreamPositionFrame(revision: number): Buffer {
  return frameOf(writeMessage().uint(6, revision).finish());
}

/**
 * `caught_up`, with what newer clients read from it: the time, and how far the subscription is (a revision for a stream, a
 * position for `$all`; nothing when there is nothing yet).
 */
export function caughtUpFrame(nowMs: number, reached: { revision: number } | { position: number }): Buffer {
  const seconds = Math.floor(nowMs / 1000);
  const body = writeMessage().message(
    1,
    writeMessage()
      .uint(1, seconds)
      .uint(2, (nowMs - seconds * 1000) * 1_000_000)
      .finish(),
  );
  if ("revision" in reached && reached.revision >= 0) body.int(2, reached.revision);
  if ("position" in reached)
    body.message(3, writeMessage().uint(1, reached.position).uint(2, reached.position).finish());
  return frameOf(writeMessage().message(8, body.finish()).finish());
}

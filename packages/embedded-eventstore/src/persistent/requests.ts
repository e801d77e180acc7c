import { handlerFailed } from "../rpc/errors.ts";
import { readStreamName } from "../wire/append-messages.ts";
import {
  type Cursor,
  cursorOf,
  readBigUint,
  readMessage,
  readString,
  readVarint,
  skipField,
} from "../wire/protobuf.ts";
import { type FilterOptions, type ReadFrom, readAllFrom, readFilter } from "../wire/read-messages.ts";
import { readUuid } from "../wire/uuid.ts";
import type { NackAction } from "./group.ts";
import { ALL, type GroupSettings, type StartFrom } from "./settings.ts";

/** Requests of the PersistentSubscriptions service (spec 2.8). A group that a request names: its source and its name. */
export type Target = { source: string; group: string };

const U64_MAX = 18446744073709551615n;
const END: StartFrom = { kind: "end" };

/** Field tags: number and wire type in one. */
const bytesTag = (field: number) => field * 8 + 2;

/** Reads the fields of a message; `on` gets each tag and gives true when it has read the field. */
function eachField(c: Cursor, on: (tag: number) => boolean): void {
  while (c.pos < c.end) {
    const tag = readVarint(c);
    if (!on(tag)) skipField(c, tag);
  }
}

/** The `options` message (field 1) of a request. */
function optionsOf(payload: Buffer): Cursor {
  const c = cursorOf(payload);
  let options: Cursor | undefined;
  eachField(c, (tag) => {
    if (tag !== bytesTag(1)) return false;
    options = readMessage(c);
    return true;
  });
  if (!options) throw handlerFailed();
  return options;
}

/** Reads a request whose options hold no more than a source and a group, under the given field numbers; `more` sees the rest. */
function readTarget(
  m: Cursor,
  fields: { stream: number; all: number; group: number },
  more: (tag: number) => boolean = () => false,
): Target {
  let source: string | undefined;
  let group = "";
  eachField(m, (tag) => {
    if (tag === bytesTag(fields.stream)) source = readStreamName(m);
    else if (tag === bytesTag(fields.all)) {
      readMessage(m);
      source = ALL;
    } else if (tag === bytesTag(fields.group)) group = readString(m);
    else return more(tag);
    return true;
  });
  if (source === undefined) throw handlerFailed();
  return { source, group };
}

export function readDelete(payload: Buffer): Target {
  return readTarget(optionsOf(payload), { stream: 1, all: 3, group: 2 });
}

export function readGetInfo(payload: Buffer): Target {
  return readTarget(optionsOf(payload), { stream: 1, all: 2, group: 3 });
}

export function readReplayParked(payload: Buffer): Target & { stopAt: bigint | undefined } {
  const m = optionsOf(payload);
  let stopAt: bigint | undefined;
  const target = readTarget(m, { stream: 2, all: 3, group: 1 }, (tag) => {
    if (tag !== 0x20) return false;
    stopAt = BigInt.asIntN(64, readBigUint(m));
    return true;
  });
  return { ...target, stopAt };
}

/** The source to list, undefined for all groups. */
export function readList(payload: Buffer): string | undefined {
  const m = optionsOf(payload);
  let wanted: { source: string | undefined } | undefined;
  eachField(m, (tag) => {
    if (tag === bytesTag(1)) {
      readMessage(m);
      wanted = { source: undefined };
    } else if (tag === bytesTag(2))
      wanted = { source: readTarget(readMessage(m), { stream: 1, all: 2, group: 15 }).source };
    else return false;
    return true;
  });
  if (!wanted) throw handlerFailed();
  return wanted.source;
}

export type ConnectRequest = Target & { bufferSize: number; structuredIds: boolean };
export type ReadMessage =
  | { kind: "options"; options: ConnectRequest }
  | { kind: "ack"; ids: string[] }
  | { kind: "nack"; ids: string[]; action: NackAction; reason: string }
  | { kind: "nothing" };

const ACTIONS: readonly NackAction[] = ["unknown", "park", "retry", "skip", "stop"];

/** One message of a consumer. */
export function readReadMessage(payload: Buffer): ReadMessage {
  const c = cursorOf(payload);
  let message: ReadMessage = { kind: "nothing" };
  eachField(c, (tag) => {
    if (tag === bytesTag(1)) message = { kind: "options", options: readConnect(readMessage(c)) };
    else if (tag === bytesTag(2)) message = { kind: "ack", ids: readAnswer(readMessage(c)).ids };
    else if (tag === bytesTag(3)) message = { kind: "nack", ...readAnswer(readMessage(c)) };
    else return false;
    return true;
  });
  return message;
}

function readConnect(m: Cursor): ConnectRequest {
  let bufferSize = 0;
  let structuredIds = false;
  const target = readTarget(m, { stream: 1, all: 5, group: 2 }, (tag) => {
    if (tag === 0x18) bufferSize = readInt(m);
    else if (tag === bytesTag(4)) {
      const option = readMessage(m);
      structuredIds = option.pos < option.end && readVarint(option) === bytesTag(1);
    } else return false;
    return true;
  });
  return { ...target, bufferSize, structuredIds };
}

function readAnswer(m: Cursor): { ids: string[]; action: NackAction; reason: string } {
  const ids: string[] = [];
  let action: NackAction = "unknown";
  let reason = "";
  eachField(m, (tag) => {
    if (tag === bytesTag(2)) {
      const { text } = readUuid(m);
      if (text !== undefined) ids.push(text);
    } else if (tag === 0x18) action = ACTIONS[readVarint(m)] ?? "unknown";
    else if (tag === bytesTag(4)) reason = readString(m);
    else return false;
    return true;
  });
  return { ids, action, reason };
}

export type GroupRequest = Target & { settings: GroupSettings; filter: FilterOptions | undefined };

/** Decodes a Create or an Update: the source stands in one of three places, the start beside it. */
export function readGroupRequest(payload: Buffer): GroupRequest {
  const m = optionsOf(payload);
  let source: string | undefined;
  let group = "";
  let startFrom: StartFrom | undefined;
  let filter: FilterOptions | undefined;
  let settings: (GroupSettings & { legacyStart: StartFrom }) | undefined;
  eachField(m, (tag) => {
    if (tag === bytesTag(1)) source ??= readStreamName(m);
    else if (tag === bytesTag(2)) group = readString(m);
    else if (tag === bytesTag(3)) settings = readSettings(readMessage(m));
    else if (tag === bytesTag(4)) ({ source, startFrom } = readStreamOptions(readMessage(m)));
    else if (tag === bytesTag(5)) {
      const all = readMessage(m);
      startFrom = startOf(readAllFrom({ ...all }));
      filter = filterOf(all);
      source = ALL;
    } else return false;
    return true;
  });
  if (!settings || !source || (source === ALL && startFrom?.kind === "revision")) throw handlerFailed();
  // A stream may not go by the name of `$all`: only the options for it may.
  if (source === ALL && startFrom === undefined) throw handlerFailed();
  const { legacyStart, ...rest } = settings;
  return { source, group, filter, settings: { ...rest, startFrom: startFrom ?? legacyStart } };
}

function readStreamOptions(m: Cursor): { source: string; startFrom: StartFrom } {
  let source = "";
  let startFrom: StartFrom = { kind: "revision", revision: 0n };
  eachField(m, (tag) => {
    if (tag === bytesTag(1)) source = readStreamName(m);
    else if (tag === 0x10) startFrom = revisionStart(readBigUint(m));
    else if (tag === bytesTag(3) || tag === bytesTag(4)) {
      readMessage(m);
      startFrom = tag === bytesTag(3) ? { kind: "revision", revision: 0n } : END;
    } else return false;
    return true;
  });
  return { source, startFrom };
}

function revisionStart(wire: bigint): StartFrom {
  return wire === U64_MAX ? END : { kind: "revision", revision: wire };
}

function startOf(from: ReadFrom): StartFrom {
  if (from.kind === "end") return END;
  if (from.kind === "start") return { kind: "position", commit: 0n, prepare: 0n };
  if (from.commit === U64_MAX && from.prepare === U64_MAX) return END;
  if (from.prepare > from.commit) throw handlerFailed();
  return { kind: "position", commit: from.commit, prepare: from.prepare };
}

function filterOf(m: Cursor): FilterOptions | undefined {
  let filter: FilterOptions | undefined;
  eachField(m, (tag) => {
    if (tag !== bytesTag(4)) return false;
    filter = readFilter(readMessage(m));
    return true;
  });
  return filter;
}

const STRATEGY_NAMES = ["DispatchToSingle", "RoundRobin", "Pinned"];
const TICKS_PER_MS = 10_000n;

function readSettings(m: Cursor): GroupSettings & { legacyStart: StartFrom } {
  const out = {
    resolveLinks: false,
    startFrom: END,
    legacyStart: { kind: "revision", revision: 0n } as StartFrom,
    extraStatistics: false,
    messageTimeoutMs: 0,
    maxRetryCount: 0,
    checkpointAfterMs: 0,
    minCheckpointCount: 0,
    maxCheckpointCount: 0,
    maxSubscriberCount: 0,
    liveBufferSize: 0,
    readBatchSize: 0,
    historyBufferSize: 0,
    strategy: "",
  };
  let byNumber = STRATEGY_NAMES[0]!;
  const fields: Record<number, () => void> = {
    1: () => (out.resolveLinks = readVarint(m) !== 0),
    2: () => (out.legacyStart = revisionStart(readBigUint(m))),
    3: () => (out.extraStatistics = readVarint(m) !== 0),
    4: () => (out.messageTimeoutMs = Number(BigInt.asIntN(64, readBigUint(m)) / TICKS_PER_MS)),
    5: () => (out.maxRetryCount = readInt(m)),
    6: () => (out.checkpointAfterMs = Number(BigInt.asIntN(64, readBigUint(m)) / TICKS_PER_MS)),
    7: () => (out.minCheckpointCount = readInt(m)),
    8: () => (out.maxCheckpointCount = readInt(m)),
    9: () => (out.maxSubscriberCount = readInt(m)),
    10: () => (out.liveBufferSize = readInt(m)),
    11: () => (out.readBatchSize = readInt(m)),
    12: () => (out.historyBufferSize = readInt(m)),
    13: () => {
      const number = readInt(m);
      byNumber = STRATEGY_NAMES[number] ?? String(number);
    },
    14: () => (out.messageTimeoutMs = readInt(m)),
    15: () => (out.checkpointAfterMs = readInt(m)),
  };
  eachField(m, (tag) => {
    if (tag === bytesTag(16)) out.strategy = readString(m);
    else if ((tag & 7) === 0 && fields[tag >>> 3]) fields[tag >>> 3]!();
    else return false;
    return true;
  });
  return { ...out, strategy: out.strategy || byNumber };
}

function readInt(c: Cursor): number {
  return Number(BigInt.asIntN(32, readBigUint(c)));
}

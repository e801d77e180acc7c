import type { LogPosition } from "../position.ts";
import { bytesField, Cursor, emptyField, uintField } from "./protobuf.ts";

/** One event as it is sent. */
export interface ProposedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly dataText: string;
  readonly metaText: string;
}

/** The server's word on one append. `code` is a google.rpc.Code, `details` the name of the error's message type. */
export type AppendReply = { readonly correlationId: string } & (
  | { readonly ok: true; readonly revision: number; readonly position: LogPosition | undefined }
  | {
      readonly ok: false;
      readonly code: number;
      readonly message: string;
      readonly details: string;
      readonly currentRevision: number | undefined;
    }
);

const contentTypeEntry = bytesField(2, [bytesField(1, "content-type"), bytesField(2, "application/json")]);
const finalField = uintField(4, 1);
const noStreamField = emptyField(3);

/** BatchAppendReq of one whole append; `expectedRevision` -1 means that the stream must not exist. */
export function encodeAppend(
  correlationId: string,
  stream: string,
  expectedRevision: number,
  deadline: Date,
  events: readonly ProposedEvent[],
): Buffer {
  const seconds = Math.floor(deadline.getTime() / 1000);
  const nanos = (deadline.getTime() % 1000) * 1_000_000;
  const options = bytesField(2, [
    bytesField(1, bytesField(3, stream)),
    expectedRevision < 0 ? noStreamField : uintField(2, expectedRevision),
    bytesField(6, [uintField(1, seconds), uintField(2, nanos)]),
  ]);
  return Buffer.concat([
    bytesField(1, bytesField(2, correlationId)),
    options,
    ...events.map(proposedMessage),
    finalField,
  ]);
}

function proposedMessage(event: ProposedEvent): Buffer {
  return bytesField(3, [
    bytesField(1, bytesField(2, event.eventId)),
    typeEntry(event.type),
    contentTypeEntry,
    bytesField(3, event.metaText),
    bytesField(4, event.dataText),
  ]);
}

const typeEntries = new Map<string, Buffer>();

/** The metadata entry that names the type; of the same few types over and over. */
function typeEntry(type: string): Buffer {
  const known = typeEntries.get(type);
  if (known !== undefined) return known;
  const entry = bytesField(2, [bytesField(1, "type"), bytesField(2, type)]);
  if (typeEntries.size < 1_000) typeEntries.set(type, entry);
  return entry;
}

/** Reads a BatchAppendResp. */
export function decodeAppendReply(bytes: Buffer): AppendReply {
  const cursor = new Cursor(bytes);
  let correlationId = "";
  let failure: { code: number; message: string; details: string; currentRevision: number | undefined } | undefined;
  let success: { revision: number; position: LogPosition | undefined } = { revision: -1, position: undefined };
  for (let field = cursor.next(); field !== 0; field = cursor.next()) {
    if (field === 1) correlationId = uuid(cursor.message());
    else if (field === 2) failure = status(cursor.message());
    else if (field === 3) success = appended(cursor.message());
    else cursor.skip();
  }
  return failure === undefined ? { correlationId, ok: true, ...success } : { correlationId, ok: false, ...failure };
}

/** A UUID in either of its two forms. */
export function uuid(cursor: Cursor): string {
  let text = "";
  for (let field = cursor.next(); field !== 0; field = cursor.next()) {
    if (field === 2) text = cursor.ascii();
    else if (field === 1) text = structuredUuid(cursor.message());
    else cursor.skip();
  }
  return text;
}

function structuredUuid(cursor: Cursor): string {
  let most = 0n;
  let least = 0n;
  for (let field = cursor.next(); field !== 0; field = cursor.next()) {
    if (field === 1) most = cursor.bigint();
    else if (field === 2) least = cursor.bigint();
    else cursor.skip();
  }
  const hex = most.toString(16).padStart(16, "0") + least.toString(16).padStart(16, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** AllStreamPosition and its like: 1 commit, 2 prepare. */
export function position(cursor: Cursor): LogPosition {
  let commit = 0;
  let prepare = 0;
  for (let field = cursor.next(); field !== 0; field = cursor.next()) {
    if (field === 1) commit = cursor.number();
    else if (field === 2) prepare = cursor.number();
    else cursor.skip();
  }
  return { commit, prepare };
}

function appended(cursor: Cursor): { revision: number; position: LogPosition | undefined } {
  let revision = -1;
  let at: LogPosition | undefined;
  for (let field = cursor.next(); field !== 0; field = cursor.next()) {
    if (field === 1) revision = cursor.number();
    else if (field === 3) at = position(cursor.message());
    else cursor.skip();
  }
  return { revision, position: at };
}

function status(cursor: Cursor): {
  code: number;
  message: string;
  details: string;
  currentRevision: number | undefined;
} {
  let code = 0;
  let message = "";
  let details = "";
  let currentRevision: number | undefined;
  for (let field = cursor.next(); field !== 0; field = cursor.next()) {
    if (field === 1) code = cursor.number();
    else if (field === 2) message = cursor.text();
    else if (field === 3) {
      const any = cursor.message();
      for (let part = any.next(); part !== 0; part = any.next()) {
        if (part === 1)
          details = any
            .ascii()
            .replace(/^.*\//, "")
            .replace(/^event_store\.client\./, "");
        else if (part === 2 && details === "WrongExpectedVersion") currentRevision = currentOf(any.message());
        else any.skip();
      }
    } else cursor.skip();
  }
  // An empty message is not written at all: the stream has no event.
  if (details === "WrongExpectedVersion") currentRevision ??= -1;
  return { code, message, details, currentRevision };
}

/** WrongExpectedVersion: where the stream stands; -1 when it has no event. */
function currentOf(cursor: Cursor): number {
  let revision = -1;
  for (let field = cursor.next(); field !== 0; field = cursor.next()) {
    if (field === 1) revision = cursor.number();
    else cursor.skip();
  }
  return revision;
}

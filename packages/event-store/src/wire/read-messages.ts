import type { LogPosition } from "../position.ts";
import { RawEvent } from "../raw-event.ts";
import { position, uuid } from "./append-messages.ts";
import { bytesField, Cursor, emptyField, uintField } from "./protobuf.ts";

/** Where a read begins; a position is inclusive forwards, exclusive backwards and for subscriptions. */
export type ReadFrom = LogPosition | "start" | "end";

/** Streams whose names begin with one of `prefixes`, or that match `regex`; or events whose types begin with one of `types`. */
export type LogFilter =
  { readonly prefixes: readonly string[] } | { readonly regex: string } | { readonly types: readonly string[] };

/** One message of a read or a subscription. Kinds that say nothing to us come as "other". */
export type ReadMessage =
  | { readonly kind: "event"; readonly event: RawEvent }
  | { readonly kind: "checkpoint"; readonly position: LogPosition }
  | { readonly kind: "confirmed" | "caught_up" | "stream_not_found" | "other" };

const FORWARDS = uintField(3, 0);
const BACKWARDS = uintField(3, 1);
const STRING_IDS = bytesField(9, emptyField(2));
const SUBSCRIPTION = emptyField(6);
const NO_FILTER = emptyField(8);
/** The server looks at this many events per search for matching ones, and marks a checkpoint after each such window. */
const SEARCH_WINDOW = 500;

export function encodeStreamRead(
  stream: string,
  from: number | "end",
  direction: "forwards" | "backwards",
  count: number,
): Buffer {
  const where = from === "end" ? emptyField(4) : uintField(2, from);
  return bytesField(1, [
    bytesField(1, [bytesField(1, bytesField(3, stream)), where]),
    direction === "forwards" ? FORWARDS : BACKWARDS,
    uintField(5, count),
    NO_FILTER,
    STRING_IDS,
  ]);
}

export function encodeAllRead(
  from: ReadFrom,
  direction: "forwards" | "backwards",
  count: number,
  filter: LogFilter | undefined,
): Buffer {
  return bytesField(1, [
    allFrom(from),
    direction === "forwards" ? FORWARDS : BACKWARDS,
    uintField(5, count),
    filterField(filter),
    STRING_IDS,
  ]);
}

export function encodeAllSubscription(from: ReadFrom, filter: LogFilter): Buffer {
  return bytesField(1, [allFrom(from), FORWARDS, SUBSCRIPTION, filterField(filter), STRING_IDS]);
}

function allFrom(from: ReadFrom): Buffer {
  if (from === "end") return bytesField(2, emptyField(3));
  if (from === "start" || from.commit === 0) return bytesField(2, emptyField(2));
  return bytesField(2, bytesField(1, [uintField(1, from.commit), uintField(2, from.prepare)]));
}

function filterField(filter: LogFilter | undefined): Buffer {
  if (filter === undefined) return NO_FILTER;
  const begins = (prefixes: readonly string[]): Buffer[] => prefixes.map((prefix) => bytesField(2, prefix));
  const expression =
    "types" in filter
      ? bytesField(2, begins(filter.types))
      : bytesField(1, "regex" in filter ? [bytesField(1, filter.regex)] : begins(filter.prefixes));
  return bytesField(7, [expression, uintField(3, SEARCH_WINDOW), uintField(5, 1)]);
}

/** Reads a ReadResp. */
export function decodeReadMessage(bytes: Buffer): ReadMessage {
  const cursor = new Cursor(bytes);
  switch (cursor.next()) {
    case 1:
      return readEvent(cursor.message());
    case 2:
      return { kind: "confirmed" };
    case 3:
      return { kind: "checkpoint", position: position(cursor.message()) };
    case 4:
      return { kind: "stream_not_found" };
    case 8:
      return { kind: "caught_up" };
    default:
      return { kind: "other" };
  }
}

/** ReadEvent: links are never asked to be resolved, so only the event itself counts. */
function readEvent(cursor: Cursor): ReadMessage {
  for (let field = cursor.next(); field !== 0; field = cursor.next()) {
    if (field === 1) return { kind: "event", event: recordedEvent(cursor.message()) };
    cursor.skip();
  }
  return { kind: "other" };
}

function recordedEvent(cursor: Cursor): RawEvent {
  let eventId = "";
  let stream = "";
  let revision = 0;
  let prepare = 0;
  let commit = 0;
  let type = "";
  let createdMs = 0;
  let metaText = "";
  let dataText = "";
  for (let field = cursor.next(); field !== 0; field = cursor.next()) {
    switch (field) {
      case 1:
        eventId = uuid(cursor.message());
        break;
      case 2:
        stream = streamName(cursor.message());
        break;
      case 3:
        revision = cursor.number();
        break;
      case 4:
        prepare = cursor.number();
        break;
      case 5:
        commit = cursor.number();
        break;
      case 6: {
        const entry = cursor.message();
        let key = "";
        for (let part = entry.next(); part !== 0; part = entry.next()) {
          if (part === 1) key = entry.ascii();
          else if (part === 2 && key === "type") type = entry.text();
          else if (part === 2 && key === "created") createdMs = Math.floor(Number(entry.ascii()) / 10_000);
          else entry.skip();
        }
        break;
      }
      case 7:
        metaText = cursor.text();
        break;
      case 8:
        dataText = cursor.text();
        break;
      default:
        cursor.skip();
    }
  }
  return new RawEvent({
    stream,
    revision,
    eventId,
    type,
    position: { commit, prepare },
    createdMs,
    dataText,
    metaText,
  });
}

function streamName(cursor: Cursor): string {
  let name = "";
  for (let field = cursor.next(); field !== 0; field = cursor.next()) {
    if (field === 3) name = cursor.text();
    else cursor.skip();
  }
  return name;
}

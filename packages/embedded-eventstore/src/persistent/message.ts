import type { Storage } from "../storage/storage.ts";
import type { StoredEvent } from "../storage/types.ts";
import { decodeEvent, idOf, parseLink, recordedOf } from "../wire/recorded-event.ts";
import type { Consumer } from "./consumer.ts";

/** One event of the source, or one parked event, as a group hands it out. */
export type Message = {
  /** What a consumer acknowledges: the id of the link where one was resolved, else of the event. */
  id: string;
  /** Its number in the group's progress; undefined for a replayed message, which holds no checkpoint back. */
  stretch: number | undefined;
  /** RecordedEvent messages. */
  event: Buffer | undefined;
  link: Buffer | undefined;
  /** Position of the original event (the link where there is one). */
  position: number;
  /** What a parked link points at: the resolved target, else the event itself. */
  target: { stream: string; revision: number };
  /** Number of the original event in its stream. */
  number: number;
  /** Stream that a pinned consumer is chosen by, and the text of the event's correlation id where it has one. */
  pin: { stream: string; correlation: () => string };
  /** Number in the parked stream, for replayed messages. */
  parkedNumber: number | undefined;
};

/** A message with how often it was delivered before. */
export type Attempt = { message: Message; retryCount: number };

/** A message that a consumer holds. `deadlineMs` is Infinity without a timeout. */
export type Held = Attempt & { consumer: Consumer; deadlineMs: number };

const LINK_TYPE = "$>";

/** Makes the message of an event of the source; links are resolved when asked. */
export function messageFrom(storage: Storage, event: StoredEvent, resolveLinks: boolean, stretch: number): Message {
  const recorded = recordedOf(event.frame);
  const target = resolveLinks ? storage.resolveLink(event) : undefined;
  const resolved = target === undefined || target === "unreadable" ? undefined : target;
  const shown = resolved ?? event;
  return {
    id: idOf(event.frame),
    stretch,
    event: target === "unreadable" ? undefined : recordedOf(shown.frame),
    link: target === undefined ? undefined : recorded,
    position: event.position,
    target: { stream: storage.streamName(shown.streamId), revision: shown.revision },
    number: event.revision,
    pin: pinOf(storage, shown),
    parkedNumber: undefined,
  };
}

/** Makes the message of a parked link; undefined when what it points at can no longer be read. */
export function replayedFrom(storage: Storage, parked: StoredEvent): Message | undefined {
  const target = storage.resolveLink(parked);
  if (target === undefined || target === "unreadable") return undefined;
  return {
    id: idOf(parked.frame),
    stretch: undefined,
    event: recordedOf(target.frame),
    link: recordedOf(parked.frame),
    position: parked.position,
    target: { stream: storage.streamName(target.streamId), revision: target.revision },
    number: target.revision,
    pin: pinOf(storage, target),
    parkedNumber: parked.revision,
  };
}

function pinOf(storage: Storage, event: StoredEvent): Message["pin"] {
  const link = storage.typeName(event.typeId) === LINK_TYPE ? parseLink(decodeEvent(event.frame).data) : undefined;
  const stream = link?.stream ?? storage.streamName(event.streamId);
  return { stream, correlation: () => correlationOf(event) ?? stream };
}

function correlationOf(event: StoredEvent): string | undefined {
  try {
    const metadata: unknown = JSON.parse(Buffer.from(decodeEvent(event.frame).metadata).toString("utf8"));
    const id = (metadata as { $correlationId?: unknown } | null)?.$correlationId;
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}

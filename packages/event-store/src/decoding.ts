import { upcast } from "@docket/domain";
import { CodedError } from "@docket/service-kit";
import type { Codec, EncodedEvent, StoredFact, StreamedEvent } from "./api.ts";
import { passing } from "./errors.ts";
import type { RawEvent } from "./raw-event.ts";

/**
 * Facts of raw events: decoded, and brought to the present version of their schemas. Throws `event_undecodable` that names
 * the first event at fault; the events before it are good.
 */
export async function decodeFacts(events: readonly RawEvent[], codec: Codec | undefined): Promise<StoredFact[]> {
  const stored = events.map(parsed);
  const plain = codec === undefined ? stored : await decodeAll(stored, codec, (index) => events[index]);
  return events.map((event, index) => toFact(event, plain[index] ?? parsed(event)));
}

/** The same for events of which only data and metadata are at hand. */
export async function revealEvents(
  events: readonly StreamedEvent[],
  codec: Codec | undefined,
): Promise<readonly EncodedEvent[]> {
  const plain = codec === undefined ? events : await decodeAll(events, codec, () => undefined);
  return plain.map(({ type, data, meta }, index) => {
    try {
      return { type, data: upcast(type, meta.schemaVersion, data), meta };
    } catch (error) {
      throw undecodable({ stream: events[index]?.stream ?? "", type }, error);
    }
  });
}

/** All at once, so that keys are looked up together; when that fails, one by one, to name the event at fault. */
async function decodeAll(
  events: readonly StreamedEvent[],
  codec: Codec,
  raw: (index: number) => RawEvent | undefined,
): Promise<readonly EncodedEvent[]> {
  try {
    return await codec.decode(events);
  } catch (error) {
    const unavailable = passing(error);
    if (unavailable !== undefined) throw unavailable;
    for (const [index, event] of events.entries())
      await codec.decode([event]).catch((cause: unknown) => {
        throw passing(cause) ?? undecodable(raw(index) ?? event, cause);
      });
    throw error;
  }
}

function parsed(event: RawEvent): StreamedEvent {
  try {
    return { stream: event.stream, type: event.type, data: event.data, meta: event.meta };
  } catch (error) {
    throw undecodable(event, error);
  }
}

function toFact(event: RawEvent, { type, data: written, meta }: EncodedEvent): StoredFact {
  const { stream, revision, eventId, position } = event;
  const { prevHash, hash } = event.stored;
  try {
    const data = upcast(type, meta.schemaVersion, written);
    return { type, data, meta, stream, revision, eventId, position, prevHash, hash } as unknown as StoredFact;
  } catch (error) {
    throw undecodable(event, error);
  }
}

type Named = Pick<RawEvent, "stream" | "type"> & Partial<Pick<RawEvent, "revision" | "position">>;

function undecodable({ stream, revision, type, position }: Named, cause: unknown): CodedError {
  const place = revision === undefined ? `an event of ${stream}` : `event ${revision} of ${stream}`;
  return new CodedError("event_undecodable", `${place} (${type}) cannot be read`, {
    cause,
    details: {
      stream,
      type,
      ...(revision === undefined ? {} : { revision }),
      ...(position === undefined ? {} : { position: String(position.commit) }),
    },
  });
}

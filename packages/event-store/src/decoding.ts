import type { AnyEvent } from "@docket/domain";
import { CodedError } from "@docket/service-kit";
import type { Codec, EncodedEvent, StoredFact } from "./api.ts";
import type { RawEvent } from "./raw-event.ts";

/**
 * Facts of raw events: decoded, and brought to the present version of their schemas. Throws `event_undecodable` that names
 * the first event at fault; the events before it are good.
 */
export async function decodeFacts(events: readonly RawEvent[], codec: Codec | undefined): Promise<StoredFact[]> {
  const encoded = events.map(parsed);
  const plain = codec === undefined ? encoded : await decodeByStream(events, encoded, codec);
  return events.map((event, index) => toFact(event, plain[index]!));
}

function parsed(event: RawEvent): EncodedEvent {
  try {
    return { type: event.type, data: event.data, meta: event.meta };
  } catch (error) {
    throw undecodable(event, error);
  }
}

async function decodeByStream(events: readonly RawEvent[], encoded: readonly EncodedEvent[], codec: Codec): Promise<readonly EncodedEvent[]> {
  const plain: EncodedEvent[] = [];
  // Runs of one stream together; a codec that looks up keys does so once per run.
  for (let start = 0; start < events.length; ) {
    const stream = events[start]!.stream;
    let end = start + 1;
    while (end < events.length && events[end]!.stream === stream) end++;
    try {
      plain.push(...(await codec.decode(stream, encoded.slice(start, end))));
    } catch (error) {
      throw undecodable(events[start]!, error);
    }
    start = end;
  }
  return plain;
}

function toFact(event: RawEvent, { type, data, meta }: EncodedEvent): StoredFact {
  const { stream, revision, eventId, position } = event;
  const { prevHash, hash } = event.stored;
  return { type, data, meta, stream, revision, eventId, position, prevHash, hash } as unknown as StoredFact<AnyEvent>;
}

function undecodable(event: RawEvent, cause: unknown): CodedError {
  return new CodedError("event_undecodable", `event ${event.revision} of ${event.stream} (${event.type}) cannot be read`, {
    cause,
    details: { stream: event.stream, revision: event.revision, type: event.type, position: event.position.commit.toString() },
  });
}

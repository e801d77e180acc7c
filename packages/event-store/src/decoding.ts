import { upcast } from "@docket/domain";
import { CodedError } from "@docket/service-kit";
import type { Codec, EncodedEvent, StoredFact } from "./api.ts";
import type { RawEvent } from "./raw-event.ts";

/**
 * Facts of raw events: decoded, and brought to the present version of their schemas. Throws `event_undecodable` that names
 * the first event at fault; the events before it are good.
 */
export async function decodeFacts(events: readonly RawEvent[], codec: Codec | undefined): Promise<StoredFact[]> {
  if (codec === undefined) return events.map((event) => toFact(event, parsed(event)));
  const facts: StoredFact[] = [];
  for (const run of runsOfOneStream(events)) {
    const encoded = run.events.map(parsed);
    const plain = await codec.decode(run.stream, encoded).catch((error: unknown) => {
      throw undecodable(run.events[0], error);
    });
    run.events.forEach((event, index) => facts.push(toFact(event, plain[index] ?? parsed(event))));
  }
  return facts;
}

function parsed(event: RawEvent): EncodedEvent {
  try {
    return { type: event.type, data: event.data, meta: event.meta };
  } catch (error) {
    throw undecodable(event, error);
  }
}

interface Run {
  readonly stream: string;
  readonly events: [RawEvent, ...RawEvent[]];
}

/** Runs of one stream together, so that a codec that looks up keys does so once per run. */
function runsOfOneStream(events: readonly RawEvent[]): readonly Run[] {
  const runs: Run[] = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run?.stream === event.stream) run.events.push(event);
    else runs.push({ stream: event.stream, events: [event] });
  }
  return runs;
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

function undecodable(event: RawEvent, cause: unknown): CodedError {
  return new CodedError(
    "event_undecodable",
    `event ${event.revision} of ${event.stream} (${event.type}) cannot be read`,
    {
      cause,
      details: {
        stream: event.stream,
        revision: event.revision,
        type: event.type,
        position: String(event.position.commit),
      },
    },
  );
}

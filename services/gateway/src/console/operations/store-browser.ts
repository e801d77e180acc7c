import type { StoredEventShown } from "@docket/api-contract";
import { allEvents, type Language } from "@docket/domain";
import type { EventStore, RawEvent } from "@docket/event-store";

/**
 * Events as people look at them: through the door, so with personal data in clear as long as its keys are there. One that cannot
 * be opened is shown as it lies in the store, with what is wrong with it.
 */
export async function shownEvents(
  store: Pick<EventStore, "facts">,
  raws: readonly RawEvent[],
  language: Language,
): Promise<StoredEventShown[]> {
  const opened = await store.facts(raws).catch(() => undefined);
  if (opened !== undefined)
    return raws.map((raw, index) => shown(raw, language, opened[index]?.data, opened[index]?.meta, null));
  return Promise.all(
    raws.map(async (raw) => {
      try {
        const [fact] = await store.facts([raw]);
        return shown(raw, language, fact?.data, fact?.meta, null);
      } catch (error) {
        const fault = error instanceof Error ? error.message.slice(0, 500) : String(error);
        return shown(raw, language, parsed(raw.dataText), parsed(raw.metaText), fault);
      }
    }),
  );
}

function shown(
  raw: RawEvent,
  language: Language,
  data: unknown,
  meta: unknown,
  fault: string | null,
): StoredEventShown {
  const { hash, prevHash } = (parsed(raw.metaText) ?? {}) as { hash?: string; prevHash?: string };
  return {
    position: String(raw.position.commit),
    stream: raw.stream,
    revision: raw.revision,
    eventId: raw.eventId,
    type: raw.type,
    title: allEvents.get(raw.type)?.title[language] ?? raw.type,
    writtenAt: new Date(raw.createdMs).toISOString(),
    data: data ?? null,
    meta: meta ?? null,
    hash: hash ?? null,
    prevHash: prevHash ?? null,
    fault,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 10_000);
  }
}

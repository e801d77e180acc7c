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

export interface TailWish {
  readonly limit: number;
  /** exclusive: events before this position */
  readonly before?: string | undefined;
  readonly type?: string | undefined;
  readonly stream?: string | undefined;
}

/** Looked at in one go where the store filters by streams and types are looked for among what it gives. */
const mostLookedAt = 5_000;

/**
 * The tail of the log, newest first, filtered by the store itself. It filters by one thing only: of both, by the streams, and the
 * types are picked from that; `nextPage` then goes on even where a page holds less than was asked for.
 */
export async function tailOf(
  store: Pick<EventStore, "readAll">,
  { limit, before, type, stream }: TailWish,
): Promise<{ readonly events: RawEvent[]; readonly nextPage: string | null }> {
  const events: RawEvent[] = [];
  const picking = type !== undefined && stream !== undefined;
  const most = picking ? mostLookedAt : limit;
  const from = before === undefined ? undefined : { commit: Number(before), prepare: Number(before) };
  let seen = 0;
  let last: RawEvent | undefined;
  for await (const event of store.readAll({
    direction: "backwards",
    limit: most,
    ...(from === undefined ? {} : { from }),
    ...(stream === undefined ? {} : { prefixes: [stream] }),
    ...(type === undefined ? {} : { types: [type] }),
  })) {
    seen++;
    last = event;
    if (!picking || event.type.startsWith(type)) events.push(event);
    if (events.length === limit) break;
  }
  const more = last !== undefined && (events.length === limit || seen === most);
  return { events, nextPage: more ? String(last?.position.commit) : null };
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

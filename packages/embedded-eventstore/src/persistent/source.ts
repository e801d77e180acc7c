import type { Storage } from "../storage/storage.ts";
import { type StoredEvent, TOMBSTONE } from "../storage/types.ts";
import type { FilterOptions } from "../wire/read-messages.ts";
import { ALL, type GroupConfig } from "./settings.ts";

/**
 * The source of a group, read in pages. Places are revisions of a stream, or positions of `$all`.
 * `accepts` tells the events that a filter lets through.
 */
export type Source = {
  /** Reads on after a place (exclusive; -1 = from the very start). */
  read(after: number, maxEvents: number): SourcePage;
  /** The place of the last event there is now: a group that starts "from now" goes on after it. */
  end(): number;
  /** Number of the stream, `undefined` while it has no events; `"all"` for `$all`: which commits concern the group. */
  streamId(): number | "all" | undefined;
};

/**
 * `events`: what passed, with its place and how many events were passed over before it. `passedOver`: events looked at
 * behind the last one that passed. `reached`: place of the last event looked at, undefined when there was none.
 */
export type SourcePage = {
  events: { event: StoredEvent; place: number }[];
  passedOver: number;
  reached: number | undefined;
  atEnd: boolean;
};

const PAGE_BYTES = 4 * 1024 * 1024;
/** Events that one page of a filtered `$all` looks at. */
const SEARCH_WINDOW = 1000;
const MAX = Number.MAX_SAFE_INTEGER;

export type Accepts = (streamId: number, typeId: number) => boolean;
export type CompileFilter = (filter: FilterOptions) => Accepts;

export function createSource(storage: Storage, config: GroupConfig, compile: CompileFilter): Source {
  return config.source === ALL ? allSource(storage, config, compile) : streamSource(storage, config.source);
}

function streamSource(storage: Storage, stream: string): Source {
  return {
    read(after, maxEvents) {
      const status = storage.status(stream);
      // Of a tombstoned stream only the tombstone is left to tell.
      const range =
        status.kind === "tombstoned"
          ? { low: TOMBSTONE, high: TOMBSTONE, raw: true }
          : { low: after + 1, high: TOMBSTONE - 1 };
      const found = after >= TOMBSTONE ? [] : storage.readStream(stream, range, { maxEvents, maxBytes: PAGE_BYTES });
      const reached = found.at(-1)?.revision;
      const last = status.kind === "exists" ? status.last : -1;
      return {
        events: found.map((event) => ({ event, place: event.revision })),
        passedOver: 0,
        reached,
        atEnd: reached === undefined || reached >= last,
      };
    },
    end() {
      const status = storage.status(stream);
      if (status.kind === "tombstoned") return TOMBSTONE;
      return status.kind === "missing" ? -1 : status.last;
    },
    streamId: () => storage.streamIdOf(stream),
  };
}

function allSource(storage: Storage, config: GroupConfig, compile: CompileFilter): Source {
  const accepts: Accepts = config.filter ? compile(config.filter) : () => true;
  return {
    read(after, maxEvents) {
      let lookedAt = 0;
      let accepted = 0;
      // Counted here and not by the store: what the store hides itself (the group's own checkpoints) must not count.
      const accept: Accepts = (streamId, typeId) => {
        lookedAt += 1;
        const passes = accepts(streamId, typeId);
        if (passes) accepted += 1;
        return passes;
      };
      const range = { above: after, below: MAX, backwards: false, accept, maxConsidered: SEARCH_WINDOW };
      const page = storage.readAll(range, { maxEvents, maxBytes: PAGE_BYTES });
      return {
        events: page.events.map((event) => ({ event, place: event.position })),
        passedOver: lookedAt - accepted,
        reached: page.reached,
        atEnd: page.atEnd,
      };
    },
    end: () => storage.lastPosition(),
    streamId: () => "all",
  };
}

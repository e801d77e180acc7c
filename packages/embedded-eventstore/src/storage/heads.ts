import { decodeEvent } from "../wire/recorded-event.ts";
import { governedBy, isMetastream, metastreamOf, NO_RULES, parseRules } from "./metadata.ts";
import type { Names } from "./names.ts";
import type { Reader } from "./reader.ts";
import { DELETED, type StreamRules, TOMBSTONE } from "./types.ts";

/**
 * How streams stand right now: number, last revision, rules from their metastream. Looked up on first use and kept;
 * the writer moves `last` and drops `rules` as it writes. Bounded, emptied whole when full or after a rollback.
 */
export type Head = {
  name: string;
  /** 0: the stream has no number yet. */
  streamId: number;
  /** Revision of the last event before a tombstone, -1 without events. */
  last: number;
  tombstoned: boolean;
  rules: StreamRules | undefined;
  /** The encoded stream identifier of its events, made on the first write. */
  streamField: Buffer | undefined;
};

export type Heads = {
  of(stream: string): Head;
  rulesOf(head: Head): StreamRules;
  softDeleted(head: Head): boolean;
  /** The last metadata event of a stream: its data and revision, undefined when it has none. */
  metadataOf(stream: string): { data: Uint8Array; isJson: boolean; revision: number } | undefined;
  /** To be called when an event was written to `stream`: a metastream changes the rules of the stream it governs. */
  written(stream: string): void;
  forget(): void;
};

/** A metastream shows its last event only. */
const METASTREAM_RULES: StreamRules = { ...NO_RULES, maxCount: 1 };
const CACHE_ENTRIES = 20_000;

export function createHeads(names: Names, reader: Reader): Heads {
  const heads = new Map<string, Head>();

  function load(stream: string): Head {
    const streamId = names.find(stream) ?? 0;
    const top = streamId === 0 ? -1 : reader.lastRevisionOf(streamId);
    const tombstoned = top === TOMBSTONE;
    const last = tombstoned ? reader.lastRevisionBelow(streamId, TOMBSTONE) : top;
    return { name: stream, streamId, last, tombstoned, rules: undefined, streamField: undefined };
  }

  const self: Heads = {
    of(stream) {
      let head = heads.get(stream);
      if (head === undefined) {
        head = load(stream);
        if (heads.size >= CACHE_ENTRIES) heads.clear();
        heads.set(stream, head);
      }
      return head;
    },
    rulesOf(head) {
      if (head.rules === undefined) {
        if (isMetastream(head.name)) head.rules = METASTREAM_RULES;
        else {
          const metadata = self.metadataOf(head.name);
          head.rules = metadata ? parseRules(metadata.data, metadata.isJson) : NO_RULES;
        }
      }
      return head.rules;
    },
    softDeleted: (head) => self.rulesOf(head).truncateBefore === DELETED,
    metadataOf(stream) {
      const metastreamId = names.find(metastreamOf(stream));
      const event = metastreamId === undefined ? undefined : reader.lastEventOf(metastreamId);
      if (!event) return undefined;
      const { data, isJson } = decodeEvent(event.frame);
      return { data, isJson, revision: event.revision };
    },
    written(stream) {
      if (!isMetastream(stream)) return;
      const governed = heads.get(governedBy(stream));
      if (governed) governed.rules = undefined;
    },
    forget: () => heads.clear(),
  };
  return self;
}

import { hash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import { derivedId } from "./event-id.ts";
import type { RawEvent } from "./raw-event.ts";
import type { StoredMeta } from "./stored-meta.ts";

/**
 * The hash of an event: SHA-256 over the canonical JSON of where it stands, what it says as stored, its metadata and,
 * within the metadata, the hash of the stream's event before it. Whoever alters, drops, adds or moves an event of the
 * past must rewrite every later event of the stream.
 */
export function hashOf(event: {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: unknown;
  readonly meta: Omit<StoredMeta, "hash">;
}): string {
  return hashOfTexts(event.stream, event.revision, event.type, canonicalJson(event.data), canonicalJson(event.meta));
}

/** The same, when data and metadata are at hand in their canonical form. The members stand in canonical order. */
export function hashOfTexts(stream: string, revision: number, type: string, data: string, meta: string): string {
  const text = `{"data":${data},"meta":${meta},"revision":${revision},"stream":${canonicalJson(stream)},"type":${canonicalJson(type)}}`;
  return hash("sha256", text, "hex");
}

/**
 * The id of the `index`-th event of a command: UUIDv5 of command id, index and the event's hash.
 *
 * The hash is in it so that the same id always means the same content. Two processes that carry out one command at the
 * same time write events that differ in recordedAt; with an id of command and index alone the store would answer the
 * slower one "already written", and it would go on with a hash that stands nowhere. So it gets a conflict, reads what
 * the faster one wrote, and finds the command done.
 */
export function eventIdOf(commandId: string, index: number, eventHash: string): string {
  return derivedId("event", commandId, index, eventHash);
}

export type ChainFault = {
  readonly stream: string;
  readonly revision: number;
  readonly fault: "gap" | "broken_link" | "altered";
};

/**
 * Checks the chain of one stream: its events in order, from revision `from` on (default: the first). Gives the first
 * fault, or undefined when all is well. When `from` is not 0, give the hash of the event before it, or it is trusted.
 */
export function verifyChain(
  events: Iterable<Pick<RawEvent, "stream" | "revision" | "type" | "data" | "stored">>,
  start: { readonly revision: number; readonly prevHash?: string | null } = { revision: 0, prevHash: null },
): ChainFault | undefined {
  let revision = start.revision;
  let prevHash = start.prevHash;
  for (const event of events) {
    const { stream } = event;
    if (event.revision !== revision) return { stream, revision, fault: "gap" };
    const { hash: told, ...meta } = event.stored;
    if (prevHash !== undefined && meta.prevHash !== prevHash) return { stream, revision, fault: "broken_link" };
    if (hashOf({ stream, revision, type: event.type, data: event.data, meta }) !== told)
      return { stream, revision, fault: "altered" };
    prevHash = told;
    revision++;
  }
  return undefined;
}

import { canonicalJson, comparePositions, type LogPosition, type RawEvent } from "@docket/event-store";
import { faultOf, hashIn } from "../checkpoint/heads.ts";
import type { Collector } from "./collector.ts";

/** The end of a stream's chain as the store has it, and as it was at the last checkpoint. */
export interface Tail {
  revision: number;
  hash: string;
  /** null: it began after the checkpoint */
  signed: { revision: number; hash: string } | null;
  broken: boolean;
}

export interface LogPass {
  readonly events: number;
  /** in the order in which they began */
  readonly tails: ReadonlyMap<string, Tail>;
  /** events that the journal cannot have yet */
  readonly behind: number;
  /** of the last event, as the log counts them; 0: there was none */
  readonly position: number;
}

export interface LogPassOptions {
  readonly store: AsyncIterable<RawEvent> | Iterable<RawEvent>;
  /** in the order of the log; undefined: there is no journal to compare with */
  readonly journal: AsyncIterable<RawEvent> | undefined;
  /** the journal holds everything up to here */
  readonly mirrored: LogPosition;
  /** up to here the last checkpoint was signed */
  readonly signed: LogPosition;
  readonly collect: Collector;
  readonly onProgress?: (events: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * One walk through the log, store and journal side by side: every chain is checked link by link, every event is held against its
 * mirror. Memory holds a tail per stream (some 200 bytes), and the events that stand on one side alone.
 */
export async function walkLog(options: LogPassOptions): Promise<LogPass> {
  const { mirrored, signed, collect, onProgress, signal } = options;
  const tails = new Map<string, Tail>();
  const compare = options.journal === undefined ? undefined : sideBySide(options.journal, collect);
  let [events, behind, position] = [0, 0, 0];
  for await (const event of options.store) {
    signal?.throwIfAborted();
    position = event.position.commit;
    follow(tails, event, comparePositions(event.position, signed) <= 0, collect);
    if (comparePositions(event.position, mirrored) > 0) behind++;
    else await compare?.take(event);
    if (++events % 1_000 === 0) onProgress?.(events);
  }
  await compare?.finish();
  onProgress?.(events);
  return { events, tails, behind, position };
}

function follow(tails: Map<string, Tail>, event: RawEvent, isSigned: boolean, collect: Collector): void {
  const { stream, revision } = event;
  const known = tails.get(stream);
  const hash = hashIn(event);
  const fault = known?.broken === true ? undefined : faultOf(event, known);
  if (fault !== undefined)
    collect.add(`chain_${fault}`, {
      stream,
      revision: fault === "gap" ? (known?.revision ?? -1) + 1 : revision,
      eventId: event.eventId,
      ...(fault === "gap" ? { found: revision } : {}),
    });
  const mark = isSigned ? { revision, hash } : null;
  if (known === undefined) tails.set(stream, { revision, hash, signed: mark, broken: fault !== undefined });
  else {
    known.revision = revision;
    known.hash = hash;
    if (mark !== null) known.signed = mark;
    // what follows an alteration can be judged still; what follows a missing event cannot
    known.broken ||= fault === "gap" || fault === "broken_link";
  }
}

/**
 * Walks the journal beside the store's events. Both are in the order of the log, so an event stands at the same place in both; one
 * that does not is kept until the end: it is missing on the other side, or it stands there at another place.
 */
function sideBySide(
  journal: AsyncIterable<RawEvent>,
  collect: Collector,
): { take(event: RawEvent): Promise<void>; finish(): Promise<void> } {
  const rows = journal[Symbol.asyncIterator]();
  const onlyStore = new Map<string, RawEvent>();
  const onlyJournal = new Map<string, RawEvent>();
  let next: RawEvent | undefined;
  let begun = false;
  const advance = async (): Promise<void> => {
    const result = await rows.next();
    next = result.done === true ? undefined : result.value;
  };
  return {
    async take(event) {
      if (!begun) {
        begun = true;
        await advance();
      }
      while (next !== undefined && comparePositions(next.position, event.position) < 0) {
        onlyJournal.set(next.eventId, next);
        await advance();
      }
      if (next === undefined || comparePositions(next.position, event.position) > 0) {
        onlyStore.set(event.eventId, event);
        return;
      }
      if (next.eventId === event.eventId) compareEvents(event, next, collect);
      else {
        onlyStore.set(event.eventId, event);
        onlyJournal.set(next.eventId, next);
      }
      await advance();
    },
    async finish() {
      if (!begun) await advance();
      for (; next !== undefined; await advance()) onlyJournal.set(next.eventId, next);
      for (const [id, event] of onlyStore) {
        const mirror = onlyJournal.get(id);
        const params = { stream: event.stream, revision: event.revision, eventId: id };
        if (mirror === undefined) collect.add("journal_missing", params);
        else {
          onlyJournal.delete(id);
          collect.add("reordered", params);
          compareEvents(event, mirror, collect);
        }
      }
      for (const [id, { stream, revision }] of onlyJournal)
        collect.add("store_missing", { stream, revision, eventId: id });
    },
  };
}

/** Holds an event of the store against its mirror. */
export function compareEvents(event: RawEvent, mirror: RawEvent, collect: Collector): void {
  const part = differingPart(event, mirror);
  if (part === undefined) return;
  const { stream, revision, eventId } = event;
  collect.add("journal_altered", { stream, revision, eventId, part });
}

function differingPart(event: RawEvent, mirror: RawEvent): string | undefined {
  if (event.stream !== mirror.stream) return "stream";
  if (event.revision !== mirror.revision) return "revision";
  if (event.type !== mirror.type) return "type";
  if (event.dataText !== mirror.dataText) return "data";
  try {
    return canonicalJson(event.stored) === canonicalJson(mirror.stored) ? undefined : "metadata";
  } catch {
    return "metadata";
  }
}

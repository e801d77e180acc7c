import { randomUUID } from "node:crypto";
import type { Call } from "../rpc/call.ts";
import { streamDeleted } from "../rpc/errors.ts";
import type { Storage } from "../storage/storage.ts";
import { type CommittedBatch, type StoredEvent, TOMBSTONE } from "../storage/types.ts";
import { caughtUpFrame, confirmationFrame, type ReadFrom } from "../wire/read-messages.ts";
import { failCall, PAGE_BYTES, pump } from "./pump.ts";
import { joinFrames, type Render } from "./render.ts";

const PAGE_EVENTS = 512;
/** The wire's -1: the end. */
const U64_MAX = 18446744073709551615n;
/** A commit is passed on as it comes while no more than this would wait for the reader; otherwise it is read in pages. */
const LIVE_BACKLOG = 4 * PAGE_BYTES;

/**
 * A subscription to one stream.
 *
 * States: `catching_up` (pages are read after the cursor; commits are ignored, the pages will show them), `live` (everything
 * committed was sent; commits are sent as they come), `behind` (live before, but the reader is slow: pages
 * again, from the cursor). An empty page moves catching_up -> live, with `caught_up`, and behind -> live, without; a
 * commit that is large, or that comes while much waits in the connection, moves live -> behind. Nothing can be committed between
 * the empty page and `live`, since both happen in one turn. While catching up the rules of the stream hide events; what is committed
 * later is delivered whatever they say.
 *
 * Throws StreamDeleted for a tombstoned stream. Returns the function that ends it.
 */
export function subscribeToStream(
  storage: Storage,
  call: Call,
  stream: string,
  from: ReadFrom,
  render: Render,
): () => void {
  const status = storage.status(stream);
  if (status.kind === "tombstoned") throw streamDeleted(stream);
  let state: "catching_up" | "live" | "behind" = "catching_up";
  /** The last revision dealt with. */
  let cursor = -1;
  if (from.kind === "end" || (from.kind === "at" && from.commit === U64_MAX))
    cursor = status.kind === "missing" ? -1 : status.last;
  else if (from.kind === "at") cursor = Number(from.commit);
  call.sendFrames(confirmationFrame(randomUUID()));
  const stopListening = storage.onCommitted(committed);
  catchUp();
  return stop;

  function stop(): void {
    stopListening();
  }

  function deliver(events: readonly StoredEvent[]): void {
    call.sendFrames(joinFrames(events, render));
    cursor = events.at(-1)!.revision;
    if (cursor === TOMBSTONE) {
      stop();
      call.fail(streamDeleted(stream));
    }
  }

  function catchUp(): void {
    const fail = failCall(call);
    pump(call, step, (error) => {
      stop();
      fail(error);
    });
  }

  function step(): boolean {
    const raw = state === "behind" || storage.status(stream).kind === "tombstoned";
    const page = storage.readStream(
      stream,
      { low: cursor + 1, high: TOMBSTONE, raw },
      { maxEvents: PAGE_EVENTS, maxBytes: PAGE_BYTES },
    );
    if (page.length > 0) {
      deliver(page);
      return true;
    }
    if (state === "catching_up") call.sendFrames(caughtUpFrame(Date.now(), { revision: storage.lastRevision(stream) }));
    state = "live";
    return false;
  }

  function committed(batch: CommittedBatch): void {
    if (state !== "live") return;
    const streamId = storage.streamIdOf(stream);
    const fresh =
      streamId === undefined
        ? undefined
        : eventsByStream(batch)
            .get(streamId)
            ?.filter((event) => event.revision > cursor);
    if (fresh === undefined || fresh.length === 0) return;
    if (call.backlog + batch.bytes > LIVE_BACKLOG) {
      state = "behind";
      catchUp();
    } else deliver(fresh);
  }
}

const grouped = new WeakMap<CommittedBatch, Map<number, StoredEvent[]>>();

/** The events of a commit by stream: worked out once, however many subscriptions look at it. */
function eventsByStream(batch: CommittedBatch): Map<number, StoredEvent[]> {
  let groups = grouped.get(batch);
  if (!groups) {
    groups = Map.groupBy(batch.events, (event) => event.streamId);
    grouped.set(batch, groups);
  }
  return groups;
}

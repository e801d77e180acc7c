import { randomUUID } from "node:crypto";
import type { Call } from "../rpc/call.ts";
import { invalidArgument, unknown } from "../rpc/errors.ts";
import type { Storage } from "../storage/storage.ts";
import type { CommittedBatch, StoredEvent } from "../storage/types.ts";
import {
  caughtUpFrame,
  checkpointFrame,
  confirmationFrame,
  type FilterOptions,
  type ReadFrom,
} from "../wire/read-messages.ts";
import { allBound } from "./all-bound.ts";
import { type CheckpointRule, checkpointRule } from "./checkpoint-rule.ts";
import { acceptAll, compileFilter } from "./filter.ts";
import { failCall, PAGE_BYTES, pump } from "./pump.ts";
import type { Render } from "./render.ts";

const PAGE_EVENTS = 512;
const SCAN_EVENTS = 4096;
/** A commit is passed on as it comes while no more than this would wait for the reader; otherwise it is read in pages. */
const LIVE_BACKLOG = 4 * PAGE_BYTES;

/**
 * A subscription to `$all`. States and moves as in stream-subscription.ts; the cursor is a position, and with a filter
 * checkpoints are woven in between the events.
 *
 * Throws INVALID_ARGUMENT or UNKNOWN for options that cannot be served. A position that is no event's fails after the
 * confirmation, as on a real node. Returns the function that ends it.
 */
export function subscribeToAll(
  storage: Storage,
  call: Call,
  from: ReadFrom,
  options: FilterOptions | undefined,
  render: Render,
): () => void {
  const bound = allBound(from);
  const filter = options ? compileFilter(storage, options) : acceptAll;
  if (options && options.multiplier === 0) throw unknown("The checkpoint interval multiplier must be greater than 0.");
  let state: "catching_up" | "live" | "behind" = "catching_up";
  /** The last position dealt with. */
  let cursor = 0;
  if (bound.kind === "end") cursor = storage.lastPosition();
  else if (bound.kind === "at") cursor = bound.whole ? bound.position : bound.position - 1;
  call.sendFrames(confirmationFrame(randomUUID()));
  const startsAtEvent = bound.kind === "at" && storage.isEventPosition(bound.position);
  if (bound.kind === "at" && bound.position <= storage.lastPosition() && !startsAtEvent) {
    throw invalidArgument("Trying to read from an invalid position.");
  }
  const checkpoints: CheckpointRule | undefined = options && checkpointRule(options, startsAtEvent);
  const stopListening = storage.onCommitted(committed);
  catchUp();
  return stopListening;

  function catchUp(): void {
    const fail = failCall(call);
    pump(call, step, (error) => {
      stopListening();
      fail(error);
    });
  }

  /** Sends events with the checkpoints that fell due among them; `due` holds the number of events before each. */
  function deliver(events: readonly StoredEvent[], due: readonly { after: number; position: number }[]): void {
    const parts: Buffer[] = [];
    let next = 0;
    for (let i = 0; i <= events.length; i++) {
      while (next < due.length && due[next]!.after === i) parts.push(checkpointFrame(due[next++]!.position));
      if (i < events.length) parts.push(render(events[i]!));
    }
    if (parts.length > 0) call.sendFrames(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
  }

  function step(): boolean {
    const due: { after: number; position: number }[] = [];
    let matched = 0;
    const page = storage.readAll(
      {
        above: cursor,
        below: Number.MAX_SAFE_INTEGER,
        backwards: false,
        maxConsidered: SCAN_EVENTS,
        accept: (streamId, typeId, position) => {
          const wanted = filter(streamId, typeId);
          if (wanted) matched += 1;
          const checkpoint = checkpoints?.considered(position, wanted, state === "catching_up");
          if (checkpoint !== undefined) due.push({ after: matched, position: checkpoint });
          return wanted;
        },
      },
      { maxEvents: PAGE_EVENTS, maxBytes: PAGE_BYTES },
    );
    if (page.reached !== undefined) cursor = page.reached;
    deliver(page.events, due);
    if (!page.atEnd) return true;
    if (state === "catching_up") {
      const last = checkpoints?.caughtUp();
      if (last !== undefined) call.sendFrames(checkpointFrame(last));
      call.sendFrames(caughtUpFrame(Date.now(), { position: storage.lastPosition() }));
    }
    state = "live";
    return false;
  }

  function committed(batch: CommittedBatch): void {
    if (state !== "live") return;
    if (call.backlog + batch.bytes > LIVE_BACKLOG) {
      state = "behind";
      catchUp();
      return;
    }
    const due: { after: number; position: number }[] = [];
    const wanted: StoredEvent[] = [];
    for (const event of batch.events) {
      if (event.position <= cursor) continue;
      cursor = event.position;
      if (storage.isHidden(event.streamId)) continue;
      const matches = filter(event.streamId, event.typeId);
      if (matches) wanted.push(event);
      const checkpoint = checkpoints?.considered(event.position, matches, false);
      if (checkpoint !== undefined) due.push({ after: wanted.length, position: checkpoint });
    }
    if (wanted.length > 0 || due.length > 0) deliver(wanted, due);
  }
}

import type { Call, Handler } from "../rpc/call.ts";
import { handlerFailed, invalidArgument, notReady, streamDeleted, unknown } from "../rpc/errors.ts";
import type { Storage } from "../storage/storage.ts";
import { TOMBSTONE } from "../storage/types.ts";
import {
  decodeReadReq,
  firstStreamPositionFrame,
  lastStreamPositionFrame,
  type ReadFrom,
  type ReadReq,
  streamNotFoundFrame,
} from "../wire/read-messages.ts";
import { type AccessRule, requireRead } from "./access.ts";
import { allBound } from "./all-bound.ts";
import { subscribeToAll } from "./all-subscription.ts";
import { acceptAll, compileFilter } from "./filter.ts";
import { failCall, PAGE_BYTES, pump } from "./pump.ts";
import { joinFrames, type Render, renderer } from "./render.ts";
import { subscribeToStream } from "./stream-subscription.ts";

const PAGE_EVENTS = 512;
/** Events looked at in one go by a filtered read before others get their turn. */
const SCAN_EVENTS = 4096;
const MAX = Number.MAX_SAFE_INTEGER;

/** `Streams/Read`: reads and subscriptions of streams and of `$all`. */
export function readHandler(storage: Storage, access: AccessRule, isReady: () => boolean): Handler {
  return (call) => {
    if (!isReady()) throw notReady();
    let started = false;
    let stop: (() => void) | undefined;
    return {
      message(payload) {
        if (started) return;
        started = true;
        stop = startRead(storage, access, call, validated(decodeReadReq(payload)));
      },
      cancelled: () => stop?.(),
    };
  };
}

type ValidRead = ReadReq & { source: NonNullable<ReadReq["source"]> };

/** What a real node refuses whatever the rest says. */
function validated(request: ReadReq): ValidRead {
  const { source } = request;
  if (!source) throw invalidArgument("The stream option is missing.");
  if (request.uuid === undefined) throw invalidArgument("The uuid option is missing.");
  if (request.count === undefined && !request.subscription) throw invalidArgument("The count option is missing.");
  if (!request.filter && !request.noFilter) throw invalidArgument("The filter option is missing.");
  if (request.filter && source.kind === "stream") throw invalidArgument("Only reads of $all take a filter.");
  if (request.subscription && request.backwards) throw invalidArgument("Subscriptions run forwards.");
  return { ...request, source };
}

function startRead(storage: Storage, access: AccessRule, call: Call, request: ValidRead): (() => void) | undefined {
  const { source } = request;
  if (source.kind === "stream" && source.name === "") throw handlerFailed();
  requireRead(access, call);
  const render = renderer(storage, request.resolveLinks, request.uuid === "structured");
  if (request.subscription) {
    return source.kind === "stream"
      ? subscribeToStream(storage, call, source.name, source.from, render)
      : subscribeToAll(storage, call, source.from, request.filter, render);
  }
  const count = request.count! > BigInt(MAX) ? MAX : Number(request.count!);
  if (source.kind === "stream") readStream(storage, call, source.name, source.from, request, count, render);
  else readAll(storage, call, source.from, request, count, render);
  return undefined;
}

function readStream(
  storage: Storage,
  call: Call,
  stream: string,
  from: ReadFrom,
  request: ReadReq,
  count: number,
  render: Render,
): void {
  if (count === 0) throw unknown("Unexpected ReadStreamResult: Error");
  const status = storage.status(stream);
  if (status.kind === "tombstoned") throw streamDeleted(stream);
  if (status.kind !== "exists") {
    call.sendFrames(streamNotFoundFrame(stream));
    call.end();
    return;
  }
  const { backwards } = request;
  let low = 0;
  let high = TOMBSTONE - 1;
  const at =
    from.kind === "at" ? Math.min(Number(from.commit), TOMBSTONE - 1) : from.kind === "start" ? 0 : TOMBSTONE - 1;
  if (backwards) high = at;
  else low = at;
  let left = count;
  let delivered = 0;
  pump(
    call,
    () => {
      if (storage.status(stream).kind === "tombstoned") throw streamDeleted(stream);
      const maxEvents = Math.min(PAGE_EVENTS, left);
      const page = storage.readStream(stream, { low, high, backwards }, { maxEvents, maxBytes: PAGE_BYTES });
      let bytes = 0;
      if (page.length > 0) {
        const frames = joinFrames(page, render);
        for (const event of page) bytes += event.frame.length;
        call.sendFrames(frames);
        const last = page.at(-1)!.revision;
        if (backwards) high = last - 1;
        else low = last + 1;
        left -= page.length;
        delivered += page.length;
      }
      if (left > 0 && (page.length === maxEvents || bytes >= PAGE_BYTES)) return true;
      finishStreamRead(storage, call, stream, request, delivered);
      return false;
    },
    failCall(call),
  );
}

/** Newer clients are told where the stream ends, and where it begins when nothing was readable. */
function finishStreamRead(storage: Storage, call: Call, stream: string, request: ReadReq, delivered: number): void {
  const status = storage.status(stream);
  if (request.compatibility >= 1 && status.kind === "exists") {
    if (delivered === 0) {
      const [first] = storage.readStream(
        stream,
        { low: 0, high: TOMBSTONE - 1 },
        { maxEvents: 1, maxBytes: PAGE_BYTES },
      );
      call.sendFrames(firstStreamPositionFrame(first?.revision ?? status.last + 1));
    }
    call.sendFrames(lastStreamPositionFrame(status.last));
  }
  call.start();
  call.end();
}

function readAll(storage: Storage, call: Call, from: ReadFrom, request: ReadReq, count: number, render: Render): void {
  const bound = allBound(from);
  const { backwards } = request;
  const filter = request.filter ? compileFilter(storage, request.filter) : acceptAll;
  let above = 0;
  let below = MAX;
  let left = count;
  if (bound.kind === "at") {
    if (bound.position > storage.lastPosition()) {
      if (backwards) throw unknown("Unexpected ReadAllResult: Error");
      left = 0;
    } else if (!storage.isEventPosition(bound.position)) throw unknown("Unexpected ReadAllResult: InvalidPosition");
    if (backwards) below = bound.position;
    else above = bound.position - 1;
  } else if ((bound.kind === "start") === backwards) left = 0;
  if (left === 0) {
    call.start();
    call.end();
    return;
  }
  pump(
    call,
    () => {
      const page = storage.readAll(
        { above, below, backwards, accept: filter, maxConsidered: SCAN_EVENTS },
        { maxEvents: Math.min(PAGE_EVENTS, left), maxBytes: PAGE_BYTES },
      );
      if (page.events.length > 0) call.sendFrames(joinFrames(page.events, render));
      left -= page.events.length;
      if (page.reached !== undefined) {
        if (backwards) below = page.reached;
        else above = page.reached;
      }
      if (left > 0 && !page.atEnd) return true;
      call.start();
      call.end();
      return false;
    },
    failCall(call),
  );
}

import type { Call, Handler } from "../rpc/call.ts";
import { Status } from "../rpc/status.ts";
import type { Storage } from "../storage/storage.ts";
import type { NewEvent, WriteOutcome } from "../storage/types.ts";
import {
  type BatchAppendReq,
  type BatchError,
  type BatchOptions,
  decodeBatchAppendReq,
  encodeBatchErrorFrame,
  encodeBatchSuccessFrame,
  encodeConflictDetail,
  type ProposedEvent,
} from "../wire/append-messages.ts";
import type { Expected } from "../wire/expected.ts";
import { writeMessage } from "../wire/protobuf.ts";
import { encodeUuidStructured, encodeUuidText, NIL_UUID, type WireUuid } from "../wire/uuid.ts";
import type { AccessRule } from "./access.ts";
import { acceptProposed, isInvalidStream, isRefusal, MAX_EVENT_BYTES, sizeOf } from "./proposed.ts";

/** A real node gives an append this long to become complete, whatever its deadline says. */
const WRITE_TIMEOUT_MS = 2000;
/** A client that sends and never reads answers is not read from while this much waits for it. */
const MAX_ANSWER_BACKLOG = 4 * 1024 * 1024;

const NO_BYTES = Buffer.alloc(0);
const TIMEOUT: BatchError = { code: Status.deadlineExceeded, message: "Timeout", detail: "Timeout" };
const ACCESS_DENIED: BatchError = { code: Status.permissionDenied, message: "AccessDenied", detail: "AccessDenied" };
const STREAM_DELETED_NAME = "StreamDeleted";

/** An append that is being collected. */
type OpenAppend = {
  id: WireUuid;
  options: BatchOptions;
  expected: Expected;
  events: NewEvent[];
  bytes: number;
  timer: NodeJS.Timeout | undefined;
};

/**
 * `Streams/BatchAppend`: many appends on one stream of messages, told apart by their correlation id.
 *
 * An id is `unknown`, `open` (options came, the last chunk did not) or `stored` (handed to the store). Options of an unknown id
 * move it to open; its last chunk to stored; the answer, of which there is exactly one, back to unknown. A failure
 * while open answers at once, and the later chunks then belong to an unknown id: chunks of those are dropped in silence.
 * When the client half-closes, everything open or stored is answered first.
 */
export function batchAppendHandler(
  storage: Storage,
  access: AccessRule,
  isReady: () => boolean,
  maxAppendBytes: number,
): Handler {
  return (call) => {
    const open = new Map<string, OpenAppend>();
    let stored = 0;
    let ending = false;
    const answers = collectAnswers(call);
    call.start();

    function refuse(append: OpenAppend, error: BatchError, rawId: Uint8Array = append.id.raw): void {
      forget(append);
      answers.add(encodeBatchErrorFrame(rawId, append.options.rawStream, error));
      endWhenDone();
    }

    function forget(append: OpenAppend): void {
      if (append.timer) clearTimeout(append.timer);
      open.delete(append.id.text!);
    }

    function endWhenDone(): void {
      if (ending && open.size === 0 && stored === 0) answers.end();
    }

    function begin(id: WireUuid, options: BatchOptions): OpenAppend | undefined {
      const { stream, expected } = options;
      // Stopping: this call is about to end, and with it everything that is unanswered, in a way that clients retry.
      if (!isReady()) return undefined;
      const problem =
        stream === undefined || isInvalidStream(stream)
          ? badRequest("The stream name is missing or invalid.")
          : !expected
            ? badRequest("The expected stream position is missing.")
            : !access.mayWrite(call, stream)
              ? ACCESS_DENIED
              : (options.remainingMs ?? 1) <= 0
                ? TIMEOUT
                : undefined;
      if (problem || !expected) {
        answers.add(encodeBatchErrorFrame(id.raw, options.rawStream, problem ?? TIMEOUT));
        return undefined;
      }
      const append: OpenAppend = { id, options, expected, events: [], bytes: 0, timer: undefined };
      open.set(id.text!, append);
      return append;
    }

    function add(append: OpenAppend, proposed: readonly ProposedEvent[]): BatchError | undefined {
      for (const event of proposed) {
        const accepted = acceptProposed(event);
        if (isRefusal(accepted)) return badRequest(accepted.message);
        append.events.push(accepted);
        const size = sizeOf(accepted);
        if (size > MAX_EVENT_BYTES) return tooLarge(maxAppendBytes);
        append.bytes += size;
      }
      return append.bytes > maxAppendBytes ? tooLarge(maxAppendBytes) : undefined;
    }

    function store(append: OpenAppend): void {
      forget(append);
      stored += 1;
      const { options, expected, events, id } = append;
      storage.write({ kind: "append", stream: options.stream!, expected: expected.value, events }, (outcome) => {
        stored -= 1;
        answers.add(
          outcome.kind === "ok"
            ? encodeBatchSuccessFrame(id.raw, options.rawStream, outcome)
            : encodeBatchErrorFrame(id.raw, options.rawStream, errorOf(outcome, options, expected)),
        );
        endWhenDone();
      });
    }

    function take(request: BatchAppendReq): void {
      const id = request.correlation;
      if (id?.text === undefined || id.text === NIL_UUID) {
        // Without an id there is none to echo; an unreadable one is echoed as it came.
        const rawId = id && (id.structured ? id.raw : encodeUuidText(id.sent));
        answers.add(
          encodeBatchErrorFrame(
            rawId,
            request.options?.rawStream ?? NO_BYTES,
            badRequest("The correlation id is missing or no UUID."),
          ),
        );
        return;
      }
      const append = open.get(id.text) ?? (request.options && begin(id, request.options));
      if (!append) return;
      const problem = add(append, request.events);
      if (problem) refuse(append, problem);
      else if (request.isFinal) store(append);
      else {
        append.timer ??= setTimeout(
          () => refuse(append, TIMEOUT, encodeUuidStructured(append.id.text!)),
          Math.min(append.options.remainingMs ?? WRITE_TIMEOUT_MS, WRITE_TIMEOUT_MS),
        );
      }
    }

    return {
      message: (payload) => take(decodeBatchAppendReq(payload, Date.now())),
      halfClosed() {
        ending = true;
        endWhenDone();
      },
      cancelled() {
        for (const append of open.values()) if (append.timer) clearTimeout(append.timer);
        open.clear();
      },
    };
  };
}

/** Answers of one turn leave with one write. */
function collectAnswers(call: Call): { add(frame: Buffer): void; end(): void } {
  let frames: Buffer[] = [];
  let ending = false;
  let scheduled = false;

  function flush(): void {
    scheduled = false;
    if (frames.length > 0) {
      call.sendFrames(frames.length === 1 ? frames[0]! : Buffer.concat(frames));
      frames = [];
    }
    if (ending) call.end();
    else if (call.backlog > MAX_ANSWER_BACKLOG) {
      call.pause();
      call.whenBacklogBelow(MAX_ANSWER_BACKLOG / 4, () => call.resume());
    }
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(flush);
  }

  return {
    add(frame) {
      frames.push(frame);
      schedule();
    },
    end() {
      ending = true;
      schedule();
    },
  };
}

function badRequest(message: string): BatchError {
  return {
    code: Status.invalidArgument,
    message: "BadRequest",
    detail: "BadRequest",
    body: writeMessage().string(1, message).finish(),
  };
}

function tooLarge(limit: number): BatchError {
  const body = writeMessage().uint(1, limit).finish();
  return {
    code: Status.invalidArgument,
    message: "MaximumAppendSizeExceeded",
    detail: "MaximumAppendSizeExceeded",
    body,
  };
}

function errorOf(
  outcome: Exclude<WriteOutcome, { kind: "ok" }>,
  options: BatchOptions,
  expected: Expected,
): BatchError {
  switch (outcome.kind) {
    case "wrong_expected_version":
      return {
        code: Status.alreadyExists,
        message: "WrongExpectedVersion",
        detail: "WrongExpectedVersion",
        body: encodeConflictDetail(outcome.current, expected),
      };
    case "stream_deleted":
      return {
        code: Status.notFound,
        message: STREAM_DELETED_NAME,
        detail: STREAM_DELETED_NAME,
        body: writeMessage().message(1, options.rawStream).finish(),
      };
    case "failed":
      return { code: Status.unknown, message: outcome.reason, detail: "Unknown" };
  }
}

import type { Call, Handler } from "../rpc/call.ts";
import {
  handlerFailed,
  invalidArgument,
  maximumAppendSizeExceeded,
  missingRequiredMetadata,
  notReady,
  streamDeleted,
  unknown,
} from "../rpc/errors.ts";
import type { Storage } from "../storage/storage.ts";
import type { NewEvent, WriteOutcome } from "../storage/types.ts";
import {
  decodeAppendReq,
  encodeAppendConflict,
  encodeAppendSuccess,
  type WriteOptions,
} from "../wire/append-messages.ts";
import type { Expected } from "../wire/expected.ts";
import { type AccessRule, requireWrite } from "./access.ts";
import { acceptProposed, isInvalidStream, isRefusal, MAX_EVENT_BYTES, sizeOf } from "./proposed.ts";

/** `Streams/Append`: the options, then the events; written as one when the client has sent its last message. */
export function appendHandler(
  storage: Storage,
  access: AccessRule,
  isReady: () => boolean,
  maxAppendBytes: number,
): Handler {
  return (call) => {
    if (!isReady()) throw notReady();
    let target: ValidOptions | undefined;
    let bytes = 0;
    const events: NewEvent[] = [];
    return {
      message(payload) {
        const { options, event } = decodeAppendReq(payload);
        if (options) target ??= validOptions(options, access, call);
        if (!event) return;
        if (!target) throw handlerFailed();
        const accepted = acceptProposed(event);
        if (isRefusal(accepted))
          throw accepted.missing === undefined ? handlerFailed() : missingRequiredMetadata(accepted.missing);
        events.push(accepted);
        const size = sizeOf(accepted);
        bytes += size;
        if (bytes > maxAppendBytes || size > MAX_EVENT_BYTES) throw maximumAppendSizeExceeded(maxAppendBytes);
      },
      halfClosed() {
        if (!target) throw handlerFailed();
        const { stream, expected } = target;
        storage.write({ kind: "append", stream, expected: expected.value, events }, (outcome) =>
          answer(call, stream, expected, outcome),
        );
      },
    };
  };
}

type ValidOptions = { stream: string; expected: Expected };

/** The stream and expectation of a write; throws what a real node answers when they are missing or senseless. */
export function validOptions(options: WriteOptions, access: AccessRule, call: Call): ValidOptions {
  const { stream, expected } = options;
  if (stream === undefined) throw handlerFailed();
  if (!expected) throw invalidArgument("The expected stream revision is missing.");
  requireWrite(access, call, stream);
  if (isInvalidStream(stream)) throw handlerFailed();
  return { stream, expected };
}

function answer(call: Call, stream: string, expected: Expected, outcome: WriteOutcome): void {
  switch (outcome.kind) {
    case "ok":
      call.send(encodeAppendSuccess(outcome));
      break;
    case "wrong_expected_version":
      call.send(encodeAppendConflict(outcome.current, expected));
      break;
    case "stream_deleted":
      call.fail(streamDeleted(stream));
      return;
    case "failed":
      call.fail(unknown(outcome.reason));
      return;
  }
  call.end();
}

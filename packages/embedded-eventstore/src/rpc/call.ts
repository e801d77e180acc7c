import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { frameOf } from "../wire/protobuf.ts";
import { toRpcError } from "./errors.ts";
import { createMessageParser, FramingError } from "./framing.ts";
import { encodeGrpcMessage, RpcError, Status } from "./status.ts";

/**
 * One gRPC call on one HTTP/2 stream.
 *
 * States: `open` (nothing sent), `streaming` (response headers sent), `closed` (status sent, or the peer is gone).
 * `send` moves open -> streaming; `end` and `fail` move to closed, from open as a trailers-only answer; a
 * cancellation or lost connection moves to closed and is told to the sink once. In `closed` every
 * method does nothing, so handlers need no guards.
 */
export type Call = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Who calls: the login, `system` on a node without authentication, undefined for an anonymous caller. */
  readonly user: string | undefined;
  readonly closed: boolean;
  /** Whether the answer has begun. */
  readonly started: boolean;
  /** Bytes handed over and not yet taken by the connection: the measure for back-pressure. */
  readonly backlog: number;
  /** Sends one message. */
  send(message: Uint8Array): void;
  /** Sends bytes that are already gRPC frames, many at a time where possible. */
  sendFrames(frames: Uint8Array): void;
  /** Calls back once, as soon as the backlog is at most `bytes` (at once when it is already), or never when the call closes first. */
  whenBacklogBelow(bytes: number, then: () => void): void;
  /** Sends the response headers now; otherwise they go with the first message. */
  start(): void;
  end(): void;
  fail(error: RpcError): void;
  /** Stops and restarts the reading of requests. */
  pause(): void;
  resume(): void;
};

/** What a handler wants to be told. After `cancelled` nothing else comes. */
export type CallSink = {
  message?(payload: Buffer): void;
  /** The peer has sent its last message. */
  halfClosed?(): void;
  /** The call ended from outside: cancelled, connection lost, deadline, shutdown. */
  cancelled?(): void;
};

/** Serves one call: gets it, says what it wants to hear. Anything it throws fails the call. */
export type Handler = (call: Call) => CallSink | undefined;

/** 17 MiB: what the client is ready to send and receive. */
export const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

const RESPONSE_HEADERS: OutgoingHttpHeaders = { ":status": 200, "content-type": "application/grpc" };

/** Runs a handler on an HTTP/2 stream. Returns the call, so that a shutdown can end it. */
export function serveCall(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  user: string | undefined,
  handler: Handler,
): Call {
  let state: "open" | "streaming" | "closed" = "open";
  let backlog = 0;
  let waiter: { below: number; then: () => void } | undefined;
  let trailers: OutgoingHttpHeaders | undefined;
  let sink: CallSink | undefined;
  let deadline: NodeJS.Timeout | undefined;
  let inputEnded = false;
  const parser = createMessageParser(MAX_MESSAGE_BYTES);

  function written(bytes: number): void {
    backlog -= bytes;
    if (waiter && backlog <= waiter.below && state !== "closed") {
      const { then } = waiter;
      waiter = undefined;
      guarded(then);
    }
  }

  function respond(): void {
    if (state !== "open") return;
    state = "streaming";
    stream.on("wantTrailers", () => {
      if (!stream.destroyed) stream.sendTrailers(trailers ?? { "grpc-status": "2" });
      stopInput();
    });
    stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  }

  /** The answer is complete: whatever the peer still sends is of no interest. */
  function stopInput(): void {
    if (!inputEnded) stream.resume();
    if (!inputEnded && !stream.destroyed) setImmediate(() => stream.destroyed || stream.close(0));
  }

  function finish(code: number, message: string, extra: Readonly<Record<string, string>>): void {
    if (state === "closed") return;
    const wasOpen = state === "open";
    const status: OutgoingHttpHeaders = { ...extra, "grpc-status": String(code) };
    if (message !== "") status["grpc-message"] = encodeGrpcMessage(message);
    leave();
    if (stream.destroyed) return;
    if (wasOpen) {
      stream.respond({ ...RESPONSE_HEADERS, ...status }, { endStream: true });
      stopInput();
    } else {
      trailers = status;
      stream.end();
    }
  }

  function leave(): void {
    state = "closed";
    waiter = undefined;
    if (deadline) clearTimeout(deadline);
  }

  /** The call ends without the handler having ended it. */
  function abandon(): void {
    if (state === "closed") return;
    leave();
    sink?.cancelled?.();
  }

  function guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      const told = sink;
      finishWith(toRpcError(error));
      told?.cancelled?.();
    }
  }

  function finishWith(error: RpcError): void {
    finish(error.code, error.message, error.trailers);
  }

  const call: Call = {
    path: String(headers[":path"]),
    headers,
    user,
    get closed() {
      return state === "closed";
    },
    get started() {
      return state === "streaming";
    },
    get backlog() {
      return backlog;
    },
    send: (message) => call.sendFrames(frameOf(message)),
    sendFrames(frames) {
      if (state === "closed" || stream.destroyed) return;
      respond();
      const size = frames.length;
      backlog += size;
      stream.write(frames, () => written(size));
    },
    whenBacklogBelow(bytes, then) {
      if (state === "closed") return;
      if (backlog <= bytes) then();
      else waiter = { below: bytes, then };
    },
    start: () => {
      if (!stream.destroyed) respond();
    },
    end: () => finish(Status.ok, "", {}),
    fail: finishWith,
    pause: () => stream.pause(),
    resume: () => stream.resume(),
  };

  stream.on("error", () => abandon());
  stream.on("aborted", () => abandon());
  stream.on("close", () => abandon());
  const timeoutMs = parseTimeout(headers["grpc-timeout"]);
  if (timeoutMs !== undefined) {
    deadline = setTimeout(() => {
      const told = sink;
      finishWith(new RpcError(Status.deadlineExceeded, "Deadline Exceeded"));
      told?.cancelled?.();
    }, timeoutMs);
  }
  guarded(() => {
    sink = handler(call);
  });
  stream.on("data", (chunk: Buffer) => {
    if (state === "closed") return;
    guarded(() => {
      try {
        parser.push(chunk, (message) => {
          if (state !== "closed") sink?.message?.(message);
        });
      } catch (error) {
        if (!(error instanceof FramingError)) throw error;
        throw new RpcError(error.tooLarge ? Status.resourceExhausted : Status.unimplemented, error.message);
      }
    });
  });
  stream.on("end", () => {
    inputEnded = true;
    if (state === "closed") return;
    guarded(() => {
      if (!parser.idle()) throw new RpcError(Status.internal, "The request ended within a message.");
      sink?.halfClosed?.();
    });
  });
  return call;
}

const TIMEOUT_UNITS: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };
/** The longest delay that a timer takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The `grpc-timeout` header in milliseconds; undefined when absent, malformed or too far away for a timer. */
export function parseTimeout(header: string | string[] | undefined): number | undefined {
  if (typeof header !== "string") return undefined;
  const match = /^(\d{1,12})([HMSmun])$/.exec(header);
  if (!match) return undefined;
  const ms = Number(match[1]) * TIMEOUT_UNITS[match[2]!]!;
  return ms > MAX_TIMER_MS ? undefined : ms;
}

/**
 * A handler for calls with one request and one response.
 * `run` gets the request bytes and gives the response bytes; what it throws or rejects with fails the call.
 */
export function unary(run: (request: Buffer, call: Call) => Uint8Array | Promise<Uint8Array>): Handler {
  return (call) => {
    let request: Buffer | undefined;
    return {
      message(payload) {
        request ??= payload;
      },
      halfClosed() {
        if (!request) throw new RpcError(Status.internal, "Incomplete message.");
        void answer(call, run, request);
      },
    };
  };
}

async function answer(
  call: Call,
  run: (request: Buffer, call: Call) => Uint8Array | Promise<Uint8Array>,
  request: Buffer,
): Promise<void> {
  try {
    call.send(await run(request, call));
    call.end();
  } catch (error) {
    call.fail(toRpcError(error));
  }
}

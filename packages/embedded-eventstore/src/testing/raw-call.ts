import http2, { type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import { createMessageParser } from "../rpc/framing.ts";
import { frameOf, writeMessage } from "../wire/protobuf.ts";

/**
 * For tests: gRPC calls made by hand, to say what the official client never would.
 */

/** What came of a call: the messages, then status, text and trailers. `status` is undefined while it is open or when it broke. */
export type RawAnswer = {
  messages: Buffer[];
  status: number | undefined;
  text: string;
  trailers: Readonly<Record<string, string>>;
  http: number | undefined;
};

export type RawCall = {
  readonly answer: RawAnswer;
  readonly stream: ClientHttp2Stream;
  send(message: Uint8Array): void;
  halfClose(): void;
  /** Resolves when this many messages are here, or the call has ended. */
  messages(count: number): Promise<Buffer[]>;
  /** Resolves when the call has ended. */
  ended(): Promise<RawAnswer>;
  cancel(): void;
};

export type RawConnection = {
  session: ClientHttp2Session;
  call(path: string, headers?: Record<string, string>): RawCall;
  close(): void;
};

export const STREAMS = "/event_store.client.streams.Streams/";

/** Connects without TLS, or with it when `ca` is given. */
export async function connectRaw(port: number, ca?: string): Promise<RawConnection> {
  const session =
    ca === undefined ? http2.connect(`http://127.0.0.1:${port}`) : http2.connect(`https://localhost:${port}`, { ca });
  session.on("error", () => {});
  await new Promise((resolve, reject) => session.once("connect", resolve).once("error", reject));
  return { session, call: (path, headers = {}) => startCall(session, path, headers), close: () => session.destroy() };
}

function startCall(session: ClientHttp2Session, path: string, headers: Record<string, string>): RawCall {
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  const answer: RawAnswer = { messages: [], status: undefined, text: "", trailers: {}, http: undefined };
  const parser = createMessageParser(64 * 1024 * 1024);
  let closed = false;
  let wake = (): void => {};
  const changed = (): void => {
    const wakeNow = wake;
    wake = () => {};
    wakeNow();
  };
  const take = (trailers: IncomingHttpHeaders): void => {
    if (trailers["grpc-status"] === undefined) return;
    answer.status = Number(trailers["grpc-status"]);
    answer.text = decodeURIComponent(String(trailers["grpc-message"] ?? ""));
    answer.trailers = trailers as Record<string, string>;
  };
  stream.on("response", (response) => {
    answer.http = response[":status"];
    take(response);
  });
  stream.on("trailers", take);
  stream.on("data", (chunk: Buffer) => {
    parser.push(chunk, (message) => answer.messages.push(Buffer.from(message)));
    changed();
  });
  stream.on("error", () => {});
  stream.on("close", () => {
    closed = true;
    changed();
  });
  const until = async (met: () => boolean): Promise<void> => {
    while (!closed && !met()) await new Promise<void>((resolve) => (wake = resolve));
  };
  return {
    answer,
    stream,
    send: (message) => void stream.write(frameOf(message)),
    halfClose: () => void stream.end(),
    async messages(count) {
      await until(() => answer.messages.length >= count);
      return answer.messages;
    },
    async ended() {
      await until(() => false);
      return answer;
    },
    cancel: () => stream.close(http2.constants.NGHTTP2_CANCEL),
  };
}

/** Sends the messages, half-closes, waits for the end. */
export async function callRaw(
  connection: RawConnection,
  path: string,
  messages: readonly Uint8Array[],
  headers?: Record<string, string>,
): Promise<RawAnswer> {
  const call = connection.call(path, headers);
  for (const message of messages) call.send(message);
  call.halfClose();
  return call.ended();
}

const NOTHING = Buffer.alloc(0);

export const streamIdentifier = (name: string): Buffer => writeMessage().string(3, name).finish();
export const uuidText = (text: string): Buffer => writeMessage().string(2, text).finish();

/** The expected revision as a field: `none`, `any`, `exists`, or an exact revision. */
function expectedField(expected: "none" | "any" | "exists" | bigint): Buffer {
  if (typeof expected === "bigint") return writeMessage().uint(2, expected).finish();
  return writeMessage().message({ none: 3, any: 4, exists: 5 }[expected], NOTHING).finish();
}

/** Options of an append, delete or tombstone; what is undefined is left out. */
export function writeOptions(
  stream: string | undefined,
  expected: "none" | "any" | "exists" | bigint | undefined,
): Buffer {
  const parts: Buffer[] = [];
  if (stream !== undefined) parts.push(writeMessage().message(1, streamIdentifier(stream)).finish());
  if (expected !== undefined) parts.push(expectedField(expected));
  return Buffer.concat(parts);
}

export type RawEvent = {
  id?: string;
  idMessage?: Buffer;
  metadata?: Record<string, string>;
  data?: string | Uint8Array;
  custom?: Uint8Array;
};

/** A ProposedMessage; a JSON event of type `t` unless said otherwise. */
export function proposed(event: RawEvent = {}): Buffer {
  const out = writeMessage();
  const id = event.idMessage ?? uuidText(event.id ?? crypto.randomUUID());
  if (id.length > 0) out.message(1, id);
  for (const [key, value] of Object.entries(event.metadata ?? { type: "t", "content-type": "application/json" })) {
    out.message(2, writeMessage().string(1, key).string(2, value).finish());
  }
  if (event.custom) out.bytes(3, event.custom);
  return out.bytes(4, Buffer.from(event.data ?? "{}")).finish();
}

/** The request messages of a classic append. */
export function appendMessages(
  stream: string | undefined,
  expected: "none" | "any" | "exists" | bigint | undefined,
  events: readonly RawEvent[],
): Buffer[] {
  return [
    writeMessage().message(1, writeOptions(stream, expected)).finish(),
    ...events.map((event) => writeMessage().message(2, proposed(event)).finish()),
  ];
}

export type RawChunk = { id?: Buffer; options?: Buffer; events?: readonly RawEvent[]; final?: boolean };

/** A BatchAppendReq. */
export function batchChunk(chunk: RawChunk): Buffer {
  const out = writeMessage();
  if (chunk.id) out.message(1, chunk.id);
  if (chunk.options) out.message(2, chunk.options);
  for (const event of chunk.events ?? []) out.message(3, proposed(event));
  if (chunk.final) out.bool(4, true);
  return out.finish();
}

export type RawRead = {
  stream?: string;
  all?: boolean;
  from?: "start" | "end" | bigint | { commit: bigint; prepare: bigint };
  backwards?: boolean;
  links?: boolean;
  count?: bigint;
  subscribe?: boolean;
  /** `on` undefined: neither kind is set. */
  filter?: { on?: "stream" | "type"; regex?: string; prefixes?: string[]; max?: number; multiplier?: number };
  noFilter?: boolean;
  uuid?: "string" | "structured" | "none";
  compatibility?: number;
};

/** A ReadReq; reads of `count` events with no filter and ids as text unless said otherwise. */
export function readRequest(read: RawRead): Buffer {
  const options = writeMessage();
  const from = read.from ?? "start";
  if (read.stream !== undefined) {
    const source = writeMessage().message(1, streamIdentifier(read.stream));
    if (from === "start") source.message(3, NOTHING);
    else if (from === "end") source.message(4, NOTHING);
    else if (typeof from === "bigint") source.uint(2, from);
    options.message(1, source.finish());
  }
  if (read.all) {
    const source = writeMessage();
    const position = typeof from === "bigint" ? { commit: from, prepare: from } : from;
    if (position === "start") source.message(2, NOTHING);
    else if (position === "end") source.message(3, NOTHING);
    else source.message(1, writeMessage().uint(1, position.commit).uint(2, position.prepare).finish());
    options.message(2, source.finish());
  }
  if (read.backwards) options.uint(3, 1);
  if (read.links) options.bool(4, true);
  if (read.count !== undefined) options.uint(5, read.count);
  if (read.subscribe) options.message(6, NOTHING);
  if (read.filter) {
    const expression = writeMessage();
    if (read.filter.regex !== undefined) expression.string(1, read.filter.regex);
    for (const prefix of read.filter.prefixes ?? []) expression.string(2, prefix);
    const filter = writeMessage();
    if (read.filter.on) filter.message(read.filter.on === "stream" ? 1 : 2, expression.finish());
    filter.uint(3, read.filter.max ?? 32).uint(5, read.filter.multiplier ?? 1);
    options.message(7, filter.finish());
  }
  if (read.noFilter ?? !read.filter) options.message(8, NOTHING);
  if (read.uuid !== "none")
    options.message(
      9,
      writeMessage()
        .message(read.uuid === "structured" ? 1 : 2, NOTHING)
        .finish(),
    );
  if (read.compatibility !== undefined) options.message(10, writeMessage().uint(1, read.compatibility).finish());
  return writeMessage().message(1, options.finish()).finish();
}

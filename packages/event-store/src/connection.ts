import { randomUUID } from "node:crypto";
import { EventStoreDBClient } from "@eventstore/db-client";
import {
  type CallOptions,
  type ClientDuplexStream,
  type ClientReadableStream,
  makeGenericClientConstructor,
  type Metadata,
  type ServiceClientConstructor,
} from "@grpc/grpc-js";
import { type AppendReply, decodeAppendReply, encodeAppend, type ProposedEvent } from "./wire/append-messages.ts";

/**
 * One official client object, and the two calls we make on its channel. Channel, discovery, credentials, TLS, deadlines and
 * the rules of reconnecting are the client's own; its parts for that are `protected`, made for its own methods and those who
 * extend it. The messages of the two calls are read and written here (wire/), for reasons of safety and speed:
 *
 * - the client's own batch append keeps the table of unanswered appends once per process: one broken connection rejects the
 *   appends of all others, and their late answers then throw where nobody can catch them. Here each call has its own table;
 * - the client never ends an append that gets no answer. Here each has a time limit;
 * - its subscription hides up to 16 events in a buffer when a filter's checkpoint passes by. Here messages stay in order;
 * - it serialises each event twice and parses every body; a reader that copies the log pays for objects it never uses.
 *
 * What is sent and received is judged by the official classes in wire/wire.unit.test.ts, and by the official methods in
 * append.int.test.ts (docs/decisions/0030).
 */
interface ClientParts {
  GRPCStreamCreator<Stream>(
    service: ServiceClientConstructor,
    name: string,
    create: (service: RawStreams) => Stream,
    cache?: WeakMap<object, Stream | Promise<Stream>>,
  ): () => Promise<Stream>;
  callArguments(options: { deadline?: number }, callOptions?: CallOptions): [Metadata, CallOptions];
  getChannel(): Promise<{ close(): void }>;
}

type AppendCall = ClientDuplexStream<Buffer, Buffer>;
export type ReadCall = ClientReadableStream<Buffer>;
interface RawStreams {
  read(request: Buffer, metadata: Metadata, options: CallOptions): ReadCall;
  batchAppend(metadata: Metadata, options: CallOptions): AppendCall;
}

const asIs = (bytes: Buffer): Buffer => bytes;
const raw = { requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs };
const RawStreamsClient = makeGenericClientConstructor(
  {
    read: { path: "/event_store.client.streams.Streams/Read", requestStream: false, responseStream: true, ...raw },
    batchAppend: {
      path: "/event_store.client.streams.Streams/BatchAppend",
      requestStream: true,
      responseStream: true,
      ...raw,
    },
  },
  "Streams",
);

/** An append that got no answer: it may have happened. */
export class AppendUnanswered extends Error {}

interface Waiting {
  resolve(reply: AppendReply): void;
  reject(error: unknown): void;
}

/**
 * States: open (calls are made; the client object itself comes back after a broken channel) -> closed (all calls are
 * cancelled; later calls throw). The batch call is opened by the first append and opened anew after it broke.
 */
export class Connection {
  readonly #client: EventStoreDBClient;
  readonly #parts: ClientParts;
  readonly #batchCalls = new WeakMap<object, AppendCall | Promise<AppendCall>>();
  readonly #waiting = new WeakMap<AppendCall, Map<string, Waiting>>();
  #closed = false;

  constructor(url: string) {
    this.#client = EventStoreDBClient.connectionString(withOwnSocket(url));
    this.#parts = this.#client as unknown as ClientParts;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sends one append and waits for its answer, at most `timeoutMs`. `expectedRevision` -1: the stream must not exist.
   * Throws AppendUnanswered when no answer came (in time, or because the call broke), which leaves the outcome open.
   */
  async append(
    stream: string,
    expectedRevision: number,
    events: readonly ProposedEvent[],
    timeoutMs: number,
  ): Promise<AppendReply> {
    const correlationId = randomUUID();
    const deadline = new Date(Date.now() + timeoutMs);
    const message = encodeAppend(correlationId, stream, expectedRevision, deadline, events);
    const { promise, resolve, reject } = Promise.withResolvers<AppendReply>();
    let waiting: Map<string, Waiting> | undefined;
    const timer = setTimeout(() => reject(new AppendUnanswered(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const send = async (): Promise<void> => {
      const call = await this.#batchCall();
      waiting = this.#waiting.get(call);
      waiting?.set(correlationId, { resolve, reject });
      // A false return means that the call buffers; what is in flight is bounded by the callers.
      if (call.writable) call.write(message);
      else reject(new AppendUnanswered("the call ended"));
    };
    send().catch((error: unknown) => reject(new AppendUnanswered("no connection", { cause: error })));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      waiting?.delete(correlationId);
    }
  }

  /**
   * Starts a read or a subscription. Messages come as `data` in their order; pausing the stream holds the server back.
   * `onError` is there from the first moment; it also hears of our own cancel.
   */
  async read(request: Buffer, onError: (error: Error) => void): Promise<ReadCall> {
    this.#refuseWhenClosed();
    return this.#parts.GRPCStreamCreator(RawStreamsClient, "read", (service) =>
      service.read(request, ...this.#parts.callArguments({}, { deadline: Infinity })).on("error", onError),
    )();
  }

  /** Cancels every call and closes the socket, which the client's own dispose leaves open. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#client.dispose();
    const channel = await this.#parts.getChannel().catch(() => undefined);
    channel?.close();
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new AppendUnanswered("the connection is closed");
  }

  async #batchCall(): Promise<AppendCall> {
    this.#refuseWhenClosed();
    return this.#parts.GRPCStreamCreator(
      RawStreamsClient,
      "append",
      (service) => {
        const call = service.batchAppend(...this.#parts.callArguments({}, { deadline: Infinity }));
        const waiting = new Map<string, Waiting>();
        this.#waiting.set(call, waiting);
        const abandon = (error: unknown): void => {
          for (const each of waiting.values()) each.reject(new AppendUnanswered("the call broke", { cause: error }));
          waiting.clear();
        };
        call.on("data", (bytes: Buffer) => {
          const reply = decodeAppendReply(bytes);
          // An answer that nobody waits for any more: its append was given up by time.
          waiting.get(reply.correlationId)?.resolve(reply);
        });
        call.on("error", abandon);
        call.on("end", () => abandon(new Error("the server ended the call")));
        call.on("close", () => abandon(new Error("the call was closed")));
        return call;
      },
      this.#batchCalls,
    )();
  }
}

let serial = 0;

/**
 * gRPC lets all channels of a process to one address share a socket, unless their options differ. A connection that is
 * opened because another got no answers must not share that one's socket, so each asks for its own interval of keep-alive.
 */
function withOwnSocket(url: string): string {
  const settings = url.includes("?") ? url.slice(url.indexOf("?") + 1) : "";
  const taken = settings.split("&").some((pair) => /^keep[_-]?alive[_-]?interval=/i.test(pair));
  if (taken) return url;
  serial = (serial + 1) % 5_000;
  return `${url}${url.includes("?") ? "&" : "?"}keepAliveInterval=${10_000 + serial}`;
}

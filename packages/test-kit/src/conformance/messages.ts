import { randomUUID } from "node:crypto";
import sharedPb from "@eventstore/db-client/generated/shared_pb.js";
import streamsPb from "@eventstore/db-client/generated/streams_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import timestampPb from "google-protobuf/google/protobuf/timestamp_pb.js";
import type { ServiceError } from "@grpc/grpc-js";
import type { RawClient } from "./raw.ts";

type BatchAppendReq = InstanceType<typeof streamsPb.BatchAppendReq>;
export type BatchAppendResp = InstanceType<typeof streamsPb.BatchAppendResp>;
type AppendReq = InstanceType<typeof streamsPb.AppendReq>;
type AppendResp = InstanceType<typeof streamsPb.AppendResp>;
export type ReadReq = InstanceType<typeof streamsPb.ReadReq>;
export type ReadResp = InstanceType<typeof streamsPb.ReadResp>;

/** One event as the wire has it. */
export interface RawEvent {
  readonly id?: string | undefined;
  readonly metadata?: Record<string, string>;
  readonly data?: string;
  readonly customMetadata?: string;
}

export type RawExpected = "any" | "no_stream" | "stream_exists" | bigint | undefined;

export const uuid = (id: string): InstanceType<typeof sharedPb.UUID> => {
  const message = new sharedPb.UUID();
  message.setString(id);
  return message;
};

/** The same id as two 64-bit halves. */
export const structuredUuid = (id: string): InstanceType<typeof sharedPb.UUID> => {
  const hex = id.replaceAll("-", "");
  const half = new sharedPb.UUID.Structured();
  half.setMostSignificantBits(BigInt.asIntN(64, BigInt(`0x${hex.slice(0, 16)}`)).toString());
  half.setLeastSignificantBits(BigInt.asIntN(64, BigInt(`0x${hex.slice(16)}`)).toString());
  const message = new sharedPb.UUID();
  message.setStructured(half);
  return message;
};

export const streamId = (name: string): InstanceType<typeof sharedPb.StreamIdentifier> => {
  const message = new sharedPb.StreamIdentifier();
  message.setStreamName(Buffer.from(name, "utf8"));
  return message;
};

const jsonMetadata = { type: "raw", "content-type": "application/json" };

const fillProposed = <
  M extends {
    setId(id: InstanceType<typeof sharedPb.UUID>): unknown;
    setData(data: Uint8Array): unknown;
    setCustomMetadata(data: Uint8Array): unknown;
    getMetadataMap(): { set(key: string, value: string): unknown };
  },
>(
  message: M,
  event: RawEvent,
): M => {
  const id = "id" in event ? event.id : randomUUID();
  if (id !== undefined) message.setId(uuid(id));
  for (const [key, value] of Object.entries(event.metadata ?? jsonMetadata)) message.getMetadataMap().set(key, value);
  message.setData(Buffer.from(event.data ?? "{}"));
  if (event.customMetadata !== undefined) message.setCustomMetadata(Buffer.from(event.customMetadata));
  return message;
};

/** One chunk of a batch append. `options` on the first; `final` on the last. */
export const batchChunk = (chunk: {
  readonly correlation?: InstanceType<typeof sharedPb.UUID> | undefined;
  readonly stream?: string;
  readonly expected?: RawExpected;
  readonly deadline?: Date;
  readonly events?: readonly RawEvent[];
  readonly final: boolean;
}): BatchAppendReq => {
  const request = new streamsPb.BatchAppendReq();
  if (chunk.correlation) request.setCorrelationId(chunk.correlation);
  if (chunk.stream !== undefined) {
    const options = new streamsPb.BatchAppendReq.Options();
    options.setStreamIdentifier(streamId(chunk.stream));
    const empty = new emptyPb.Empty();
    if (chunk.expected === "any") options.setAny(empty);
    else if (chunk.expected === "no_stream") options.setNoStream(empty);
    else if (chunk.expected === "stream_exists") options.setStreamExists(empty);
    else if (chunk.expected !== undefined) options.setStreamPosition(chunk.expected.toString());
    options.setDeadline(timestampPb.Timestamp.fromDate(chunk.deadline ?? new Date(Date.now() + 10_000)));
    request.setOptions(options);
  }
  request.setProposedMessagesList(
    (chunk.events ?? []).map((event) => fillProposed(new streamsPb.BatchAppendReq.ProposedMessage(), event)),
  );
  request.setIsFinal(chunk.final);
  return request;
};

/** A classic append; `stream: undefined` sends no options message, `identifier: false` leaves the stream out of it. */
export const classicAppend = (
  raw: RawClient,
  request: {
    readonly stream?: string | undefined;
    readonly identifier?: boolean;
    readonly expected?: RawExpected;
    readonly events: readonly RawEvent[];
  },
): Promise<AppendResp> =>
  new Promise((resolve, reject) => {
    const call = raw.streams.append(
      raw.metadata(),
      { deadline: Date.now() + 10_000 },
      (error: ServiceError | null, answer?: AppendResp) => (error ? reject(error) : resolve(answer!)),
    );
    call.on("error", () => undefined);
    const send = (message: AppendReq) => call.write(message);
    if (request.stream !== undefined) {
      const header = new streamsPb.AppendReq();
      const options = new streamsPb.AppendReq.Options();
      if (request.identifier !== false) options.setStreamIdentifier(streamId(request.stream));
      const empty = new sharedPb.Empty();
      if (request.expected === "any") options.setAny(empty);
      else if (request.expected === "no_stream") options.setNoStream(empty);
      else if (request.expected === "stream_exists") options.setStreamExists(empty);
      else if (request.expected !== undefined) options.setRevision(request.expected.toString());
      header.setOptions(options);
      send(header);
    }
    for (const event of request.events) {
      const message = new streamsPb.AppendReq();
      message.setProposedMessage(fillProposed(new streamsPb.AppendReq.ProposedMessage(), event));
      send(message);
    }
    call.end();
  });

/** A read or subscription request on a stream or on `$all`, to be bent as a case needs. */
export const readRequest = (request: {
  readonly stream?: string;
  readonly from?: "start" | "end" | bigint | { commit: bigint; prepare: bigint };
  readonly backwards?: boolean;
  readonly count?: bigint;
  readonly subscribe?: boolean;
  readonly filter?: {
    readonly on?: "stream" | "type";
    readonly regex?: string;
    readonly prefixes?: readonly string[];
    readonly max?: number;
    readonly multiplier?: number;
  };
  readonly noFilter?: boolean;
  readonly compatibility?: number;
}): ReadReq => {
  const options = new streamsPb.ReadReq.Options();
  const empty = () => new sharedPb.Empty();
  const from = request.from ?? "start";
  if (request.stream !== undefined) {
    const source = new streamsPb.ReadReq.Options.StreamOptions();
    source.setStreamIdentifier(streamId(request.stream));
    if (from === "start") source.setStart(empty());
    else if (from === "end") source.setEnd(empty());
    else source.setRevision(String(from));
    options.setStream(source);
  } else {
    const source = new streamsPb.ReadReq.Options.AllOptions();
    if (from === "start") source.setStart(empty());
    else if (from === "end") source.setEnd(empty());
    else if (typeof from === "object") {
      const position = new streamsPb.ReadReq.Options.Position();
      position.setCommitPosition(from.commit.toString());
      position.setPreparePosition(from.prepare.toString());
      source.setPosition(position);
    }
    options.setAll(source);
  }
  options.setReadDirection(request.backwards ? 1 : 0);
  if (request.subscribe) options.setSubscription(new streamsPb.ReadReq.Options.SubscriptionOptions());
  else if (request.count !== undefined) options.setCount(request.count.toString());
  if (request.filter) {
    const filter = new streamsPb.ReadReq.Options.FilterOptions();
    const expression = new streamsPb.ReadReq.Options.FilterOptions.Expression();
    if (request.filter.regex !== undefined) expression.setRegex(request.filter.regex);
    expression.setPrefixList([...(request.filter.prefixes ?? [])]);
    if (request.filter.on === "stream") filter.setStreamIdentifier(expression);
    if (request.filter.on === "type") filter.setEventType(expression);
    if (request.filter.max === undefined) filter.setCount(empty());
    else filter.setMax(request.filter.max);
    filter.setCheckpointintervalmultiplier(request.filter.multiplier ?? 1);
    options.setFilter(filter);
  } else if (request.noFilter !== false) options.setNoFilter(empty());
  const uuidOption = new streamsPb.ReadReq.Options.UUIDOption();
  uuidOption.setString(empty());
  options.setUuidOption(uuidOption);
  if (request.compatibility !== undefined) {
    const control = new streamsPb.ReadReq.Options.ControlOption();
    control.setCompatibility(request.compatibility);
    options.setControlOption(control);
  }
  const message = new streamsPb.ReadReq();
  message.setOptions(options);
  return message;
};

export interface RawRead {
  readonly messages: ReadResp[];
  /** The error that ended the call; undefined while it runs or when it ended well. */
  error: ServiceError | undefined;
  ended: boolean;
  readonly done: Promise<void>;
  cancel(): void;
}

/** Runs a read without the client: every message in order, and how the call ended. */
export const rawRead = (raw: RawClient, request: ReadReq): RawRead => {
  const call = raw.streams.read(request, raw.metadata());
  let settle: () => void = () => undefined;
  const read: RawRead = {
    messages: [],
    error: undefined,
    ended: false,
    done: new Promise((resolve) => {
      settle = resolve;
    }),
    cancel: () => call.cancel(),
  };
  call.on("data", (message: ReadResp) => read.messages.push(message));
  call.on("error", (error: ServiceError) => {
    read.error = error;
    settle();
  });
  call.on("end", () => {
    read.ended = true;
    setImmediate(settle);
  });
  return read;
};

/** The kinds of messages of a read, in order: "event", "streamNotFound", "confirmation", ... */
export const kindsOf = (messages: readonly ReadResp[]): string[] =>
  messages.map((message) => {
    if (message.hasEvent()) return "event";
    if (message.hasConfirmation()) return "confirmation";
    if (message.hasCheckpoint()) return "checkpoint";
    if (message.hasStreamNotFound()) return "streamNotFound";
    if (message.hasFirstStreamPosition()) return "firstStreamPosition";
    if (message.hasLastStreamPosition()) return "lastStreamPosition";
    if (message.hasLastAllStreamPosition()) return "lastAllStreamPosition";
    if (message.hasCaughtUp()) return "caughtUp";
    if (message.hasFellBehind()) return "fellBehind";
    return "unknown";
  });

/** A batch append stream that keeps every answer. */
export const openBatch = (raw: RawClient) => {
  const call = raw.streams.batchAppend(raw.metadata());
  const answers: BatchAppendResp[] = [];
  const state: { error: ServiceError | undefined; ended: boolean } = { error: undefined, ended: false };
  call.on("data", (answer: BatchAppendResp) => answers.push(answer));
  call.on("error", (error: ServiceError) => {
    state.error = error;
  });
  call.on("end", () => {
    state.ended = true;
  });
  return { call, answers, state };
};

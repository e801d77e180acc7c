import type { EventMeta } from "@docket/domain";
import { backoffMs, sleep } from "@docket/service-kit";
import type { AppendPart, AppendResult, Codec, EncodedEvent, StoredFact, Tail } from "./api.ts";
import { canonicalJson } from "./canonical-json.ts";
import { AppendUnanswered, type Connection } from "./connection.ts";
import { finalError, passing, StoreUnavailable, verdictOn, verdictOnReply } from "./errors.ts";
import { eventIdOf, hashOfTexts } from "./hash-chain.ts";
import { schemaVersionOf } from "./schema-versions.ts";
import { toStoredMeta } from "./stored-meta.ts";
import type { AppendReply, ProposedEvent } from "./wire/append-messages.ts";

/** An append worked out to the last byte: it can be sent any number of times and is written once. */
export interface PreparedAppend {
  readonly stream: string;
  /** -1: the stream must not exist */
  readonly expectedRevision: number;
  readonly events: readonly ProposedEvent[];
  /** the facts as they will stand, but for their position */
  readonly facts: readonly Omit<StoredFact, "position">[];
  readonly tail: Tail;
}

/** Chains the facts to the tail, and gives each its id. Parts that follow each other are of different commands. */
export async function prepareAppend(
  stream: string,
  tail: Tail,
  parts: readonly AppendPart[],
  codec: Codec | undefined,
  origin: (stream: string) => Promise<EncodedEvent | undefined> = async () => undefined,
): Promise<PreparedAppend> {
  const plain = parts.flatMap(({ facts, meta }) =>
    facts.map(({ type, data, occurredAt, by }) => ({
      type,
      data,
      meta: { ...meta, ...by, occurredAt, schemaVersion: schemaVersionOf(type) } satisfies EventMeta,
    })),
  );
  const encoded = codec === undefined ? plain : await encodeWith(codec, stream, plain, origin);
  const events: ProposedEvent[] = [];
  const chained: Pick<StoredFact, "stream" | "revision" | "eventId" | "prevHash" | "hash">[] = [];
  let { revision, hash } = tail;
  let index = -1;
  let commandId: string | undefined;
  for (const event of encoded) {
    // The index within the event's own command.
    index = event.meta.commandId === commandId ? index + 1 : 0;
    commandId = event.meta.commandId;
    revision++;
    const prevHash = hash;
    const storedMeta = toStoredMeta(event.meta, prevHash);
    const dataText = canonicalJson(event.data);
    hash = hashOfTexts(stream, revision, event.type, dataText, canonicalJson(storedMeta));
    const eventId = eventIdOf(commandId, index, hash);
    events.push({ eventId, type: event.type, dataText, metaText: JSON.stringify({ ...storedMeta, hash }) });
    chained.push({ stream, revision, eventId, prevHash, hash });
  }
  const facts = plain.map((fact, place) => ({ ...fact, ...chained[place] }) as Omit<StoredFact, "position">);
  return { stream, expectedRevision: tail.revision, events, facts, tail: { revision, hash } };
}

async function encodeWith(
  codec: Codec,
  stream: string,
  plain: readonly EncodedEvent[],
  origin: (stream: string) => Promise<EncodedEvent | undefined>,
): Promise<readonly EncodedEvent[]> {
  try {
    return await codec.encode(stream, plain, origin);
  } catch (error) {
    throw passing(error) ?? error;
  }
}

/** More than any server takes in one message (16 MiB, at up to three bytes a character): it would only break the call. */
const MAX_CHARACTERS = 5_000_000;

export interface AppendLimits {
  /** time limit of one try, milliseconds */
  readonly timeoutMs: number;
  /** no further try begins after this time; a second one is always made */
  readonly patienceMs: number;
}

/**
 * Sends a prepared append until the store has said what became of it. Every try carries the same ids and the same expected
 * revision: if an earlier one was carried out after all, the store recognises it and answers as it would have then.
 * `connection()` gives the connection to use now; `suspect()` is told of one that gave no answer.
 */
export async function sendAppend(
  prepared: PreparedAppend,
  connection: () => Connection,
  suspect: (connection: Connection) => void,
  limits: AppendLimits,
): Promise<AppendResult> {
  const { stream, expectedRevision, events } = prepared;
  if (events.reduce((sum, { dataText, metaText }) => sum + dataText.length + metaText.length, 0) > MAX_CHARACTERS)
    throw finalError("append_too_large", stream);
  const started = performance.now();
  for (let attempt = 1; ; attempt++) {
    const current = connection();
    let cause: unknown;
    try {
      const reply = await current.append(stream, expectedRevision, events, limits.timeoutMs);
      const result = settled(prepared, reply);
      if (result !== undefined) return result;
      cause = reply;
    } catch (error) {
      if (!(error instanceof AppendUnanswered)) throw error;
      cause = error.cause ?? error;
      // Refused at the door: nothing was written, and asking again would not help.
      if (verdictOn(cause) === "access_denied") throw finalError("access_denied", stream, cause);
      suspect(current);
    }
    if (attempt >= 2 && performance.now() - started >= limits.patienceMs) {
      throw new StoreUnavailable(`the store did not answer an append to ${stream}`, { cause, outcomeUnknown: true });
    }
    await sleep(backoffMs(attempt, { firstMs: 20, maxMs: 500 }));
  }
}

/** What the store's word on an append means; undefined when another try may give a better one. */
function settled(prepared: PreparedAppend, reply: AppendReply): AppendResult | undefined {
  if (reply.ok) {
    const { position } = reply;
    // A position is missing only for an event that can no longer be read, which nothing of ours ever causes.
    if (position === undefined)
      throw new StoreUnavailable(`the store told no position for ${prepared.stream}`, { outcomeUnknown: true });
    const facts = prepared.facts.map((fact) => ({ ...fact, position }) as StoredFact);
    return { outcome: "written", facts, tail: prepared.tail, position };
  }
  if (reply.details === "WrongExpectedVersion")
    return { outcome: "conflict", currentRevision: reply.currentRevision ?? -1 };
  const verdict = verdictOnReply(reply);
  if (verdict !== "again") throw finalError(verdict, prepared.stream);
  return undefined;
}

import type { Storage } from "../storage/storage.ts";
import { createCheckpoints, loadCheckpoint } from "./checkpoints.ts";
import { type Connection, type Consumer, createConsumer } from "./consumer.ts";
import { failed, maximumSubscribersReached } from "./errors.ts";
import { type Attempt, type Held, messageFrom } from "./message.ts";
import { createParking } from "./parking.ts";
import { createProgress } from "./progress.ts";
import { createRetries, scan } from "./retries.ts";
import type { GroupConfig } from "./settings.ts";
import { type CompileFilter, createSource } from "./source.ts";
import { type GroupStatistics, measureGroup } from "./statistics.ts";
import { createStrategy } from "./strategies.ts";

/**
 * A group of competing consumers on one source (spec 5, 11).
 *
 * The group: `behind` (the source has events that were not read) -> `live` (everything was read) and back when more is committed
 * than fits; `stopped` at the end, in which nothing happens any more. It reads from its creation on, consumers or not,
 * as far as its buffer has room.
 *
 * A message: `buffered` (read, not handed out) -> `held` by a consumer -> finished, by
 *   - an acknowledgement through any consumer, a skip, a stop;
 *   - `parking` -> finished once the parked link is on disk (a nack with park; a nack with retry or a timeout once it was
 *     retried `maxRetryCount` times);
 *   - or back to `retrying`, which is handed out before anything buffered: a nack with retry or a timeout (counts towards the
 *     maximum), a consumer that left (counts, but never parks).
 * Whatever is not finished holds the checkpoint back (progress.ts), replayed messages excepted. A message whose id is held already
 * waits until that one is finished, since answers name nothing but the id.
 */
export type Group = {
  readonly config: GroupConfig;
  /** Adds a consumer. Throws maximum-subscribers-reached. Call `deliver` when its confirmation is sent. */
  connect(connection: Connection): Consumer;
  disconnect(consumer: Consumer): void;
  /** Hands out what can be handed out and reads on where there is room. */
  deliver(): void;
  ack(ids: readonly string[]): void;
  nack(ids: readonly string[], action: NackAction, reason: string): void;
  /** Hands parked messages out again, all or those below an event number of the parked stream. Throws for a negative one. */
  replayParked(stopAt: bigint | undefined): void;
  /** Time passes: once a second. */
  tick(): void;
  /** Something was committed to these streams. */
  committed(streamIds: ReadonlySet<number>): void;
  statistics(): GroupStatistics;
  /** Drops all consumers; nothing is written any more. */
  stop(): void;
};

export type NackAction = "unknown" | "park" | "retry" | "skip" | "stop";

export type GroupParts = { storage: Storage; compileFilter: CompileFilter; nowMs: () => number };

/** Bytes of read messages that a group buffers at most. */
const BUFFER_BYTES = 16 * 1024 * 1024;
/** Pages read in one turn of the event loop. */
const PAGES_A_TURN = 4;
/** Replayed messages that wait in memory at most. */
const REPLAY_WINDOW = 500;

/** Starts a group: from its checkpoint when it has one, else from where its settings say. */
export function startGroup(parts: GroupParts, config: GroupConfig): Group {
  const { storage, nowMs } = parts;
  const { settings } = config;
  const source = createSource(storage, config, parts.compileFilter);
  const loaded = loadCheckpoint(storage, config);
  const progress = createProgress();
  const checkpoints = createCheckpoints({ storage, config, progress, nowMs }, loaded);
  const parking = createParking(storage, config, nowMs);
  const retries = createRetries();
  const strategy = createStrategy(settings.strategy);
  const batchSize = Math.max(1, settings.readBatchSize);
  const consumers: Consumer[] = [];
  const held = new Map<string, Held>();
  const buffer: Attempt[] = [];
  let bufferedBytes = 0;
  let cursor = loaded ?? startAfter();
  let state: "behind" | "live" | "stopped" = "behind";
  let lastKnown: number | undefined;
  let totalItems = 0;
  let scheduled = false;
  const look = measureGroup(nowMs);

  function startAfter(): number {
    const start = settings.startFrom;
    if (start.kind === "end") return source.end();
    return Number(start.kind === "revision" ? start.revision : start.commit) - 1;
  }

  function schedule(): void {
    if (scheduled || state === "stopped") return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      deliver();
    });
  }

  function deliver(): void {
    if (state === "stopped") return;
    for (let pages = 0; ; pages++) {
      handOut();
      if (!hasRoom() || state === "live") break;
      if (pages >= PAGES_A_TURN) {
        schedule();
        break;
      }
      readPage();
    }
    checkpoints.consider(false);
  }

  function hasRoom(): boolean {
    return buffer.length + batchSize <= settings.historyBufferSize && bufferedBytes < BUFFER_BYTES;
  }

  function readPage(): void {
    const page = source.read(cursor, batchSize);
    for (const { event, place } of page.events) {
      const message = messageFrom(storage, event, settings.resolveLinks, progress.read(place, 1));
      buffer.push({ message, retryCount: 0 });
      bufferedBytes += event.frame.length;
      lastKnown = place;
    }
    if (page.passedOver > 0) progress.finish(progress.read(page.reached!, page.passedOver));
    if (page.reached !== undefined) cursor = page.reached;
    state = page.atEnd ? "live" : "behind";
  }

  function handOut(): void {
    if (consumers.length === 0) return;
    if (parking.pending && retries.size < REPLAY_WINDOW) {
      for (const message of parking.load(REPLAY_WINDOW)) retries.add({ message, retryCount: 0 });
    }
    let full = false;
    const take = (attempt: Attempt): boolean | "stop" => {
      if (held.has(attempt.message.id)) return false;
      const chosen = strategy.choose(attempt.message);
      if (chosen === "later") return false;
      if (chosen === "full") {
        full = true;
        return "stop";
      }
      give(attempt, chosen);
      return true;
    };
    retries.scan(take);
    if (full) return;
    scan(buffer, (attempt) => {
      const taken = take(attempt);
      if (taken === true) bufferedBytes -= sizeOf(attempt);
      return taken;
    });
    if (buffer.length === 0) bufferedBytes = 0;
  }

  function sizeOf({ message }: Attempt): number {
    return (message.link ?? message.event ?? Buffer.alloc(0)).length;
  }

  function give(attempt: Attempt, consumer: Consumer): void {
    const now = nowMs();
    const deadlineMs = settings.messageTimeoutMs > 0 ? now + settings.messageTimeoutMs : Number.POSITIVE_INFINITY;
    held.set(attempt.message.id, { ...attempt, consumer, deadlineMs });
    consumer.held += 1;
    consumer.totalItems += 1;
    totalItems += 1;
    consumer.measurements?.begin(attempt.message.id, now);
    consumer.send(attempt);
  }

  /** Takes a message from whoever holds it and frees the slot. */
  function takeBack(id: string): Held | undefined {
    const found = held.get(id);
    if (!found) return undefined;
    held.delete(id);
    found.consumer.held -= 1;
    found.consumer.measurements?.end(id, nowMs());
    return found;
  }

  function finish({ message }: Attempt): void {
    if (message.stretch !== undefined) progress.finish(message.stretch);
    if (message.parkedNumber !== undefined) parking.finished(message.parkedNumber);
  }

  function park(attempt: Attempt, reason: string): void {
    void parking.park(attempt.message, reason).then((written) => {
      if (state === "stopped") return;
      if (written) finish(attempt);
      else retries.add(attempt);
      schedule();
    });
  }

  function retry(attempt: Attempt): void {
    if (attempt.retryCount >= settings.maxRetryCount) park(attempt, `Reached retry count of ${settings.maxRetryCount}`);
    else retries.add({ message: attempt.message, retryCount: attempt.retryCount + 1 });
  }

  schedule();
  return {
    config,
    connect(connection) {
      if (settings.maxSubscriberCount > 0 && consumers.length >= settings.maxSubscriberCount) {
        throw maximumSubscribersReached(config.source, config.group);
      }
      const consumer = createConsumer(connection, settings.extraStatistics);
      consumers.push(consumer);
      strategy.join(consumer);
      return consumer;
    },
    disconnect(consumer) {
      const at = consumers.indexOf(consumer);
      if (at < 0) return;
      consumers.splice(at, 1);
      strategy.leave(consumer);
      for (const [id, found] of held) {
        if (found.consumer !== consumer) continue;
        held.delete(id);
        retries.add({ message: found.message, retryCount: found.retryCount + 1 });
      }
      deliver();
    },
    deliver,
    ack(ids) {
      for (const id of ids) {
        const found = takeBack(id);
        if (found) finish(found);
      }
      deliver();
    },
    nack(ids, action, reason) {
      for (const id of ids) {
        const found = takeBack(id);
        if (!found) continue;
        if (action === "park") park(found, `Client explicitly NAK'ed message.\n${reason}`);
        else if (action === "skip" || action === "stop") finish(found);
        else retry(found);
      }
      deliver();
    },
    replayParked(stopAt) {
      if (stopAt !== undefined && stopAt < 0n) {
        throw failed(config.source, config.group, "Cannot stop replaying parked message at a negative version.");
      }
      parking.replay(stopAt === undefined ? undefined : Number(stopAt));
      deliver();
    },
    tick() {
      if (state === "stopped") return;
      const now = nowMs();
      for (const [id, found] of held) {
        if (found.deadlineMs > now) continue;
        takeBack(id);
        retry(found);
      }
      deliver();
      checkpoints.consider(true);
      parking.truncate();
    },
    committed(streamIds) {
      if (state === "stopped") return;
      const mine = source.streamId();
      if (mine === undefined || (mine !== "all" && !streamIds.has(mine))) return;
      state = "behind";
      schedule();
    },
    statistics: () =>
      look({
        config,
        state,
        checkpoint: checkpoints.stored,
        lastKnown,
        totalItems,
        buffered: buffer.length,
        retrying: retries.size,
        held: held.size,
        parked: parking.count(),
        consumers,
      }),
    stop() {
      if (state === "stopped") return;
      state = "stopped";
      checkpoints.stop();
      parking.stop();
      for (const consumer of consumers.splice(0)) consumer.drop();
    },
  };
}

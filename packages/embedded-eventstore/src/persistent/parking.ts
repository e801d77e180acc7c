import { randomUUID } from "node:crypto";
import type { Storage } from "../storage/storage.ts";
import { metastreamOf } from "../storage/metadata.ts";
import type { NewEvent } from "../storage/types.ts";
import { ANY } from "../wire/expected.ts";
import { type Message, replayedFrom } from "./message.ts";
import { formatPlace, type GroupConfig, groupKey, parkedStreamOf } from "./settings.ts";

/**
 * The messages that a group gave up on: links in a system stream of its own (spec 5).
 *
 * Numbers below `replayedTo` were asked to be replayed. Those below `nextToLoad` were handed to the group, and are `out`
 * until they are finished. The stream is truncated up to the lowest number that is not finished, so what was replayed and not
 * acknowledged is parked again after a crash, while the count shows at once what stays parked. (A real node truncates when it
 * reads and loses what was on its way.)
 */
export type Parking = {
  /** Parked messages that no replay has asked for. */
  count(): number;
  /** Writes a parked message; false when it could not be written. */
  park(message: Message, reason: string): Promise<boolean>;
  /** Asks for everything below the number (all when undefined) to be handed out again. */
  replay(stopAt: number | undefined): void;
  /** The next messages to hand out, at most so many; links to what is gone are dropped. */
  load(max: number): Message[];
  readonly pending: boolean;
  finished(parkedNumber: number): void;
  /** Truncates what is finished, if anything is. Called by the clock, and by itself when all is finished. */
  truncate(): void;
  stop(): void;
};

const LINK_TYPE = "$>";
const METADATA_TYPE = "$metadata";
const NOTHING = Buffer.alloc(0);
const ADMINS = { $r: "$admins", $w: "$admins", $d: "$admins", $mr: "$admins", $mw: "$admins" };

export function createParking(storage: Storage, config: GroupConfig, nowMs: () => number): Parking {
  const stream = parkedStreamOf(groupKey(config.source, config.group));
  const out = new Set<number>();
  let replayedTo = 0;
  let nextToLoad = 0;
  let truncatedTo = firstReadable();
  let writing = false;
  let stopped = false;
  /** The stream's access list was written, or need not be. */
  let guarded = false;

  function firstReadable(): number {
    const status = storage.status(stream);
    return status.kind === "exists" ? status.first : 0;
  }

  function bounds(): { first: number; end: number } {
    const status = storage.status(stream);
    return status.kind === "exists" ? { first: status.first, end: status.last + 1 } : { first: 0, end: 0 };
  }

  function metadata(truncateBefore: number | undefined): NewEvent {
    const json = truncateBefore === undefined ? { $acl: ADMINS } : { $tb: truncateBefore, $acl: ADMINS };
    return {
      id: randomUUID(),
      type: METADATA_TYPE,
      isJson: true,
      data: Buffer.from(JSON.stringify(json)),
      metadata: NOTHING,
    };
  }

  function linkTo(message: Message, reason: string): NewEvent {
    const note: Record<string, unknown> = { added: new Date(nowMs()).toISOString(), reason };
    if (message.number !== 0) note["subscriptionEventNumber"] = message.number;
    const data = Buffer.from(`${formatPlace("", message.target.revision)}@${message.target.stream}`);
    return { id: randomUUID(), type: LINK_TYPE, isJson: false, data, metadata: Buffer.from(JSON.stringify(note)) };
  }

  async function write(truncateBefore: number): Promise<void> {
    writing = true;
    const outcome = await storage.append(metastreamOf(stream), ANY, [metadata(truncateBefore)]);
    writing = false;
    if (outcome.kind === "ok") truncatedTo = Math.max(truncatedTo, truncateBefore);
    if (!stopped && out.size === 0) truncate();
  }

  function truncate(): void {
    if (writing || stopped) return;
    let lowest = nextToLoad;
    for (const number of out) lowest = Math.min(lowest, number);
    if (lowest > truncatedTo) void write(lowest);
  }

  return {
    count() {
      const { first, end } = bounds();
      return Math.max(0, end - Math.max(first, replayedTo));
    },
    async park(message, reason) {
      if (!guarded && storage.status(stream).kind !== "exists")
        void storage.append(metastreamOf(stream), ANY, [metadata(undefined)]);
      guarded = true;
      const outcome = await storage.append(stream, ANY, [linkTo(message, reason)]);
      return outcome.kind === "ok";
    },
    replay(stopAt) {
      const { first, end } = bounds();
      const wanted = stopAt === undefined ? end : Math.min(stopAt, end);
      if (wanted <= replayedTo) return;
      nextToLoad = Math.max(nextToLoad, first);
      replayedTo = Math.max(wanted, replayedTo);
    },
    load(max) {
      const messages: Message[] = [];
      while (messages.length < max && nextToLoad < replayedTo) {
        const page = storage.readStream(
          stream,
          { low: nextToLoad, high: replayedTo - 1 },
          { maxEvents: max - messages.length, maxBytes: 4 * 1024 * 1024 },
        );
        for (const parked of page) {
          const message = replayedFrom(storage, parked);
          if (!message) continue;
          messages.push(message);
          out.add(parked.revision);
        }
        nextToLoad = page.length > 0 ? page.at(-1)!.revision + 1 : replayedTo;
      }
      if (out.size === 0) truncate();
      return messages;
    },
    get pending() {
      return nextToLoad < replayedTo;
    },
    finished(parkedNumber) {
      out.delete(parkedNumber);
      if (out.size === 0) truncate();
    },
    truncate,
    stop() {
      stopped = true;
    },
  };
}

import { randomUUID } from "node:crypto";
import type { Storage } from "../storage/storage.ts";
import { decodeEvent } from "../wire/recorded-event.ts";
import { ANY } from "../wire/expected.ts";
import type { Progress } from "./progress.ts";
import { checkpointStreamOf, formatPlace, type GroupConfig, groupKey, parsePlace } from "./settings.ts";

/**
 * Where a group goes on after a restart: an event `$SubscriptionCheckpoint` in a stream of its own (spec 5).
 *
 * States: `idle`, `writing` (an append is on its way), `stopped`. A checkpoint is due when `max` new events are finished, or
 * on the tick when `min` are and `after` has passed. One that falls due while another is being written is judged again
 * when that write is done, so none is lost, and `stored` only ever says what is on disk (a real node drops such a
 * checkpoint and shows it as written: spec 11). In `stopped` nothing is written: an update, a restart and a shutdown flush none.
 */
export type Checkpoints = {
  /** The place on disk, undefined when there is none. */
  readonly stored: number | undefined;
  /** Judges whether a checkpoint is due and writes it. `tick`: called by the clock. */
  consider(tick: boolean): void;
  stop(): void;
};

type Parts = { storage: Storage; config: GroupConfig; progress: Progress; nowMs: () => number };

const CHECKPOINT_TYPE = "$SubscriptionCheckpoint";
const NOTHING = Buffer.alloc(0);

/** Reads the last checkpoint of a group: the place after which it goes on, undefined when it has none. */
export function loadCheckpoint(storage: Storage, config: GroupConfig): number | undefined {
  const stream = checkpointStreamOf(groupKey(config.source, config.group));
  const [last] = storage.readStream(
    stream,
    { low: 0, high: Number.MAX_SAFE_INTEGER - 1, backwards: true },
    { maxEvents: 1, maxBytes: 1 },
  );
  if (!last) return undefined;
  try {
    const text: unknown = JSON.parse(decodeEvent(last.frame).data.toString());
    return typeof text === "string" ? parsePlace(config.source, text) : undefined;
  } catch {
    return undefined;
  }
}

export function createCheckpoints(parts: Parts, loaded: number | undefined): Checkpoints {
  const { storage, config, progress, nowMs } = parts;
  const { minCheckpointCount, maxCheckpointCount, checkpointAfterMs } = config.settings;
  const stream = checkpointStreamOf(groupKey(config.source, config.group));
  let state: "idle" | "writing" | "stopped" = "idle";
  let stored = loaded;
  let storedCount = 0;
  let lastWriteMs = nowMs();
  /** A tick came while a write was on its way. */
  let missedTick = false;

  function consider(tick: boolean): void {
    if (state === "stopped") return;
    if (state === "writing") {
      missedTick ||= tick;
      return;
    }
    const place = progress.donePlace;
    const fresh = progress.doneCount - storedCount;
    if (place === undefined || fresh <= 0) return;
    const inTime = nowMs() - lastWriteMs >= checkpointAfterMs;
    if (fresh < maxCheckpointCount && !(tick && inTime && fresh >= minCheckpointCount)) return;
    void write(place, progress.doneCount);
  }

  async function write(place: number, count: number): Promise<void> {
    state = "writing";
    lastWriteMs = nowMs();
    const data = Buffer.from(JSON.stringify(formatPlace(config.source, place)));
    const outcome = await storage.append(stream, ANY, [
      { id: randomUUID(), type: CHECKPOINT_TYPE, isJson: true, data, metadata: NOTHING },
    ]);
    if ((state as string) === "stopped") return;
    state = "idle";
    if (outcome.kind !== "ok") return;
    stored = place;
    storedCount = count;
    const tick = missedTick;
    missedTick = false;
    consider(tick);
  }

  return {
    get stored() {
      return stored;
    },
    consider,
    stop() {
      state = "stopped";
    },
  };
}

import { lastCheckpoint, makeCheckpoint } from "@docket/audit";
import { backoffMs, sleep } from "@docket/service-kit";
import type { Parts } from "./parts.ts";

/**
 * Has the state of the log signed at its intervals, by the Clock: the first time at once, then so long after the last checkpoint. An
 * interval without a new event makes none. What fails is tried again with growing pauses and told to health; it never stops the
 * other parts of the clockwork.
 */
export async function keepCheckpoints(
  parts: Parts,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  const { clock, logger, checkpoints } = parts;
  if (checkpoints === undefined) {
    await sleep(2 ** 31 - 1, signal).catch(() => undefined);
    return;
  }
  const { everyMs } = checkpoints;
  let due: Date | undefined;
  for (let attempt = 1; !signal.aborted;) {
    try {
      due ??= await firstDue(parts, everyMs);
      await clock.until(due, signal);
      const outcome = await makeCheckpoint({ ...parts, keys: checkpoints.keys() });
      if (outcome.made) {
        const { number, streams, faults } = outcome.checkpoint;
        const line = { number, streams, events: outcome.events, faults: faults.length };
        if (faults.length > 0) logger.error({ ...line, broken: faults }, "a checkpoint was signed over broken chains");
        else logger.info(line, "a checkpoint was signed");
      }
      due = new Date(clock.now().getTime() + everyMs);
      attempt = 1;
      onError(undefined);
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ err: error, attempt }, "no checkpoint could be made, trying again");
      onError(error);
      await sleep(backoffMs(attempt++, { firstMs: 500, maxMs: 60_000 }), signal).catch(() => undefined);
    }
  }
}

async function firstDue({ store, clock }: Parts, everyMs: number): Promise<Date> {
  const last = await lastCheckpoint(store);
  return last === null ? clock.now() : new Date(Date.parse(last.at) + everyMs);
}

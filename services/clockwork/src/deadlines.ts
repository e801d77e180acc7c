import { derivedId, StoreUnavailable } from "@docket/event-store";
import { type Bell, listenTo } from "@docket/process-engine";
import { sleep } from "@docket/service-kit";
import { type DueMoment, dueMoments, firstMoment, nextMoment } from "./due.ts";
import { engineMeta, type Parts } from "./parts.ts";
import { occurPlan } from "./plans.ts";
import { sideBySide } from "./side-by-side.ts";

/** How many due moments are looked at together, and how many owners are acted on side by side. */
const AT_ONCE = 1_000;
const SIDE_BY_SIDE = 16;
/** What the projector announces when it has moved. */
const PROGRESS = "docket_progress";
const LOOK_AGAIN_MS = 1_000;
/** Busy hours announce progress hundreds of times a second; the list is not read more often than this. */
const SETTLE_MS = 50;
const REFUSED_AGAIN_MS = 30_000;

/**
 * Turns moments that have come into commands (rules 4, 5, 7): reads the list of what is due, acts on it in order, each
 * owner's moments one after the other, then waits for the next moment by the clock, or for a change of the list.
 *
 * The list is a read model and lags behind: a moment stays on it until its own event has been projected. What was acted on is
 * therefore remembered until it has left the list. That memory is a convenience; what makes a moment act once is that its
 * command has an id derived from it, and that a ticket's own state knows its open alarms: a second FireAlarm, of this
 * process or another, gives nothing. Resolves when the signal aborts; throws when the store or Postgres is away.
 */
export async function watchDeadlines(parts: Parts, signal: AbortSignal): Promise<void> {
  const { pool, clock } = parts;
  /** what was acted on and still stands on the list -> when to act again (real milliseconds) */
  const acted = new Map<string, number>();
  const bell = await listenTo(parts.databaseUrl, PROGRESS);
  try {
    while (!signal.aborted) {
      // Mostly nothing is due, and the first moment is the next one.
      const first = await firstMoment(pool);
      if (first === null || first > clock.now()) {
        acted.clear();
        await nextThing(parts, bell, first, signal);
        continue;
      }
      const due = await dueMoments(pool, clock.now(), AT_ONCE);
      if (due.length < AT_ONCE) forgetOthers(acted, due);
      const waiting = due.filter((moment) => (acted.get(keyOf(moment)) ?? 0) <= performance.now());
      if (waiting.length === 0) await nextThing(parts, bell, await nextMoment(pool, clock.now()), signal);
      else await actOn(parts, waiting, acted);
    }
  } finally {
    await bell.close();
  }
}

const keyOf = ({ ownerKind, owner, key, dueAt }: DueMoment): string =>
  `${ownerKind} ${owner} ${key} ${dueAt.getTime()}`;

function forgetOthers(acted: Map<string, number>, due: readonly DueMoment[]): void {
  const standing = new Set(due.map(keyOf));
  for (const key of acted.keys()) if (!standing.has(key)) acted.delete(key);
}

async function actOn(parts: Parts, moments: readonly DueMoment[], acted: Map<string, number>): Promise<void> {
  const owners = [...Map.groupBy(moments, ({ ownerKind, owner }) => `${ownerKind} ${owner}`).values()];
  await sideBySide(owners, SIDE_BY_SIDE, async (ofOwner) => {
    for (const moment of ofOwner) {
      const again = await act(parts, moment);
      acted.set(keyOf(moment), again === undefined ? Infinity : performance.now() + again);
      // What comes later for the same owner comes after it, also when it has to be tried again.
      if (again !== undefined) break;
    }
  });
}

/** Acts on one moment. Gives undefined when that is done with, else after how many milliseconds to try again. */
async function act(parts: Parts, moment: DueMoment): Promise<number | undefined> {
  try {
    const refused = moment.ownerKind === "plan" ? await occurPlan(parts, moment) : await fire(parts, moment);
    if (refused === undefined) return undefined;
    parts.logger.warn({ moment, code: refused }, "a moment that is due was refused");
  } catch (error) {
    // Without the store nothing can be done for anybody; with a fault of one owner the others go on.
    if (error instanceof StoreUnavailable) throw error;
    parts.logger.error({ err: error, moment }, "a moment that is due could not be acted on");
  }
  return REFUSED_AGAIN_MS;
}

async function fire({ desk }: Parts, { owner: ticketId, key, dueAt }: DueMoment): Promise<string | undefined> {
  const at = dueAt.toISOString();
  const result = await desk.execute(
    { type: "FireAlarm", data: { ticketId, key, at } },
    engineMeta(derivedId("alarm", ticketId, key, at)),
  );
  return result.ok ? undefined : result.error.code;
}

/** Waits for the next moment, a change of the list, or a second; whichever is first. */
async function nextThing({ clock }: Parts, bell: Bell, next: Date | null, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const rung = bell.wait(LOOK_AGAIN_MS, both).then(() => sleep(SETTLE_MS, both).catch(() => undefined));
  const come = next === null ? rung : clock.until(next, both);
  await Promise.race([rung, come]).finally(() => over.abort());
  // The bell has one waiter at a time.
  await Promise.allSettled([rung, come]);
}

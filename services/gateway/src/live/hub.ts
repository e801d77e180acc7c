import type { Db } from "@docket/postgres";
import type { Clock, Logger } from "@docket/service-kit";
import type { Opener } from "../journal/reveal.ts";
import type { ReadSide } from "../read-side.ts";
import { dueSoonMs } from "../tickets/queue-views.ts";
import { ticketColumns } from "../tickets/rows.ts";
import type { Change, SharedRow } from "./change.ts";
import { readChange, readPosition, selectShared } from "./read.ts";

export interface HubListener {
  /** what became known; in the order of the log, none left out since it was attached */
  onChange(change: Change): void;
  /** tickets that have come near their deadline by the mere passing of time */
  onDue(rows: readonly SharedRow[], position: bigint): void;
}

/**
 * Reads what is new on the read side once for everybody who watches.
 *
 * States: *idle* (nobody listens; nothing is read) -> *tailing* with the first listener, from the position that stands then;
 * back to idle when the last one leaves. While tailing, a hint of progress (or the poll that makes up for lost hints)
 * starts a look; looks never overlap, and one that finds as much as it may read is followed by another at once. A look that
 * fails leaves the position where it was: the next one reads the same again, so that nothing is left out.
 */
export interface Hub {
  /** Listens from now on; `attached` resolves when nothing that becomes known can be missed any more. */
  attach(listener: HubListener): { readonly attached: Promise<void>; detach(): void };
  stop(): void;
}

export function createHub(parts: {
  readonly db: Db;
  readonly store: Opener;
  readonly clock: Clock;
  readonly readSide: ReadSide;
  readonly logger: Logger;
}): Hub {
  const { db, store, clock, readSide, logger } = parts;
  const listeners = new Set<HubListener>();
  let position: bigint | undefined;
  let starting: Promise<void> | undefined;
  let looking = false;
  let again = false;
  let horizon = 0;
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    if (position === undefined || looking) {
      again = true;
      return;
    }
    looking = true;
    try {
      do {
        again = false;
        for (
          let change = await readChange({ db, store }, position);
          change !== undefined;
          change = await readChange({ db, store }, position)
        ) {
          position = change.position;
          for (const listener of listeners) listener.onChange(change);
          if (listeners.size === 0) return;
        }
      } while (again);
    } catch (error) {
      logger.warn({ err: error }, "a look at the read side failed; it will be repeated");
    } finally {
      looking = false;
    }
  }

  /** Lists move when only time passes, too. */
  async function lookAtTime(): Promise<void> {
    const from = horizon;
    const to = clock.now().getTime() + dueSoonMs;
    if (from === 0 || to <= from || position === undefined) {
      horizon = Math.max(from, to);
      return;
    }
    try {
      const rows = await selectShared(
        db,
        "read.queue",
        ticketColumns,
        "ticket_id",
        { op: "between", column: "next_deadline", from: new Date(from), to: new Date(to) },
        1_000,
        "next_deadline",
      );
      horizon = to;
      if (rows.length > 0) for (const listener of listeners) listener.onDue(rows, position);
    } catch (error) {
      logger.warn({ err: error }, "a look at coming deadlines failed; it will be repeated");
    }
  }

  function start(): Promise<void> {
    starting ??= (async () => {
      position = await readPosition(db);
      horizon = clock.now().getTime() + dueSoonMs;
      timer = setInterval(() => void lookAtTime(), 1_000).unref();
    })().catch((error: unknown) => {
      starting = undefined;
      throw error;
    });
    return starting;
  }

  function stop(): void {
    clearInterval(timer);
    position = undefined;
    starting = undefined;
  }

  const unsubscribe = readSide.onProgress(() => void (listeners.size > 0 && look()));

  return {
    attach(listener) {
      listeners.add(listener);
      return {
        attached: start(),
        detach() {
          listeners.delete(listener);
          if (listeners.size === 0) stop();
        },
      };
    },
    stop() {
      unsubscribe();
      listeners.clear();
      stop();
    },
  };
}

import type { Actor, ActionChannel, RightsEvent } from "@docket/domain";
import type { AppendPart, EventStore } from "@docket/event-store";
import { type Clock, sleep } from "@docket/service-kit";
import type pg from "pg";
import { engineMeta } from "../checkpoint/checkpoint.ts";
import { oneAtATime } from "../one-at-a-time.ts";

/** The stream of who was given which rights. */
export const rightsStream = "rights";

/** By whom a change of accounts or tokens is made, as the setting `docket.by` of its transaction says. */
interface RightsChanger {
  readonly actor: Pick<Actor, "id" | "role">;
  readonly channel: ActionChannel;
  /** ISO instant */
  readonly at: string;
}

const atOnce = 200;
/** Rows whose answer was lost are still noted, and at most one batch of them and what came before them in number. */
const lookBack = 5 * atOnce;

interface Row {
  readonly id: string;
  readonly fact: RightsEvent["type"];
  readonly data: RightsEvent["data"];
  readonly said: RightsChanger | null;
}

type Parts = {
  readonly pool: pg.Pool;
  readonly store: Pick<EventStore, "appendParts" | "last" | "load">;
  readonly clock: Pick<Clock, "now">;
};

/**
 * Moves what the database has noted of rights into the event store, in order, one process at a time; gives how many. Each row bears the
 * id of its append, so one whose answer was lost is found near the end of the stream and not written again.
 */
export async function moveRights({ pool, store, clock }: Parts): Promise<number> {
  return oneAtATime(pool, "docket rights", async (client) => {
    let moved = 0;
    for (;;) {
      const waiting = await client.query<Row>(
        `select id, fact, data, said from audit.rights_pending order by seq limit ${atOnce}`,
      );
      if (waiting.rows.length === 0) return moved;
      await moveBatch(client, store, clock, waiting.rows);
      moved += waiting.rows.length;
    }
  });
}

/** Facts of one append: all of them are written, or none. */
async function moveBatch(
  client: pg.PoolClient,
  store: Parts["store"],
  clock: Parts["clock"],
  rows: readonly Row[],
): Promise<void> {
  for (;;) {
    const last = await store.last(rightsStream);
    // What stands there already is known by its id, not by its place: a row with an earlier number may have come since.
    const ends =
      last === undefined ? [] : await store.load(rightsStream, { from: Math.max(0, last.revision - lookBack) });
    const there = new Set(ends.map(({ meta }) => meta.commandId));
    const waiting = rows.filter(({ id }) => !there.has(id));
    if (waiting.length === 0) break;
    const now = clock.now().toISOString();
    const recordedAt = last !== undefined && last.meta.recordedAt > now ? last.meta.recordedAt : now;
    const result = await store.appendParts(
      rightsStream,
      last === undefined ? "none" : { revision: last.revision, hash: last.hash },
      waiting.map((row) => partOf(row, recordedAt)),
    );
    if (result.outcome === "written") break;
  }
  // by id: a transaction that took an earlier number may end later
  await client.query("delete from audit.rights_pending where id = any($1::uuid[])", [rows.map(({ id }) => id)]);
}

function partOf({ id, fact, data, said }: Row, recordedAt: string): AppendPart {
  const occurredAt = said !== null && said.at < recordedAt ? said.at : recordedAt;
  return {
    facts: [{ type: fact, data, occurredAt } as RightsEvent & { occurredAt: string }],
    meta: { ...engineMeta(id, recordedAt), ...(said === null ? {} : { actor: said.actor, channel: said.channel }) },
  };
}

export interface RightsMover {
  /** Moves on what is noted now; resolves also when the event store is away: then it waits. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** Looks once in a while for what was noted of rights, and whenever it is asked to. */
export function createRightsMover(
  parts: Parts & { readonly onError?: (error: unknown) => void; readonly everyMs?: number },
): RightsMover {
  const { onError = () => undefined, everyMs = 2_000 } = parts;
  const stopping = new AbortController();
  const flush = (): Promise<void> =>
    moveRights(parts).then(
      () => undefined,
      (error: unknown) => onError(error),
    );
  const moving = (async () => {
    while (!stopping.signal.aborted) {
      await flush();
      await sleep(everyMs, stopping.signal).catch(() => undefined);
    }
  })();
  return {
    flush,
    async stop() {
      stopping.abort();
      await moving;
    },
  };
}

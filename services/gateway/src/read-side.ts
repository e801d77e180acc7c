import pg from "pg";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { EventStore } from "@docket/event-store";
import { connectionConfig, type Db } from "@docket/postgres";
import { progressChannel } from "@docket/projection-engine";
import type { Logger } from "@docket/service-kit";
import { Refusal } from "./http/refusal.ts";
import { readPosition } from "./live/read.ts";

/** How far the read side has come, and how old what it shows may be. */
export interface ReadSide {
  /** position of the last event that the read side is known to hold; it may hold more */
  position(): string;
  /**
   * Age in milliseconds of what a reading shows: 0 while the read side holds all that the store holds; else the time since it
   * was last known to.
   */
  lagMs(): number;
  /** Resolves when the read side holds the event at this position; false when it does not within the bound. */
  waitFor(position: bigint, boundMs: number): Promise<boolean>;
  /** Waits for the position that the caller names; of a reading, says in the reply's headers how fresh it is. */
  prepare(request: FastifyRequest, reply: FastifyReply | undefined): Promise<void>;
  /** Is called whenever the read side has moved on. */
  onProgress(listener: () => void): () => void;
  stop(): Promise<void>;
}

export const longestWaitMs = 5_000;
const pollMs = 250;
const lagCheckMs = 1_000;
/** A lag below this is only our own looking once a second. */
const freshMs = 2 * lagCheckMs;

export interface ReadSideParts {
  readonly db: Db;
  readonly store: Pick<EventStore, "readAll">;
  readonly databaseUrl: string;
  readonly logger: Logger;
}

/**
 * Watches the read side. Postgres tells of progress (LISTEN); since a hint can be lost with its connection, the position is
 * also looked up four times a second, and the listening connection is made anew when it breaks. Once a second it is
 * held against the end of the store's log.
 *
 * The listening connection's states: *connecting* -> *listening* -> (error or end) *broken* -> after a second connecting again;
 * *stopped* from any. While it is not listening the poll alone carries on.
 */
export async function watchReadSide({ db, store, databaseUrl, logger }: ReadSideParts): Promise<ReadSide> {
  let position = 0n;
  let completeAt = performance.now();
  let known = false;
  let stopped = false;
  let looking = false;
  let listener: pg.Client | undefined;
  const listeners = new Set<() => void>();

  function moveTo(next: bigint): void {
    if (next <= position) return;
    position = next;
    for (const tell of listeners) tell();
  }

  async function look(): Promise<void> {
    if (looking || stopped) return;
    looking = true;
    try {
      moveTo(await readPosition(db));
    } catch (error) {
      logger.debug({ err: error }, "the read side's position could not be read");
    } finally {
      looking = false;
    }
  }

  /** Is everything that the store held a moment ago on the read side by now? */
  async function measureLag(): Promise<void> {
    const before = performance.now();
    try {
      let head = 0n;
      for await (const event of store.readAll({ direction: "backwards", limit: 1 }))
        head = BigInt(event.position.commit);
      await look();
      known = true;
      if (head <= position) completeAt = before;
    } catch (error) {
      logger.debug({ err: error }, "the store's head could not be read");
    }
  }

  async function listen(): Promise<void> {
    if (stopped) return;
    const client = new pg.Client(connectionConfig(databaseUrl, { name: "docket gateway listen" }));
    listener = client;
    let broken = false;
    const retry = (): void => {
      if (broken) return;
      broken = true;
      void client.end().catch(() => undefined);
      if (!stopped) setTimeout(() => void listen(), 1_000).unref();
    };
    client.on("error", retry);
    client.on("end", retry);
    client.on("notification", ({ payload }) => {
      if (payload !== undefined && /^\d+$/.test(payload)) moveTo(BigInt(payload));
      else void look();
    });
    try {
      await client.connect();
      await client.query(`listen ${progressChannel}`);
      await look();
    } catch (error) {
      logger.debug({ err: error }, "not listening to the read side; will try again");
      retry();
    }
  }

  await look();
  void measureLag();
  void listen();
  const poll = setInterval(() => void look(), pollMs).unref();
  const lag = setInterval(() => void measureLag(), lagCheckMs).unref();

  const lagMs = (): number => {
    const age = Math.round(performance.now() - completeAt);
    return known && age < freshMs ? 0 : age;
  };

  async function waitFor(wanted: bigint, boundMs: number): Promise<boolean> {
    if (position >= wanted) return true;
    await look();
    if (position >= wanted) return true;
    return new Promise((resolve) => {
      const finish = (reached: boolean): void => {
        clearTimeout(timer);
        listeners.delete(check);
        resolve(reached);
      };
      const check = (): void => {
        if (position >= wanted) finish(true);
      };
      const timer = setTimeout(() => finish(false), boundMs);
      listeners.add(check);
    });
  }

  return {
    position: () => String(position),
    lagMs,
    waitFor,
    async prepare(request, reply) {
      const wanted = wantedPosition(request);
      if (wanted !== undefined && !(await waitFor(wanted, longestWaitMs)))
        throw new Refusal("read_model_behind", { params: { position: String(wanted), reached: String(position) } });
      reply?.header("docket-as-of-position", String(position)).header("docket-lag-ms", String(lagMs()));
    },
    onProgress(tell) {
      listeners.add(tell);
      return () => void listeners.delete(tell);
    },
    async stop() {
      stopped = true;
      clearInterval(poll);
      clearInterval(lag);
      listeners.clear();
      await listener?.end().catch(() => undefined);
    },
  };
}

function wantedPosition(request: FastifyRequest): bigint | undefined {
  const header = request.headers["docket-wait-position"];
  const { wait } = request.query as { wait?: unknown };
  const given = header ?? wait;
  if (given === undefined) return undefined;
  if (typeof given !== "string" || !/^\d{1,19}$/.test(given))
    throw new Refusal("bad_format", { field: header === undefined ? "wait" : "Docket-Wait-Position" });
  return BigInt(given);
}

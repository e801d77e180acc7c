import { randomUUID } from "node:crypto";
import pg from "pg";
import { sql } from "kysely";
import { connectionConfig, type Db } from "@docket/postgres";
import type { Logger } from "@docket/service-kit";

/** What gateways tell each other: nothing that must not be lost, for it may be. */
export type BusMessage =
  | { readonly kind: "presence"; readonly presence: PresenceNote }
  /** a gateway has just come: the others say again who is with them */
  | { readonly kind: "who" }
  /** read marks or followed tickets of an account have changed */
  | { readonly kind: "notifications"; readonly accountId: string }
  | { readonly kind: "job"; readonly jobId: string };

/** That somebody is in a ticket, or (`doing` null) is not any more. */
export interface PresenceNote {
  /** one window of one person */
  readonly place: string;
  readonly ticketId: string;
  readonly accountId: string;
  readonly name: string;
  readonly role: string;
  readonly doing: "looking" | "writing" | null;
  readonly since: string;
}

export interface Bus {
  /** Tells everybody, this process included. Never fails: what Postgres does not carry, the others do not hear. */
  tell(message: BusMessage): void;
  listen(hear: (message: BusMessage) => void): () => void;
  stop(): Promise<void>;
}

const channel = "docket_console";

/**
 * Carries notes between gateway processes by Postgres LISTEN and NOTIFY. What this process says it hears at once by itself,
 * so that one gateway alone does not depend on the way round.
 *
 * The listening connection's states: *connecting* -> *listening* -> (error or end) *broken* -> after a second connecting
 * again, *stopped* from any.
 */
export function openBus(parts: { readonly db: Db; readonly databaseUrl: string; readonly logger: Logger }): Bus {
  const { db, databaseUrl, logger } = parts;
  const own = randomUUID();
  const hearers = new Set<(message: BusMessage) => void>();
  let client: pg.Client | undefined;
  let stopped = false;

  const hear = (message: BusMessage): void => {
    for (const hearer of hearers) hearer(message);
  };

  async function connect(): Promise<void> {
    if (stopped) return;
    const mine = new pg.Client(connectionConfig(databaseUrl, { name: "docket gateway bus" }));
    client = mine;
    let broken = false;
    const retry = (): void => {
      if (broken) return;
      broken = true;
      void mine.end().catch(() => undefined);
      if (!stopped) setTimeout(() => void connect(), 1_000).unref();
    };
    mine.on("error", retry);
    mine.on("end", retry);
    mine.on("notification", ({ payload }) => {
      const note = parse(payload);
      if (note !== undefined && note.from !== own) hear(note.message);
    });
    try {
      await mine.connect();
      await mine.query(`listen ${channel}`);
      tell({ kind: "who" });
    } catch (error) {
      logger.debug({ err: error }, "not listening to the other gateways; will try again");
      retry();
    }
  }

  function tell(message: BusMessage): void {
    hear(message);
    if (stopped) return;
    const note = JSON.stringify({ from: own, message });
    sql`select pg_notify(${channel}, ${note})`
      .execute(db)
      .catch((error: unknown) => logger.debug({ err: error }, "the other gateways were not told"));
  }

  void connect();
  return {
    tell,
    listen(hearer) {
      hearers.add(hearer);
      return () => void hearers.delete(hearer);
    },
    async stop() {
      stopped = true;
      hearers.clear();
      await client?.end().catch(() => undefined);
    },
  };
}

function parse(payload: string | undefined): { from: string; message: BusMessage } | undefined {
  try {
    return payload === undefined ? undefined : (JSON.parse(payload) as { from: string; message: BusMessage });
  } catch {
    return undefined;
  }
}

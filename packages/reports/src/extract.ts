import { sql, type SqlBool } from "kysely";
import type { TicketMeasures } from "@docket/api-contract";
import type { Db } from "@docket/postgres";
import type { Question } from "./question.ts";
import { opened } from "./tickets.ts";
import { inReading, settle } from "./reading.ts";
import { ticketColumns, ticketRow } from "./ticket-row.ts";

const batchSize = 2_000;

/**
 * Every ticket of a question with all its measures, in batches from a cursor: memory stays the same however many there are. Who stops
 * reading stops the cursor; the transaction ends with the generator.
 */
export async function* extract(db: Db, question: Question): AsyncGenerator<readonly TicketMeasures[]> {
  const batches = handOver<readonly TicketMeasures[]>();
  const reading = inReading(db, { gone: question.gone, streams: true }, async (transaction) => {
    const { source, conditions, key } = await opened(transaction, await settle(transaction, question), undefined);
    await sql`declare extract no scroll cursor for select ${ticketColumns} from ${source}
      where ${sql.join([sql<SqlBool>`true`, ...conditions], sql` and `)} order by f.registered_at, ${key}`.execute(
      transaction,
    );
    for (;;) {
      const { rows } = await sql<Record<string, unknown>>`fetch forward ${sql.lit(batchSize)} from extract`.execute(
        transaction,
      );
      if (rows.length === 0) return;
      if (!(await batches.put(rows.map(ticketRow)))) return;
    }
  });
  const ended = reading.then(
    () => batches.end(),
    (error: unknown) => batches.fail(error),
  );
  try {
    yield* batches.taken();
  } finally {
    batches.stop();
    await ended;
  }
}

/**
 * One value at a time from one side to the other: `put` waits until the value was taken, and says false once nobody takes any more.
 * States: *empty* -> (put) *full* -> (taken) empty; *ended* and *failed* by the giver, *stopped* by the taker, from any.
 */
function handOver<T>() {
  let value: T | undefined;
  let ended = false;
  let stopped = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void)[] = [];
  const changed = (): Promise<void> => new Promise((resolve) => wake.push(resolve));
  const tell = (): void => {
    const waiting = wake;
    wake = [];
    for (const one of waiting) one();
  };
  return {
    async put(next: T): Promise<boolean> {
      while (value !== undefined && !stopped) await changed();
      if (stopped) return false;
      value = next;
      tell();
      return true;
    },
    async *taken(): AsyncGenerator<T> {
      for (;;) {
        if (value !== undefined) {
          const given = value;
          value = undefined;
          tell();
          yield given;
        } else if (failure) throw failure.error;
        else if (ended) return;
        else await changed();
      }
    },
    end(): void {
      ended = true;
      tell();
    },
    fail(error: unknown): void {
      failure = { error };
      tell();
    },
    stop(): void {
      stopped = true;
      tell();
    },
  };
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EventStore, openEventStore } from "@docket/event-store";
import { createPool } from "@docket/postgres";
import { fileClock, setFileClock } from "@docket/service-kit";
import { loadDemoWorld } from "../demo/demo.ts";
import { startStack, type Stack } from "../stack/stack.ts";
import { eventually } from "./api.ts";
import { startMailSink, type MailSink } from "./post.ts";

/** The same processes as `npm start`, on empty folders, with one clock that stands still until it is moved. */
export interface TestStage {
  readonly stack: Stack;
  readonly sink: MailSink;
  readonly supportAddress: string;
  readonly setClock: (instant: string) => void;
  /** resolves when everything that is due has been done, and the read models know it */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const supportAddress = "support@docket.example";

/** The position of the last fact of ours in the store. */
async function lastFact(store: EventStore): Promise<number> {
  for await (const event of store.readAll({ direction: "backwards", limit: 1 })) return event.position.commit;
  return 0;
}

export async function openStage(startsAt: string): Promise<TestStage> {
  const folder = await mkdtemp(join(tmpdir(), "docket-acceptance-"));
  const clockFile = join(folder, "clock");
  setFileClock(clockFile, new Date(startsAt));
  const clock = fileClock(clockFile);
  const sink = await startMailSink();
  const stack = await startStack({
    dataDir: join(folder, "data"),
    ports: { http: 0, smtp: 0, eventStore: 0, postgres: 0 },
    clock: `manual:${clockFile}`,
    env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, DOCKET_SUPPORT_ADDRESS: supportAddress, LOG_LEVEL: "warn" },
  });
  await loadDemoWorld({ urls: stack.urls, supportAddress, say: () => undefined });
  return {
    stack,
    sink,
    supportAddress,
    settled: async () => {
      const pool = createPool(stack.urls.database, { max: 1 });
      const store = openEventStore(stack.urls.eventStore);
      try {
        await eventually("nothing is due any more", async () => {
          const { rows } = await pool.query<{ due: string; behind: boolean }>(
            `select (select count(*) from read.deadline where due_at <= $1) as due,
                    (select max(position) from read.journal) < $2 as behind`,
            [clock.now(), await lastFact(store)],
          );
          return rows[0]?.due === "0" && rows[0].behind === false;
        });
      } finally {
        await store.close();
        await pool.end();
      }
    },
    setClock: (instant) => setFileClock(clockFile, new Date(instant)),
    close: async () => {
      await stack.stop();
      await sink.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

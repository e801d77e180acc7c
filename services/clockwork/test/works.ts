import { contact } from "@docket/projection-contact";
import { deadlines } from "@docket/projection-deadlines";
import { directory as directoryModel } from "@docket/projection-directory";
import { runProjector } from "@docket/projection-engine";
import { journal } from "@docket/projection-journal";
import { queue } from "@docket/projection-queue";
import { sla } from "@docket/projection-sla";
import { ticket } from "@docket/projection-ticket";
import { createDesk, createDirectoryView, createIntake } from "@docket/command-handling";
import type { AnyEvent, Fact } from "@docket/domain";
import { startEventStore } from "@docket/embedded-eventstore";
import { createTicketNumbers, openEventStore, verifyChain } from "@docket/event-store";
import { createPool } from "@docket/postgres";
import { type Clock, createLogger, type ManualClock } from "@docket/service-kit";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { people, setUp } from "../../../packages/domain/test/service-centre.ts";
import { metaOf, type Office, openOffice } from "../../../packages/command-handling/test/office.ts";
import { runClockwork } from "../src/clockwork.ts";
import { createWorkload } from "../src/routing.ts";

const logger = createLogger("clockwork-test", { level: "silent" });

export const projections = [journal, ticket, queue, sla, deadlines, contact, directoryModel];

/** A running instance of the clockwork. */
export interface Instance {
  /** stops it in good order */
  stop(): Promise<void>;
}

/** Store, Postgres and projector of a service centre, in this process, and clockworks on demand. */
export interface Works {
  readonly url: string;
  readonly database: TestDatabase;
  readonly office: Office;
  readonly clock: ManualClock;
  startClockwork(clock?: Clock): Promise<Instance>;
  /** resolves when the read models hold everything that stands in the log now */
  projected(): Promise<void>;
  factsOf(stream: string): Promise<readonly Fact<AnyEvent>[]>;
  /** every stream's chain verifies */
  verify(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWorks(now: string, store?: { url: string; stop(): Promise<void> }): Promise<Works> {
  const [node, database] = await Promise.all([store ?? startNode(), testDatabase()]);
  const office = await openOffice(node.url, now);
  for (const command of setUp) await office.ok(command, { actor: people.boss });
  const stopping = new AbortController();
  let position = 0;
  const projecting = runProjector({
    url: database.url,
    store: office.store,
    projections,
    signal: stopping.signal,
    onStatus: (status) => (position = status.position.commit),
  });
  const instances = new Set<Instance>();
  const { clock } = office;

  const startClockwork = async (by: Clock = clock): Promise<Instance> => {
    const stop = new AbortController();
    const own = openEventStore(node.url);
    const pool = createPool(database.url, { max: 8, onError: () => undefined });
    const directory = createDirectoryView(own);
    const workload = createWorkload(pool, logger);
    const desk = createDesk({ store: own, clock: by, directory, load: (staffId) => workload.of(staffId) });
    const numbers = createTicketNumbers(own, by);
    const intake = createIntake({ desk, store: own, directory, numbers });
    await directory.ready;
    const running = runClockwork(
      { databaseUrl: database.url, pool, store: own, desk, directory, numbers, intake, clock: by, logger, workload },
      stop.signal,
    );
    const instance: Instance = {
      async stop() {
        stop.abort();
        await running;
        await directory.close();
        await own.close();
        await pool.end();
        instances.delete(instance);
      },
    };
    instances.add(instance);
    return instance;
  };

  return {
    url: node.url,
    database,
    office,
    clock,
    startClockwork,
    async projected() {
      const head = await office.store.head();
      while (position < head.commit) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    factsOf: (stream) => office.store.load(stream),
    async verify() {
      const events = [];
      for await (const event of office.store.readAll()) events.push(event);
      for (const [stream, ofStream] of Map.groupBy(events, (event) => event.stream)) {
        const fault = verifyChain(ofStream);
        if (fault !== undefined) throw new Error(`${stream}: ${JSON.stringify(fault)}`);
      }
    },
    async stop() {
      await Promise.all([...instances].map((instance) => instance.stop()));
      stopping.abort();
      await projecting;
      await office.close();
      await database.close();
      await node.stop();
    },
  };
}

async function startNode(): Promise<{ url: string; stop(): Promise<void> }> {
  const node = await startEventStore({ port: 0, memory: true });
  return { url: `esdb://127.0.0.1:${node.port}?tls=false`, stop: () => node.stop() };
}

export { metaOf, people };

import { parentPort, workerData } from "node:worker_threads";
import { verifyRecord } from "@docket/audit";
import { openEventStore } from "@docket/event-store";
import { openPrivacy } from "@docket/privacy";
import { readModels } from "./read-models.ts";
import type { WorkerMessage } from "./verifications.ts";

interface Work {
  readonly EVENTSTORE_URL: string;
  readonly DATABASE_URL: string;
  readonly DOCKET_DATA: string;
  readonly DOCKET_MASTER_KEY?: string;
  readonly ticketId: string | null;
}

const work = workerData as Work;
const tell = (message: WorkerMessage): void => parentPort?.postMessage(message);
const privacy = openPrivacy(work);
const store = openEventStore(work.EVENTSTORE_URL, { codec: privacy.codec });
try {
  const report = await verifyRecord({
    store,
    databaseUrl: work.DATABASE_URL,
    projections: readModels,
    stream: work.ticketId === null ? undefined : `ticket-${work.ticketId}`,
    onProgress: (progress) => tell({ progress }),
  });
  tell({ report });
} catch (error) {
  tell({ error: error instanceof Error ? error.message : String(error) });
} finally {
  await store.close();
  await privacy.close();
}

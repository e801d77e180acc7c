import { parentPort, workerData } from "node:worker_threads";
import { openEventStore } from "@docket/event-store";
import { type ImportProgress, type ImportSummary, runImport } from "@docket/import";
import { openPrivacy } from "@docket/privacy";

/** What a worker is told at its start. */
export interface ImportOrder {
  readonly mappingFile: string;
  readonly dataFile: string;
  readonly workFolder: string;
  readonly dryRun: boolean;
  readonly resume: boolean;
  readonly eventStoreUrl: string;
  readonly privacy: Parameters<typeof openPrivacy>[0];
}

/** What it says: how far it is, and how it ended. */
export type ImportWord =
  | { readonly kind: "progress"; readonly progress: ImportProgress }
  | { readonly kind: "done"; readonly summary: ImportSummary }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

const order = workerData as ImportOrder;
const say = (word: ImportWord): void => parentPort?.postMessage(word);
const stopping = new AbortController();
parentPort?.on("message", () => stopping.abort(Object.assign(new Error("broken off"), { code: "interrupted" })));

try {
  const summary = await runImport(
    {
      mappingFile: order.mappingFile,
      dataFile: order.dataFile,
      workFolder: order.workFolder,
      dryRun: order.dryRun,
      resume: order.resume,
      signal: stopping.signal,
      onProgress: (progress) => say({ kind: "progress", progress }),
      openStore() {
        const privacy = openPrivacy(order.privacy);
        const store = openEventStore(order.eventStoreUrl, { patienceMs: 30_000, codec: privacy.codec });
        return {
          store,
          async close() {
            await store.close();
            await privacy.close();
          },
        };
      },
    },
    (_job, done) => done,
  );
  say({ kind: "done", summary });
} catch (error) {
  const { code, message } = error as { code?: unknown; message?: string };
  say({ kind: "failed", code: typeof code === "string" ? code : "internal", message: message ?? String(error) });
} finally {
  parentPort?.close();
}

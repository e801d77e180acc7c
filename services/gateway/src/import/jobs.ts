import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { ImportJob } from "@docket/api-contract";
import type { JobFile } from "@docket/import";
import type { Clock, Logger } from "@docket/service-kit";
import type { ImportOrder, ImportWord } from "./import-worker.ts";

export interface ImportJobsOptions {
  /** where imports are kept, one folder each */
  readonly folder: string;
  readonly order: Pick<ImportOrder, "eventStoreUrl" | "privacy">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What of a job is kept in its folder; the rest follows from whether it runs here now. */
type Kept = Omit<ImportJob, "status"> & {
  readonly status: "running" | "done" | "failed";
  readonly workId: string | null;
};

/**
 * The imports that were sent to this gateway, each with its folder (the two files, state.json, the work file) and, while it runs, a
 * thread of its own, so that the gateway answers meanwhile. One runs at a time.
 *
 * States of a job: running -> done, or failed; running -> interrupted when the gateway stopped meanwhile (nobody runs it, and its
 * state.json still says so); failed or interrupted -> running, by `resume`.
 */
export interface ImportJobs {
  /** The folder for a new import, to put its files into. */
  folderOf(importId: string): string;
  start(job: Pick<ImportJob, "importId" | "dryRun" | "accountId" | "dataName">): Promise<ImportJob>;
  /** undefined when there is no such import */
  one(importId: string): Promise<ImportJob | undefined>;
  list(): Promise<ImportJob[]>;
  resume(importId: string): Promise<ImportJob | undefined>;
  /** The work file, with the report as far as it stands; whoever opens it closes it. `undefined` before there is any. */
  open(importId: string): Promise<JobFile | undefined>;
  remove(importId: string): Promise<boolean>;
  isBusy(): boolean;
  close(): Promise<void>;
}

export const mappingName = "mapping.yaml";
export const dataName = "data";

export function createImportJobs({ folder, order, clock, logger }: ImportJobsOptions): ImportJobs {
  const running = new Map<string, { readonly worker: Worker; readonly ended: Promise<void>; kept: Kept }>();
  const folderOf = (importId: string): string => join(folder, `api-${importId}`);
  const statePath = (importId: string): string => join(folderOf(importId), "state.json");
  const now = (): string => clock.now().toISOString();

  const keep = async (kept: Kept): Promise<void> => {
    const path = statePath(kept.importId);
    await writeFile(`${path}.new`, JSON.stringify(kept));
    await rename(`${path}.new`, path);
  };
  const read = async (importId: string): Promise<Kept | undefined> => {
    const here = running.get(importId);
    if (here !== undefined) return here.kept;
    try {
      return JSON.parse(await readFile(statePath(importId), "utf8")) as Kept;
    } catch {
      return undefined;
    }
  };
  const shown = ({ workId: _workId, ...kept }: Kept): ImportJob => kept;
  /** What "running" means is seen when it is read: a moment later that one may have ended. */
  const tell = async (importId: string): Promise<ImportJob | undefined> => {
    const kept = running.get(importId)?.kept ?? (await read(importId));
    if (kept === undefined) return undefined;
    const left = kept.status === "running" && !running.has(importId);
    return left ? { ...shown(kept), status: "interrupted" } : shown(kept);
  };

  const run = async (first: Kept, resume: boolean): Promise<ImportJob> => {
    const { importId, dryRun } = first;
    await keep(first);
    const workerData: ImportOrder = {
      ...order,
      mappingFile: join(folderOf(importId), mappingName),
      dataFile: join(folderOf(importId), dataName),
      workFolder: join(folderOf(importId), "work"),
      dryRun,
      resume,
    };
    const worker = new Worker(new URL("./import-worker.ts", import.meta.url), { workerData });
    const ended = Promise.withResolvers<void>();
    const entry = { worker, ended: ended.promise, kept: first };
    running.set(importId, entry);
    let phase = "";
    let began = 0;
    let begunAt = 0;
    // Said by the thread before it ends; told to others only when it has ended, so that whoever reads "done" may start the next.
    let outcome: Partial<Kept> | undefined;
    const finish = (change: Partial<Kept>): void => void (outcome = { finishedAt: now(), ...change });
    worker.on("message", (word: ImportWord) => {
      if (word.kind === "progress") {
        const { phase: at, done, of, rows, events, jobId } = word.progress;
        if (at !== phase) [phase, began, begunAt] = [at, performance.now(), done];
        const seconds = (performance.now() - began) / 1000;
        const rate = seconds > 1 ? (done - begunAt) / seconds : 0;
        const secondsLeft = rate > 0 ? Math.ceil((of - done) / rate) : null;
        entry.kept = { ...entry.kept, workId: jobId, progress: { phase: at, done, of, rows, events, secondsLeft } };
      } else if (word.kind === "done") {
        const { jobId, ...summary } = word.summary;
        finish({ status: "done", summary: summary as NonNullable<ImportJob["summary"]>, workId: jobId });
      } else finish({ status: "failed", error: { code: word.code, message: word.message } });
    });
    worker.on("error", (error) => finish({ status: "failed", error: { code: "internal", message: String(error) } }));
    worker.on("exit", () => {
      if (outcome === undefined)
        finish({ status: "failed", error: { code: "internal", message: "the import ended without a word" } });
      const final: Kept = { ...entry.kept, ...outcome };
      logger.info({ importId, status: final.status, error: final.error?.code }, "an import ended");
      void keep(final)
        .catch((error: unknown) => logger.warn({ err: error, importId }, "an import's state could not be kept"))
        .finally(() => {
          entry.kept = final;
          running.delete(importId);
          ended.resolve();
        });
    });
    return shown(first);
  };

  return {
    folderOf,
    // one that has told its end needs a moment to let go of its thread; whoever reads that it is done may begin the next
    isBusy: () => [...running.values()].some(({ kept }) => kept.status === "running"),
    start: (job) =>
      run(
        {
          ...job,
          status: "running",
          createdAt: now(),
          finishedAt: null,
          progress: null,
          summary: null,
          error: null,
          workId: null,
        },
        false,
      ),
    one: tell,
    async list() {
      const names = await readdir(folder).catch(() => []);
      const ids = names.filter((name) => name.startsWith("api-")).map((name) => name.slice("api-".length));
      const told = await Promise.all(ids.map(tell));
      const jobs = told.filter((job) => job !== undefined);
      return jobs.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
    },
    async resume(importId) {
      const kept = await read(importId);
      if (kept === undefined) return undefined;
      return run({ ...kept, status: "running", finishedAt: null, error: null }, true);
    },
    async open(importId) {
      const workId = (await read(importId))?.workId ?? null;
      const path = join(folderOf(importId), "work", workId ?? "");
      if (workId === null || !existsSync(join(path, "job.sqlite"))) return undefined;
      const { openJobFile } = await import("@docket/import");
      return openJobFile(path, { fresh: false });
    },
    async remove(importId) {
      if ((await read(importId)) === undefined) return false;
      const here = running.get(importId);
      here?.worker.postMessage("stop");
      await here?.ended;
      await rm(folderOf(importId), { recursive: true, force: true });
      return true;
    },
    async close() {
      // What runs is broken off where it is; its state still says "running", so that it shows as interrupted.
      await Promise.all(
        [...running].map(async ([, { worker }]) => {
          worker.removeAllListeners();
          await worker.terminate();
        }),
      );
      running.clear();
    },
  };
}

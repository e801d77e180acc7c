import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Queryable } from "@docket/postgres";
import { foldLane, kindsOf, type LaneOptions, type LaneResult, NotBuildable, type ParkedPlace } from "./fold-lane.ts";
import { cutStreams } from "./journal-source.ts";
import type { LaneAnswer, LaneMessage, LaneOrder } from "./lane-worker.ts";
import type { Table } from "./table.ts";

export type LanesOptions = Omit<LaneOptions, "range"> & {
  /** See Program; the lanes then are threads, one for each processor. */
  readonly program?: string | undefined;
  readonly db: Queryable;
  /** Writes encoded rows; they may be used again when it resolves. */
  readonly write: (projection: number, table: Table, bytes: Buffer, count: number) => Promise<void>;
  /** Told how many events are folded. */
  readonly onProgress: (events: number) => void;
};

const mostLanes = 4;
// what is parsed and folded of one run of events has died when this is looked through
const youngSpaceMb = 24;

/** Folds the journal in as many lanes as there are processors, or in one here where no thread can be told what to import. */
export async function foldInLanes(options: LanesOptions): Promise<LaneResult> {
  const { program, projections, db, to } = options;
  options.signal?.throwIfAborted();
  if (program === undefined) return foldHere(options);
  const ranges = await cutStreams(db, to, kindsOf(projections), Math.min(mostLanes, availableParallelism()));
  const folded = ranges.map(() => 0);
  const stop = new AbortController();
  const lanes = ranges.map((range, index) =>
    foldThere(options, program, range, stop.signal, (events) => {
      folded[index] = events;
      options.onProgress(folded.reduce((sum, one) => sum + one, 0));
    }),
  );
  try {
    return joined(await Promise.all(lanes), projections.length);
  } finally {
    stop.abort();
    await Promise.allSettled(lanes);
  }
}

async function foldHere({ write, onProgress, ...options }: LanesOptions): Promise<LaneResult> {
  let failure: unknown;
  let underWay = 0;
  let last: Promise<unknown> = Promise.resolve();
  const result = await foldLane(
    { ...options, range: { from: null, before: null } },
    {
      rows: async (projection, table, rows) => {
        if (failure) throw failure;
        const bytes = rows.bytes();
        underWay += bytes.length;
        last = write(projection, table, bytes, rows.count).then(
          () => {
            underWay -= bytes.length;
            rows.recycle();
          },
          (error: unknown) => (failure ??= error),
        );
        if (underWay > 32 * 1024 * 1024) await last;
      },
      progress: onProgress,
    },
  );
  await last;
  if (failure) throw failure;
  return result;
}

async function foldThere(
  options: LanesOptions,
  program: string,
  range: LaneOrder["range"],
  stop: AbortSignal,
  tell: (events: number) => void,
): Promise<LaneResult> {
  const { url, projections, to, write, signal } = options;
  const order: LaneOrder = { url, program, names: projections.map(({ name }) => name), to, range };
  const worker = new Worker(new URL("./lane-worker.ts", import.meta.url), {
    workerData: order,
    resourceLimits: { maxYoungGenerationSizeMb: youngSpaceMb },
  });
  const writes: Promise<void>[] = [];
  const folding = new Promise<LaneResult>((done, fail) => {
    const giveUp = (): void => fail(signal?.aborted ? signal.reason : new Error("another lane failed"));
    for (const one of [signal, stop]) one?.addEventListener("abort", giveUp, { once: true });
    worker.once("error", fail);
    let folded = false;
    worker.once("exit", () => {
      if (!folded) fail(new Error("a lane ended before its work"));
    });
    const take = (message: LaneMessage): void => {
      if (message.kind === "progress") tell(message.events);
      else if (message.kind === "done") {
        folded = true;
        Promise.all(writes).then(() => done(message.result), fail);
      } else if (message.kind === "failed") fail(failureOf(message.error));
      else {
        const { projection, table, bytes, count } = message;
        const memory = bytes.buffer as ArrayBuffer;
        const rows = Buffer.from(memory, bytes.byteOffset, bytes.length);
        const written = write(projection, projections[projection]?.tables[table] as Table, rows, count).then(() => {
          const answer: LaneAnswer = { projection, table, length: rows.length, memory };
          worker.postMessage(answer, [memory]);
        });
        written.catch(fail);
        writes.push(written);
      }
    };
    worker.on("message", (message: LaneMessage) => {
      try {
        take(message);
      } catch (error) {
        fail(error);
      }
    });
  });
  try {
    return await folding;
  } finally {
    await worker.terminate();
  }
}

/** An error that crossed the border between threads, with what is asked about it. */
function failureOf({ text, code, notBuildable }: Extract<LaneMessage, { kind: "failed" }>["error"]): Error {
  const error = new Error(text);
  return notBuildable ? new NotBuildable(error) : Object.assign(error, code === "" ? {} : { code });
}

function joined(results: readonly LaneResult[], projections: number): LaneResult {
  const parked = Array.from({ length: projections }, (_, index) =>
    results
      .flatMap((result): readonly ParkedPlace[] => result.parked[index] ?? [])
      .toSorted((a, b) => a.commit - b.commit || a.prepare - b.prepare),
  );
  return { events: results.reduce((sum, { events }) => sum + events, 0), parked };
}

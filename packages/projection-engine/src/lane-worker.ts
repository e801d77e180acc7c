import { type MessagePort, parentPort, type TransferListItem, workerData } from "node:worker_threads";
import type { LogPosition } from "@docket/postgres";
import { foldLane, type LaneResult, NotBuildable } from "./fold-lane.ts";
import type { StreamRange } from "./journal-source.ts";
import type { Program } from "./program.ts";

/*
 * A lane in a thread of its own: folds and encodes; the rows go to the thread that started it as bytes, which come back to be used
 * again once they are written.
 */

/** What the thread is started with. Functions cannot be handed to a thread, so it is told where to import them from. */
export type LaneOrder = {
  readonly url: string;
  readonly program: string;
  /** Names of the read models to build. */
  readonly names: readonly string[];
  readonly to: LogPosition;
  readonly range: StreamRange;
};

export type LaneMessage =
  | {
      readonly kind: "rows";
      readonly projection: number;
      readonly table: number;
      readonly count: number;
      readonly bytes: Buffer;
    }
  | { readonly kind: "progress"; readonly events: number }
  | { readonly kind: "done"; readonly result: LaneResult }
  | {
      readonly kind: "failed";
      readonly error: { readonly text: string; readonly code: string; readonly notBuildable: boolean };
    };

/** The answer to rows: they are written, here is their memory. */
export type LaneAnswer = {
  readonly projection: number;
  readonly table: number;
  readonly length: number;
  readonly memory: ArrayBuffer;
};

const mostUnderWay = 6 * 1024 * 1024;

async function work(port: MessagePort, { url, program, names, to, range }: LaneOrder): Promise<LaneResult> {
  const { projections, openDecode } = (await import(program)) as Program;
  const chosen = names.map((name) => {
    const projection = projections.find((one) => one.name === name);
    if (!projection) throw new Error(`${program} has no read model ${name}`);
    return projection;
  });
  const decoding = await openDecode?.();
  let underWay = 0;
  let wake: (() => void) | undefined;
  port.on("message", ({ projection, table, length, memory }: LaneAnswer) => {
    underWay -= length;
    chosen[projection]?.tables[table]?.reuse(memory);
    wake?.();
  });
  try {
    return await foldLane(
      { url, projections: chosen, to, range, decode: decoding?.decode },
      {
        rows: async (projection, table, rows) => {
          const { count } = rows;
          const bytes = rows.giveAway();
          underWay += bytes.length;
          const place = chosen[projection]?.tables.indexOf(table) ?? -1;
          send(port, { kind: "rows", projection, table: place, count, bytes }, [bytes.buffer as ArrayBuffer]);
          while (underWay > mostUnderWay) await new Promise<void>((done) => (wake = done));
        },
        progress: (events) => send(port, { kind: "progress", events }),
      },
    );
  } finally {
    await decoding?.close();
  }
}

function send(port: MessagePort, message: LaneMessage, transfer: readonly TransferListItem[] = []): void {
  port.postMessage(message, transfer);
}

const port = parentPort;
if (!port) throw new Error("lane-worker.ts is to run as a thread");
try {
  send(port, { kind: "done", result: await work(port, workerData as LaneOrder) });
} catch (error) {
  const { code } = error as { code?: unknown };
  const text = error instanceof Error ? error.message : String(error);
  const cause = error instanceof NotBuildable ? error.cause : undefined;
  send(port, {
    kind: "failed",
    error: {
      text: cause instanceof Error ? cause.message : text,
      code: typeof code === "string" ? code : "",
      notBuildable: error instanceof NotBuildable,
    },
  });
}
port.close();

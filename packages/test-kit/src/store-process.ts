import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../embedded-eventstore/src/main.ts", import.meta.url));

/**
 * An event store as a process of its own, on a folder and a port that stay: it can be killed, and started again as it was.
 *
 * States: running -> (kill) dead -> (start) running -> ...
 */
export interface StoreProcess {
  readonly port: number;
  /** `esdb://127.0.0.1:port?tls=false` */
  readonly url: string;
  /** as by kill -9; resolves when it is gone */
  kill(): Promise<void>;
  /** resolves when it serves */
  start(): Promise<void>;
}

export async function startStoreProcess(dataDir: string): Promise<StoreProcess> {
  let child: ChildProcess | undefined;
  let port = 0;
  const kill = async (): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, "exit");
    ending.kill("SIGKILL");
    await gone;
  };
  const start = async (): Promise<void> => {
    const starting = spawn(process.execPath, [main, "--port", String(port), "--data", dataDir], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    child = starting;
    const out = starting.stdout as NodeJS.ReadableStream;
    const exited = once(starting, "exit").then(([code]) => {
      throw new Error(`the event store ended with ${String(code)} before it served`);
    });
    exited.catch(() => undefined);
    let said = "";
    for (;;) {
      const [chunk] = (await Promise.race([once(out, "data"), exited])) as [Buffer];
      said += String(chunk);
      const ready = /ready port=(\d+)/u.exec(said)?.[1];
      if (ready === undefined) continue;
      port = Number(ready);
      break;
    }
    out.resume();
  };
  await start();
  return {
    port,
    url: `esdb://127.0.0.1:${port}?tls=false`,
    kill,
    start,
  };
}

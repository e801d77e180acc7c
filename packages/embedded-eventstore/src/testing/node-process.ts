import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** For tests: the node as a process of its own. */
export type NodeProcess = {
  readonly port: number;
  readonly pid: number;
  readonly stdout: string;
  /** Sends the signal and waits for the end; gives the exit code (null when the signal ended it). */
  end(signal: NodeJS.Signals): Promise<number | null>;
};

export type FailedStart = { code: number | null; stdout: string; stderr: string };

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

/** Runs the command line until it prints that it serves, or ends. */
export async function runMain(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<NodeProcess | FailedStart> {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stderr!.on("data", (chunk) => (stderr += String(chunk)));
  const exit = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const ready = new Promise<number>((resolve) => {
    child.stdout!.on("data", (chunk) => {
      stdout += String(chunk);
      const match = /^ready port=(\d+)$/m.exec(stdout);
      if (match) resolve(Number(match[1]));
    });
  });
  const outcome = await Promise.race([ready.then((port) => ({ port })), exit.then((code) => ({ code }))]);
  if ("code" in outcome) return { code: outcome.code, stdout, stderr };
  return {
    port: outcome.port,
    pid: child.pid!,
    get stdout() {
      return stdout;
    },
    end(signal) {
      child.kill(signal);
      return exit;
    },
  };
}

/** The same for a start that must succeed. */
export async function startNodeProcess(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<NodeProcess> {
  const started = await runMain(args, env);
  if ("port" in started) return started;
  throw new Error(`the node ended with ${started.code}: ${started.stderr}`);
}

/** Resident memory of a process in MiB; undefined where the system does not tell. */
export function residentMiB(pid: number): number | undefined {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return undefined;
  }
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { programFile } from "./program.ts";

export interface ConsoleBuild {
  /** where the console will stand, known at once; undefined when not even that could be found out */
  readonly folder: Promise<string | undefined>;
  /** resolves when it stands there, or could not be built (which is said, and the rest works without it) */
  readonly built: Promise<void>;
}

/**
 * Builds the console by a process of its own, beside the start of the stores; when it is built already that takes a tenth of a
 * second.
 */
export function buildConsole(env: NodeJS.ProcessEnv, say: (line: string) => void, signal?: AbortSignal): ConsoleBuild {
  const child = spawn(process.execPath, [programFile({ file: "services/console/build/main.ts" })], {
    env,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const stopped = (): void => void child.kill("SIGTERM");
  signal?.addEventListener("abort", stopped);
  const faults = child.stderr === null ? Promise.resolve("") : text(child.stderr);
  const folder = new Promise<string | undefined>((resolve) => {
    child.on("message", (message: { folder?: string; say?: string }) => {
      if (message.folder !== undefined) resolve(message.folder);
      if (message.say !== undefined) say(message.say);
    });
    child.on("exit", () => resolve(undefined));
    child.on("error", () => resolve(undefined));
  });
  const built = once(child, "exit").then(async ([code]) => {
    signal?.removeEventListener("abort", stopped);
    if (code !== 0 && signal?.aborted !== true)
      say(
        `the console could not be built; the API works without it\n${(await faults).trim().split("\n").slice(-6).join("\n")}`,
      );
  });
  return { folder, built };
}

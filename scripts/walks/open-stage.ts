import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep } from "@docket/service-kit";
import { root } from "../checks/run-tool.ts";
import type { WalkStage } from "./run-walk.ts";

const demoWithinMs = 170_000;

/** A Docket as `npm start` leaves it: on an empty folder, with the demo data, ports of the system's choice. */
export async function openWalkStage(): Promise<WalkStage & { close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "docket-walk-"));
  const [data, scratch] = [join(folder, "data"), join(folder, "scratch")];
  mkdirSync(scratch);
  const args = ["--data", data, "--port", "0", "--mail-port", "0"];
  const child = spawn(process.execPath, [join(root, "scripts/start.ts"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LOG_LEVEL: "warn" },
  });
  let said = "";
  child.stdout.on("data", (chunk) => void (said += String(chunk)));
  child.stderr.on("data", (chunk) => void (said += String(chunk)));
  const close = async (): Promise<void> => {
    await stop(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const until = performance.now() + demoWithinMs;
    while (!existsSync(join(data, "demo-loaded"))) {
      if (child.exitCode !== null || performance.now() > until) throw new Error(`Docket is not ready:\n${said}`);
      await sleep(100);
    }
    return { data, scratch, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGINT");
  await exited;
}

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import type { ServiceMessage } from "./service.ts";

const kit = JSON.stringify(import.meta.resolve("./index.ts"));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Starts a process whose service's main function has the given body. */
function startService(
  body: string,
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; out: () => string; log: () => string } {
  const source = `import { runService } from ${kit}
    runService("probe", async ({ onStop, signal, fail, health }) => { setInterval(() => undefined, 1000); ${body} })`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, LOG_LEVEL: "info", ...env },
  });
  children.push(child);
  let [out, log] = ["", ""];
  child.stdout?.on("data", (chunk) => void (out += String(chunk)));
  child.stderr?.on("data", (chunk) => void (log += String(chunk)));
  return { child, out: () => out, log: () => log };
}

async function message(child: ChildProcess): Promise<ServiceMessage> {
  return ((await once(child, "message")) as [ServiceMessage])[0];
}

const stopsInOrder = `
  onStop(() => process.stdout.write("first opened "))
  onStop(async () => { await new Promise((r) => setTimeout(r, 20)); process.stdout.write("last opened ") })
  onStop(() => { throw new Error("cannot close") })
  signal.addEventListener("abort", () => process.stdout.write("told "))
  return { port: 4711 }`;

describe("a service process", () => {
  it.each(["SIGTERM", "SIGINT"] as const)(
    "says ready with its details and stops in reverse order on %s",
    async (signal) => {
      const { child, out } = startService(stopsInOrder);
      expect(await message(child)).toEqual({ type: "ready", name: "probe", details: { port: 4711 } });
      child.kill(signal);
      expect(await once(child, "close")).toEqual([0, null]);
      expect(out()).toBe("told last opened first opened ");
    },
  );

  it("stops when its supervisor is gone", async () => {
    const { child, out } = startService(stopsInOrder);
    await message(child);
    child.disconnect();
    expect(await once(child, "exit")).toEqual([0, null]);
    await expect.poll(out).toBe("told last opened first opened ");
  });

  it("takes the echo of a signal as the same one, and a second signal as an order to end at once", async () => {
    const { child } = startService(`onStop(() => { process.send("stuck"); return new Promise(() => undefined) })
      process.prependListener("SIGTERM", () => process.send("heard"))`);
    await message(child);
    const until = async (text: string) => {
      while ((await message(child)) !== (text as unknown)) continue;
    };
    const stuck = until("stuck");
    child.kill("SIGTERM");
    await stuck;
    const echo = until("heard");
    child.kill("SIGTERM");
    await echo;
    expect(child.exitCode).toBeNull();
    const exited = once(child, "close");
    const again = setInterval(() => child.kill("SIGTERM"), 100);
    onTestFinished(() => clearInterval(again));
    expect(await exited).toEqual([1, null]);
  });

  it("serves its health where it is told to", async () => {
    const check = `health.addReadiness("store", () => { throw new Error("away") })`;
    const { child } = startService(check, { OPS_PORT: "0" });
    const said = await message(child);
    const port = said.type === "ready" ? said.details["opsPort"] : undefined;
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: "failing", checks: { store: { ok: false, detail: "away" } } },
    ]);
  });

  it("tells why it could not start", async () => {
    const { child } = startService(`throw Object.assign(new Error("no store"), { code: "store_away" })`);
    expect(await message(child)).toEqual({ type: "failed", name: "probe", code: "store_away", message: "no store" });
    expect(await once(child, "close")).toEqual([1, null]);
  });

  it.each([
    ["unhandled rejection", `Promise.reject(new Error("lost"))`],
    ["uncaught exception", `setImmediate(() => { throw new Error("lost") })`],
    ["failed", `setImmediate(() => fail(new Error("lost")))`],
  ])("logs and exits with 1 on: %s", async (what, body) => {
    const { child, log } = startService(body);
    expect(await once(child, "close")).toEqual([1, null]);
    expect(log()).toContain(what);
    expect(log()).toContain("lost");
  });
});

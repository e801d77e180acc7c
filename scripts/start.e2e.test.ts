import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { root } from "./checks/run-tool.ts";

interface Started {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly ready: () => Promise<void>;
  readonly exited: Promise<unknown>;
  readonly address: () => string;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "docket start "));
  onTestFinished(() => rmSync(folder, { recursive: true, maxRetries: 5 }));
});

/** Starts Docket as `npm start` does, on ports of the system's choice unless the arguments name some. */
function start(data: string, ...args: string[]): Started {
  const ports = args.includes("--port") ? [] : ["--port", "0"];
  const child = spawn(
    process.execPath,
    [join(root, "scripts/start.ts"), "--data", data, "--no-demo", "--mail-port", "0", ...ports, ...args],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, LOG_LEVEL: "info" } },
  );
  let out = "";
  child.stdout.on("data", (chunk) => void (out += String(chunk)));
  child.stderr.on("data", (chunk) => void (out += String(chunk)));
  const exited = once(child, "exit");
  onTestFinished(async () => {
    child.kill("SIGINT");
    await exited;
  });
  return {
    child,
    out: () => out,
    exited,
    ready: () => expect.poll(() => out, { timeout: 60_000 }).toContain("Docket is ready"),
    address: () => /Address +(\S+)/u.exec(out)?.[1] ?? "",
  };
}

interface Process {
  readonly name: string;
  readonly pid: number;
}
const processesOf = (data: string): Process[] =>
  (JSON.parse(readFileSync(join(data, "running.json"), "utf8")) as { children: Process[] }).children;
const alive = ({ pid }: Process): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("npm start", () => {
  it("says what it does at once and where everything is, and Ctrl-C leaves nothing running and all data in place", async () => {
    const began = performance.now();
    const data = join(folder, "data with blanks");
    const first = start(data);
    await expect.poll(first.out).toContain("Docket starts");
    expect(performance.now() - began).toBeLessThan(5_000);
    await first.ready();
    expect(first.out()).toContain(`Data      ${data}`);
    expect(first.out()).toContain("Stop      Ctrl-C");
    const processes = processesOf(data);
    expect(processes.map(({ name }) => name)).toEqual(expect.arrayContaining(["eventstore", "postgres"]));
    expect(processes.every(alive)).toBe(true);
    first.child.kill("SIGINT");
    expect(await first.exited).toEqual([0, null]);
    expect(processes.filter(alive)).toEqual([]);
    expect(existsSync(join(data, "running.json"))).toBe(false);

    const second = start(data);
    await second.ready();
    expect(second.out()).toContain("schema up to date");
  });

  it("leaves nothing running when it is killed, and starts again on the same data", async () => {
    const data = join(folder, "data");
    const first = start(data);
    await first.ready();
    const processes = processesOf(data);
    first.child.kill("SIGKILL");
    await expect.poll(() => processes.filter(alive), { timeout: 15_000 }).toEqual([]);
    const second = start(data);
    await second.ready();
  });

  it("refuses a second start on the same data, and runs beside another on other data", async () => {
    const first = start(join(folder, "one"));
    await first.ready();
    const same = start(join(folder, "one"));
    expect(await same.exited).toEqual([1, null]);
    expect(same.out()).toMatch(/data_in_use: .*already runs on .*and answers at http:\/\/localhost:\d+/u);
    const other = start(join(folder, "two"));
    await other.ready();
    expect(other.address()).not.toBe(first.address());
  });

  it("takes another port when the wanted one is taken, and says so", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    onTestFinished(() => void holder.close());
    const { port } = holder.address() as { port: number };
    const docket = start(join(folder, "data"), "--port", String(port));
    await docket.ready();
    expect(docket.out()).toMatch(new RegExp(`port ${port} is taken; the web address gets \\d+`, "u"));
    expect(docket.address()).not.toContain(String(port));
  });

  it("stops in the middle of the start as well", async () => {
    const data = join(folder, "data");
    const docket = start(data);
    await expect
      .poll(() => existsSync(join(data, "running.json")) && processesOf(data).length, { interval: 5 })
      .toBeTruthy();
    const processes = processesOf(data);
    docket.child.kill("SIGTERM");
    expect(await docket.exited).toEqual([0, null]);
    expect(processes.filter(alive)).toEqual([]);
  });

  it.each([
    [["--port", "http"], "option_invalid"],
    [["--prot", "8080"], "option_unknown"],
  ])("answers wrong options with a code: %s", async (args, code) => {
    const docket = start(join(folder, "data"), ...args);
    expect(await docket.exited).toEqual([2, null]);
    expect(docket.out()).toContain(code);
  });
});

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Supervised, supervise } from "./supervised.ts";

function probe(...args: string[]): { process: Supervised; said: string[]; log: () => string } {
  const logs = mkdtempSync(join(tmpdir(), "docket supervised "));
  const said: string[] = [];
  const program = {
    name: "probe",
    file: "scripts/stack/test/probe.ts",
    args,
    env: () => ({ ...process.env, LOG_LEVEL: "info" }),
  };
  const supervised = supervise(program, { logs, onChange: (line) => said.push(line) });
  onTestFinished(async () => {
    await supervised.stop();
    rmSync(logs, { recursive: true });
  });
  return { process: supervised, said, log: () => readFileSync(join(logs, "probe.log"), "utf8") };
}

const alive = (pid: number | undefined): boolean => {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
};

it("starts again what was killed, and stops it for good when told to", async () => {
  const { process: supervised, said, log } = probe();
  expect(await supervised.ready()).toEqual({ port: expect.any(Number) });
  const first = supervised.pid;
  supervised.kill("SIGKILL");
  await expect.poll(() => supervised.restarts).toBe(1);
  await supervised.ready();
  expect(supervised.state).toBe("ready");
  expect(alive(first)).toBe(false);
  expect(said).toEqual(["probe went away (ended by SIGKILL); starting it again", "probe is back"]);

  const second = supervised.pid;
  await supervised.stop();
  expect([supervised.state, supervised.pid, alive(second)]).toEqual(["stopped", undefined, false]);
  expect(log().match(/"msg":"ready"/gu)).toHaveLength(2);
  await supervised.stop();
});

it("tells why the first start failed, with the end of the log, and does not try again", async () => {
  const { process: supervised } = probe("refuse");
  await expect(supervised.ready()).rejects.toMatchObject({
    code: "process_failed",
    message: expect.stringMatching(/probe could not start \(no such store\)[^]*could not start/u),
  });
  expect([supervised.state, supervised.restarts]).toEqual(["stopped", 0]);
});

it("stops cleanly while it waits to start again", async () => {
  const { process: supervised } = probe();
  await supervised.ready();
  supervised.kill("SIGKILL");
  await expect.poll(() => supervised.state).toBe("waiting");
  await supervised.stop();
  expect([supervised.state, supervised.pid]).toEqual(["stopped", undefined]);
});

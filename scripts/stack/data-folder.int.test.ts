import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { takeDataFolder } from "./data-folder.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "docket data "));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const quiet = (): void => undefined;

/** Another process that holds the folder and has a child of its own, until it is killed. */
async function holder(path: string): Promise<{ kill: () => Promise<unknown>; leftover: number }> {
  const source = `import { takeDataFolder } from ${JSON.stringify(import.meta.resolve("./data-folder.ts"))};
    import { spawn } from "node:child_process";
    const data = await takeDataFolder(${JSON.stringify(path)}, () => undefined);
    const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
    await data.noteProcess("sleeper", child.pid);
    data.noteUrls({ public: "http://localhost:4711" });
    process.send(child.pid);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const [leftover] = (await once(child, "message")) as [number];
  const exited = once(child, "exit");
  return { leftover, kill: () => (child.kill("SIGKILL"), exited) };
}

it("belongs to one supervisor at a time", async () => {
  const path = folder();
  const data = await takeDataFolder(path, quiet);
  await expect(takeDataFolder(path, quiet)).rejects.toMatchObject({ code: "data_in_use" });
  data.release();
  (await takeDataFolder(path, quiet)).release();
  expect(existsSync(join(path, "running.json"))).toBe(false);
});

it("says who holds it and where that one answers", async () => {
  const path = folder();
  const other = await holder(path);
  await expect(takeDataFolder(path, quiet)).rejects.toThrow(
    /process \d+\) already runs on .* and answers at http:\/\/localhost:4711/u,
  );
  await other.kill();
  process.kill(other.leftover, "SIGKILL");
});

it("is taken over from a killed supervisor once its processes have ended", async () => {
  const path = folder();
  const other = await holder(path);
  await other.kill();
  const said: string[] = [];
  const taking = takeDataFolder(path, (line) => said.push(line));
  await expect.poll(() => said).toEqual(["waiting for what a killed Docket left: sleeper"]);
  process.kill(other.leftover, "SIGKILL");
  (await taking).release();
});

it("keeps its secret, and remembers that it holds the demo data", async () => {
  const path = folder();
  const data = await takeDataFolder(path, quiet);
  expect([data.hasDemo, data.secret.length]).toEqual([false, 43]);
  data.markDemo();
  data.release();
  const again = await takeDataFolder(path, quiet);
  expect([again.hasDemo, again.secret]).toEqual([true, data.secret]);
  again.release();
});

it("tells when a folder cannot be made", async () => {
  const path = join(folder(), "file");
  writeFileSync(path, "");
  await expect(takeDataFolder(join(path, "data"), quiet)).rejects.toMatchObject({ code: "data_not_writable" });
});

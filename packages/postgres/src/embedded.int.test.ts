import { fork, spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded.ts";
import { isAlive } from "./processes.ts";

let dir: string;
const running: EmbeddedPostgres[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "docket pg "));
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  await rm(dir, { recursive: true, force: true });
});

async function start(options: { port?: number } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir: join(dir, "data base"), ...options });
  running.push(server);
  return server;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("the condition did not come true");
}

const main = fileURLToPath(new URL("./postgres-main.ts", import.meta.url));

/** The service process, started like the supervisor does it. */
function startMain(): Promise<{ child: ReturnType<typeof fork>; url: string; pid: number }> {
  const child = fork(main, ["--data", join(dir, "data base")], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  return new Promise((done, fail) => {
    child.once("message", (message: { type: string; url: string; pid: number }) =>
      message.type === "ready" ? done({ child, ...message }) : fail(new Error(JSON.stringify(message))),
    );
    child.once("exit", (code) => fail(new Error(`exit ${code}`)));
  });
}

test("what was committed is there after stop and start, in a folder with blanks in its path", async () => {
  const first = await start();
  await query(first.url, "create table kept as select 42 as answer");
  await first.stop();
  expect(await first.exited).toEqual({ expected: true });
  const second = await start();
  expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
  expect(await query(second.url, "select lower('ЗАЯВКА') as word")).toEqual([{ word: "заявка" }]);
  expect(await query(second.url, "show fsync")).toEqual([{ fsync: "on" }]);
});

test("a taken port is left alone and another one is used", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => blocker.once("listening", done));
  const { port } = blocker.address() as { port: number };
  const server = await start({ port });
  expect(server.port).not.toBe(port);
  blocker.close();
});

test("a wrong password is refused", async () => {
  const server = await start();
  await expect(query(server.url.replace(/:[^:@]+@/, ":guess@"), "select 1")).rejects.toThrow(/password/);
});

test("a second server on the same folder is refused while the first one's owner lives", async () => {
  await start();
  await expect(start()).rejects.toMatchObject({ code: "postgres_data_in_use" });
});

test("kill -9 of the server: reported, and the next start recovers at once", async () => {
  const first = await start();
  await query(first.url, "create table kept as select 1 as n");
  process.kill(first.pid, "SIGKILL");
  expect(await first.exited).toEqual({ expected: false });
  const second = await start();
  expect(await query(second.url, "select n from kept")).toEqual([{ n: 1 }]);
});

test("kill -9 of the owner: the server goes too, and the next start works", async () => {
  const { child, pid } = await startMain();
  child.kill("SIGKILL");
  await until(() => !isAlive(pid));
  const second = await start();
  expect(await query(second.url, "select 1 as n")).toEqual([{ n: 1 }]);
});

test("an abandoned server whose watchdog was killed as well is stopped by the next start", async () => {
  const { child, pid } = await startMain();
  const watchdogs = spawn("pgrep", ["-f", `docket-postgres-watchdog ${pid}$`]);
  let out = "";
  watchdogs.stdout.on("data", (chunk: Buffer) => (out += chunk));
  await new Promise((done) => watchdogs.once("close", done));
  child.kill("SIGSTOP"); // so that nothing of it can react
  for (const line of out.split("\n").filter(Boolean)) process.kill(Number(line), "SIGKILL");
  child.kill("SIGKILL");
  await new Promise((done) => child.once("exit", done));
  expect(isAlive(pid)).toBe(true);
  const second = await start();
  expect(second.pid).not.toBe(pid);
  expect(isAlive(pid)).toBe(false);
});

test("the service process stops with its parent's channel, cleanly", async () => {
  const { child, pid } = await startMain();
  const code = new Promise((done) => child.once("exit", done));
  child.disconnect();
  expect(await code).toBe(0);
  expect(isAlive(pid)).toBe(false);
});

test("an initialisation that was killed half-way leaves nothing that a later start trips over", async () => {
  const child = fork(main, ["--data", join(dir, "data base")], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  await until(async () => (await readdir(dir)).some((name) => name.includes(".new-")));
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGKILL");
  await gone;
  const server = await start();
  expect(await query(server.url, "select 1 as n")).toEqual([{ n: 1 }]);
});

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { startEventStore, type EventStoreNode } from "@docket/embedded-eventstore";
import type { ServiceMessage } from "@docket/service-kit";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { openEventStore } from "@docket/event-store";
import { runProjector } from "@docket/projection-engine";
import { ensureAccount } from "./auth/accounts.ts";
import { projections } from "../test/house.ts";

let database: TestDatabase;
let node: EventStoreNode;
let projecting: Promise<void>;
const stopping = new AbortController();
const children: ChildProcess[] = [];
beforeAll(async () => {
  [database, node] = await Promise.all([testDatabase(), startEventStore({ port: 0, memory: true })]);
  const store = openEventStore(`esdb://127.0.0.1:${node.port}?tls=false`);
  projecting = runProjector({ url: database.url, store, projections, signal: stopping.signal }).then(() =>
    store.close(),
  );
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  stopping.abort();
  await projecting;
  await node.stop();
  await database.close();
});

async function start(
  more: Record<string, string> = {},
): Promise<{ child: ChildProcess; url: string; log: () => string }> {
  const env = {
    ...process.env,
    EVENTSTORE_URL: `esdb://127.0.0.1:${node.port}?tls=false`,
    DATABASE_URL: database.url,
    GATEWAY_PORT: "0",
    LOG_LEVEL: "info",
    ...more,
  };
  const child = fork(new URL("./main.ts", import.meta.url), { env, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  children.push(child);
  let log = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (log += text));
  const [message] = (await once(child, "message")) as [ServiceMessage];
  if (message.type !== "ready") throw new Error(message.message);
  return { child, url: `http://127.0.0.1:${message.details["port"]}`, log: () => log };
}

it("starts, serves, writes no secret into its log, stays small, and stops cleanly", async () => {
  const { child, url, log } = await start();
  await ensureAccount(database.db, { login: "olga", password: "a secret password", name: "Olga", role: "operator" });
  await expect.poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 30_000 }).toBe(200);
  const login = await fetch(`${url}/api/v1/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login: "olga", password: "a secret password" }),
  });
  const cookie = login.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  expect((await fetch(`${url}/api/v1/me?wait=0`, { headers: { cookie, authorization: "" } })).status).toBe(401);
  expect((await fetch(`${url}/api/v1/me`, { headers: { cookie } })).status).toBe(200);
  expect(
    (await fetch(`${url}/api/v1/me?q=who-i-looked-for`, { headers: { authorization: "Bearer dkt_not-a-real-token" } }))
      .status,
  ).toBe(401);
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
    /docket_http_request_seconds_count\{[^}]*route="\/api\/v1\/me"[^}]*\} 1/,
  );

  const rssMb =
    Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => ""))?.[1] ?? 0) / 1024;
  process.stdout.write(`gateway, idle: ${rssMb.toFixed(0)} MB\n`);
  expect(rssMb).toBeLessThan(250);
  const socket = new WebSocket(`${url.replace("http", "ws")}/api/v1/live`, { headers: { cookie } });
  await once(socket, "message");
  const closed = once(socket, "close") as Promise<[number]>;
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number];
  expect(code).toBe(0);
  expect((await closed)[0]).toBe(1001);
  expect(log()).toContain('"route":"/api/v1/login"');
  for (const secret of [
    "a secret password",
    "dkt_not-a-real-token",
    "who-i-looked-for",
    ...cookie.split("; ").map((pair) => pair.split("=")[1] as string),
  ])
    expect(log()).not.toContain(secret);
});

it("starts while its parts are away, says that it is not ready, and becomes so by itself", async () => {
  const free = await startEventStore({ port: 0, memory: true });
  const { port } = free;
  await free.stop();
  const { child, url } = await start({ EVENTSTORE_URL: `esdb://127.0.0.1:${port}?tls=false` });
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect((await fetch(`${url}/health/ready`)).status).toBe(503);
  const late = await startEventStore({ port, memory: true });
  await expect.poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 30_000 }).toBe(200);
  child.kill("SIGTERM");
  await once(child, "exit");
  await late.stop();
});

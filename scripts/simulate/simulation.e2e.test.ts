import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loginAs } from "../acceptance/api.ts";
import { loadDemoWorld } from "../demo/demo.ts";
import { demoPassword } from "../demo/world.ts";
import { type Stack, startStack } from "../stack/stack.ts";
import { simulate } from "./simulation.ts";
import { troubleOf } from "./subjects.ts";

let folder: string;
let stack: Stack;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "docket-simulate-"));
  stack = await startStack({ dataDir: join(folder, "data"), ports: { http: 0, smtp: 0 } });
  await loadDemoWorld({ urls: stack.urls, supportAddress: "support@docket.example", say: () => undefined });
}, 120_000);
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

it("simulated traffic comes in by every channel, is worked off, and stops when it is told to", async () => {
  const stop = new AbortController();
  const running = simulate({
    gateway: () => stack.urls.public,
    smtpPort: () => Number(new URL(stack.urls.smtp).port),
    supportAddress: "support@docket.example",
    speed: 100,
    unwatched: true,
    signal: stop.signal,
  });
  const admin = await loginAs(() => stack.urls.public, "admin", demoPassword);
  const items = async (path: string) => (await admin.get(path)).body.items as { subject: string; channel: string }[];
  await expect
    .poll(async () => (await items("/api/v1/tickets?status=result_confirmation,closed&limit=100")).length, {
      timeout: 110_000,
      interval: 500,
    })
    .toBeGreaterThan(0);
  await expect
    .poll(async () => new Set((await items("/api/v1/tickets?limit=200")).map(({ channel }) => channel)), {
      timeout: 60_000,
      interval: 500,
    })
    .toEqual(new Set(["email", "portal", "phone"]));
  for (const { subject } of await items("/api/v1/tickets?limit=200")) expect(troubleOf(subject)).toBeDefined();
  stop.abort();
  await running;
}, 180_000);

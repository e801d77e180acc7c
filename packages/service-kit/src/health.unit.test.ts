import { afterEach, expect, it } from "vitest";
import { createHealth } from "./health.ts";
import { Counter, metricsRegistry } from "./metrics.ts";
import { type OpsServer, startOpsServer } from "./ops-server.ts";

const servers: OpsServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

it("names what passes, what fails and what does not answer", async () => {
  const health = createHealth(30);
  expect(await health.ready()).toEqual({ status: "ok", checks: {} });
  health.addReadiness("postgres", () => "3 ms");
  expect((await health.ready()).status).toBe("ok");
  health.addReadiness("event store", () => {
    throw new Error("refused");
  });
  health.addReadiness("hung", () => new Promise<void>(() => undefined));
  expect(await health.ready()).toEqual({
    status: "failing",
    checks: {
      postgres: { ok: true, detail: "3 ms" },
      "event store": { ok: false, detail: "refused" },
      hung: { ok: false, detail: "no answer within 30 ms" },
    },
  });
  expect((await health.live()).status).toBe("ok");
});

it("serves health and metrics over HTTP", async () => {
  const health = createHealth();
  let up = true;
  health.addReadiness("store", () => {
    if (!up) throw new Error("away");
  });
  new Counter({ name: "docket_test_total", help: "a test's counter", registers: [metricsRegistry] }).inc(3);
  const server = await startOpsServer({ port: 0, health });
  servers.push(server);
  const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
  expect((await get("/health/live")).status).toBe(200);
  expect((await get("/health/ready")).status).toBe(200);
  up = false;
  const failing = await get("/health/ready");
  expect(failing.status).toBe(503);
  expect(await failing.json()).toEqual({ status: "failing", checks: { store: { ok: false, detail: "away" } } });
  expect(await (await get("/metrics")).text()).toMatch(/docket_test_total 3/u);
  expect((await get("/secrets")).status).toBe(404);
});

import { fork } from "node:child_process";
import { testDatabase, type TestDatabase } from "@docket/test-kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimCheckpoint, moveCheckpoint, readCheckpoint } from "./checkpoint.ts";
import { standForLead } from "./leader.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const at = (n: number): { commit: number; prepare: number } => ({ commit: n, prepare: n });

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => (signal.aborted ? done() : signal.addEventListener("abort", () => done())));
}

test("one leads, the other stands by and takes over on release, with a higher epoch", async () => {
  const first = await standForLead({ url: database.url, name: "release" });
  const waiting = standForLead({ url: database.url, name: "release" });
  expect(await Promise.race([waiting, new Promise((done) => setTimeout(done, 200, "still waiting"))])).toBe(
    "still waiting",
  );
  await first.release();
  expect(first.lost.aborted).toBe(true);
  const second = await waiting;
  expect(second.epoch).toBe(first.epoch + 1);
  await second.release();
});

test("a leader killed with -9 does not deny its successor", async () => {
  const program = `import { standForLead } from ${JSON.stringify(new URL("./leader.ts", import.meta.url).href)}
    await standForLead({ url: ${JSON.stringify(database.url)}, name: "killed", ttl: 3_600_000 })
    process.send("leading"); setInterval(() => {}, 1000)`;
  const child = fork(`data:text/javascript,${encodeURIComponent("")}`, [], {
    execArgv: ["--input-type=module", "-e", program],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await new Promise((done) => child.once("message", done));
  const next = standForLead({ url: database.url, name: "killed", ttl: 3_600_000 });
  child.kill("SIGKILL");
  const lead = await next;
  expect(lead.epoch).toBe(2);
  await lead.release();
});

test("a leader whose connection hangs loses the lead when its lease runs out", async () => {
  // a lead whose lease is not renewed, on a connection that stays open
  const zombie = await standForLead({ url: database.url, name: "hung", ttl: 3_600_000 });
  await database.pool.query("update app.leads set expires_at = now() - interval '1 second' where name = 'hung'");
  const next = await standForLead({ url: database.url, name: "hung", ttl: 300 });
  expect(next.epoch).toBe(zombie.epoch + 1);
  await aborted(zombie.lost);
  await next.release();
});

test("a lead is lost when the server ends its connection", async () => {
  const lead = await standForLead({ url: database.url, name: "cut" });
  await database.pool.query("select pg_terminate_backend(backend_pid) from app.leads where name = 'cut'");
  await aborted(lead.lost);
});

test("waiting can be given up", async () => {
  const lead = await standForLead({ url: database.url, name: "abort" });
  const stop = new AbortController();
  const waiting = standForLead({ url: database.url, name: "abort", signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 50);
  await expect(waiting).rejects.toThrow("enough");
  await lead.release();
});

test("a checkpoint moves only from where it is, and only for the latest claimant", async () => {
  const table = "app.reactor_checkpoints";
  expect(await claimCheckpoint(database.pool, table, "cas", 1)).toEqual(at(0));
  await moveCheckpoint(database.pool, table, "cas", 1, at(0), { commit: 10, prepare: 9 });
  expect(await readCheckpoint(database.pool, table, "cas")).toEqual({ commit: 10, prepare: 9 });
  const stale = moveCheckpoint(database.pool, table, "cas", 1, { commit: 10, prepare: 10 }, at(20));
  await expect(stale).rejects.toMatchObject({ code: "postgres_checkpoint_moved" });
  expect(await claimCheckpoint(database.pool, table, "cas", 2)).toEqual({ commit: 10, prepare: 9 });
  const fenced = moveCheckpoint(database.pool, table, "cas", 1, { commit: 10, prepare: 9 }, at(20));
  await expect(fenced).rejects.toMatchObject({ code: "postgres_lead_lost" });
  await expect(claimCheckpoint(database.pool, table, "cas", 1)).rejects.toMatchObject({ code: "postgres_lead_lost" });
});

test("a claim waits for the former leader's open transaction, and sees what it committed", async () => {
  const table = "app.reactor_checkpoints";
  await claimCheckpoint(database.pool, table, "race", 1);
  const old = await database.pool.connect();
  await old.query("begin");
  await moveCheckpoint(old, table, "race", 1, at(0), at(5));
  const claim = claimCheckpoint(database.pool, table, "race", 2);
  expect(await Promise.race([claim, new Promise((done) => setTimeout(done, 100, "blocked"))])).toBe("blocked");
  await old.query("commit");
  old.release();
  expect(await claim).toEqual(at(5));
});

import { afterAll, beforeAll, expect, it } from "vitest";
import { whatIfBody } from "@docket/api-contract";
import { compileCalendar } from "@docket/sla";
import { createPool, openDb } from "@docket/postgres";
import { createLogger } from "@docket/service-kit";
import { openHouse, type House } from "../../test/house.ts";
import { registered } from "../../test/tickets.ts";
import { openJobs, type Jobs, type NewJob } from "./jobs.ts";

let house: House;
let jobs: Jobs;
let other: Jobs;
let pool: ReturnType<typeof createPool>;
let position: string;
const always = compileCalendar({ tz: "UTC", "24x7": true });

beforeAll(async () => {
  house = await openHouse();
  for (let n = 0; n < 3; n++) ({ position } = await registered(house, { subject: `VPN ${n}` }));
  await (await house.as("olga")).get("/v1/me", { headers: { "docket-wait-position": position } });
  pool = createPool(house.database.url, { max: 5 });
  const parts = { pool, db: openDb(pool), logger: createLogger("test") };
  [jobs, other] = [openJobs(parts), openJobs(parts)];
}, 60_000);
afterAll(async () => {
  await Promise.all([jobs.close(), other.close()]);
  await pool.end();
  await house.close();
});

function newJob(calendarOf: NewJob["terms"]["calendarOf"] = () => always): NewJob {
  const period = { from: "2024-01-01T00:00:00Z", to: "2025-01-01T00:00:00Z" };
  return {
    jobId: crypto.randomUUID(),
    accountId: "ana",
    asked: whatIfBody.parse({ period, policy: {} }),
    asOf: house.clock.now(),
    position,
    sees: { op: "always" },
    terms: { other: {}, calendarOf, calendarNameOf: () => null },
  };
}

it("a job that takes longer than one waits goes on by itself, and every gateway tells how far it is", async () => {
  const job = newJob();
  const begun = await jobs.start(job, 0);
  expect(["running", "done"]).toContain(begun.state);
  await expect.poll(async () => (await other.find(job.jobId, "ana")).state).toBe("done");
  const done = await other.find(job.jobId, "ana");
  expect(done).toMatchObject({ progress: { tickets: 3, total: 3 }, totals: { tickets: 3 }, position, error: null });
  // sent again it is the same job
  expect(await other.start(job, 1_000)).toEqual(done);
});

it("a job that breaks says so, and leaves the others alone", async () => {
  const broken = await jobs.start(
    newJob(() => {
      throw new Error("no such calendar");
    }),
    5_000,
  );
  expect(broken).toMatchObject({ state: "failed", error: "no such calendar", totals: null });
  expect(await jobs.start(newJob(), 5_000)).toMatchObject({ state: "done" });
});

it("a job whose gateway died is seen by its silence; one that was stopped stays so", async () => {
  const dead = newJob();
  await pool.query(
    `insert into app.what_if (job_id, account_id, asked, as_of, position, state, started_at, beat_at)
     values ($1, 'ana', $2, now(), 1, 'running', now(), now() - interval '1 minute')`,
    [dead.jobId, JSON.stringify(dead.asked)],
  );
  expect(await jobs.find(dead.jobId, "ana")).toMatchObject({ state: "failed", error: "interrupted" });
  const stopped = newJob();
  await pool.query(
    "insert into app.what_if (job_id, account_id, asked, as_of, position, state, started_at) values ($1, 'ana', $2, now(), 1, 'running', now())",
    [stopped.jobId, JSON.stringify(stopped.asked)],
  );
  await jobs.stop(stopped.jobId, "ana");
  expect((await jobs.find(stopped.jobId, "ana")).state).toBe("cancelled");
  await expect(jobs.find(stopped.jobId, "maria")).rejects.toMatchObject({ code: "job_not_found" });
});

it("no more than a few run at once", async () => {
  const begun = Array.from({ length: 8 }, () => jobs.start(newJob(), 5_000).catch((error: unknown) => error));
  const outcomes = await Promise.all(begun);
  expect(outcomes.filter((one) => (one as { code?: string }).code === "too_many_jobs").length).toBeGreaterThan(0);
  expect(outcomes.filter((one) => (one as { state?: string }).state === "done").length).toBeGreaterThan(0);
});

import type pg from "pg";
import type { WhatIfBody, WhatIfJob, WhatIfTotals } from "@docket/api-contract";
import { compareTerms } from "@docket/domain";
import type { Db } from "@docket/postgres";
import type { Logger } from "@docket/service-kit";
import { Refusal } from "../http/refusal.ts";
import type { Terms } from "./terms.ts";
import { addUp } from "./totals.ts";
import { countTickets, walkTickets, type Walk } from "./walk.ts";

/*
 * A job's states, as they stand in `app.what_if`, where every gateway reads them: *running* from its start, by the gateway that
 * took the question -> *done* with its totals; *failed* when it broke, or when its gateway has not moved it for half a minute;
 * *cancelled* when somebody stopped it: the one that works on it sees that with its next step. Nothing leaves the last three.
 */

const silentMs = 30_000;
const mostAtOnce = 3;
const keptDays = 7;
const beatMs = 500;

export interface NewJob extends Walk {
  readonly jobId: string;
  readonly accountId: string;
  readonly terms: Terms;
}

export interface Jobs {
  /** Starts a job; gives it when it is done, or as it stands when `patienceMs` have passed. Throws `too_many_jobs`. */
  start(job: NewJob, patienceMs: number): Promise<WhatIfJob>;
  /** A job of an account. Throws `job_not_found`. */
  find(jobId: string, accountId: string): Promise<WhatIfJob>;
  stop(jobId: string, accountId: string): Promise<void>;
  /** Lets go of all jobs of this gateway. */
  close(): Promise<void>;
}

interface Row {
  job_id: string;
  asked: WhatIfBody;
  as_of: Date;
  position: string;
  state: WhatIfJob["state"];
  tickets: number;
  total: number;
  per_second: number;
  totals: WhatIfTotals | null;
  error: string | null;
  started_at: Date;
  finished_at: Date | null;
}

const jobOf = (row: Row): WhatIfJob => ({
  jobId: row.job_id,
  state: row.state,
  progress: { tickets: row.tickets, total: row.total, perSecond: row.per_second },
  asked: row.asked,
  asOf: row.as_of.toISOString(),
  position: String(row.position),
  startedAt: row.started_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
  error: row.error,
  totals: row.totals,
});

export function openJobs({ db, pool, logger }: { db: Db; pool: pg.Pool; logger: Logger }): Jobs {
  const working = new Set<Promise<void>>();
  /** taken before anything is waited for: many questions at once are not all let in */
  let taken = 0;
  let closed = false;

  async function read(jobId: string, accountId: string): Promise<WhatIfJob> {
    // who died at work cannot say so
    await pool.query(
      `update app.what_if set state = 'failed', error = 'interrupted', finished_at = now()
       where job_id = $1 and state = 'running' and beat_at < now() - make_interval(secs => $2)`,
      [jobId, silentMs / 1_000],
    );
    const { rows } = await pool.query<Row>("select * from app.what_if where job_id = $1 and account_id = $2", [
      jobId,
      accountId,
    ]);
    const row = rows[0];
    if (row === undefined) throw new Refusal("job_not_found");
    return jobOf(row);
  }

  /** Says how far a job is; false when it is to end. */
  async function beat(jobId: string, tickets: number, total: number, perSecond: number): Promise<boolean> {
    const { rowCount } = await pool.query(
      `update app.what_if set tickets = $2, total = $3, per_second = $4, beat_at = now() where job_id = $1 and state = 'running'`,
      [jobId, tickets, Math.max(total, tickets), perSecond],
    );
    return rowCount === 1 && !closed;
  }

  async function work({ jobId, terms, ...walk }: NewJob): Promise<void> {
    const begun = performance.now();
    const total = await countTickets(db, walk);
    const kinds = new Set(walk.asked.kinds);
    const sums = addUp(walk.asked.kinds);
    const at = walk.asOf.getTime();
    let looked = 0;
    let told = begun;
    const rate = (): number => Math.round((looked / Math.max(1, performance.now() - begun)) * 1_000);
    for await (const batch of walkTickets(db, pool, walk)) {
      for (const { story } of batch.tickets) sums.add(compareTerms(story, terms.other, terms.calendarOf, at, kinds));
      looked += batch.looked;
      if (performance.now() - told < beatMs) continue;
      told = performance.now();
      if (!(await beat(jobId, looked, total, rate()))) return;
    }
    await pool.query(
      `update app.what_if set state = 'done', tickets = $2, total = $2, per_second = $3, totals = $4, finished_at = now()
       where job_id = $1 and state = 'running'`,
      [jobId, looked, rate(), JSON.stringify(sums.totals())],
    );
  }

  async function fail(jobId: string, error: unknown): Promise<void> {
    logger.warn({ err: error, jobId }, "a what-if failed");
    await pool
      .query(
        "update app.what_if set state = 'failed', error = $2, finished_at = now() where job_id = $1 and state = 'running'",
        [jobId, error instanceof Error ? error.message.slice(0, 500) : "unknown"],
      )
      .catch(() => undefined);
  }

  return {
    async start(job, patienceMs) {
      if (taken >= mostAtOnce) throw new Refusal("too_many_jobs", { params: { limit: mostAtOnce } });
      taken++;
      const { jobId, accountId, asked, asOf, position } = job;
      const inserted = insert();
      const done = inserted
        .then((isNew) => (isNew ? work(job).catch((error: unknown) => fail(jobId, error)) : undefined))
        .catch(() => undefined)
        .finally(() => {
          taken--;
          working.delete(done);
        });
      working.add(done);
      await inserted;
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
      await Promise.race([done, patience]).finally(() => clearTimeout(timer));
      return read(jobId, accountId);

      /** False when it is a question asked again: the job is there. */
      async function insert(): Promise<boolean> {
        await pool.query("delete from app.what_if where started_at < now() - make_interval(days => $1)", [keptDays]);
        const { rowCount } = await pool.query(
          `insert into app.what_if (job_id, account_id, asked, as_of, position, state, started_at)
           values ($1, $2, $3, $4, $5, 'running', now()) on conflict (job_id) do nothing`,
          [jobId, accountId, JSON.stringify(asked), asOf, position],
        );
        return rowCount === 1;
      }
    },
    find: read,
    async stop(jobId, accountId) {
      await read(jobId, accountId);
      await pool.query(
        "update app.what_if set state = 'cancelled', finished_at = now() where job_id = $1 and state = 'running'",
        [jobId],
      );
    },
    async close() {
      closed = true;
      await Promise.all(working);
    },
  };
}

import { Worker } from "node:worker_threads";
import type { Verification } from "@docket/api-contract";
import type { VerifyProgress, VerifyReport } from "@docket/audit";
import type { Language } from "@docket/domain";
import { findingText } from "@docket/evidence";
import type { Clock, Logger } from "@docket/service-kit";
import type pg from "pg";
import type { GatewaySettings } from "../config.ts";
import { Refusal } from "../http/refusal.ts";

/** What the worker tells. */
export type WorkerMessage =
  { readonly progress: VerifyProgress } | { readonly report: VerifyReport } | { readonly error: string };

export interface Verifications {
  /** Throws `verification_running` while this process has one in hand. */
  start(id: string, askedBy: string, ticketId: string | null): Promise<void>;
  read(language: Language, id?: string): Promise<Verification[]>;
  stop(): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly asked_by: string;
  readonly asked_by_name: string | null;
  readonly number: string | null;
  readonly asked_at: Date;
  readonly ticket_id: string | null;
  readonly state: Verification["state"];
  readonly done: string;
  readonly total: string;
  readonly report: VerifyReport | null;
  readonly error: string | null;
  readonly finished_at: Date | null;
  readonly cut_off: boolean;
}

/** A run that has told nothing for so long has gone with its process. */
const silenceMs = 60_000;
const tellEveryMs = 500;

/**
 * Verifications asked for over the interface: each in a thread of its own, so that no answer waits for its hashing; progress and report stand in
 * the database, where every gateway sees them.
 *
 * States of one: running -> done | failed. One whose process went away shows as failed once it has been silent for a minute.
 */
export function openVerifications(parts: {
  readonly settings: GatewaySettings;
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}): Verifications {
  const { settings, pool, clock, logger } = parts;
  let running: Worker | undefined;

  async function finish(id: string, outcome: { report?: VerifyReport; error?: string }): Promise<void> {
    const { report, error } = outcome;
    await pool.query(
      `update audit.verification set state = $2, report = $3, error = $4, finished_at = $5, seen_at = now() where id = $1`,
      [
        id,
        report === undefined ? "failed" : "done",
        report ? JSON.stringify(report) : null,
        error ?? null,
        clock.now(),
      ],
    );
  }

  return {
    async start(id, askedBy, ticketId) {
      if (running !== undefined) throw new Refusal("verification_running");
      const { EVENTSTORE_URL, DATABASE_URL, DOCKET_DATA, DOCKET_MASTER_KEY } = settings;
      const worker = new Worker(new URL("./verify-worker.ts", import.meta.url), {
        workerData: { EVENTSTORE_URL, DATABASE_URL, DOCKET_DATA, DOCKET_MASTER_KEY, ticketId },
      });
      running = worker;
      try {
        await pool.query(
          `insert into audit.verification (id, asked_by, asked_at, ticket_id, state, started_at) values ($1, $2, $3, $4, 'running', now())`,
          [id, askedBy, clock.now(), ticketId],
        );
      } catch (error) {
        running = undefined;
        await worker.terminate();
        throw error;
      }
      let told = 0;
      let outcome: { report?: VerifyReport; error?: string } = { error: "it was cut off" };
      worker.on("message", (message: WorkerMessage) => {
        if ("report" in message) outcome = { report: message.report };
        else if ("error" in message) outcome = { error: message.error };
        else if (performance.now() - told > tellEveryMs) {
          told = performance.now();
          const { done, total } = message.progress;
          pool
            .query("update audit.verification set done = $2, total = $3, seen_at = now() where id = $1", [
              id,
              done,
              total,
            ])
            .catch(() => undefined);
        }
      });
      worker.on("error", (error) => (outcome = { error: String(error) }));
      worker.on("exit", () => {
        running = undefined;
        finish(id, outcome).catch((error: unknown) =>
          logger.warn({ err: error, id }, "a verification's end was not noted"),
        );
      });
    },

    async read(language, id) {
      const { rows } = await pool.query<Row>(
        `select v.id, asked_by, a.display_name as asked_by_name, asked_at, v.ticket_id, k.number, state, done, total, report, error,
           finished_at, state = 'running' and seen_at < now() - $2 * interval '1 ms' as cut_off
         from audit.verification v left join app.accounts a on a.id::text = v.asked_by
           left join read.ticket k on k.ticket_id = v.ticket_id
         where ($1::uuid is null or v.id = $1) order by asked_at desc, v.id limit 20`,
        [id ?? null, silenceMs],
      );
      return rows.map((row) => verificationOf(row, language));
    },

    async stop() {
      await running?.terminate();
    },
  };
}

function verificationOf(row: Row, language: Language): Verification {
  const { report } = row;
  return {
    id: row.id,
    askedBy: row.asked_by,
    askedByName: row.asked_by_name,
    askedAt: row.asked_at.toISOString(),
    ticketId: row.ticket_id,
    number: row.number,
    state: row.cut_off ? "failed" : row.state,
    progress: { done: Number(row.done), total: Number(row.total) },
    finishedAt: row.finished_at?.toISOString() ?? null,
    error: row.cut_off ? "it was cut off" : row.error,
    report:
      report === null
        ? null
        : {
            events: report.events,
            streams: report.streams,
            tickets: report.tickets,
            checkpoints: report.checkpoints,
            checkpoint: report.checkpoint,
            afterCheckpoint: report.afterCheckpoint,
            found: report.found,
            ms: report.ms,
            findings: report.findings.map((one) => ({
              code: one.code,
              text: findingText(one, language),
              params: one.params,
            })),
          },
  };
}

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
  /** Throws `verification_running` while this process has one of everything in hand, or several of single tickets. */
  start(id: string, askedBy: string, ticketId: string | null): Promise<void>;
  /** Has one broken off, whichever gateway runs it; one that is over stays as it is. */
  breakOff(id: string): Promise<void>;
  read(language: Language, id?: string): Promise<Verification[]>;
  stop(): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly asked_by: string;
  readonly asked_by_name: string | null;
  readonly asked_at: Date;
  readonly ticket_id: string | null;
  readonly number: string | null;
  readonly state: Verification["state"];
  readonly phase: VerifyProgress["phase"];
  readonly done: string;
  readonly total: string;
  readonly report: VerifyReport | null;
  readonly error: string | null;
  readonly finished_at: Date | null;
  readonly cut_off: boolean;
}

interface Outcome {
  readonly state: "done" | "stopped" | "failed";
  readonly report?: VerifyReport;
  readonly error?: string;
}

/** A run that has told nothing for so long has gone with its process. */
const silenceMs = 60_000;
const tellEveryMs = 500;
/** Verifications of single tickets beside the one of everything; each is a thread. */
const mostOfTickets = 3;
const cutOff = "cut_off";
const errorTexts: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  [cutOff]: { ru: "проверка оборвалась вместе с процессом", en: "it was cut off with its process" },
};

/**
 * Verifications asked for over the interface: each in a thread of its own, so that no answer waits for its hashing; progress and report stand in
 * the database, where every gateway sees them.
 *
 * States of one: running -> done | failed | stopped (somebody broke it off). One whose process went away shows as failed once it has
 * been silent for a minute.
 */
export function openVerifications(parts: {
  readonly settings: GatewaySettings;
  readonly pool: pg.Pool;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}): Verifications {
  const { settings, pool, clock, logger } = parts;
  const running = new Map<string, { readonly worker: Worker; readonly ticketId: string | null; end(): void }>();
  const finishing = new Set<Promise<void>>();

  async function finish(id: string, { state, report, error }: Outcome): Promise<void> {
    await pool.query(
      `update audit.verification set state = $2, report = $3, error = $4, finished_at = $5, seen_at = now() where id = $1`,
      [id, state, report ? JSON.stringify(report) : null, error ?? null, clock.now()],
    );
  }

  /** Tells how far it is; true when somebody asked to break it off. */
  async function tell(id: string, { phase, done, total }: VerifyProgress): Promise<boolean> {
    const { rows } = await pool.query<{ stop_asked: boolean }>(
      "update audit.verification set phase = $2, done = $3, total = $4, seen_at = now() where id = $1 returning stop_asked",
      [id, phase, done, total],
    );
    return rows[0]?.stop_asked === true;
  }

  function follow(id: string, ticketId: string | null, worker: Worker): void {
    let progress: VerifyProgress = { phase: "log", done: 0, total: 0 };
    let outcome: Outcome = { state: "failed", error: cutOff };
    const end = (): void => {
      outcome = { state: "stopped" };
      void worker.terminate();
    };
    running.set(id, { worker, ticketId, end });
    const telling = setInterval(() => {
      tell(id, progress)
        .then((stop) => (stop ? end() : undefined))
        .catch((error: unknown) => logger.debug({ err: error, id }, "a verification's progress was not noted"));
    }, tellEveryMs);
    worker.on("message", (message: WorkerMessage) => {
      if ("report" in message) outcome = { state: "done", report: message.report };
      else if ("error" in message) outcome = { state: "failed", error: message.error };
      else progress = message.progress;
    });
    worker.on("error", (error) => (outcome = { state: "failed", error: String(error) }));
    worker.on("exit", () => {
      clearInterval(telling);
      running.delete(id);
      const finished = finish(id, outcome)
        .catch((error: unknown) => logger.warn({ err: error, id }, "a verification's end was not noted"))
        .finally(() => finishing.delete(finished));
      finishing.add(finished);
    });
  }

  return {
    async start(id, askedBy, ticketId) {
      const alike = [...running.values()].filter((other) => (other.ticketId === null) === (ticketId === null));
      if (alike.length >= (ticketId === null ? 1 : mostOfTickets)) throw new Refusal("verification_running");
      const { EVENTSTORE_URL, DATABASE_URL, DOCKET_DATA, DOCKET_MASTER_KEY } = settings;
      const worker = new Worker(new URL("./verify-worker.ts", import.meta.url), {
        workerData: { EVENTSTORE_URL, DATABASE_URL, DOCKET_DATA, DOCKET_MASTER_KEY, ticketId },
      });
      follow(id, ticketId, worker);
      try {
        await pool.query(
          `insert into audit.verification (id, asked_by, asked_at, ticket_id, state, started_at) values ($1, $2, $3, $4, 'running', now())`,
          [id, askedBy, clock.now(), ticketId],
        );
      } catch (error) {
        await worker.terminate();
        throw error;
      }
    },

    async breakOff(id) {
      await pool.query("update audit.verification set stop_asked = true where id = $1 and state = 'running'", [id]);
      running.get(id)?.end();
    },

    async read(language, id) {
      const { rows } = await pool.query<Row>(
        `select v.id, v.asked_by, a.display_name as asked_by_name, v.asked_at, v.ticket_id, t.number, v.state, v.phase, v.done, v.total,
           v.report, v.error, v.finished_at, v.state = 'running' and v.seen_at < now() - $2 * interval '1 ms' as cut_off
         from audit.verification v
           left join app.accounts a on a.id::text = v.asked_by
           left join read.ticket t on t.ticket_id = v.ticket_id
         where ($1::uuid is null or v.id = $1) order by v.asked_at desc, v.id limit 20`,
        [id ?? null, silenceMs],
      );
      return rows.map((row) => verificationOf(row, language));
    },

    async stop() {
      await Promise.all([...running.values()].map(({ worker }) => worker.terminate()));
      await Promise.all(finishing);
    },
  };
}

function verificationOf(row: Row, language: Language): Verification {
  const { report } = row;
  const error = row.cut_off ? cutOff : row.error;
  return {
    id: row.id,
    askedBy: row.asked_by,
    askedByName: row.asked_by_name,
    askedAt: row.asked_at.toISOString(),
    ticketId: row.ticket_id,
    number: row.number,
    state: row.cut_off ? "failed" : row.state,
    progress: { phase: row.phase, done: Number(row.done), total: Number(row.total) },
    finishedAt: row.finished_at?.toISOString() ?? null,
    error: error === null ? null : (errorTexts[error]?.[language] ?? error),
    report:
      report === null
        ? null
        : {
            events: report.events,
            streams: report.streams,
            tickets: report.tickets,
            compared: report.compared,
            position: report.position,
            checkpoints: report.checkpoints,
            checkpoint: report.checkpoint,
            afterCheckpoint: report.afterCheckpoint,
            found: report.found,
            ms: report.ms,
            findings: report.findings.map((one) => toldFinding(one, language)),
          },
  };
}

/** A finding with its words. */
export const toldFinding = (one: VerifyReport["findings"][number], language: Language) => ({
  code: one.code,
  text: findingText(one, language),
  params: one.params,
});

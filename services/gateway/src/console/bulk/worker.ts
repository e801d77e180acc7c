import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import {
  kebab,
  parseInput,
  personTicketCommands,
  ticketCommandBodies,
  type TicketCommandKey,
} from "@docket/api-contract";
import { ticketCommands, type AnyCommand, type Fact, type TicketEvent } from "@docket/domain";
import { derivedId } from "@docket/event-store";
import { allScopes, type Principal } from "../../auth/principal.ts";
import type { GatewayDeps } from "../../deps.ts";
import { asRefusal } from "../../http/problem-reply.ts";
import { Refusal } from "../../http/refusal.ts";
import { isCurrent } from "../../policy/current.ts";
import { demand } from "../../policy/enforce.ts";
import { metaFor } from "../../tickets/command-meta.ts";
import type { Complete } from "../../tickets/complete.ts";
import type { TicketFinder } from "../../tickets/find.ts";
import { accepted } from "../../tickets/outcome.ts";
import type { Bus } from "../bus.ts";
import type { Item, Job } from "./jobs.ts";
import { beforeOf, madeBy } from "./undo.ts";

const leaseMs = 20_000;
const lookMs = 2_000;
const atOnce = 8;
/** Refusals that are not the ticket's: the store or the database is away, and the item is tried again. */
const passing: ReadonlySet<string> = new Set(["store_unavailable", "read_model_unavailable", "internal", "overloaded"]);

export const commandKeyOf = (name: string): TicketCommandKey | undefined =>
  personTicketCommands.find((key) => kebab(key) === name);

/**
 * Carries out bulk jobs, ticket by ticket, in the background of a gateway.
 *
 * A job is *running* until every item is done or refused (-> *done*), or somebody stops it (-> *stopped*). Whichever
 * gateway holds its lease works on it; a lease that is not renewed for 20 seconds is anybody's. Each ticket's command has an id
 * that follows from job and ticket, so that what a dying gateway carried out and did not write down is not done twice.
 */
export function startBulkWorker(parts: {
  readonly deps: GatewayDeps;
  readonly finder: TicketFinder;
  readonly complete: Complete;
  readonly bus: Bus;
}): { kick(): void; stop(): Promise<void> } {
  const { deps, finder, complete, bus } = parts;
  const { db, logger } = deps;
  const me = randomUUID();
  let stopped = false;
  let working: Promise<void> | undefined;

  function kick(): void {
    if (stopped) return;
    working ??= look()
      .catch((error: unknown) => logger.debug({ err: error }, "bulk jobs could not be looked at"))
      .finally(() => (working = undefined));
  }

  async function look(): Promise<void> {
    for (let job = await claim(); job !== undefined && !stopped; job = await claim()) await work(job);
  }

  async function claim(): Promise<Job | undefined> {
    const { rows } =
      await sql<Job>`update app.bulk_jobs set worker = ${me}, leased_until = now() + ${leaseMs} * interval '1 ms'
      where id = (select id from app.bulk_jobs where state = 'running' and (leased_until is null or leased_until < now())
        order by created_at limit 1 for update skip locked) returning *`.execute(db);
    return rows[0];
  }

  /** False when the job was stopped, or is another's by now. */
  async function renew(jobId: string): Promise<boolean> {
    const { rows } = await sql<{
      id: string;
    }>`update app.bulk_jobs set leased_until = now() + ${leaseMs} * interval '1 ms'
      where id = ${jobId} and worker = ${me} and state = 'running' returning id`.execute(db);
    return rows.length > 0;
  }

  async function work(job: Job): Promise<void> {
    const caller = job.caller as unknown as Principal;
    for (;;) {
      if (stopped || !(await renew(job.id))) break;
      const items = await db
        .selectFrom("app.bulk_items")
        .selectAll()
        .where("job_id", "=", job.id)
        .where("outcome", "=", "waiting")
        .orderBy("place")
        .limit(atOnce)
        .execute();
      if (items.length === 0) {
        await db
          .updateTable("app.bulk_jobs")
          .set({ state: "done", finished_at: deps.clock.now(), worker: null, leased_until: null, ...withoutTexts })
          .where("id", "=", job.id)
          .where("state", "=", "running")
          .execute();
        bus.tell({ kind: "job", jobId: job.id });
        return;
      }
      const era = deps.privacy.vault.era();
      const still = await stillThere(caller);
      const done = items.map((item) => deps.privacy.vault.since(era, () => carryOut(job, item, caller, still)));
      const away = (await Promise.all(done)).includes(false);
      bus.tell({ kind: "job", jobId: job.id });
      // whoever is away comes back; meanwhile the lease runs out and anybody may try
      if (away) return;
    }
    await sql`update app.bulk_jobs set worker = null, leased_until = null where id = ${job.id} and worker = ${me}`.execute(
      db,
    );
  }

  /** One ticket; false when nothing could be said because something is away. */
  async function carryOut(job: Job, item: Item, caller: Principal, still: boolean): Promise<boolean> {
    try {
      if (!still) throw new Refusal("forbidden");
      const { command: name, body, ifRevision } = workOf(job, item);
      const key = commandKeyOf(name);
      if (key === undefined) throw new Refusal("command_not_found");
      demand(caller, { do: "command", key });
      const ticketId = item.ticket_id;
      await finder.resolve(caller, ticketId);
      const state = await deps.desk.ticket(ticketId);
      if (state === null) throw new Refusal("ticket_not_found");
      const schema = ticketCommandBodies.get(key);
      const parsed = schema === undefined ? undefined : parseInput(schema, body);
      if (parsed?.ok !== true) throw new Refusal(parsed?.faults[0]?.code ?? "validation_failed");
      const { occurredAt, ...given } = parsed.value as Record<string, unknown> & { occurredAt?: string };
      const idFor = (what: string): string => derivedId("bulk", job.id, ticketId, what);
      const data = { ...(await complete(key, given, ticketId, { caller, idFor })), ticketId };
      const meta = metaFor(caller, { commandId: idFor("command"), occurredAt, ifRevision, correlationId: job.id });
      const command = { type: ticketCommands[key].type, data } as AnyCommand;
      const result = accepted(await deps.desk.execute(command, meta), caller.language);
      const before = beforeOf(key, state);
      const kept = before === null ? null : { ...before, ...madeBy(result.events as unknown as Fact<TicketEvent>[]) };
      await settle(item, {
        outcome: "done",
        revision: result.revision,
        number: state.number,
        // told again after a crash, the state is no longer what it was before: what is known already stays
        before: result.repeated ? undefined : kept,
      });
      return true;
    } catch (error) {
      const { code, options } = asRefusal(error);
      if (passing.has(code)) {
        logger.debug({ err: error, job: job.id }, "a bulk job waits");
        return false;
      }
      await settle(item, { outcome: "refused", code, params: options.params });
      return true;
    }
  }

  async function settle(
    item: Item,
    result: {
      readonly outcome: "done" | "refused";
      readonly revision?: number;
      readonly number?: string;
      readonly code?: string;
      readonly params?: unknown;
      readonly before?: unknown;
    },
  ): Promise<void> {
    await db
      .updateTable("app.bulk_items")
      .set({
        outcome: result.outcome,
        ...(result.revision === undefined ? {} : { revision: result.revision }),
        ...(result.number === undefined ? {} : { number: result.number }),
        ...(result.code === undefined ? {} : { code: result.code }),
        ...(result.params === undefined ? {} : { params: JSON.stringify(result.params) }),
        ...(result.before === undefined || result.before === null ? {} : { before: JSON.stringify(result.before) }),
      })
      .where("job_id", "=", item.job_id)
      .where("place", "=", item.place)
      .execute();
  }

  /** Is he who asked still who he was? */
  async function stillThere(caller: Principal): Promise<boolean> {
    if (!isCurrent(deps.directory(), caller)) return false;
    const row =
      caller.kind === "session"
        ? await db
            .selectFrom("app.accounts")
            .select("role")
            .where("id", "=", caller.accountId)
            .where("disabled", "=", false)
            .executeTakeFirst()
        : await db
            .selectFrom("app.api_tokens")
            .select("role")
            .where("id", "=", caller.accountId)
            .where("revoked_at", "is", null)
            .executeTakeFirst();
    return row?.role === caller.role;
  }

  const timer = setInterval(kick, lookMs).unref();
  return {
    kick,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await working;
    },
  };
}

/** A job that is over needs neither the words of its command nor the name of who asked: they may be somebody's personal data. */
export const withoutTexts = { body: JSON.stringify({}), caller: sql<string>`caller - 'name' - 'login'` } as const;

/** What is to be done to one ticket: the job's command, or the item's own where another job is taken back. */
function workOf(job: Job, item: Item): { command: string; body: unknown; ifRevision?: number } {
  if (item.body === null) return { command: job.command, body: job.body };
  return item.body as { command: string; body: unknown; ifRevision: number };
}

/** A caller as a job remembers him: who he was and what he might do, not by what he proved it. */
export const remembered = ({ csrfToken: _csrf, credential: _credential, ...caller }: Principal): object => ({
  ...caller,
  scopes: caller.kind === "session" ? allScopes : caller.scopes,
  credential: "",
  csrfToken: null,
  expiresAt: null,
});

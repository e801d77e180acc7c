import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import {
  consoleRoutes,
  parseInput,
  ticketCommandBodies,
  ticketEventTitles,
  type TicketCommandKey,
} from "@docket/api-contract";
import { decide, ticketCommands, type AnyCommand, type DomainError } from "@docket/domain";
import type { Principal } from "../../auth/principal.ts";
import type { EngineerLoad } from "../../directory/load.ts";
import { refuseFaults } from "../../http/faults.ts";
import { languageFor } from "../../http/language.ts";
import { asRefusal } from "../../http/problem-reply.ts";
import { Refusal } from "../../http/refusal.ts";
import type { Serving } from "../../http/serve.ts";
import { demand } from "../../policy/enforce.ts";
import { metaFor } from "../../tickets/command-meta.ts";
import type { Complete } from "../../tickets/complete.ts";
import type { TicketFinder } from "../../tickets/find.ts";
import { reasonOf } from "../actions/actions.ts";
import type { Bus } from "../bus.ts";
import { itemsOf, readJob, readJobs, shownItem } from "./jobs.ts";
import { undoable, undoOf, type Before } from "./undo.ts";
import { commandKeyOf, remembered, withoutTexts } from "./worker.ts";

const atOnce = 16;

interface Parts {
  readonly finder: TicketFinder;
  readonly load: EngineerLoad;
  readonly complete: Complete;
  readonly bus: Bus;
  /** there is something to do */
  readonly kick: () => void;
}

/** One command on many tickets: what it would do, doing it in the background, and taking it back where that can be done. */
export function serveBulk(app: FastifyInstance, serving: Serving, parts: Parts): void {
  const { deps, serve } = serving;
  const { db, clock } = deps;

  serve(app, consoleRoutes.previewBulk, {}, async ({ caller, body, request }) => {
    demand(caller, { do: "bulk" });
    const key = keyOf(body.command);
    const given = bodyOf(key, body.body);
    const language = languageFor(request, caller);
    const items: Awaited<ReturnType<typeof preview>>[] = [];
    const refs = [...new Set(body.tickets)];
    for (let place = 0; place < refs.length; place += atOnce)
      items.push(
        ...(await Promise.all(refs.slice(place, place + atOnce).map((ref) => preview(caller, key, given, ref)))),
      );
    const allowed = items.filter(({ error }) => error === null).length;
    return {
      total: items.length,
      allowed,
      refused: items.length - allowed,
      items: items.map(({ error, events, ...item }) => {
        const reason = error === null ? null : reasonOf(error, language);
        return {
          ...item,
          allowed: error === null,
          reason: reason === null ? null : { code: reason.code, title: reason.title },
          events: events.map((type) => ({ type, title: ticketEventTitles[type]?.[language] ?? type })),
        };
      }),
    };
  });

  serve(app, consoleRoutes.startBulk, {}, async ({ caller, body, idFor }) => {
    demand(caller, { do: "bulk" });
    const key = keyOf(body.command);
    demand(caller, { do: "command", key });
    bodyOf(key, body.body);
    const tickets = await resolveAll(caller, body.tickets);
    const jobId = idFor("job");
    await start(
      caller,
      jobId,
      body.command,
      body.body,
      null,
      tickets.map((ticket) => ({ ...ticket, body: null })),
    );
    return { jobId };
  });

  serve(app, consoleRoutes.bulkJobs, {}, async ({ caller, query }) => {
    demand(caller, { do: "bulk" });
    return { items: await readJobs(db, caller, query.limit) };
  });

  serve(app, consoleRoutes.bulkJob, {}, async ({ caller, params, request }) => {
    demand(caller, { do: "bulk" });
    const { progress } = await readJob(db, caller, params.jobId);
    const language = languageFor(request, caller);
    return { ...progress, items: (await itemsOf(db, params.jobId)).map((item) => shownItem(item, language)) };
  });

  serve(app, consoleRoutes.stopBulk, {}, async ({ caller, params }) => {
    demand(caller, { do: "bulk" });
    await readJob(db, caller, params.jobId);
    await db
      .updateTable("app.bulk_jobs")
      .set({ state: "stopped", finished_at: clock.now(), ...withoutTexts })
      .where("id", "=", params.jobId)
      .where("state", "=", "running")
      .execute();
    parts.bus.tell({ kind: "job", jobId: params.jobId });
    return (await readJob(db, caller, params.jobId)).progress;
  });

  serve(app, consoleRoutes.undoBulk, {}, async ({ caller, params, idFor }) => {
    demand(caller, { do: "bulk" });
    const { job, progress } = await readJob(db, caller, params.jobId);
    if (!progress.undoable || !undoable.has(job.command)) throw new Refusal("not_undoable");
    const items = (await itemsOf(db, job.id)).filter(({ outcome }) => outcome === "done");
    const jobId = idFor("undo");
    const back = items.map((item) => {
      const work = undoOf(job.command, item.before as Before | null);
      // a ticket that somebody has changed since is left as it is: he has seen to it
      const body = work === null ? null : { ...work, ifRevision: item.revision };
      return { ticketId: item.ticket_id, number: item.number, body: body ?? { command: "", body: {} } };
    });
    await start(caller, jobId, "undo", {}, job.id, back);
    return { jobId };
  });

  function keyOf(name: string): TicketCommandKey {
    const key = commandKeyOf(name);
    if (key === undefined) throw new Refusal("command_not_found", { field: "command" });
    return key;
  }

  function bodyOf(key: TicketCommandKey, given: unknown): Record<string, unknown> {
    const schema = ticketCommandBodies.get(key);
    if (schema === undefined) throw new Refusal("command_not_found", { field: "command" });
    const parsed = parseInput(schema, given, "body");
    return parsed.ok ? (parsed.value as Record<string, unknown>) : refuseFaults(parsed.faults);
  }

  /** What the decider would say to the command on this ticket; nothing is written, and files stay where they are. */
  async function preview(caller: Principal, key: TicketCommandKey, given: Record<string, unknown>, ref: string) {
    let found: { ticketId: string; number: string | null; subject: string | null } | undefined;
    try {
      const { ticketId } = await parts.finder.resolve(caller, ref);
      demand(caller, { do: "command", key });
      const state = await deps.desk.ticket(ticketId);
      if (state === null) throw new Refusal("ticket_not_found");
      found = { ticketId, number: state.number, subject: state.subject };
      const { occurredAt, ...body } = given as Record<string, unknown> & { occurredAt?: string };
      const plain = "attachments" in body ? { ...body, attachments: [] } : body;
      const data = await parts.complete(key, plain, ticketId, { caller, idFor: () => randomUUID() });
      const command = { type: ticketCommands[key].type, data: { ...data, ticketId } } as AnyCommand;
      const decision = decide(
        command,
        metaFor(caller, { commandId: randomUUID(), occurredAt }),
        { kind: "ticket", state },
        { now: clock.now().getTime(), directory: deps.directory(), load: parts.load.of },
      );
      return decision.ok
        ? { ticket: ref, ...found, error: null, events: decision.events.map(({ type }) => type) }
        : { ticket: ref, ...found, error: decision.error, events: [] };
    } catch (error) {
      const { code, options } = asRefusal(error);
      if (code === "internal" || code.endsWith("_unavailable")) throw error;
      const refused: DomainError = { code, params: options.params as never };
      return { ticket: ref, ...(found ?? { ticketId: null, number: null, subject: null }), error: refused, events: [] };
    }
  }

  /** Every ticket that was named, each once; one that the caller may not see stops it all before anything is done. */
  async function resolveAll(caller: Principal, refs: readonly string[]) {
    const found = new Map<string, { ticketId: string; number: string | null }>();
    for (const ref of refs) {
      const { ticketId, number } = await parts.finder.resolve(caller, ref);
      found.set(ticketId, { ticketId, number });
    }
    return [...found.values()];
  }

  async function start(
    caller: Principal,
    jobId: string,
    command: string,
    body: Record<string, unknown>,
    undoOfJob: string | null,
    tickets: readonly { ticketId: string; number: string | null; body: object | null }[],
  ): Promise<void> {
    await db.transaction().execute(async (tx) => {
      const made = await tx
        .insertInto("app.bulk_jobs")
        .values({
          id: jobId,
          account_id: caller.accountId,
          caller: JSON.stringify(remembered(caller)),
          command,
          body: JSON.stringify(body),
          state: "running",
          total: tickets.length,
          undo_of: undoOfJob,
          created_at: clock.now(),
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning("id")
        .executeTakeFirst();
      if (made === undefined || tickets.length === 0) return;
      await tx
        .insertInto("app.bulk_items")
        .values(
          tickets.map(({ ticketId, number, body: own }, place) => ({
            job_id: jobId,
            place,
            ticket_id: ticketId,
            number,
            body: own === null ? null : JSON.stringify(own),
            ...(own !== null && "command" in own && own.command === ""
              ? { outcome: "refused" as const, code: "nothing_to_undo" }
              : {}),
          })),
        )
        .execute();
    });
    parts.kick();
  }
}

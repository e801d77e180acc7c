import type { FastifyInstance } from "fastify";
import { ticketRoutes } from "@docket/api-contract";
import { causesOf, eventsOfJournal, knownOf, mailsOfTicket, readableFacts } from "@docket/audit";
import { verifyChain } from "@docket/event-store";
import { storyTeller } from "@docket/evidence";
import { ticketStepper } from "@docket/projection-ticket";
import { languageOf } from "../http/language.ts";
import { Refusal } from "../http/refusal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { askedFor, momentOf, toldAsOf } from "../query/moment.ts";
import type { TicketFinder } from "../tickets/find.ts";
import { replayStepOf } from "./form.ts";

/**
 * A ticket's life step by step, for auditors: a page of steps, each with what it changed and the ticket after it. A page in the
 * middle is told from the first fact on, since a step is what its predecessors make of it; the chain is checked up to the
 * page's end.
 */
export function serveReplay(app: FastifyInstance, serving: Serving, parts: { readonly finder: TicketFinder }): void {
  const { deps, serve } = serving;
  const { pool, store, clock } = deps;

  serve(app, ticketRoutes.replay, {}, async ({ caller, params, query, request }) => {
    demand(caller, { do: "replay" });
    const { ticketId, number } = await parts.finder.resolve(caller, params.ticket);
    const zone = zoneOf(query.zone);
    const stream = `ticket-${ticketId}`;
    const moment = await momentOf(serving, askedFor(query, clock.now()));
    const [from, fromStore] = [query.from ?? 0, query.fromStore === "true"];
    const end = from + query.limit;
    const known = moment.pinned ? moment : { at: null, position: null };
    const { events, total } = fromStore
      ? knownOf(await store.loadRaw(stream), known)
      : await eventsOfJournal(pool, stream, known, end);
    if (events.length === 0) throw new Refusal("ticket_not_found");
    const language = query.lang ?? languageOf(request.headers["accept-language"]) ?? caller.language;
    const [mails, causes] = await Promise.all([
      mailsOfTicket(pool, ticketId, deps.privacy.boxes),
      causesOf(pool, events),
    ]);
    const tell = storyTeller({ stepper: ticketStepper(), mails, causes });
    const fault = verifyChain(events);
    const { facts, unreadable } = await readableFacts(store, events.slice(0, end));
    const items = facts.flatMap((fact) => {
      const step = tell(fact as never);
      return fact.revision < from ? [] : [replayStepOf(step, { language, zone }, query.state !== "false")];
    });
    return {
      ticketId,
      number: number ?? String(facts[0]?.type === "TicketRegistered" ? facts[0].data.number : ""),
      stream,
      source: fromStore ? ("store" as const) : ("journal" as const),
      asOf: toldAsOf(moment),
      total,
      items,
      nextRevision: total > end ? end : null,
      chain: {
        verified: fault === undefined && unreadable === undefined,
        brokenAt: fault?.revision ?? unreadable?.revision ?? null,
        reason: fault?.fault ?? (unreadable === undefined ? null : ("altered" as const)),
        checkedTo: events.at(-1)?.revision ?? null,
      },
    };
  });
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined) return "UTC";
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw new Refusal("bad_format", { field: "zone" });
  }
}

import type { FastifyInstance } from "fastify";
import {
  analysisRoutes,
  type WhatIfBody,
  type WhatIfJob,
  type WhatIfTicket,
  type WhatIfTicketsQuery,
} from "@docket/api-contract";
import { compareTerms, type ComparedClock, type Judged, type Language } from "@docket/domain";
import type { CellType, Column } from "@docket/reports";
import type { Principal } from "../auth/principal.ts";
import type { Serving } from "../http/serve.ts";
import { languageFor } from "../http/language.ts";
import { sendTable, tableFormat } from "../http/table.ts";
import { demand } from "../policy/enforce.ts";
import { visibility } from "../policy/policy.ts";
import { askedFor, momentOf, type Moment } from "../query/moment.ts";
import { queryFingerprint, readPageToken, writePageToken } from "../query/page-token.ts";
import { becauseOf } from "./because.ts";
import { openJobs, type Jobs } from "./jobs.ts";
import { termsOf, type Terms } from "./terms.ts";
import { walkTickets, type Place, type ToldTicket, type Walk } from "./walk.ts";

/** A question that takes longer goes on by itself, and is asked about. */
const patienceMs = 2_000;
/** For how long a page looks for what it is to hold. */
const lookMs = 1_000;

/** What would have been under another policy or calendar: nothing recorded is touched. */
export function serveWhatIf(app: FastifyInstance, serving: Serving): Jobs {
  const { deps, serve } = serving;
  const { db, pool, clock, logger } = deps;
  const jobs = openJobs({ db, pool, logger });

  serve(app, analysisRoutes.whatIf, {}, async ({ caller, body, idFor }) => {
    demand(caller, { do: "report" });
    const now = clock.now();
    const question = askedFor(body, now);
    const asOf = question.asOf ?? now;
    const moment = await momentOf(serving, { ...question, asOf });
    const terms = await termsOf(db, body, moment);
    const walk = walkFor(caller, body, asOf, moment.position);
    return jobs.start({ ...walk, jobId: idFor("what-if"), accountId: caller.accountId, terms }, patienceMs);
  });

  serve(app, analysisRoutes.whatIfJob, {}, async ({ caller, params }) => {
    demand(caller, { do: "report" });
    return jobs.find(params.jobId, caller.accountId);
  });

  serve(app, analysisRoutes.whatIfStop, {}, async ({ caller, params }) => {
    demand(caller, { do: "report" });
    await jobs.stop(params.jobId, caller.accountId);
    return undefined;
  });

  serve(app, analysisRoutes.whatIfTickets, {}, async ({ caller, params, query, request, reply }) => {
    demand(caller, { do: "report" });
    const job = await jobs.find(params.jobId, caller.accountId);
    const { asOf, position } = job;
    const moment: Moment = await momentOf(serving, { asOf: new Date(asOf), atPosition: position });
    const telling = {
      terms: await termsOf(db, job.asked, moment),
      at: Date.parse(asOf),
      kinds: new Set(job.asked.kinds),
      query,
      language: languageFor(request, caller),
    };
    const walk = walkFor(caller, job.asked, new Date(asOf), position);
    const format = tableFormat(query.format, request.headers.accept);
    if (format !== undefined) {
      const tickets = allOf(walk, telling);
      const rows = format === "ndjson" ? tickets : clockRows(tickets);
      return sendTable(reply, format, { name: "what-if", columns: clockColumns, rows, asOf, position });
    }
    return { ...(await pageOf(caller, job, walk, telling)), asOf, position };
  });

  return jobs;

  async function* allOf(walk: Walk, telling: Telling): AsyncGenerator<WhatIfTicket> {
    for await (const { tickets } of walkTickets(db, pool, walk))
      for (const ticket of tickets) yield* tell(ticket, telling);
  }

  /** Looks on until the page is full, the end is reached, or it has looked long enough: then the page says where to go on. */
  async function pageOf(
    caller: Principal,
    { jobId }: WhatIfJob,
    walk: Walk,
    telling: Telling,
  ): Promise<{ items: WhatIfTicket[]; nextPage: string | null }> {
    const { query } = telling;
    const fingerprint = queryFingerprint("whatIf.tickets", `${caller.accountId}/${jobId}`, { ...query });
    const from = query.page === undefined ? undefined : readPageToken(deps.secret, fingerprint, query.page);
    const after = from && { registeredAt: Number(from.value), ticketId: from.id };
    const items: WhatIfTicket[] = [];
    const token = ({ registeredAt, ticketId }: Place): string =>
      writePageToken(deps.secret, fingerprint, { value: registeredAt, id: ticketId });
    const begun = performance.now();
    const size = Math.min(1_000, Math.max(100, query.limit * 2));
    for await (const batch of walkTickets(db, pool, walk, after, size)) {
      for (const ticket of batch.tickets) {
        items.push(...tell(ticket, telling));
        if (items.length === query.limit) return { items, nextPage: token(ticket) };
      }
      if (performance.now() - begun > lookMs) return { items, nextPage: token(batch.end) };
    }
    return { items, nextPage: null };
  }
}

const walkFor = (caller: Principal, asked: WhatIfBody, asOf: Date, position: string): Walk => ({
  asked,
  asOf,
  position,
  sees: visibility(caller, "ticket"),
});

interface Telling {
  readonly terms: Terms;
  readonly at: number;
  readonly kinds: ReadonlySet<ComparedClock["kind"]>;
  readonly query: WhatIfTicketsQuery;
  readonly language: Language;
}

/** A ticket with both judgements of its clocks; nothing when the query is not about it. */
function tell({ story, ...ticket }: ToldTicket, { terms, at, kinds, query, language }: Telling): WhatIfTicket[] {
  const clocks = compareTerms(story, terms.other, terms.calendarOf, at, kinds).filter((clock) => isAsked(clock, query));
  if (clocks.length === 0) return [];
  return [
    {
      ...ticket,
      registeredAt: iso(ticket.registeredAt),
      clocks: clocks.map((clock) => ({
        kind: clock.kind,
        line: clock.line,
        cycle: clock.cycle,
        changed: clock.changed,
        moved: clock.moved,
        recorded: shown(clock.recorded),
        whatIf: shown(clock.whatIf),
        because: becauseOf(clock, terms, at, language),
      })),
    } as WhatIfTicket,
  ];
}

function isAsked(clock: ComparedClock, { changed, moved, kind, from, to, reason }: WhatIfTicketsQuery): boolean {
  return (
    (changed === undefined || clock.changed === (changed === "true")) &&
    (moved === undefined || clock.moved === (moved === "true")) &&
    (kind === undefined || clock.kind === kind) &&
    (from === undefined || (clock.recorded?.state ?? "none") === from) &&
    (to === undefined || (clock.whatIf?.state ?? "none") === to) &&
    (reason === undefined || clock.because.some((one) => one.decisive && one.reason === reason))
  );
}

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

function shown(clock: Judged | null) {
  if (clock === null) return null;
  const { state, target, usedSeconds, pausedSeconds, remainingSeconds, calendarId } = clock;
  return {
    state,
    target,
    startedAt: iso(clock.startedAt),
    stoppedAt: isoOrNull(clock.stoppedAt),
    deadline: isoOrNull(clock.deadline),
    missedAt: isoOrNull(clock.missedAt),
    usedSeconds,
    pausedSeconds,
    remainingSeconds,
    calendarId,
    extendedTo: isoOrNull(clock.extendedTo),
  };
}

const ticketNames = [
  "ticketId",
  "number",
  "organizationId",
  "contractId",
  "type",
  "priority",
  "product",
  "line",
  "groupId",
  "engineerId",
  "registeredAt",
] as const;
const judgedNames = [
  "state",
  "target",
  "startedAt",
  "stoppedAt",
  "deadline",
  "missedAt",
  "usedSeconds",
  "pausedSeconds",
  "calendarId",
  "extendedTo",
] as const;
const both = ["recorded", "whatIf"] as const;
const columnOf = (side: string, name: string): string => `${side}${name[0]?.toUpperCase()}${name.slice(1)}`;

const numbers = /^(line|clockLine|cycle|.*Seconds)$/;
const instants = /(At|Deadline|ExtendedTo)$/;
const typeOf = (name: string): CellType => {
  if (name === "changed" || name === "moved") return "boolean";
  return numbers.test(name) ? "number" : instants.test(name) ? "instant" : "text";
};

/** What a what-if is as a table: a row a clock. */
const clockColumns = [
  ...ticketNames,
  "clock",
  "clockLine",
  "cycle",
  "changed",
  "moved",
  ...both.flatMap((side) => judgedNames.map((name) => columnOf(side, name))),
  "reasons",
  "because",
].map((name): Column => ({ name, type: typeOf(name) }));

async function* clockRows(tickets: AsyncIterable<WhatIfTicket>): AsyncGenerator<object> {
  for await (const ticket of tickets)
    for (const clock of ticket.clocks)
      yield {
        ...ticket,
        clock: clock.kind,
        clockLine: clock.line,
        cycle: clock.cycle,
        changed: clock.changed,
        moved: clock.moved,
        ...Object.fromEntries(
          both.flatMap((side) => judgedNames.map((name) => [columnOf(side, name), clock[side]?.[name] ?? null])),
        ),
        reasons: clock.because
          .filter(({ decisive }) => decisive)
          .map(({ code }) => code)
          .join(" "),
        because: clock.because.map(({ text }) => text).join("; "),
      };
}

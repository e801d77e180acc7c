import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { errorText, type ChangePreview } from "@docket/api-contract";
import {
  allEvents,
  decide,
  evolveDirectory,
  findGroup,
  lookup,
  route,
  targetOfCommand,
  type AnyCommand,
  type AnyEvent,
  type CommandMeta,
  type Directory,
  type Fact,
  type Language,
  type NewFact,
  type TicketState,
} from "@docket/domain";
import type { GatewayDeps } from "../../deps.ts";
import { engineMeta } from "../../tickets/command-meta.ts";

type State = Record<string, unknown>;
type Where = ReturnType<typeof sql>;

/** So many open tickets are looked at one by one; the others are only counted. */
const mostChecked = 300;
const atOnce = 16;
const mostExamples = 20;

/** The entry that a stream of the directory is about, in a directory. */
function entryOf(directory: Directory, kind: string, id: string): State | null {
  const entry =
    kind === "organization"
      ? lookup(directory.organizations, id)
      : kind === "contract"
        ? lookup(directory.contracts, id)
        : kind === "calendar"
          ? lookup(directory.calendars, id)
          : kind === "staff"
            ? lookup(directory.staff, id)
            : kind === "group"
              ? lookup(directory.groups, id)
              : kind === "plan"
                ? lookup(directory.plans, id)
                : kind === "letter"
                  ? (lookup(directory.letters, id) ?? lookup(directory.letterFrames, id.replace(/^frame-/u, "")))
                  : directory.routing.at(-1);
  return entry === undefined ? null : { ...(entry as unknown as State) };
}

/** Open tickets that a change of an entry concerns. */
function concerned(kind: string, id: string): Where {
  switch (kind) {
    case "organization":
      return sql`t.organization_id = ${id}`;
    case "contract":
      return sql`t.contract_id = ${id}`;
    case "calendar":
      return sql`exists (select 1 from read.clock c where c.ticket_id = t.ticket_id and c.valid_to = 'infinity'
        and c.calendar_id = ${id} and c.stopped_at is null)`;
    case "staff":
      return sql`t.engineer_id = ${id}`;
    case "group":
      return sql`t.group_id = ${id}`;
    case "routing-rules":
      return sql`t.status in ('registered', 'classified')`;
    default:
      return sql`false`;
  }
}

/**
 * What a command on the directory would do: the deciders themselves decide it on the directory as it is, and then, on the
 * directory as it would be, what the clockwork would ask of each open ticket. Nothing is written. A change that is to hold
 * later is looked at as if it held now.
 */
export async function previewChange(
  deps: Pick<GatewayDeps, "db" | "desk" | "directory" | "clock" | "load">,
  command: AnyCommand,
  meta: CommandMeta,
  language: Language,
): Promise<ChangePreview> {
  const { kind, id, stream } = targetOfCommand(command);
  const directory = deps.directory();
  const now = deps.clock.now().getTime();
  const context = { now, directory, load: deps.load.of };
  const decision = decide(command, meta, { kind: "directory" }, context);
  const before = entryOf(directory, kind, id);
  const nothing = { earlier: 0, later: 0, missed: 0, unchanged: 0, routedElsewhere: 0 };
  if (!decision.ok) {
    const { code, field, params } = decision.error;
    return {
      allowed: false,
      reason: { code, title: errorText(code, language, params), field: field?.replace(/^data\./, "") ?? null },
      facts: [],
      before,
      after: before,
      effectiveFrom: null,
      openTickets: 0,
      checked: 0,
      counts: nothing,
      examples: [],
    };
  }
  const after = folded(directory, stream, decision.events);
  const { effectiveFrom, early } = asIfNow(command, now);
  const atOnceDecided =
    early === command ? decision : decide(early, { ...meta, commandId: randomUUID() }, { kind: "directory" }, context);
  const then = atOnceDecided.ok ? folded(directory, stream, atOnceDecided.events) : after;
  const effect = await effectOn(deps, kind, id, directory, then, now);
  return {
    allowed: true,
    reason: null,
    facts: decision.events.map(({ type, data }) => ({
      type,
      title: allEvents.get(type)?.title[language] ?? type,
      data: { ...(data as State) },
    })),
    before,
    after: entryOf(after, kind, id),
    effectiveFrom,
    ...effect,
  };
}

function folded(directory: Directory, stream: string, events: readonly NewFact<AnyEvent>[]): Directory {
  let revision = lookup(directory.revisions, stream) ?? -1;
  let next = directory;
  for (const event of events)
    next = evolveDirectory(next, {
      ...event,
      stream,
      revision: ++revision,
      eventId: randomUUID(),
      meta: {},
    } as unknown as Fact<never>);
  return next;
}

/** From when on a change is to hold, and the same change as if it held from now. */
function asIfNow(command: AnyCommand, now: number): { effectiveFrom: string | null; early: AnyCommand } {
  const data = command.data as State;
  const name = ["policyEffectiveFrom", "effectiveFrom"].find((one) => typeof data[one] === "string");
  if (name === undefined) return { effectiveFrom: null, early: command };
  const from = String(data[name]);
  if (Date.parse(from) <= now) return { effectiveFrom: from, early: command };
  return {
    effectiveFrom: from,
    early: { ...command, data: { ...data, [name]: new Date(now).toISOString() } } as unknown as AnyCommand,
  };
}

type Effect = Pick<ChangePreview, "openTickets" | "checked" | "counts" | "examples">;
type Example = ChangePreview["examples"][number];

async function effectOn(
  deps: Pick<GatewayDeps, "db" | "desk" | "load">,
  kind: string,
  id: string,
  before: Directory,
  after: Directory,
  now: number,
): Promise<Effect> {
  const { rows } = await sql<{
    id: string;
    n: string;
  }>`select t.ticket_id as id, count(*) over () as n from read.queue t
    where ${concerned(kind, id)} order by t.next_deadline, t.ticket_id limit ${sql.lit(mostChecked)}`.execute(deps.db);
  const counts = { earlier: 0, later: 0, missed: 0, unchanged: 0, routedElsewhere: 0 };
  const examples: Example[] = [];
  const looks = kind === "contract" || kind === "calendar" || kind === "routing-rules";
  for (let place = 0; looks && place < rows.length; place += atOnce) {
    const states = await Promise.all(rows.slice(place, place + atOnce).map((row) => deps.desk.ticket(row.id)));
    for (const state of states) {
      if (state === null) continue;
      const found =
        kind === "routing-rules"
          ? rerouted(state, before, after, deps.load.of)
          : rescheduled(state, after, now, kind === "contract" ? "policy" : "calendar");
      if (found.length === 0) counts.unchanged++;
      else if (kind === "routing-rules") counts.routedElsewhere++;
      else if (found.some(({ missed }) => missed)) counts.missed++;
      else if (found.some((one) => isEarlier(one))) counts.earlier++;
      else counts.later++;
      if (examples.length < mostExamples) examples.push(...found);
    }
  }
  return {
    openTickets: Number(rows[0]?.n ?? 0),
    checked: looks ? rows.length : 0,
    counts,
    examples: examples.slice(0, mostExamples),
  };
}

const isEarlier = ({ before, after }: Example): boolean =>
  after !== null && (before === null || Date.parse(after) < Date.parse(before));

/** The deadlines of a ticket that would be others, as its decider says on the directory that would be. */
function rescheduled(state: TicketState, after: Directory, now: number, because: "policy" | "calendar"): Example[] {
  const command = { type: "RecomputeClocks", data: { ticketId: state.ticketId, because } } as const;
  const decision = decide(
    command,
    engineMeta({ commandId: randomUUID() }),
    { kind: "ticket", state },
    { now, directory: after },
  );
  if (!decision.ok) return [];
  const missed = new Set(
    decision.events.flatMap((event) => (event.type === "TicketDeadlineMissed" ? [event.data.clock] : [])),
  );
  return decision.events.flatMap((event) =>
    event.type !== "TicketClocksRecomputed"
      ? []
      : event.data.clocks.flatMap((clock) => {
          const old = state.clocks.find(
            ({ snapshot }) =>
              snapshot.kind === clock.kind && snapshot.line === clock.line && snapshot.cycle === clock.cycle,
          )?.snapshot;
          if (old?.deadline === clock.deadline) return [];
          return [
            {
              ticketId: state.ticketId,
              number: state.number,
              what: clock.kind,
              before: old?.deadline ?? null,
              after: clock.deadline,
              missed: missed.has(clock.kind) && old?.missedAt === null,
            },
          ];
        }),
  );
}

/** Where the rules that would be send a ticket that nobody has yet, when that is elsewhere. */
function rerouted(
  state: TicketState,
  before: Directory,
  after: Directory,
  load: (staffId: string) => number,
): Example[] {
  const [old, next] = [route(before, state, load), route(after, state, load)];
  if (old?.groupId === next?.groupId) return [];
  const name = (directory: Directory, groupId: string | undefined): string | null =>
    groupId === undefined ? null : (findGroup(directory, groupId)?.name ?? groupId);
  return [
    {
      ticketId: state.ticketId,
      number: state.number,
      what: "routing",
      before: name(before, old?.groupId),
      after: name(after, next?.groupId),
      missed: false,
    },
  ];
}

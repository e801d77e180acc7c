import type { Alarm } from "@docket/domain";
import { defineProjection, defineTable, type FoldEvent, instantOf, type Queryable } from "@docket/projection-engine";

/** A moment that waits: what set it, and the position of the event that did. */
type Waiting = {
  readonly key: string;
  readonly kind: string;
  readonly level: number;
  readonly dueAt: number;
  /** a clock's name, `confirmation`, or `plan`: what replaces its moments as a whole */
  readonly source: string;
  readonly position: number;
};

/** The open moments of a ticket or plan, each with a key of its own. Never changed in place. */
type State = readonly Waiting[];

const none: State = [];

/*
 * One row an owner, with all its moments: an event replaces most of a ticket's moments, and a row for each of them would mean several
 * rows in and out for every event, each with its places in two indexes.
 */
const table = defineTable({
  name: "owner",
  columns: [
    ["owner_kind", "text"],
    ["owner", "text"],
    ["next_due", "timestamptz"],
    // JSON, by key
    ["moments", "text"],
  ],
  key: ["owner_kind", "owner"],
  indexes: ["(next_due, owner)"],
  opaque: ["moments"],
});

/** What falls due, if nothing changes before: the clockwork's work list. The events carry the moments; here they come and go. */
export const deadlines = defineProjection<State>({
  name: "deadlines",
  version: 2,
  kinds: ["ticket", "plan"],
  tables: [table],
  views: [
    {
      name: "deadline",
      sql: (schema) => `
        select o.owner, o.owner_kind, m.key, m.kind, m.level, m.due_at, m.position, o.next_due
        from ${schema}.owner o
          cross join lateral json_to_recordset(o.moments::json) as m(key text, kind text, level int4, due_at timestamptz, position int8)`,
    },
    { name: "deadline_owner", sql: (schema) => `select owner_kind, owner, next_due from ${schema}.owner` },
  ],
  load,
  fold: (state, event) => evolve(state ?? none, event),
  flush: (before, after, write, stream) => {
    const dash = stream.indexOf("-");
    const owner = [stream.slice(0, dash), stream.slice(dash + 1)] as const;
    const there = before !== undefined && before.length > 0;
    if (after.length === 0) {
      if (there) write.remove(table, owner);
    } else (there ? write.update : write.insert)(table, [...owner, nextDue(after), textOf(after)]);
  },
});

function nextDue(state: State): number {
  let next = Infinity;
  for (const { dueAt } of state) if (dueAt < next) next = dueAt;
  return next;
}

/** The moments as the table holds them. In one order, whatever way the state came about. */
function textOf(state: State): string {
  const byKey = state.length > 1 ? state.toSorted((a, b) => (a.key < b.key ? -1 : 1)) : state;
  return JSON.stringify(
    byKey.map(({ key, kind, level, dueAt, source, position }) => {
      return { key, kind, level, due_at: new Date(dueAt).toISOString(), source, position };
    }),
  );
}

function find(state: State, key: string): Waiting | undefined {
  for (const waiting of state) if (waiting.key === key) return waiting;
  return undefined;
}

function evolve(state: State, event: FoldEvent): State {
  switch (event.type) {
    case "TicketConfirmed":
    case "TicketAutoClosed":
    case "TicketWithdrawn":
    case "TicketMarkedDuplicate":
      return none;
    case "TicketDeadlineWarned":
    case "TicketReminded":
      return without(state, event.data.alarmKey);
    case "TicketDeadlineMissed":
      return withClocks(without(state, event.data.alarmKey), event);
    case "TicketEscalated":
      return withClocks(event.data.cause ? without(state, event.data.cause.alarmKey) : state, event);
    case "TicketResolved":
      return replaced(withClocks(state, event), "confirmation", event.data.alarms, event);
    case "TicketReturned":
      return withClocks(replaced(state, "confirmation", [], event), event);
    case "TicketClocksRecomputed": {
      const { alarms } = event.data;
      return withClocks(alarms ? replaced(state, "confirmation", alarms, event) : state, event);
    }
    case "PlanDefined":
    case "PlanOccurred": {
      const { nextAt } = event.data;
      return nextAt === null
        ? none
        : [{ key: "plan", kind: "plan", level: 0, dueAt: instantOf(nextAt), source: "plan", position: event.commit }];
    }
    case "PlanStopped":
      return none;
    default:
      return withClocks(state, event);
  }
}

function without(state: State, key: string): State {
  return find(state, key) ? state.filter((waiting) => waiting.key !== key) : state;
}

function withClocks(state: State, event: FoldEvent): State {
  let next = state;
  if ("clocks" in event.data)
    for (const { kind, line, cycle, alarms } of event.data.clocks)
      next = replaced(next, `${kind}.${line ?? 0}.${cycle}`, alarms, event);
  return next;
}

/** The moments of one source are always told as a whole. Those that stay the same keep the position of who set them. */
function replaced(state: State, source: string, alarms: readonly Alarm[], event: FoldEvent): State {
  const next: Waiting[] = [];
  let kept = 0;
  for (const waiting of state) if (waiting.source !== source) next.push(waiting);
  const others = next.length;
  for (const { key, at, kind, level } of alarms) {
    const dueAt = instantOf(at);
    const old = find(state, key);
    const same = old && old.dueAt === dueAt && old.kind === kind && old.level === level && old.source === source;
    if (same) kept++;
    next.push(same ? old : { key, kind, level, dueAt, source, position: event.commit });
  }
  return kept === alarms.length && others + kept === state.length ? state : next;
}

async function load(db: Queryable, schema: string, streams: readonly string[]): Promise<Map<string, State>> {
  const dashes = streams.map((stream) => stream.indexOf("-"));
  const { rows } = await db.query<{ owner_kind: string; owner: string; moments: string }>(
    `select o.owner_kind, o.owner, o.moments from unnest($1::text[], $2::text[]) as s(owner_kind, owner)
     join ${schema}.owner o on o.owner_kind = s.owner_kind and o.owner = s.owner`,
    [
      streams.map((stream, index) => stream.slice(0, dashes[index])),
      streams.map((stream, index) => stream.slice((dashes[index] ?? 0) + 1)),
    ],
  );
  return new Map(rows.map((row) => [`${row.owner_kind}-${row.owner}`, stateOf(row.moments)]));
}

function stateOf(moments: string): State {
  const all = JSON.parse(moments) as (Omit<Waiting, "dueAt"> & { due_at: string })[];
  return all.map(({ due_at, ...waiting }) => ({ ...waiting, dueAt: instantOf(due_at) }));
}

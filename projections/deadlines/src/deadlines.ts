import type { Alarm } from "@docket/domain";
import {
  defineProjection,
  defineTable,
  type FoldEvent,
  instantOf,
  type Queryable,
  type Row,
} from "@docket/projection-engine";

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

const table = defineTable({
  name: "deadline",
  columns: [
    ["owner_kind", "text"],
    ["owner", "text"],
    ["key", "text"],
    ["kind", "text"],
    ["level", "int4"],
    ["due_at", "timestamptz"],
    ["source", "text"],
    ["position", "int8"],
  ],
  key: ["owner_kind", "owner", "key"],
  indexes: ["(due_at, owner)"],
});

/** What falls due, if nothing changes before: the clockwork's work list. The events carry the moments; here they come and go. */
export const deadlines = defineProjection<State>({
  name: "deadlines",
  version: 1,
  kinds: ["ticket", "plan"],
  tables: [table],
  views: [
    {
      name: "deadline",
      sql: (schema) => `select owner, owner_kind, key, kind, level, due_at, position from ${schema}.deadline`,
    },
  ],
  load,
  fold: (state, event) => evolve(state ?? none, event),
  flush: (before, after, write, stream) => {
    const dash = stream.indexOf("-");
    const owner = [stream.slice(0, dash), stream.slice(dash + 1)] as const;
    for (const { key } of before ?? none) if (!find(after, key)) write.remove(table, [...owner, key]);
    for (const waiting of after) {
      const old = before && find(before, waiting.key);
      if (old !== waiting) (old ? write.update : write.insert)(table, rowOf(owner, waiting));
    }
  },
  isFinal: (state) => state === none,
});

function find(state: State, key: string): Waiting | undefined {
  for (const waiting of state) if (waiting.key === key) return waiting;
  return undefined;
}

function rowOf(owner: readonly [string, string], { key, kind, level, dueAt, source, position }: Waiting): Row {
  return [...owner, key, kind, level, dueAt, source, position];
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
  const { rows } = await db.query<Record<string, string> & { due_at: Date }>(
    `select d.* from unnest($1::text[], $2::text[]) as s(owner_kind, owner)
     join ${schema}.deadline d on d.owner_kind = s.owner_kind and d.owner = s.owner order by d.owner_kind, d.owner, d.key`,
    [
      streams.map((stream, index) => stream.slice(0, dashes[index])),
      streams.map((stream, index) => stream.slice((dashes[index] ?? 0) + 1)),
    ],
  );
  const states = new Map<string, Waiting[]>();
  for (const row of rows) {
    const stream = `${row["owner_kind"]}-${row["owner"]}`;
    const state = states.get(stream) ?? [];
    state.push({
      key: String(row["key"]),
      kind: String(row["kind"]),
      level: Number(row["level"]),
      dueAt: row.due_at.getTime(),
      source: String(row["source"]),
      position: Number(row["position"]),
    });
    states.set(stream, state);
  }
  return states;
}

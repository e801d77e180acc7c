import {
  emptyDirectory,
  emptyState,
  evolveDirectory,
  evolveStream,
  isUnderControl,
  parseStreamName,
  valuesOf,
  type AnyEvent,
  type ContactState,
  type Directory,
  type DirectoryEvent,
  type Fact,
  type StreamState,
  type TicketState,
} from "@docket/domain";
import type { EventStore, StoredFact } from "@docket/event-store";

/** The whole of a store's log as facts, in its order. */
export async function allFacts(store: EventStore): Promise<StoredFact[]> {
  const raw = [];
  for await (const event of store.readAll()) if (parseStreamName(event.stream) !== undefined) raw.push(event);
  return store.facts(raw);
}

/** Everything as the domain's own folds make it of the facts recorded up to a moment: an oracle that knows no read model. */
export interface Folded {
  readonly tickets: ReadonlyMap<string, TicketState>;
  readonly contacts: ReadonlyMap<string, ContactState>;
  readonly directory: Directory;
  /** ticket/kind/line/cycle/outcome, once each, in the order of their recording */
  readonly judgements: readonly string[];
}

const outcomes = new Set(["met", "missed", "cancelled"]);

export function foldUpTo(facts: readonly StoredFact[], moment: string): Folded {
  const states = new Map<string, StreamState>();
  let directory = emptyDirectory;
  const judged = new Map<string, string>();
  for (const stored of facts) {
    if (stored.meta.recordedAt > moment) continue;
    const fact = stored as unknown as Fact<AnyEvent>;
    const kind = parseStreamName(fact.stream)!.kind;
    states.set(fact.stream, evolveStream(states.get(fact.stream) ?? emptyState(kind), fact));
    directory = evolveDirectory(directory, fact as Fact<DirectoryEvent>);
    const { clocks = [] } = fact.data as {
      clocks?: { kind: string; line: number | null; cycle: number; state: string }[];
    };
    for (const clock of clocks) {
      const name = `${fact.stream.slice(7)}/${clock.kind}/${clock.line}/${clock.cycle}`;
      if (outcomes.has(clock.state) && !judged.has(name)) judged.set(name, clock.state);
    }
  }
  const tickets = new Map<string, TicketState>();
  const contacts = new Map<string, ContactState>();
  for (const entry of states.values()) {
    if (entry.kind === "ticket" && entry.state) tickets.set(entry.state.ticketId, entry.state);
    if (entry.kind === "contact" && entry.state) contacts.set(entry.state.contactId, entry.state);
  }
  return {
    tickets,
    contacts,
    directory,
    judgements: [...judged].map(([name, outcome]) => `${name}/${outcome}`).toSorted(),
  };
}

const running = new Set(["registered", "classified", "assigned", "in_work", "waiting_customer", "waiting_approval"]);
const latest = (ticket: TicketState, kind: string) =>
  ticket.clocks.findLast(({ snapshot }) => snapshot.kind === kind)?.snapshot;

/** The nearest deadline of the clocks that tick, as a queue is sorted by. */
function nextDeadline(ticket: TicketState): number | null {
  const ola = ticket.clocks.findLast(({ snapshot }) => snapshot.kind === "ola" && snapshot.ticking)?.snapshot;
  const open = [latest(ticket, "reaction"), latest(ticket, "resolution"), ola];
  const times = open.flatMap((clock) =>
    clock?.ticking && clock.deadline !== null ? [Date.parse(clock.deadline)] : [],
  );
  return times.length === 0 ? null : Math.min(...times);
}

/** Which tickets each stock view of one member of staff holds, told from the states alone (docs: console, queues). */
export function queuesOf({ tickets, directory }: Folded, staffId: string, moment: string): Record<string, string[]> {
  const groups = valuesOf(directory.groups).filter(({ memberIds }) => memberIds.includes(staffId));
  const ids = new Set(groups.map(({ groupId }) => groupId));
  const first = groups.some(({ line }) => line === 1);
  const soon = Date.parse(moment) + 2 * 3_600_000;
  const views: Record<string, (ticket: TicketState) => boolean> = {
    "all-open": ({ status }) => status !== "closed",
    closed: ({ status }) => status === "closed",
    unassigned: ({ status, assignment }) =>
      status === "registered" || status === "classified" || (status === "assigned" && assignment?.engineerId == null),
    "my-line": ({ status, assignment }) =>
      running.has(status) &&
      groups.length > 0 &&
      (ids.has(assignment?.groupId ?? "") || (first && (status === "registered" || status === "classified"))),
    mine: ({ status, assignment }) => status !== "closed" && assignment?.engineerId === staffId,
    "due-soon": (ticket) => {
      const due = nextDeadline(ticket);
      return running.has(ticket.status) && due !== null && due < soon;
    },
    missed: (ticket) =>
      running.has(ticket.status) &&
      [latest(ticket, "reaction"), latest(ticket, "resolution")].some((clock) => clock?.state === "missed"),
    waiting: ({ status }) => status === "waiting_customer" || status === "waiting_approval",
    "under-control": (ticket) => ticket.status !== "closed" && isUnderControl(ticket),
    confirmation: ({ status }) => status === "result_confirmation",
  };
  return Object.fromEntries(
    Object.entries(views).map(([view, holds]) => [
      view,
      [...tickets.values()]
        .filter(holds)
        .map(({ number }) => number)
        .toSorted(),
    ]),
  );
}

/** A ticket's clocks, as the last fact of each told it. */
export const clocksOf = ({ tickets }: Folded): string[] =>
  [...tickets.values()]
    .flatMap(({ ticketId, clocks }) =>
      clocks.map(({ snapshot: one }) =>
        [
          ticketId,
          one.kind,
          one.line,
          one.cycle,
          one.state,
          one.ticking,
          one.deadline,
          one.target,
          one.extendedTo,
        ].join("/"),
      ),
    )
    .toSorted();

import type { CommandResult } from "@docket/command-handling";
import { derivedId, type RawEvent, type StoredFact } from "@docket/event-store";
import type { Logger } from "@docket/service-kit";
import type pg from "pg";
import { engineMeta, type Parts } from "./parts.ts";

/** How long an assignment of ours is counted on top of the read model, which has not seen it yet. */
const UNSEEN_MS = 2_000;

/** How many open tickets each member of staff has, for the rules that pick the least loaded. */
export interface Workload {
  of(staffId: string): number;
  /** Reads the read model anew; when that cannot be had, what was known before still serves. */
  refresh(): Promise<void>;
  /** Counts an assignment that the read model cannot know yet. */
  add(staffId: string): void;
}

export function createWorkload(pool: pg.Pool, logger: Logger): Workload {
  let counts = new Map<string, number>();
  let added: { staffId: string; until: number }[] = [];
  return {
    of: (staffId) => (counts.get(staffId) ?? 0) + added.filter((each) => each.staffId === staffId).length,
    async refresh() {
      const known = await pool
        .query<{ engineer_id: string; count: string }>(
          "select engineer_id, count(*) from read.queue where engineer_id is not null group by 1",
        )
        .catch((error: unknown) => logger.warn({ err: error }, "the load of the staff is not known anew"));
      if (known !== undefined) counts = new Map(known.rows.map((row) => [row.engineer_id, Number(row.count)]));
      added = added.filter(({ until }) => until > performance.now());
    },
    add: (staffId) => void added.push({ staffId, until: performance.now() + UNSEEN_MS }),
  };
}

/**
 * Sends what was classified and belongs to no group yet where the rules say (rule 6). People may be faster, and may have
 * decided otherwise: then it is left as it is. Without published rules it waits for them.
 */
export async function routeClassified(parts: Parts, workload: Workload, facts: readonly StoredFact[]): Promise<void> {
  // What was imported was sent on by another system's rules, or by nobody.
  const classified = facts.filter((fact) => fact.type === "TicketClassified" && fact.meta.provenance === undefined);
  let ready: Promise<unknown> | undefined;
  const prepared = () => (ready ??= Promise.all([parts.directory.refresh(facts.at(-1)?.position), workload.refresh()]));
  for (const fact of classified) {
    const ticketId = fact.stream.slice("ticket-".length);
    const result = await route(parts, ticketId, fact, prepared);
    if (result === undefined) continue;
    if (!result.ok) parts.logger.info({ ticketId, code: result.error.code }, "the rules sent a ticket nowhere");
    else
      for (const assigned of result.events)
        if (assigned.type === "TicketAssigned" && assigned.data.engineerId !== null)
          workload.add(assigned.data.engineerId);
  }
}

/** The classifications that nobody has followed up yet: an assigned ticket never becomes one that is only classified again. */
export function unroutedIn<E extends Pick<RawEvent, "type" | "stream">>(events: readonly E[]): E[] {
  const assigned = new Set<string>();
  const unrouted: E[] = [];
  for (const event of events.toReversed())
    if (event.type === "TicketAssigned") assigned.add(event.stream);
    else if (event.type === "TicketClassified" && !assigned.has(event.stream)) unrouted.push(event);
  return unrouted.toReversed();
}

/** Undefined when there is nothing to route (any more). The revision is named, lest an assignment made meanwhile is undone. */
async function route(
  { desk }: Parts,
  ticketId: string,
  cause: StoredFact,
  prepared: () => Promise<unknown>,
): Promise<CommandResult | undefined> {
  for (;;) {
    const state = await desk.ticket(ticketId);
    if (state?.status !== "classified") return undefined;
    // People were not faster: only now the rules and the load of the staff are needed.
    await prepared();
    const result = await desk.execute(
      { type: "AssignTicket", data: { ticketId, groupId: null, engineerId: null, reason: null } },
      engineMeta(derivedId("route", cause.eventId), {
        correlationId: cause.meta.correlationId,
        causationId: cause.eventId,
        ifRevision: state.revision,
        ...enteredLater(cause, state.stepAt),
      }),
    );
    if (result.ok || result.error.code !== "stale_revision") return result;
  }
}

const LATE_MS = 60_000;

/**
 * The rules apply at once, so what was classified in the past and entered later was sent on in the past too: then, or right
 * after the deadlines that were stated meanwhile. It was never sent on only now: the ticket's clocks would have run idle.
 */
function enteredLater({ meta }: StoredFact, stepAt: number): { occurredAt?: string } {
  const occurredAt = Date.parse(meta.occurredAt);
  if (Date.parse(meta.recordedAt) - occurredAt <= LATE_MS) return {};
  return { occurredAt: new Date(Math.max(occurredAt, stepAt)).toISOString() };
}

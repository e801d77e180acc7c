import { confirmationAlarms } from "./alarms.ts";
import { startClock, targetsFor, termsAt } from "./clocks.ts";
import type { Alarm, ClockSnapshot } from "./event-parts.ts";
import type { TicketClock } from "./state.ts";
import { emit, snap, type Handler, type Work } from "./work-in-hand.ts";

/**
 * A calendar or a policy has a new version: open clocks and the wait for confirmation are computed anew, recorded judgements
 * are not touched (domain.md, Decisions). Gives nothing where nothing would differ.
 */
export const recompute: Handler<"RecomputeClocks"> = (work, { because }) => {
  const { state } = work;
  const clocks: ClockSnapshot[] = [];
  for (const clock of state.clocks) {
    if (clock.snapshot.stoppedAt !== null) continue;
    const next = because === "policy" ? underNewPolicy(work, clock) : snap(work, clock.input, clock.snapshot.target);
    if (next && differs(clock.snapshot, next)) clocks.push(next);
  }
  const waiting = waitingAnew(work, because);
  if (clocks.length === 0 && !waiting.changed) return undefined;
  const autoCloseAt = waiting.autoCloseAt === null ? null : new Date(waiting.autoCloseAt).toISOString();
  emit(work, {
    type: "TicketClocksRecomputed",
    data: { because, alarms: waiting.changed ? waiting.alarms : null, autoCloseAt, clocks },
  });
  return undefined;
};

function underNewPolicy(work: Work, clock: TicketClock): ClockSnapshot | null {
  const { state, context, at } = work;
  const terms = termsAt(context.directory, state.contractId, at);
  const { kind, line, cycle } = clock.snapshot;
  const targets = targetsFor(terms.policy, state.type, state.priority);
  const target = kind === "ola" ? terms.policy.ola.find((entry) => entry.line === line)?.target : targets?.[kind];
  // The new version does not speak of this clock: it runs on under the terms on which it started.
  if (target === undefined) return null;
  const { target: read, policyVersion, calendarId } = startClock(terms, kind, line, cycle, target, at);
  return snap(work, { ...clock.input, target: read, policyVersion, calendarId }, target);
}

function differs(a: ClockSnapshot, b: ClockSnapshot): boolean {
  return (
    a.deadline !== b.deadline ||
    a.target !== b.target ||
    a.policyVersion !== b.policyVersion ||
    a.calendarId !== b.calendarId ||
    a.calendarVersion !== b.calendarVersion ||
    !sameAlarms(a.alarms, b.alarms)
  );
}

function sameAlarms(a: readonly Alarm[], b: readonly Alarm[]): boolean {
  return a.length === b.length && a.every((alarm, i) => alarm.key === b[i]?.key && alarm.at === b[i]?.at);
}

function waitingAnew(work: Work, because: "calendar" | "policy") {
  const { state, context, at } = work;
  const { confirmation } = state;
  if (!confirmation) return { changed: false, alarms: [], autoCloseAt: null };
  const { policy, calendar } = termsAt(
    context.directory,
    state.contractId,
    because === "policy" ? at : confirmation.policyFrom,
  );
  const next = confirmationAlarms(policy, calendar, state, confirmation.resolvedAt, at, work.quietUntil);
  const changed = next.autoCloseAt !== confirmation.autoCloseAt || !sameAlarms(confirmation.alarms, next.alarms);
  return { changed, ...next };
}

import { autoCloseAt, reminderTimes } from "@docket/sla";
import type { SlaPolicy } from "../directory/shapes.ts";
import { findGroup } from "../directory/lookup.ts";
import { derivedUuid } from "../support/derived-uuid.ts";
import { chainReason } from "./chain-reason.ts";
import { isBeforeDeadline, openClock, startClock, stopClock, termsAt, termsOfVersion } from "./clocks.ts";
import { refuse } from "../errors.ts";
import type { Alarm, ClockSnapshot } from "./event-parts.ts";
import type { TicketEvent } from "./events.ts";
import { openAlarms, type TicketClock, type TicketState } from "./state.ts";
import { clockSkew, emit, snap, type Handler, type Work } from "./work-in-hand.ts";
import type { NewFact } from "../event.ts";
import type { WorkingCalendar } from "@docket/sla";
import type { Line } from "../values.ts";

/**
 * What time does to a ticket: warnings, misses, the policy's chain, reminders, the close (rules 4 and 5; R §4.2, §4.3). Every
 * moment is a fact of its own at its own instant, each once, in order; whoever comes late finds the earlier ones stated
 * first, so nothing depends on how prompt the clockwork is.
 */

const engine: NonNullable<NewFact<TicketEvent>["by"]> = { actor: { id: "system", role: "system" }, channel: "system" };
const iso = (at: number): string => new Date(at).toISOString();

/** States every moment that had come by `until`; with `including` also those of that very instant. */
export function catchUp(work: Work, until: number, including: boolean): void {
  for (;;) {
    const next = openAlarms(work.state)[0];
    if (!next) return;
    const at = Date.parse(next.at);
    if (at > until || (at === until && !including)) return;
    const before = work.events.length;
    fire(work, next);
    if (work.events.length === before) return;
  }
}

/** The clockwork says that a moment has come. One that stands no longer gives nothing; earlier ones are stated first. */
export const fireAlarm: Handler<"FireAlarm"> = (work, data) => {
  const alarm = openAlarms(work.state).find((open) => open.key === data.key);
  if (!alarm) return undefined;
  const at = Date.parse(alarm.at);
  if (at > work.context.now + clockSkew)
    return alarm.at === data.at ? refuse("alarm_not_due", "data.at", { at: alarm.at }) : undefined;
  for (;;) {
    const next = openAlarms(work.state)[0];
    if (!next || next.at > alarm.at) return undefined;
    const before = work.events.length;
    fire(work, next);
    if (work.events.length === before || next.key === alarm.key) return undefined;
  }
};

function fire(work: Work, alarm: Alarm): void {
  const at = Date.parse(alarm.at);
  if (alarm.kind === "reminder") return remind(work, alarm, at);
  if (alarm.kind === "auto_close") return close(work, at);
  const clock = work.state.clocks.find((open) => open.snapshot.alarms.some((known) => known.key === alarm.key));
  if (!clock) return;
  if (alarm.kind === "miss") return miss(work, clock, alarm, at);
  return step(work, clock, alarm, at);
}

function remind(work: Work, alarm: Alarm, at: number): void {
  const { confirmation } = work.state;
  if (!confirmation || confirmation.autoCloseAt === null) return;
  const data = {
    alarmKey: alarm.key,
    number: alarm.level,
    of: confirmation.reminders,
    autoCloseAt: iso(confirmation.autoCloseAt),
  };
  emit(work, { type: "TicketReminded", data }, at, engine);
}

function close(work: Work, at: number): void {
  const { confirmation } = work.state;
  if (!confirmation) return;
  const { policy } = termsAt(work.context.directory, work.state.contractId, confirmation.policyFrom);
  const data = {
    because: "no_answer" as const,
    resolvedAt: iso(confirmation.resolvedAt),
    workingDays: policy.confirmation.workingDays,
    clocks: [],
  };
  emit(work, { type: "TicketAutoClosed", data }, at, engine);
}

const causeOf = ({ kind, line, cycle }: ClockSnapshot) => ({ clock: kind, line, cycle });

function miss(work: Work, { input, snapshot }: TicketClock, alarm: Alarm, at: number): void {
  const missed = snap(work, { ...input, missRecordedAt: at }, snapshot.target, at);
  const data = { alarmKey: alarm.key, ...causeOf(snapshot), deadline: snapshot.deadline ?? alarm.at, clocks: [missed] };
  emit(work, { type: "TicketDeadlineMissed", data }, at, engine);
}

function step(work: Work, { snapshot }: TicketClock, alarm: Alarm, at: number): void {
  const { policy } = termsOfVersion(work.context.directory, work.state.contractId, snapshot.policyVersion);
  const chain = policy.chain.find((entry) => entry.clock === snapshot.kind && entry.level === alarm.level);
  if (!chain) return;
  const cause = { alarmKey: alarm.key, ...causeOf(snapshot), level: alarm.level };
  if (isBeforeDeadline(chain) && chain.action !== "move_to_group") {
    const notify = chain.action === "notify_engineer" ? "engineer" : "manager";
    return emit(
      work,
      { type: "TicketDeadlineWarned", data: { ...cause, notify, deadline: snapshot.deadline ?? alarm.at } },
      at,
      engine,
    );
  }
  // One control per clock and cycle, however many steps of the chain speak: it is released once.
  const escalationId = derivedUuid(`${work.state.ticketId} ${snapshot.kind} ${snapshot.line ?? ""} ${snapshot.cycle}`);
  const moved = chain.action === "move_to_group" && chain.groupId !== null ? moveTo(work, chain.groupId) : null;
  const clocks = moved ? handOverClocks(work, moved.line, at) : [];
  const data = {
    escalationId,
    by: "policy" as const,
    reason: chainReason(chain),
    cause: { ...cause, action: chain.action },
    moved,
    clocks,
  };
  emit(work, { type: "TicketEscalated", data }, at, engine);
}

/** To the escalation group, unless the ticket is there, or waits for the customer: then there is nothing to take over. */
function moveTo(work: Work, groupId: string) {
  const { state } = work;
  const group = findGroup(work.context.directory, groupId);
  const waits =
    state.status === "waiting_customer" ||
    state.status === "waiting_approval" ||
    state.status === "result_confirmation";
  if (!group || waits || state.assignment?.groupId === groupId) return null;
  return { groupId, line: group.line, engineerId: null, engineerName: null };
}

/**
 * The acceptance clocks when a ticket comes to a line: the one of another line that had not accepted is cancelled, the new
 * line's starts (domain.md, Decisions). On the same line the running one goes on.
 */
export function handOverClocks(work: Work, to: Line, at: number = work.at): ClockSnapshot[] {
  const { state, context } = work;
  const from = state.assignment?.line ?? null;
  if (from === to) return [];
  const clocks: ClockSnapshot[] = [];
  const left = from === null ? null : openClock(state, "ola", from);
  if (left) clocks.push(snap(work, stopClock(left.input, "cancelled", at), left.snapshot.target, at));
  const terms = termsAt(context.directory, state.contractId, at);
  const target = terms.policy.ola.find((entry) => entry.line === to)?.target;
  if (target === undefined) return clocks;
  const cycle = 1 + state.clocks.filter((clock) => clock.snapshot.kind === "ola" && clock.snapshot.line === to).length;
  clocks.push(snap(work, startClock(terms, "ola", to, cycle, target, at), target, at));
  return clocks;
}

/**
 * The wait for the customer's word (R §4.2): reminders and the close, none before `from`. A reminder that would come at or
 * after the close is none.
 */
export function confirmationAlarms(
  policy: SlaPolicy,
  calendar: WorkingCalendar,
  state: Pick<TicketState, "cycle" | "fired">,
  resolvedAt: number,
  from: number,
  quietUntil: number | null,
): { readonly alarms: Alarm[]; readonly autoCloseAt: number | null } {
  const until = autoCloseAt(calendar, resolvedAt, policy.confirmation.workingDays);
  if (until === null) return { alarms: [], autoCloseAt: null };
  // Resolved in an imported past and not closed by it: it waits for a person.
  if (quietUntil !== null && until < quietUntil) return { alarms: [], autoCloseAt: null };
  const days = [...new Set(policy.confirmation.reminders)].sort((a, b) => a - b);
  const alarms = reminderTimes(calendar, resolvedAt, days).flatMap((due, i): Alarm[] => {
    const key = `reminder:${state.cycle}:${i + 1}`;
    if (due === null || due >= until || state.fired.includes(key)) return [];
    if (quietUntil !== null && due < quietUntil) return [];
    return [{ key, at: iso(Math.max(due, from)), kind: "reminder", level: i + 1 }];
  });
  const closing = Math.max(until, from);
  alarms.push({ key: `auto_close:${state.cycle}`, at: iso(closing), kind: "auto_close", level: 0 });
  return { alarms, autoCloseAt: closing };
}

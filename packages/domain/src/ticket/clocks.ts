import { addWorkingTime, alarmTimes, evaluateClock, nextCycle, parseAlarm, workingTimeBetween } from "@docket/sla";
import type { ClockInput, ClockKind, PauseReason, WorkingCalendar } from "@docket/sla";
import { DirectoryBehind } from "../directory/behind.ts";
import {
  calendarVersionAt,
  findCalendar,
  findContract,
  policyAt,
  policyOfVersion,
  workingCalendarOf,
} from "../directory/lookup.ts";
import type { ChainStep, SlaPolicy } from "../directory/shapes.ts";
import type { CalendarEntry, Directory, PolicyVersion } from "../directory/state.ts";
import type { Line, Priority, TicketType } from "../values.ts";
import { targetOf } from "./clock-fold.ts";
import type { Alarm, ClockSnapshot } from "./event-parts.ts";
import type { TicketState } from "./state.ts";

/**
 * The changes that a ticket's facts make to its clocks (domain.md, "SLA clocks" and "Decisions"). Each gives the clock as
 * it stands after the change, with the moments at which its policy wants something done. Instants are milliseconds.
 */

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

/** A clock's name: `resolution:2` is the second run of work, `ola.3:1` the third line's first acceptance. */
export function clockName(clock: {
  readonly kind: ClockKind;
  readonly line?: Line | null | undefined;
  readonly cycle: number;
}): string {
  return `${clock.kind}${clock.line ? `.${clock.line}` : ""}:${clock.cycle}`;
}

/** What a clock runs under: the policy's version, its texts, and the calendar. */
interface Terms {
  readonly policy: SlaPolicy;
  readonly policyVersion: number;
  readonly contractId: string;
  readonly entry: CalendarEntry;
  readonly calendar: WorkingCalendar;
}

/** The policy in force at an instant. Throws DirectoryBehind where contract or calendar is not there yet. */
export function termsAt(directory: Directory, contractId: string, at: number): Terms {
  const contract = findContract(directory, contractId);
  if (!contract) throw new DirectoryBehind(`contract ${contractId} is not in the directory`);
  return termsOf(directory, contractId, policyAt(contract, at));
}

export function termsOfVersion(directory: Directory, contractId: string, version: number): Terms {
  const contract = findContract(directory, contractId);
  const policy = contract && policyOfVersion(contract, version);
  if (!policy) throw new DirectoryBehind(`contract ${contractId} has no policy version ${version}`);
  return termsOf(directory, contractId, policy);
}

function termsOf(directory: Directory, contractId: string, { version, policy }: PolicyVersion): Terms {
  const entry = findCalendar(directory, policy.calendarId);
  if (!entry) throw new DirectoryBehind(`calendar ${policy.calendarId} is not in the directory`);
  return { policy, policyVersion: version, contractId, entry, calendar: workingCalendarOf(entry) };
}

/** The policy's targets for a classification; null where the contract does not cover it. */
export function targetsFor(policy: SlaPolicy, type: TicketType, priority: Priority) {
  return policy.targets.find((entry) => entry.type === type && entry.priority === priority) ?? null;
}

export function startClock(
  terms: Terms,
  kind: ClockKind,
  line: Line | null,
  cycle: number,
  target: string,
  at: number,
): ClockInput {
  return {
    kind,
    cycle,
    ...(line === null ? {} : { line }),
    startedAt: at,
    target: targetOf(target),
    override: null,
    pauses: [],
    stoppedAt: null,
    missRecordedAt: null,
    policyVersion: terms.policyVersion,
    contractId: terms.contractId,
    calendarId: terms.policy.calendarId,
  };
}

export function isTicking(input: ClockInput): boolean {
  return !input.stoppedAt && input.pauses.at(-1)?.to !== null;
}

export function pauseClock(input: ClockInput, reason: PauseReason, at: number): ClockInput {
  return { ...input, pauses: [...input.pauses, { from: at, to: null, reason }] };
}

/** Goes on counting. A deadline that was agreed moves on by the working time for which the customer kept us waiting. */
export function resumeClock(input: ClockInput, at: number, directory: Directory): ClockInput {
  const pause = input.pauses.at(-1);
  if (!pause || pause.to !== null) return input;
  const resumed = { ...input, pauses: [...input.pauses.slice(0, -1), { ...pause, to: at }] };
  return { ...resumed, override: shifted(input, pause.from, at, directory) };
}

/** The next run of work after the customer returned the ticket: goes on with what was used (domain.md, Decisions). */
export function returnClock(input: ClockInput, at: number, directory: Directory): ClockInput {
  const stoppedAt = input.stoppedAt?.at ?? at;
  return { ...nextCycle(input, at), override: shifted(input, stoppedAt, at, directory) };
}

function shifted(input: ClockInput, from: number, to: number, directory: Directory): number | null {
  const agreed = input.override ?? null;
  if (agreed === null || agreed <= from) return agreed;
  const { calendar } = termsOfVersion(directory, input.contractId, input.policyVersion);
  return addWorkingTime(calendar, agreed, workingTimeBetween(calendar, from, to));
}

export function stopClock(input: ClockInput, outcome: "done" | "cancelled", at: number): ClockInput {
  const pause = input.pauses.at(-1);
  const pauses = pause && pause.to === null ? [...input.pauses.slice(0, -1), { ...pause, to: at }] : input.pauses;
  return { ...input, pauses, stoppedAt: { at, outcome } };
}

/**
 * A clock as it stands at `at`, as facts carry it. `fired` are the keys of alarms that the ticket has seen, `quietUntil` as in Work. A deadline that
 * a change of target put into the past shows as not yet missed: the miss is a fact of its own and follows at once.
 */
export function snapshotOf(
  input: ClockInput,
  targetText: string,
  at: number,
  directory: Directory,
  fired: readonly string[],
  quietUntil: number | null = null,
): ClockSnapshot {
  const terms = termsOfVersion(directory, input.contractId, input.policyVersion);
  const clock = evaluateClock(input, terms.calendar, at);
  const ticking = isTicking(input);
  const open = input.pauses.at(-1);
  const stands = !input.stoppedAt && open !== undefined && open.to === null;
  const missedAt = input.missRecordedAt ?? null;
  const ended = input.stoppedAt
    ? input.stoppedAt.outcome === "done"
      ? "met"
      : "cancelled"
    : stands
      ? "paused"
      : "running";
  return {
    kind: input.kind,
    cycle: input.cycle,
    line: input.line ?? null,
    state: missedAt !== null ? "missed" : ended,
    ticking,
    pausedBecause: stands ? (open.reason as "customer" | "approval") : null,
    startedAt: iso(input.startedAt),
    target: targetText,
    deadline: stands ? null : isoOrNull(clock.deadline),
    usedSeconds: clock.usedSeconds,
    remainingSeconds: input.stoppedAt || input.target.kind === "working_days" ? null : clock.remainingSeconds,
    stoppedAt: input.stoppedAt ? iso(input.stoppedAt.at) : null,
    missedAt: isoOrNull(missedAt),
    extendedTo: isoOrNull(input.override ?? null),
    contractId: input.contractId,
    policyVersion: input.policyVersion,
    calendarId: input.calendarId,
    calendarVersion: calendarVersionAt(terms.entry, at),
    alarms: ticking ? alarmsOf(input, terms, clock.deadline, at, fired, quietUntil) : [],
  };
}

/** The deadline of a clock that would go on counting at `at`; null when it never comes. For a paused clock: as if resumed. */
export function deadlineIfTicking(input: ClockInput, at: number, directory: Directory): number | null {
  const { calendar } = termsOfVersion(directory, input.contractId, input.policyVersion);
  return evaluateClock(resumeClock(input, at, directory), calendar, at).deadline;
}

/** Whether a step is meant for before the deadline: then it warns; at or after the deadline it escalates (rule 4). */
export function isBeforeDeadline(step: ChainStep): boolean {
  const point = parseAlarm(step.at);
  if (!point.ok) return false;
  return point.value.kind === "percent" ? point.value.percent < 100 : point.value.ms < 0;
}

/**
 * The open moments of a ticking clock: the steps of its policy's chain that have not fired, and the miss. None lies before
 * `at`: what a change put into the past is due now. In a later cycle, steps whose time was in an earlier one are over; of an
 * imported past, those whose time was before the import. A miss is a judgement and is stated whenever it was.
 */
function alarmsOf(
  input: ClockInput,
  terms: Terms,
  deadline: number | null,
  at: number,
  fired: readonly string[],
  quietUntil: number | null,
): Alarm[] {
  const name = clockName(input);
  const moments: { alarm: Alarm; due: number; after: boolean }[] = [];
  if (deadline === null) return [];
  const steps = terms.policy.chain.filter(
    (step) => step.clock === input.kind && !fired.includes(`${name}:step:${step.level}`),
  );
  const times = steps.length > 0 ? alarmTimes(input, terms.calendar, steps) : [];
  steps.forEach((step, i) => {
    const due = times[i];
    if (due === null || due === undefined) return;
    if (quietUntil !== null && due < quietUntil) return;
    if (input.cycle > 1 && input.kind === "resolution" && due < input.startedAt) return;
    moments.push({
      alarm: alarmAt(`${name}:step:${step.level}`, due, at, "step", step.level),
      due,
      after: !isBeforeDeadline(step),
    });
  });
  const missKey = `${name}:miss`;
  if ((input.missRecordedAt ?? null) === null && !fired.includes(missKey)) {
    moments.push({ alarm: alarmAt(missKey, deadline, at, "miss", 0), due: deadline, after: false });
  }
  if (moments.length < 2) return moments.map((moment) => moment.alarm);
  // Warnings, then the miss, then what follows from it; within each by time, then level.
  const phase = (moment: (typeof moments)[number]) => (moment.after ? 2 : moment.alarm.kind === "miss" ? 1 : 0);
  moments.sort((a, b) => a.due - b.due || phase(a) - phase(b) || a.alarm.level - b.alarm.level);
  return moments.map((moment) => moment.alarm);
}

function alarmAt(key: string, due: number, at: number, kind: Alarm["kind"], level: number): Alarm {
  return { key, at: iso(Math.max(due, at)), kind, level };
}

/** The clock of a ticket that is open and of this kind (and line); at most one is. */
export function openClock(state: TicketState, kind: ClockKind, line: Line | null = null) {
  return (
    state.clocks.find(
      (clock) => clock.snapshot.kind === kind && clock.snapshot.line === line && clock.snapshot.stoppedAt === null,
    ) ?? null
  );
}

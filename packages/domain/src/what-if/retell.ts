import {
  addWorkingTime,
  evaluateClock,
  nextCycle,
  workingTimeBetween,
  type ClockInput,
  type ClockState,
  type WorkingCalendar,
} from "@docket/sla";
import { splitPause, targetOf } from "../ticket/clock-fold.ts";
import { isTicking, pauseClock, stopClock } from "../ticket/clocks.ts";
import type { Line, Priority, TicketType } from "../values.ts";
import { nameOf, stepsOf, type RecordedStretch, type Step, type StoryKind, type TicketStory } from "./story.ts";

/** What would be otherwise. What is undefined stays as it was recorded. */
export interface OtherTerms {
  /** gives a target's text; null: this classification or line is not covered; undefined: as recorded */
  readonly target?:
    | ((kind: StoryKind, line: Line | null, type: TicketType, priority: Priority) => string | null | undefined)
    | undefined;
  readonly pauses?: { readonly customer?: boolean | undefined; readonly approval?: boolean | undefined } | undefined;
  readonly calendar?: { readonly calendarId: string; readonly calendar: WorkingCalendar } | undefined;
}

/** A clock as it stands at the moment of a what-if. Instants are milliseconds. */
export interface Judged {
  readonly kind: StoryKind;
  readonly line: Line | null;
  readonly cycle: number;
  readonly state: ClockState;
  readonly target: string;
  readonly startedAt: number;
  readonly stoppedAt: number | null;
  readonly deadline: number | null;
  readonly missedAt: number | null;
  readonly usedSeconds: number;
  readonly pausedSeconds: number;
  readonly remainingSeconds: number | null;
  readonly calendarId: string;
  readonly extendedTo: number | null;
  /** stretches in which it stood still; open ones end in null */
  readonly pauses: readonly { readonly from: number; readonly to: number | null; readonly reason: string }[];
}

export type CalendarOf = (calendarId: string) => WorkingCalendar;

/** A clock in the telling: open, or ended when `input.stoppedAt` is set. `touched`: when something last changed it. */
interface Told {
  readonly input: ClockInput;
  readonly target: string;
  readonly touched: number;
}

/**
 * Tells a ticket's story once more under other terms: the same deeds of the same people at the same times (who was asked, who
 * accepted, what was agreed), and only what terms decide is worked out anew: targets, pauses, calendars, misses. Gives the
 * clocks by name as they stand at `at`. With no other terms it gives what was recorded.
 *
 * The rules are those of the deciders (domain.md, Decisions): a miss stays a miss whatever is classified or agreed later; what is
 * done at the deadline's very instant is in time; another classification means another target over the whole history; a
 * returned ticket's clock goes on. A deadline agreed with the customer holds where it is later than the one that the terms give.
 */
export function retell(story: TicketStory, terms: OtherTerms, calendarOf: CalendarOf, at: number): Map<string, Judged> {
  const recorded = Map.groupBy(story.stretches, nameOf);
  const clocks = new Map<string, Told>();
  const usual = story.stretches[0]?.calendarId;
  const calendarOfClock = ({ calendarId }: ClockInput): WorkingCalendar =>
    terms.calendar?.calendarId === calendarId ? terms.calendar.calendar : calendarOf(calendarId);

  /** What a recorded clock ran under after the fact at a position. */
  const recordedAt = (name: string, position: number): RecordedStretch | undefined =>
    recorded.get(name)?.findLast((stretch) => stretch.position <= position);

  function targetAt(kind: StoryKind, line: Line | null, cycle: number, step: Step): string | null {
    const other = terms.target?.(kind, line, step.type, step.priority);
    return other === undefined ? (recordedAt(nameOf({ kind, line, cycle }), step.position)?.target ?? null) : other;
  }

  function start(kind: StoryKind, line: Line | null, cycle: number, step: Step): void {
    const target = targetAt(kind, line, cycle, step);
    const name = nameOf({ kind, line, cycle });
    const calendarId = terms.calendar?.calendarId ?? recordedAt(name, step.position)?.calendarId ?? usual;
    if (target === null || calendarId === undefined) return;
    const input: ClockInput = {
      kind,
      cycle,
      ...(line === null ? {} : { line }),
      startedAt: step.at,
      target: targetOf(target),
      override: null,
      pauses: [],
      stoppedAt: null,
      missRecordedAt: null,
      policyVersion: 0,
      contractId: "",
      calendarId,
    };
    clocks.set(name, { input, target, touched: step.at });
  }

  const open = (kind: StoryKind): [string, Told] | undefined =>
    [...clocks].findLast(([, { input }]) => input.kind === kind && !input.stoppedAt);

  /** Time speaks first: a deadline that passed before a step is missed, and stays so. */
  function overtaken({ input, touched }: Told, by: number, inTimeAtTheInstant: boolean): ClockInput {
    if ((input.missRecordedAt ?? null) !== null || !isTicking(input)) return input;
    const { deadline } = evaluateClock(input, calendarOfClock(input), by);
    const passed = deadline !== null && (deadline < by || (!inTimeAtTheInstant && deadline === by));
    return passed ? { ...input, missRecordedAt: Math.max(deadline, touched) } : input;
  }

  function change(
    kind: StoryKind,
    step: Step,
    work: (input: ClockInput, clock: Told) => ClockInput | Partial<Told> | undefined,
    inTimeAtTheInstant = false,
  ): void {
    const found = open(kind);
    if (found === undefined) return;
    const [name, clock] = found;
    const changed = work(overtaken(clock, step.at, inTimeAtTheInstant), clock);
    if (changed === undefined) return;
    const next = "startedAt" in changed ? { input: changed } : changed;
    clocks.set(name, { ...clock, ...next, touched: step.at });
  }

  const shifted = (input: ClockInput, from: number, to: number): number | null => {
    const agreed = input.override ?? null;
    if (agreed === null || agreed <= from) return agreed;
    const calendar = calendarOfClock(input);
    return addWorkingTime(calendar, agreed, workingTimeBetween(calendar, from, to));
  };

  function resumed(input: ClockInput, to: number): ClockInput | undefined {
    const pause = input.pauses.at(-1);
    if (!pause || pause.to !== null) return undefined;
    const pauses = [...input.pauses.slice(0, -1), { ...pause, to }];
    return { ...input, pauses, override: shifted(input, pause.from, to) };
  }

  function stands(reason: "customer" | "approval", cycle: number, step: Step): boolean {
    const other = terms.pauses?.[reason];
    if (other !== undefined) return other;
    const name = nameOf({ kind: "resolution", line: null, cycle });
    if (!recorded.has(name)) return true;
    return recordedAt(name, step.position)?.ticking === false;
  }

  function retarget(kind: "reaction" | "resolution" | "ola", step: Step): void {
    change(kind, step, (input, clock) => {
      const target = targetAt(kind, input.line ?? null, input.cycle, step);
      if (target === null || target === clock.target) return undefined;
      return { input: { ...input, target: targetOf(target) }, target };
    });
  }

  function take(step: Step): void {
    switch (step.do) {
      case "register":
        return start("reaction", null, 1, step);
      case "retarget":
        for (const kind of ["reaction", "resolution", "ola"] as const) retarget(kind, step);
        return;
      case "arrive": {
        change("ola", step, (input) => stopClock(input, "cancelled", step.at));
        const cycles = [...clocks.values()].filter(({ input }) => input.kind === "ola" && input.line === step.line);
        return start("ola", step.line, 1 + cycles.length, step);
      }
      case "accept": {
        change("reaction", step, (input) => stopClock(input, "done", step.at), true);
        change("ola", step, (input) => stopClock(input, "done", step.at), true);
        const known = [...clocks.values()].some(({ input }) => input.kind === "resolution");
        return known ? undefined : start("resolution", null, 1, step);
      }
      case "wait":
        return change("resolution", step, (input) =>
          stands(step.reason, input.cycle, step) ? pauseClock(input, step.reason, step.at) : undefined,
        );
      case "resume":
        return change("resolution", step, (input) => resumed(input, step.at));
      case "extend":
        return change("resolution", step, (input) => {
          const going = resumed(input, step.at) ?? input;
          const { deadline } = evaluateClock(going, calendarOfClock(going), step.at);
          if (deadline === null || step.to <= deadline) return undefined;
          return { ...input, pauses: splitPause(input.pauses, step.at), override: step.to };
        });
      case "resolve":
        return change("resolution", step, (input) => stopClock(input, "done", step.at), true);
      case "return": {
        const last = [...clocks.values()].findLast(({ input }) => input.kind === "resolution");
        if (last === undefined) return;
        const input = nextCycle(last.input, step.at);
        const override = shifted(last.input, last.input.stoppedAt?.at ?? step.at, step.at);
        const name = nameOf({ kind: "resolution", line: null, cycle: input.cycle });
        clocks.set(name, { input: { ...input, override }, target: last.target, touched: step.at });
        return;
      }
      case "close":
        for (const kind of ["reaction", "resolution", "ola"] as const)
          change(kind, step, (input) => stopClock(input, "cancelled", step.at));
    }
  }

  for (const step of stepsOf(story)) take(step);
  return new Map(
    [...clocks].map(([name, clock]) => {
      const input = overtaken(clock, at, false);
      return [name, judged({ ...clock, input }, calendarOfClock(input), at)];
    }),
  );
}

function judged({ input, target }: Told, calendar: WorkingCalendar, at: number): Judged {
  const clock = evaluateClock(input, calendar, Math.max(at, input.startedAt));
  const { pauses, stoppedAt } = input;
  const missedAt = input.missRecordedAt ?? null;
  const ended = stoppedAt ? (stoppedAt.outcome === "done" ? "met" : "cancelled") : undefined;
  // A miss was found on the way or there was none: an agreed instant that passes while the clock stands still is not missed.
  const state = missedAt === null ? (ended ?? (isTicking(input) ? "running" : "paused")) : "missed";
  return {
    kind: input.kind,
    line: input.line ?? null,
    cycle: input.cycle,
    state,
    target,
    startedAt: input.startedAt,
    stoppedAt: stoppedAt?.at ?? null,
    // as facts carry it: while it stands still it moves with every minute
    deadline: stoppedAt || isTicking(input) ? clock.deadline : null,
    missedAt,
    usedSeconds: clock.usedSeconds,
    pausedSeconds: pausedSeconds(pauses, at),
    remainingSeconds: stoppedAt || input.target.kind === "working_days" ? null : clock.remainingSeconds,
    calendarId: input.calendarId,
    extendedTo: input.override ?? null,
    pauses,
  };
}

const pausedSeconds = (pauses: readonly { from: number; to: number | null }[], at: number): number =>
  Math.floor(pauses.reduce((sum, { from, to }) => sum + Math.max(0, (to ?? at) - from), 0) / 1_000);

/** The clocks of a story as they were recorded, by name, as they stand at `at`: a deadline that has passed counts as missed. */
export function asRecorded(story: TicketStory, calendarOf: CalendarOf, at: number): Map<string, Judged> {
  const clocks = new Map<string, Judged>();
  for (const [name, all] of Map.groupBy(story.stretches, nameOf)) {
    const last = all.at(-1) as RecordedStretch;
    const passed = last.ticking && last.missedAt === null && last.deadline !== null && last.deadline <= at;
    const counted =
      last.ticking && at > last.from
        ? Math.floor(workingTimeBetween(calendarOf(last.calendarId), last.from, at) / 1_000)
        : 0;
    const pauses = all.flatMap((stretch, index) =>
      stretch.ticking || stretch.stoppedAt !== null
        ? []
        : [{ from: stretch.from, to: all[index + 1]?.from ?? null, reason: stretch.pausedBecause ?? "" }],
    );
    clocks.set(name, {
      kind: last.kind,
      line: last.line,
      cycle: last.cycle,
      state: passed ? "missed" : last.state,
      target: last.target,
      startedAt: last.startedAt,
      stoppedAt: last.stoppedAt,
      deadline: last.deadline,
      missedAt: passed ? last.deadline : last.missedAt,
      usedSeconds: last.usedSeconds + counted,
      pausedSeconds: pausedSeconds(pauses, at),
      remainingSeconds:
        passed || (last.missedAt !== null && last.remainingSeconds !== null)
          ? 0
          : last.remainingSeconds === null
            ? null
            : Math.max(0, last.remainingSeconds - counted),
      calendarId: last.calendarId,
      extendedTo: last.extendedTo,
      pauses,
    });
  }
  return clocks;
}

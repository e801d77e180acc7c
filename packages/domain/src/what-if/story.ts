import type { ClockState } from "@docket/sla";
import type { TicketStatus } from "../ticket/state.ts";
import type { Line, Priority, TicketType } from "../values.ts";

/*
 * What a what-if needs of a ticket: how it stood after each of its facts, and its clocks as they were recorded. Instants are
 * milliseconds and times in the world (occurredAt).
 */

/** The ticket after one of its facts. */
export interface TicketVersion {
  readonly at: number;
  /** log position of the fact */
  readonly position: number;
  readonly status: TicketStatus;
  readonly type: TicketType;
  readonly priority: Priority;
  readonly line: Line | null;
}

export type StoryKind = "reaction" | "resolution" | "ola";

/** A stretch of time in which a recorded clock was in one state. */
export interface RecordedStretch {
  readonly kind: StoryKind;
  readonly line: Line | null;
  readonly cycle: number;
  readonly from: number;
  readonly position: number;
  readonly state: ClockState;
  readonly ticking: boolean;
  readonly pausedBecause: string | null;
  readonly startedAt: number;
  readonly target: string;
  readonly deadline: number | null;
  /** working seconds used when the stretch began */
  readonly usedSeconds: number;
  readonly remainingSeconds: number | null;
  readonly stoppedAt: number | null;
  readonly missedAt: number | null;
  readonly extendedTo: number | null;
  readonly calendarId: string;
}

/** A ticket's versions and stretches, each in the order of its facts. */
export interface TicketStory {
  readonly versions: readonly TicketVersion[];
  readonly stretches: readonly RecordedStretch[];
}

/** A clock's name within its ticket. */
export const nameOf = (clock: {
  readonly kind: StoryKind;
  readonly line: Line | null;
  readonly cycle: number;
}): string => `${clock.kind}/${clock.line ?? 0}/${clock.cycle}`;

/** What happened to a ticket's clocks, apart from what time did to them. */
export type Step = { readonly at: number; readonly position: number } & (
  | { readonly do: "register" | "accept" | "resume" | "resolve" | "return" | "close" }
  /** another classification, or another version of the policy */
  | { readonly do: "retarget" }
  | { readonly do: "arrive"; readonly line: Line }
  | { readonly do: "wait"; readonly reason: "customer" | "approval" }
  | { readonly do: "extend"; readonly to: number }
) & { readonly type: TicketType; readonly priority: Priority };

/** The steps of a story in their order. */
export function stepsOf({ versions, stretches }: TicketStory): Step[] {
  const steps: Step[] = [];
  versions.forEach((version, index) => {
    const before = versions[index - 1];
    const { at, position, type, priority, line } = version;
    const add = (step: StepKind): void => void steps.push({ ...step, at, position, type, priority });
    if (before === undefined) return add({ do: "register" });
    if (before.type !== type || before.priority !== priority) add({ do: "retarget" });
    if (line !== null && before.line !== line) add({ do: "arrive", line });
    const step = stepBetween(before.status, version.status);
    if (step !== undefined) add(step);
  });
  for (const step of stepsOfStretches(stretches)) {
    const version = versions.findLast(({ position }) => position <= step.position) ?? versions[0];
    if (version !== undefined) steps.push({ ...step, type: version.type, priority: version.priority });
  }
  // stable: what one fact did to the ticket comes before what it did to a clock
  return steps.sort((a, b) => a.position - b.position);
}

type StepKind = Step extends infer S
  ? S extends Step
    ? Omit<S, "at" | "position" | "type" | "priority">
    : never
  : never;

function stepBetween(from: TicketStatus, to: TicketStatus): StepKind | undefined {
  if (from === to) return undefined;
  switch (to) {
    case "waiting_customer":
      return { do: "wait", reason: "customer" };
    case "waiting_approval":
      return { do: "wait", reason: "approval" };
    case "result_confirmation":
      return { do: "resolve" };
    case "closed":
      return { do: "close" };
    case "in_work":
      if (from === "assigned") return { do: "accept" };
      return { do: from === "result_confirmation" ? "return" : "resume" };
    default:
      return undefined;
  }
}

type StretchStep = { readonly at: number; readonly position: number } & (
  { readonly do: "retarget" } | { readonly do: "extend"; readonly to: number }
);

/** Deadlines agreed with the customer, and targets that a new version of the policy changed. */
function stepsOfStretches(stretches: readonly RecordedStretch[]): StretchStep[] {
  const last = new Map<string, RecordedStretch>();
  const steps: StretchStep[] = [];
  for (const stretch of stretches) {
    const name = nameOf(stretch);
    const before = last.get(name);
    last.set(name, stretch);
    if (before === undefined) continue;
    const { from: at, position, extendedTo: to } = stretch;
    if (before.target !== stretch.target) steps.push({ do: "retarget", at, position });
    // a deadline that moved when a pause ended was not agreed anew
    const resumed = !before.ticking && stretch.ticking;
    if (to !== null && to !== before.extendedTo && !resumed) steps.push({ do: "extend", at, position, to });
  }
  return steps;
}

import { clockName, type ClockSnapshot } from "@docket/domain";

/** What a fact did to a clock. `moved`: its deadline or target is another one; `went_on`: a later run of work continues it. */
export const clockEffects = [
  "started",
  "went_on",
  "paused",
  "resumed",
  "met",
  "missed",
  "stopped",
  "cancelled",
  "moved",
] as const;
export type ClockEffectKind = (typeof clockEffects)[number];

export interface ClockEffect {
  /** `resolution:2`, `ola.3:1` */
  readonly clock: string;
  readonly kind: ClockSnapshot["kind"];
  readonly line: ClockSnapshot["line"];
  readonly cycle: number;
  readonly effect: ClockEffectKind;
  readonly stateBefore: ClockSnapshot["state"] | null;
  readonly stateAfter: ClockSnapshot["state"];
  readonly deadlineBefore: string | null;
  readonly deadlineAfter: string | null;
  readonly pausedBecause: ClockSnapshot["pausedBecause"];
  /** working seconds used up to then, of all cycles */
  readonly usedSeconds: number;
  readonly target: string;
  readonly policyVersion: number;
  readonly calendarVersion: number;
}

/** Follows a ticket's clocks from fact to fact; gives for each the clocks that it changed. */
export function clockWatch(): (fact: { readonly data: unknown }) => ClockEffect[] {
  const known = new Map<string, ClockSnapshot>();
  return ({ data }) => {
    const { clocks = [] } = data as { clocks?: readonly ClockSnapshot[] };
    return clocks.flatMap((after) => {
      const clock = clockName(after);
      const before = known.get(clock);
      known.set(clock, after);
      const effect = effectOf(before, after);
      if (effect === null) return [];
      return [
        {
          clock,
          kind: after.kind,
          line: after.line,
          cycle: after.cycle,
          effect,
          stateBefore: before?.state ?? null,
          stateAfter: after.state,
          deadlineBefore: before?.deadline ?? null,
          deadlineAfter: after.deadline,
          pausedBecause: after.pausedBecause,
          usedSeconds: after.usedSeconds,
          target: after.target,
          policyVersion: after.policyVersion,
          calendarVersion: after.calendarVersion,
        },
      ];
    });
  };
}

function effectOf(before: ClockSnapshot | undefined, after: ClockSnapshot): ClockEffectKind | null {
  if (before === undefined) return after.cycle > 1 && after.kind === "resolution" ? "went_on" : "started";
  if (before.state !== after.state) {
    if (after.state === "met" || after.state === "missed" || after.state === "cancelled") return after.state;
    if (after.state === "paused") return "paused";
    if (before.state === "paused") return "resumed";
  }
  // a missed clock runs on until the work is done, and may wait for the customer meanwhile
  if (before.ticking !== after.ticking) {
    if (after.stoppedAt !== null) return "stopped";
    return after.ticking ? "resumed" : "paused";
  }
  if (before.stoppedAt === null && after.stoppedAt !== null) return "stopped";
  return before.deadline !== after.deadline || before.target !== after.target ? "moved" : null;
}

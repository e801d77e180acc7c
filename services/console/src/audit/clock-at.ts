import type { RibbonClock } from "../ui/clock.ts";

/**
 * A clock as it stood when something happened, of what was known once that was recorded: a fact that came in late (a phone call, an
 * imported row) is recorded after it happened, and a clock that was read then has run on. Its stretches, which end where it was read,
 * tell how far it was; what was left is what it has counted since and what was still left then.
 */
export function clockAt(clock: RibbonClock, at: number): RibbonClock {
  if (clock.stoppedAt !== null && Date.parse(clock.stoppedAt) <= at) return clock;
  const counted = (from: number, to: number): number =>
    clock.parts
      .filter(({ kind }) => kind === "counted")
      .reduce(
        (sum, part) => sum + Math.max(0, Math.min(Date.parse(part.to), to) - Math.max(Date.parse(part.from), from)),
        0,
      );
  const within = clock.parts.find((part) => Date.parse(part.from) <= at && at < Date.parse(part.to));
  return {
    ...clock,
    usedSeconds: Math.round(counted(0, at) / 1000),
    remainingSeconds:
      clock.deadline === null || clock.remainingSeconds === null
        ? clock.remainingSeconds
        : Math.round(counted(at, Date.parse(clock.deadline)) / 1000) + Math.max(0, clock.remainingSeconds),
    ticking: within?.kind === "counted",
  };
}

import { nextCycle, parseTarget, type ClockInput, type Target } from "@docket/sla";
import type { ClockSnapshot } from "./event-parts.ts";
import type { TicketClock } from "./state.ts";

/**
 * Clocks as their facts tell them. Every fact carries the clocks that it changed as they stood after it; from one snapshot
 * to the next follow the periods that counted and those that did not, which are a clock's truth.
 */

const targets = new Map<string, Target>();

/** A target's text, read; texts in facts and policies were checked when they were written. */
export function targetOf(text: string): Target {
  let target = targets.get(text);
  if (!target) {
    const parsed = parseTarget(text);
    if (!parsed.ok) throw new Error(`target ${text}: ${parsed.errors[0].code}`);
    target = parsed.value;
    if (targets.size > 1_000) targets.clear();
    targets.set(text, target);
  }
  return target;
}

export function sameClock(clock: TicketClock, snapshot: Pick<ClockSnapshot, "kind" | "line" | "cycle">): boolean {
  return (
    clock.snapshot.kind === snapshot.kind &&
    clock.snapshot.line === snapshot.line &&
    clock.snapshot.cycle === snapshot.cycle
  );
}

/** Folds the snapshots of one fact, which happened at `at` (milliseconds), into a ticket's clocks. */
export function foldClocks(
  clocks: readonly TicketClock[],
  snapshots: readonly ClockSnapshot[],
  at: number,
): readonly TicketClock[] {
  if (snapshots.length === 0) return clocks;
  const next = clocks.slice();
  for (const snapshot of snapshots) {
    const index = next.findIndex((clock) => sameClock(clock, snapshot));
    const known = next[index];
    const input = known ? changedInput(known.input, snapshot, at) : newInput(next, snapshot);
    if (known) next[index] = { input, snapshot };
    else next.push({ input, snapshot });
  }
  return next;
}

function newInput(clocks: readonly TicketClock[], snapshot: ClockSnapshot): ClockInput {
  const startedAt = Date.parse(snapshot.startedAt);
  const earlier =
    snapshot.kind === "resolution" && snapshot.cycle > 1
      ? clocks.find((clock) => clock.snapshot.kind === "resolution" && clock.snapshot.cycle === snapshot.cycle - 1)
      : undefined;
  if (earlier) return { ...nextCycle(earlier.input, startedAt), ...termsOf(snapshot) };
  return {
    kind: snapshot.kind,
    cycle: snapshot.cycle,
    ...(snapshot.line === null ? {} : { line: snapshot.line }),
    startedAt,
    pauses: [],
    stoppedAt: null,
    ...termsOf(snapshot),
  };
}

function changedInput(input: ClockInput, snapshot: ClockSnapshot, at: number): ClockInput {
  const pause = input.pauses.at(-1);
  const isPaused = pause !== undefined && pause.to === null;
  let { pauses } = input;
  const stands = !snapshot.ticking && snapshot.stoppedAt === null;
  if (stands && !isPaused) pauses = [...pauses, { from: at, to: null, reason: snapshot.pausedBecause ?? "customer" }];
  if (isPaused && (snapshot.ticking || snapshot.stoppedAt !== null))
    pauses = [...pauses.slice(0, -1), { ...pause, to: at }];
  const override = snapshot.extendedTo === null ? null : Date.parse(snapshot.extendedTo);
  if (isPaused && stands && override !== (input.override ?? null)) pauses = splitPause(pauses, at);
  const stoppedAt =
    snapshot.stoppedAt === null
      ? null
      : {
          at: Date.parse(snapshot.stoppedAt),
          outcome: snapshot.state === "cancelled" ? ("cancelled" as const) : ("done" as const),
        };
  return { ...input, pauses, stoppedAt, ...termsOf(snapshot) };
}

/**
 * Cuts an open pause in two. A deadline agreed during a pause moves on by what the customer keeps us waiting afterwards, not
 * by what he did before.
 */
export function splitPause(pauses: ClockInput["pauses"], at: number): ClockInput["pauses"] {
  const open = pauses.at(-1);
  return open && open.to === null ? [...pauses.slice(0, -1), { ...open, to: at }, { ...open, from: at }] : pauses;
}

function termsOf(snapshot: ClockSnapshot) {
  return {
    target: targetOf(snapshot.target),
    override: snapshot.extendedTo === null ? null : Date.parse(snapshot.extendedTo),
    missRecordedAt: snapshot.missedAt === null ? null : Date.parse(snapshot.missedAt),
    policyVersion: snapshot.policyVersion,
    contractId: snapshot.contractId,
    calendarId: snapshot.calendarId,
  };
}

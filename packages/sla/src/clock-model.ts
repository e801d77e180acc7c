import type { Target } from "./target.ts";

/** reaction and resolution face the customer; ola is a line's own internal acceptance clock. */
export type ClockKind = "reaction" | "resolution" | "ola";

/** Why a clock stood still. `confirmation`: the solution lay with the customer between two cycles. */
export type PauseReason = "customer" | "approval" | "confirmation";

export interface ClockPause {
  /** Instants, milliseconds; half-open. */
  readonly from: number;
  /** null: still open. */
  readonly to: number | null;
  readonly reason: PauseReason;
}

/** An earlier cycle of the same clock. */
export interface ClockRun {
  readonly startedAt: number;
  readonly pauses: readonly ClockPause[];
  readonly stoppedAt: number;
}

/**
 * Everything that is known about one clock (ticket, kind, cycle), as plain data. Its truth is these periods; every
 * figure is worked out of them anew. Instants are milliseconds since 1970-01-01T00:00Z.
 */
export interface ClockInput {
  readonly kind: ClockKind;
  /** 1 for the first; a ticket returned to work goes on in the next one. */
  readonly cycle: number;
  /** The line whose acceptance an ola clock measures. */
  readonly line?: 1 | 2 | 3 | undefined;
  readonly startedAt: number;
  readonly target: Target;
  /**
   * Deadline agreed with the customer: this instant replaces the computed one. While a pause that began before it is
   * open, the deadline is unknown as ever; whoever ends the pause decides whether the agreed instant moves on with it.
   */
  readonly override?: number | null | undefined;
  readonly pauses: readonly ClockPause[];
  readonly stoppedAt?: { readonly at: number; readonly outcome: "done" | "cancelled" } | null | undefined;
  /** Earlier cycles: what they used counts against the target, and the time between cycles does not. */
  readonly earlier?: readonly ClockRun[] | undefined;
  /** Working seconds used before, where the earlier cycles themselves are not given. */
  readonly carriedSeconds?: number | undefined;
  /** When a miss was recorded; it stays a miss, whatever is changed or agreed later. */
  readonly missRecordedAt?: number | null | undefined;
  readonly policyVersion: number;
  readonly contractId: string;
  readonly calendarId: string;
}

export type ClockState = "running" | "paused" | "met" | "missed" | "cancelled";

/** A clock as it stands at one moment. */
export interface ClockSnapshot {
  readonly kind: ClockKind;
  readonly cycle: number;
  readonly line: 1 | 2 | 3 | null;
  readonly state: ClockState;
  readonly startedAt: number;
  readonly target: Target;
  /** null: never, or unknown while the clock is paused (see `remainingSeconds`). */
  readonly deadline: number | null;
  /** Whether the deadline was agreed with the customer instead of computed. */
  readonly extended: boolean;
  /** Working time used, earlier cycles included; whole seconds. */
  readonly usedSeconds: number;
  /** Working time left to the deadline (0 when missed); null where no one can say: day targets while paused, never. */
  readonly remainingSeconds: number | null;
  /** Working days still to come for a target in days; null for durations. */
  readonly remainingDays: number | null;
  /** Why it stands still; only in state "paused". */
  readonly pausedReason: PauseReason | null;
  readonly policyVersion: number;
  /** Versions of the calendar that were in force from the start to this moment or the stop. */
  readonly calendarVersions: readonly number[];
  readonly stoppedAt: { readonly at: number; readonly outcome: "done" | "cancelled" } | null;
  /** The instant it was missed: its deadline, or when the miss was recorded. */
  readonly missedAt: number | null;
}

import type { Calendar } from "./calendar.ts";
import type { DayKind } from "./day-rules.ts";
import type { Zone } from "./zone.ts";

/** One stretch of working time. */
export interface WorkingInterval {
  /** Instants, milliseconds; half-open. */
  readonly from: number;
  readonly to: number;
  /** Epoch day of the local date it started on: the day this shift belongs to. */
  readonly day: number;
  /** The version of the calendar that gave it. */
  readonly version: number;
  readonly compiled: CompiledCalendar;
}

/** The span over which one version of a calendar is in force. */
export interface CalendarPiece {
  readonly version: number;
  /** Instants; -Infinity and Infinity where nothing precedes or follows. */
  readonly from: number;
  readonly to: number;
  readonly compiled: CompiledCalendar;
}

/**
 * What all arithmetic of this package runs on: one compiled calendar, or several versions one after another.
 * `worked(t)` is the working time between an arbitrary fixed origin and t: the one function all sums come from.
 */
export interface WorkingCalendar {
  /** Working milliseconds from the origin to an instant (negative before it). Never falls as t rises. */
  worked(t: number): number;
  /** The earliest instant, not before `from`, at which `worked` reaches a value; null when it never does. */
  reach(value: number, from: number): number | null;
  /** The working stretches that meet [from, to), clipped to it, in order. Both bounds are finite. */
  intervals(from: number, to: number): Generator<WorkingInterval>;
  /** The version in force at an instant. */
  pieceAt(t: number): CalendarPiece;
}

/** A calendar made ready for arithmetic. Immutable for its callers; inside, blocks are worked out when first needed. */
export interface CompiledCalendar extends WorkingCalendar {
  readonly calendar: Calendar;
  readonly zone: Zone;
  /** What sort of date it is by this calendar. */
  dayKind(epochDay: number): DayKind;
  /** The stretches cut from a shortened day's end, as instants; empty for other days. */
  cutOf(epochDay: number): readonly (readonly [number, number])[];
}

import { deadlineOf, historyAsOf } from "./clock.ts";
import type { ClockInput } from "./clock-model.ts";
import type { WorkingCalendar } from "./working-calendar.ts";
import { refusal, success } from "./result.ts";
import type { Result } from "./result.ts";
import { parseTarget } from "./target.ts";
import { addWorkingTime, workingTimeBetween } from "./working-time.ts";

/** One step of a policy's chain: `at` is "80%" of the time, "-30m" before the deadline, "100%", or "+2h" after it. */
export interface AlarmStep {
  readonly at: string;
}

/** A step's `at`, read. Times are working time. */
export type AlarmPoint =
  { readonly kind: "percent"; readonly percent: number } | { readonly kind: "offset"; readonly ms: number };

/**
 * Reads a step's `at`: a percentage (1 to 1000, at most two decimals) or a signed duration of working time. Refuses
 * anything else with `alarm_invalid`.
 */
export function parseAlarm(at: string): Result<AlarmPoint> {
  const percent = /^(\d{1,4}(?:\.\d{1,2})?)%$/.exec(at);
  if (percent) {
    const value = Number(percent[1]);
    return value > 0 && value <= 1_000
      ? success({ kind: "percent", percent: value })
      : refusal("alarm_invalid", "", { at });
  }
  const sign = at[0];
  if (sign !== "-" && sign !== "+") return refusal("alarm_invalid", "", { at: at.slice(0, 40) });
  const offset = parseTarget(at.slice(1));
  if (!offset.ok || offset.value.kind !== "duration") return refusal("alarm_invalid", "", { at: at.slice(0, 40) });
  return success({ kind: "offset", ms: (sign === "-" ? -1 : 1) * offset.value.seconds * 1_000 });
}

/**
 * When the steps of a policy fall due for a clock, in the steps' order. "100%" is the deadline itself; a percentage
 * or "-30m" is the instant at which so much of the working time up to the deadline is used; more than 100 %, or "+2h",
 * counts working time on from the deadline. A step that would lie before the start is due at the start. Null: never,
 * not known while a pause is open, or not readable (`parseAlarm`), or after the clock's stop.
 */
export function alarmTimes(
  input: ClockInput,
  calendar: WorkingCalendar,
  steps: readonly AlarmStep[],
): (number | null)[] {
  const history = historyAsOf(input, Infinity);
  const { start, pauses, stop } = history;
  const deadline = deadlineOf(input, history, calendar);
  const replaced = (input.override ?? null) !== null || input.target.kind === "working_days";
  const open = pauses.some((pause) => pause.to === null);

  /** Working time from the first start to the deadline; null where no one can say. */
  const carried = (input.carriedSeconds ?? 0) * 1_000;
  let whole: number | null = null;
  if (!replaced && input.target.kind === "duration") whole = input.target.seconds * 1_000;
  else if (deadline !== null && !open) whole = workingTimeBetween(calendar, start, deadline, pauses) + carried;

  const whenUsed = (used: number): number | null =>
    used <= carried ? input.startedAt : addWorkingTime(calendar, start, used - carried, pauses);
  const afterDeadline = (ms: number): number | null =>
    deadline === null ? null : addWorkingTime(calendar, deadline, ms, pauses);

  return steps.map((step) => {
    const point = parseAlarm(step.at);
    if (!point.ok) return null;
    let due: number | null;
    if (point.value.kind === "offset") {
      const { ms } = point.value;
      due = ms >= 0 ? afterDeadline(ms) : whole === null ? null : whenUsed(whole + ms);
    } else {
      const { percent } = point.value;
      if (percent === 100) due = deadline;
      else if (whole === null) due = null;
      else if (percent < 100) due = whenUsed(Math.round((whole * percent) / 100));
      else due = afterDeadline(Math.round((whole * (percent - 100)) / 100));
    }
    return due !== null && stop && due > stop.at ? null : due;
  });
}

import { HOUR_MS, MINUTE_MS } from "./civil.ts";
import { refusal, success } from "./result.ts";
import type { Result } from "./result.ts";

/**
 * How long a clock may run: a duration of working time, or a number of working days (which end at 24:00 local time of
 * the n-th working day after the day the clock started). Plain data, fit for events.
 */
export type Target =
  { readonly kind: "duration"; readonly seconds: number } | { readonly kind: "working_days"; readonly days: number };

/** Ten years of seconds, and of days. */
export const targetLimits = { seconds: 315_360_000, days: 3_660 } as const;

const DURATION_FORM = /^(?:(\d{1,7})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?$/;
const DAYS_FORM = /^(\d{1,7})d$/;

/**
 * Reads "4h", "30m", "1h30m", "45s" (working time) or "3d" (working days). Above zero; refuses anything else with
 * `target_invalid`, and more than ten years with `target_too_large`. Days do not mix with hours: they end differently.
 *
 * @example parseTarget("1h30m") // { ok: true, value: { kind: "duration", seconds: 5400 } }
 */
export function parseTarget(text: string): Result<Target> {
  const days = DAYS_FORM.exec(text);
  if (days) {
    const count = Number(days[1]);
    if (count < 1) return refusal("target_invalid", "", { target: text });
    if (count > targetLimits.days) return refusal("target_too_large", "", { target: text });
    return success({ kind: "working_days", days: count });
  }
  const parts = text === "" ? null : DURATION_FORM.exec(text);
  if (!parts) return refusal("target_invalid", "", { target: text.slice(0, 40) });
  const seconds = Number(parts[1] ?? 0) * 3_600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0);
  if (seconds < 1) return refusal("target_invalid", "", { target: text });
  if (seconds > targetLimits.seconds) return refusal("target_too_large", "", { target: text });
  return success({ kind: "duration", seconds });
}

/** The shortest text of a target that `parseTarget` reads back. */
export function formatTarget(target: Target): string {
  if (target.kind === "working_days") return `${target.days}d`;
  const ms = target.seconds * 1_000;
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  const seconds = Math.floor((ms % MINUTE_MS) / 1_000);
  return `${hours ? `${hours}h` : ""}${minutes ? `${minutes}m` : ""}${seconds ? `${seconds}s` : ""}` || "0m";
}

/** One refusal of this package: a stable code, where in the input it lies, and the values its texts need. */
export interface SlaError {
  /** Stable snake_case code; texts in both languages are in `texts.ts`. */
  readonly code: SlaErrorCode;
  /** Path inside the refused input, e.g. `weeklyHours.mon.0.1`; empty for the whole. */
  readonly path: string;
  /** Values for the texts: the offending zone, date, limit... */
  readonly params: Readonly<Record<string, string | number>>;
}

/** Every code this package refuses with. */
export const slaErrorCodes = [
  "calendar_shape_invalid",
  "calendar_field_unknown",
  "calendar_zone_unknown",
  "calendar_hours_missing",
  "calendar_hours_both",
  "calendar_time_invalid",
  "calendar_hours_overlap",
  "calendar_date_invalid",
  "calendar_date_duplicate",
  "calendar_minutes_invalid",
  "calendar_reason_invalid",
  "calendar_too_large",
  "calendar_versions_empty",
  "calendar_versions_order",
  "target_invalid",
  "target_too_large",
  "alarm_invalid",
  "instant_invalid",
  "amount_invalid",
  "operation_unknown",
  "line_not_json",
  "line_too_long",
  "line_shape_invalid",
] as const;

export type SlaErrorCode = (typeof slaErrorCodes)[number];

/** Success or a list of coded refusals; nothing in this package throws on bad input. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly errors: readonly [SlaError, ...SlaError[]] };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refusal(
  code: SlaErrorCode,
  path = "",
  params: Readonly<Record<string, string | number>> = {},
): { readonly ok: false; readonly errors: readonly [SlaError] } {
  return { ok: false, errors: [{ code, path, params }] };
}

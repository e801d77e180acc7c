import { DAY_MS, HOUR_MS, MINUTE_MS, epochDayOf } from "./civil.ts";
import { refusal, success } from "./result.ts";
import type { Result } from "./result.ts";

const INSTANT_FORM =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))$/;

/**
 * Milliseconds of an ISO 8601 instant; the offset is not optional, parts of a millisecond are dropped. Refuses with
 * `instant_invalid`.
 */
export function parseInstant(text: string, path = ""): Result<number> {
  const invalid = () => refusal("instant_invalid", path, { text: text.slice(0, 40) });
  const parts = INSTANT_FORM.exec(text);
  if (!parts) return invalid();
  const [, date = "", hh = "", mm = "", ss = "0", fraction = "", , sign, offsetHours = "0", offsetMinutes = "0"] =
    parts;
  const day = epochDayOf(date);
  const [hour, minute, second] = [Number(hh), Number(mm), Number(ss)];
  if (day === null || minute > 59 || second > 59 || Number(offsetHours) > 23 || Number(offsetMinutes) > 59) {
    return invalid();
  }
  if (hour > 23 && !(hour === 24 && minute === 0 && second === 0 && Number(fraction || 0) === 0)) return invalid();
  const offset = (Number(offsetHours) * HOUR_MS + Number(offsetMinutes) * MINUTE_MS) * (sign === "-" ? -1 : 1);
  const ms = Number(fraction.padEnd(3, "0").slice(0, 3));
  return success(day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * 1_000 + ms - offset);
}

/** "2026-03-16T06:00:00Z"; milliseconds are written only where there are any. */
export function formatInstant(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

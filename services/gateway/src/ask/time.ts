import { isKnownZone, zoneOf } from "@docket/sla";
import { misused } from "./command-line.ts";

const withZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const local = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/**
 * Reads a time of the command line: ISO 8601 with a zone, or local date and time ("2024-04-26 12:00", "2024-04-26" is its midnight)
 * in the IANA zone given beside it. Gives UTC with milliseconds. Throws `option_invalid`.
 */
export function timeOf(text: string, zone: string | undefined, what: string): string {
  const given = text.trim();
  if (withZone.test(given) && !Number.isNaN(Date.parse(given))) return new Date(given).toISOString();
  const parts = local.exec(given);
  if (parts === null)
    throw misused(
      `${what} wants a time such as 2024-04-26T12:00:00+03:00, or "2024-04-26 12:00" with --zone, not ${text}`,
    );
  if (zone === undefined) throw misused(`${what} ${text} has no zone: write +03:00 or Z behind it, or give --zone`);
  const [year, month, day, hour, minute, second] = parts.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(wall);
  if (back.getUTCDate() !== day || back.getUTCMonth() !== month - 1 || hour > 23 || minute > 59 || second > 59)
    throw misused(`${what}: there is no such time as ${text}`);
  return new Date(zoneOf(zoneNamed(zone)).toUtc(wall)).toISOString();
}

export function zoneNamed(zone: string): string {
  if (!isKnownZone(zone)) throw misused(`--zone wants an IANA zone such as Europe/Moscow, not ${zone}`);
  return zone;
}

/** An instant for a reader: local date and time with the offset, `2024-04-26 12:00 +03:00`. */
export function shownAt(instant: string, zone: string): string {
  const at = Date.parse(instant);
  const { offsetAt } = zoneOf(zone);
  const offset = Math.round(offsetAt(at) / 60_000);
  const text = new Date(at + offset * 60_000).toISOString().slice(0, 16).replace("T", " ");
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${text} ${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
}

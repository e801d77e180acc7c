import { zoneOf } from "@docket/sla";
// oxlint-disable-next-line import/default -- a CommonJS package: Node gives all of it as the default export
import rruleLibrary from "rrule";

const { RRule } = rruleLibrary;

/** How far ahead an occurrence is looked for; a rule without one until then is over. */
const HORIZON_YEARS = 12;

const signed = (max: string) => new RegExp(`^[+-]?(?:${max})(?:,[+-]?(?:${max}))*$`);
const day = "(?:[+-]?(?:[1-9]|[1-4]\\d|5[0-3]))?(?:MO|TU|WE|TH|FR|SA|SU)";

/** The parts of an RRULE (RFC 5545 §3.3.10) that a plan may have. Rarer than hourly: a plan is for people. */
const parts: Readonly<Record<string, RegExp>> = {
  FREQ: /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,3}$/,
  UNTIL: /^\d{8}(?:T\d{6}Z?)?$/,
  BYDAY: new RegExp(`^${day}(?:,${day})*$`),
  BYMONTHDAY: signed("[1-9]|[12]\\d|3[01]"),
  BYMONTH: /^(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*$/,
  BYSETPOS: signed("[1-9]\\d{0,2}"),
  BYWEEKNO: signed("[1-9]|[1-4]\\d|5[0-3]"),
  BYYEARDAY: signed("[1-9]\\d{0,2}"),
  WKST: /^(?:MO|TU|WE|TH|FR|SA|SU)$/,
};

/** Why a rule cannot be used: the part at fault; null for a good one. */
export function rruleFault(rrule: string): string | null {
  const seen = new Set<string>();
  for (const part of rrule.replace(/^RRULE:/, "").split(";")) {
    const [name = "", value = "", ...rest] = part.split("=");
    const form = parts[name];
    if (!form || rest.length > 0 || seen.has(name) || !form.test(value)) return part.slice(0, 80);
    seen.add(name);
  }
  if (!seen.has("FREQ")) return "FREQ";
  if (seen.has("COUNT") && seen.has("UNTIL")) return "COUNT";
  return null;
}

/**
 * The first occurrence of a plan after an instant (milliseconds). Takes the rule (`rruleFault` null), the local start
 * ("2024-04-01T10:00") and its zone; gives an instant, or null where none is left. Occurrences are local times: "10:00 every
 * Monday" stays 10:00 when clocks change; a time that a change skips takes the offset before it.
 */
export function nextOccurrence(rrule: string, start: string, zone: string, after: number): number | null {
  const { toUtc, offsetAt } = zoneOf(zone);
  const first = Date.parse(`${start}:00.000Z`);
  const options = RRule.parseString(rrule.replace(/^RRULE:/, ""));
  const horizon = Math.max(first, after) + HORIZON_YEARS * 366 * 86_400_000;
  const until = options.until ? Math.min(options.until.getTime(), horizon) : horizon;
  const rule = new RRule({ ...options, dtstart: new Date(first), until: new Date(until) });
  // The library counts in local time dressed as UTC. A day earlier is early enough for any change of offset.
  let local = rule.after(new Date(after + offsetAt(after) - 86_400_000), true);
  while (local) {
    const at = toUtc(local.getTime());
    if (at > after) return at;
    local = rule.after(local, false);
  }
  return null;
}

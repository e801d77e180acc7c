import { z } from "zod";
import { id, instant, limits, line, personal, target, text } from "../values.ts";

/**
 * A moment at which the policy wants something done if nothing changes before. The decider computes them, so that
 * neither a projection nor a replay needs a calendar. `key` is unique among a ticket's open alarms.
 */
export const alarm = z.strictObject({
  key: z.string().max(120),
  at: instant,
  kind: z.enum(["step", "miss", "reminder", "auto_close"]),
  level: z.int().min(0),
});
export type Alarm = z.infer<typeof alarm>;

export const clockKind = z.enum(["reaction", "resolution", "ola"]);

/**
 * A clock as it stands after the event that carries it. Events carry the clocks that they changed; the last snapshot of
 * (kind, line, cycle) holds until the next. Intervals are the time between two snapshots.
 */
export const clockSnapshot = z.strictObject({
  kind: clockKind,
  cycle: z.int().min(1),
  line: line.nullable(),
  state: z.enum(["running", "paused", "met", "missed", "cancelled"]),
  /** does time count at this moment (a missed clock runs on until the work is done) */
  ticking: z.boolean(),
  pausedBecause: z.enum(["customer", "approval"]).nullable(),
  startedAt: instant,
  target,
  /** null while paused (it moves with every minute) and when it can never come */
  deadline: instant.nullable(),
  /** working seconds used at the time of the event, of all cycles so far */
  usedSeconds: z.int().min(0),
  /** working seconds left until the target; null for targets in days and for ended clocks */
  remainingSeconds: z.int().nullable(),
  stoppedAt: instant.nullable(),
  missedAt: instant.nullable(),
  extendedTo: instant.nullable(),
  contractId: id,
  policyVersion: z.int(),
  calendarId: id,
  calendarVersion: z.int(),
  alarms: z.array(alarm),
});
export type ClockSnapshot = z.infer<typeof clockSnapshot>;
export const requester = z.strictObject({
  personId: id.nullable(),
  name: personal(text(limits.name)),
  email: personal(text(limits.email)).nullable(),
  phone: personal(text(limits.phone)).nullable(),
});

export const proposalKind = z.enum(["configuration", "version_update", "correction"]);

/**
 * What another system held of a ticket, beside our own record: its name for the state, its own judgement on the terms, and
 * the columns that the mapping keeps. `rows` and `digest` say how much of the source's history is told by now.
 */
export const sourceRecord = {
  source: id,
  key: text(limits.name),
  state: text(limits.name).nullable(),
  judgement: z.enum(["met", "missed"]).nullable(),
  /** codes, in clear: a category, a count */
  fields: z.array(z.strictObject({ name: text(limits.name), value: text(limits.name) })).max(100),
  /** what may speak of people: a JSON object of columns and their texts */
  texts: personal(text(limits.text)).nullable(),
  rows: z.int().min(1),
  digest: z.string().max(64),
};

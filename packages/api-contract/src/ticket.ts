import { z } from "zod";
import { clockKind, id, instant, line, priority, ticketStatuses, ticketType, uuid } from "@docket/domain";
import { whyCodes } from "@docket/sla";
import { asOfReply } from "./list.ts";
import { logPosition } from "./values.ts";

export const ticketStatus = z.enum(ticketStatuses);
export const closedBecause = z.enum(["confirmed", "auto_closed", "withdrawn", "duplicate"]);
export const clockState = z.enum(["running", "paused", "met", "missed", "cancelled"]);

/**
 * A ticket as a row of a list. Fields marked staff-only in `ticketFields` are absent for a customer's people.
 */
export const ticketRow = z
  .strictObject({
    ticketId: uuid,
    number: z.string(),
    status: ticketStatus,
    closedBecause: closedBecause.nullable(),
    type: ticketType,
    priority,
    classified: z.boolean(),
    subject: z.string(),
    organizationId: id,
    contractId: id,
    requesterPersonId: z.string().nullable(),
    requesterName: z.string(),
    requesterEmail: z.string().nullable(),
    channel: z.string(),
    product: z.string().nullable(),
    region: z.string().nullable(),
    line: z.int().nullable().optional(),
    groupId: z.string().nullable().optional(),
    engineerId: z.string().nullable(),
    underControl: z.boolean().optional(),
    hasWorkaround: z.boolean(),
    escalations: z.int().optional(),
    returns: z.int(),
    handOvers: z.int().optional(),
    reactionDeadline: instant.nullable(),
    reactionState: clockState.nullable(),
    resolutionDeadline: instant.nullable(),
    resolutionState: clockState.nullable(),
    olaDeadline: instant.nullable().optional(),
    olaState: clockState.nullable().optional(),
    nextDeadline: instant.nullable().optional(),
    autoCloseAt: instant.nullable(),
    receivedAt: instant,
    registeredAt: instant,
    acceptedAt: instant.nullable(),
    resolvedAt: instant.nullable(),
    closedAt: instant.nullable(),
    occurredAt: instant,
    recordedAt: instant,
    revision: z.int(),
    position: logPosition,
  })
  .meta({ id: "TicketRow" });
export type TicketRow = z.infer<typeof ticketRow>;

/** A ticket with the rest of its state: description, question, proposal, workaround, solution, files, links, escalation. */
export const ticketView = z
  .strictObject({ ...ticketRow.shape, details: z.record(z.string(), z.unknown()), ...asOfReply })
  .meta({ id: "Ticket" });
export type TicketView = z.infer<typeof ticketView>;

/** One fact of a timeline. For a customer's people the internal facts are absent, and of the others the internal fields. */
export const timelineEntry = z
  .strictObject({
    eventId: z.string(),
    revision: z.int(),
    position: logPosition,
    type: z.string(),
    occurredAt: instant,
    recordedAt: instant,
    actor: z.strictObject({ id: z.string(), role: z.string(), name: z.string().nullable() }),
    channel: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "TimelineEntry" });
export type TimelineEntry = z.infer<typeof timelineEntry>;

export const timelineReply = z
  .strictObject({
    ticketId: uuid,
    items: z.array(timelineEntry),
    nextRevision: z.int().nullable(),
    asOf: instant.nullable(),
    position: logPosition,
  })
  .meta({ id: "Timeline" });

/** A stretch of time that counted or did not, why, and by which version of calendar and policy. */
export const explainedInterval = z
  .strictObject({
    from: instant,
    to: instant,
    counted: z.boolean(),
    why: z.enum(whyCodes),
    /** the reason in the reader's language */
    text: z.string(),
    /** first and last local date that it is about */
    date: z.string(),
    lastDate: z.string(),
    /** the holiday or the decree behind it, where known */
    dayName: z.string().nullable(),
    seconds: z.int(),
    calendarVersion: z.int(),
    policyVersion: z.int(),
  })
  .meta({ id: "ExplainedInterval" });

/** Why a clock stands where it does: what was counted so far, and what is foreseen up to the deadline. */
export const clockExplanation = z
  .strictObject({
    intervals: z.array(explainedInterval),
    ahead: z.array(explainedInterval),
    /** of a target in days: the working days that count */
    days: z.array(z.strictObject({ date: z.string(), end: instant, calendarVersion: z.int() })),
    /** working seconds that the intervals add up to */
    usedSeconds: z.int(),
    deadline: instant.nullable(),
    /** agreed with the customer instead of computed */
    extended: z.boolean(),
  })
  .meta({ id: "ClockExplanation" });

export const ticketClock = z
  .strictObject({
    kind: clockKind,
    line: line.nullable(),
    cycle: z.int(),
    state: clockState,
    ticking: z.boolean(),
    pausedBecause: z.string().nullable(),
    startedAt: instant,
    target: z.string(),
    deadline: instant.nullable(),
    usedSeconds: z.int(),
    remainingSeconds: z.int().nullable(),
    stoppedAt: instant.nullable(),
    missedAt: instant.nullable(),
    extendedTo: instant.nullable(),
    contractId: id,
    policyVersion: z.int(),
    calendarId: id,
    calendarVersion: z.int(),
    explanation: clockExplanation,
  })
  .meta({ id: "TicketClock" });
export type TicketClock = z.infer<typeof ticketClock>;
export const ticketClocksReply = z
  .strictObject({
    ticketId: uuid,
    asOf: instant.nullable(),
    at: instant,
    position: logPosition,
    items: z.array(ticketClock),
  })
  .meta({ id: "TicketClocks" });

/** A clock in a list: its present stretch. */
export const clockRow = z
  .strictObject({
    ticketId: uuid,
    kind: clockKind,
    line: z.int().nullable(),
    cycle: z.int(),
    state: clockState,
    ticking: z.boolean(),
    pausedBecause: z.string().nullable(),
    startedAt: instant,
    target: z.string(),
    deadline: instant.nullable(),
    usedSeconds: z.int(),
    remainingSeconds: z.int().nullable(),
    stoppedAt: instant.nullable(),
    missedAt: instant.nullable(),
    extendedTo: instant.nullable(),
    contractId: id,
    policyVersion: z.int(),
    calendarId: id,
    calendarVersion: z.int(),
  })
  .meta({ id: "ClockRow" });

export const judgementRow = z
  .strictObject({
    ticketId: uuid,
    kind: clockKind,
    line: z.int().nullable(),
    cycle: z.int(),
    outcome: z.enum(["met", "missed", "cancelled"]),
    deadline: instant.nullable(),
    judgedAt: instant,
    recordedAt: instant,
    usedSeconds: z.int(),
    target: z.string(),
    policyVersion: z.int(),
    calendarId: id,
    calendarVersion: z.int(),
    organizationId: id,
    contractId: id,
    type: ticketType,
    priority,
    ticketLine: z.int().nullable().optional(),
    groupId: z.string().nullable().optional(),
    engineerId: z.string().nullable(),
    product: z.string().nullable(),
  })
  .meta({ id: "Judgement" });

export const queueView = z.enum([
  "intake",
  "unassigned",
  "my-line",
  "mine",
  "due-soon",
  "missed",
  "waiting",
  "under-control",
  "confirmation",
  "closed",
  "all-open",
]);
export type QueueView = z.infer<typeof queueView>;
/** The views that hold tickets; `intake` holds contacts. */
export const ticketQueue = queueView.exclude(["intake"]);
export type TicketQueue = z.infer<typeof ticketQueue>;

export const queueCounters = z
  .strictObject({
    counters: z.array(z.strictObject({ view: queueView, count: z.int(), capped: z.boolean() })),
    asOf: instant.nullable(),
    position: logPosition,
  })
  .meta({ id: "QueueCounters" });

export const routingReply = z
  .strictObject({
    groupId: id,
    line,
    engineerId: id.nullable(),
    engineerName: z.string().nullable(),
    rule: z.strictObject({ rulesVersion: z.int(), ruleId: z.string(), because: z.string() }),
  })
  .meta({ id: "RoutingSuggestion" });

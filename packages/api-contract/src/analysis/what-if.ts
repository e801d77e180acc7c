import { z } from "zod";
import { clockKind, id, instant, line, priority, slaPolicy, target, ticketType, uuid } from "@docket/domain";
import { calendarSchema } from "@docket/sla";
import { clockState } from "../ticket.ts";
import { anyInstant, flag, logPosition } from "../values.ts";
import { exportFormat } from "./forecast.ts";

const some = <T extends z.ZodType>(one: T) => z.array(one).min(1).max(200).optional();

/** What a policy may say otherwise. What is left out stays as it was recorded; a whole policy is taken as well. */
export const otherPolicy = z
  .strictObject({
    ...slaPolicy.shape,
    targets: z
      .array(z.strictObject({ type: ticketType, priority, reaction: target.optional(), resolution: target.optional() }))
      .max(100),
    ola: z.array(z.strictObject({ line, target })).max(3),
    pauses: z.strictObject({ customer: z.boolean(), approval: z.boolean() }).partial(),
  })
  .partial()
  .meta({ id: "OtherPolicy" });

export const whatIfBody = z
  .strictObject({
    period: z.strictObject({ from: anyInstant, to: anyInstant }),
    /** which moment of a ticket has to lie in the period */
    by: z.enum(["registeredAt", "resolvedAt", "closedAt"]).default("registeredAt"),
    filter: z
      .strictObject({
        organizationId: some(id),
        contractId: some(id),
        type: some(ticketType),
        priority: some(priority),
        product: some(z.string().max(200)),
        channel: some(z.string().max(40)),
        region: some(z.string().max(200)),
        line: some(line),
        groupId: some(id),
        engineerId: some(id),
      })
      .default({}),
    kinds: z.array(clockKind).min(1).max(3).default(["reaction", "resolution"]),
    policy: otherPolicy.optional(),
    contractId: id.optional(),
    version: z.int().min(1).optional(),
    /** a calendar that counts instead of those that did, for all time */
    calendar: calendarSchema.optional(),
    /** or one of the directory: all its versions by their times, or one version for all time */
    calendarId: id.optional(),
    calendarVersion: z.int().min(1).optional(),
    asOf: anyInstant.optional(),
    atPosition: logPosition.optional(),
  })
  .meta({ id: "WhatIf" });
export type WhatIfBody = z.infer<typeof whatIfBody>;

const state = z.enum([...clockState.options, "none"]);
export const differenceReason = z.enum(["target", "pause_rule", "calendar", "extension", "not_covered", "together"]);
export type DifferenceReason = z.infer<typeof differenceReason>;

const outcomes = z.strictObject({
  met: z.int(),
  missed: z.int(),
  running: z.int(),
  paused: z.int(),
  cancelled: z.int(),
  /** no such clock */
  none: z.int(),
  /** met of met and missed, percent; null: neither */
  compliance: z.number().nullable(),
});

export const whatIfTotals = z
  .strictObject({
    tickets: z.int(),
    clocks: z.int(),
    /** with another state */
    changedTickets: z.int(),
    changedClocks: z.int(),
    /** with another deadline, target or time used */
    movedClocks: z.int(),
    kinds: z.array(z.strictObject({ kind: clockKind, recorded: outcomes, whatIf: outcomes })),
    changes: z.array(z.strictObject({ kind: clockKind, from: state, to: state, count: z.int() })),
    reasons: z.array(z.strictObject({ kind: clockKind, reason: differenceReason, count: z.int() })),
  })
  .meta({ id: "WhatIfTotals" });
export type WhatIfTotals = z.infer<typeof whatIfTotals>;

export const whatIfJob = z
  .strictObject({
    jobId: uuid,
    state: z.enum(["running", "done", "failed", "cancelled"]),
    progress: z.strictObject({ tickets: z.int(), total: z.int(), perSecond: z.int() }),
    asked: whatIfBody,
    asOf: instant,
    position: logPosition,
    startedAt: instant,
    finishedAt: instant.nullable(),
    error: z.string().nullable(),
    totals: whatIfTotals.nullable(),
  })
  .meta({ id: "WhatIfJob" });
export type WhatIfJob = z.infer<typeof whatIfJob>;

export const judgedClock = z
  .strictObject({
    state: clockState,
    target: z.string(),
    startedAt: instant,
    stoppedAt: instant.nullable(),
    deadline: instant.nullable(),
    missedAt: instant.nullable(),
    /** working seconds that counted */
    usedSeconds: z.int(),
    /** seconds for which it stood still, by the wall's clock */
    pausedSeconds: z.int(),
    remainingSeconds: z.int().nullable(),
    calendarId: z.string(),
    extendedTo: instant.nullable(),
  })
  .meta({ id: "JudgedClock" });

const interval = z.strictObject({
  from: instant,
  to: instant,
  counted: z.enum(["recorded", "whatIf"]),
  seconds: z.int(),
});
/** Why the two judgements differ; the one that alone makes the difference is decisive. */
export const becauseOf = z
  .strictObject({
    code: differenceReason,
    decisive: z.boolean(),
    text: z.string(),
    from: z.union([z.string(), z.boolean()]).nullable().optional(),
    to: z.union([z.string(), z.boolean()]).nullable().optional(),
    reason: z.enum(["customer", "approval"]).optional(),
    /** what if less recorded */
    seconds: z.int().optional(),
    intervals: z.array(interval).optional(),
    /** intervals that are not shown */
    more: z.int().optional(),
    extendedTo: instant.optional(),
  })
  .meta({ id: "WhatIfReason" });
export type BecauseOf = z.infer<typeof becauseOf>;

export const whatIfTicket = z
  .strictObject({
    ticketId: uuid,
    number: z.string(),
    subject: z.string(),
    organizationId: id,
    contractId: id,
    type: ticketType,
    priority,
    product: z.string().nullable(),
    line: z.int().nullable(),
    groupId: z.string().nullable(),
    engineerId: z.string().nullable(),
    registeredAt: instant,
    clocks: z.array(
      z.strictObject({
        kind: clockKind,
        line: z.int().nullable(),
        cycle: z.int(),
        changed: z.boolean(),
        moved: z.boolean(),
        recorded: judgedClock.nullable(),
        whatIf: judgedClock.nullable(),
        because: z.array(becauseOf),
      }),
    ),
  })
  .meta({ id: "WhatIfTicket" });
export type WhatIfTicket = z.infer<typeof whatIfTicket>;

export const whatIfTicketsQuery = z.strictObject({
  changed: flag.optional(),
  moved: flag.optional(),
  kind: clockKind.optional(),
  from: state.optional(),
  to: state.optional(),
  reason: differenceReason.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  page: z.string().max(2000).optional(),
  format: exportFormat.optional(),
});
export type WhatIfTicketsQuery = z.infer<typeof whatIfTicketsQuery>;

export const whatIfTicketsReply = z
  .strictObject({
    items: z.array(whatIfTicket),
    nextPage: z.string().nullable(),
    asOf: instant,
    position: logPosition,
  })
  .meta({ id: "WhatIfTickets" });

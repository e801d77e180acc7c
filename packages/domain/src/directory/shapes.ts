import { z } from "zod";
import { filledText, id, limits, line, personal, priority, target, text, ticketType } from "../values.ts";

/** An address of somebody. */
export const email = personal(z.email().max(limits.email));

export const person = z.strictObject({
  personId: id,
  name: personal(filledText(limits.name)),
  emails: z.array(email).max(20),
  phones: z.array(personal(text(limits.phone))).max(20),
});
export type Person = z.infer<typeof person>;

/** One step of a policy's chain: when, measured on the clock's working time, and what. */
export const chainStep = z.strictObject({
  clock: z.enum(["reaction", "resolution", "ola"]),
  level: z.int().min(1).max(20),
  /** "80%" of the target, "-30m" before or "+2h" after the deadline, in working time */
  at: z.string().regex(/^(?:\d{1,3}%|[+-](?:\d{1,5}h)?(?:\d{1,6}m)?)$/),
  action: z.enum(["notify_engineer", "notify_manager", "move_to_group"]),
  groupId: id.nullable(),
});
export type ChainStep = z.infer<typeof chainStep>;

/** The SLA policy of a contract, one version (R §3.3: set in the SLA for each customer). */
export const slaPolicy = z.strictObject({
  calendarId: id,
  targets: z.array(z.strictObject({ type: ticketType, priority, reaction: target, resolution: target })).min(1),
  /** internal acceptance per line */
  ola: z.array(z.strictObject({ line, target })),
  pauses: z.strictObject({ customer: z.boolean(), approval: z.boolean() }),
  chain: z.array(chainStep).max(50),
  confirmation: z.strictObject({
    workingDays: z.int().min(1).max(60),
    /** after which working days the requester is reminded */
    reminders: z.array(z.int().min(1).max(60)).max(20),
  }),
  closeScheduledWorkOnResolution: z.boolean(),
  /** under which clocks run until an operator classifies, when the requester's wish is not allowed */
  defaultClassification: z.strictObject({ type: ticketType, priority }),
});
export type SlaPolicy = z.infer<typeof slaPolicy>;

export const contractServices = z.strictObject({
  monitoring: z.boolean(),
  managerContact: z.boolean(),
  managerEscalation: z.boolean(),
});

export const routingRule = z.strictObject({
  ruleId: id,
  when: z.strictObject({
    types: z.array(ticketType).optional(),
    priorities: z.array(priority).optional(),
    products: z.array(text(limits.product)).optional(),
    organizationIds: z.array(id).optional(),
    regions: z.array(text(limits.name)).optional(),
    /** any of these words or phrases in subject or description, case-insensitive */
    textContains: z.array(filledText(limits.name)).optional(),
  }),
  to: z.strictObject({
    groupId: id,
    /** whom to choose within the group: nobody (the group's queue), or the least loaded available member with all skills */
    pick: z.enum(["nobody", "least_loaded"]),
    skills: z.array(text(100)),
  }),
});
export type RoutingRule = z.infer<typeof routingRule>;

/** Another system, as the mapping of an import names it. */
export const sourceName = id;

export const groupKind = z.enum(["operators", "competence_centre", "experts", "escalation"]);

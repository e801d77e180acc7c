import { z } from "zod";
import { groupKind, id, instant, line, priority, ticketType, uuid } from "@docket/domain";
import { ticketStatus } from "../ticket.ts";

/** A choice as a form shows it: the value that the command takes, and its word in the reader's language. */
const option = z.strictObject({ value: z.string(), title: z.string() });

/** Where a field's choices stand in `choices` of the same answer. */
export const choiceSources = [
  "groups",
  "engineers",
  "types",
  "priorities",
  "proposals",
  "escalations",
  "people",
] as const;

export const actionField = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    kind: z.enum([
      "text",
      "long_text",
      "enum",
      "flag",
      "instant",
      "integer",
      "id",
      "person",
      "ticket",
      "files",
      "file",
    ]),
    required: z.boolean(),
    /** longest text that is taken */
    max: z.int().nullable(),
    options: z.array(option).nullable(),
    from: z.enum(choiceSources).nullable(),
  })
  .meta({ id: "ActionField" });
export type ActionField = z.infer<typeof actionField>;

/** Why something may not be done: by who asks (`role`), by how things stand (`state`), or for want of the right input. */
const whyNot = z.strictObject({ code: z.string(), title: z.string(), kind: z.enum(["role", "state", "input"]) });

const destination = z.strictObject({
  groupId: id,
  name: z.string(),
  line,
  kind: groupKind,
  /** may be given to the group's queue, without naming anybody */
  whole: z.boolean(),
  engineers: z.array(z.strictObject({ staffId: id, name: z.string(), available: z.boolean(), load: z.int() })),
});
export type Destination = z.infer<typeof destination>;

/** What may be done to a ticket at this moment by who asks, and if not, why. */
export const ticketActions = z
  .strictObject({
    ticketId: uuid,
    number: z.string(),
    revision: z.int(),
    status: ticketStatus,
    at: instant,
    items: z.array(
      z.strictObject({
        command: z.string(),
        title: z.string(),
        allowed: z.boolean(),
        reason: whyNot.nullable(),
        fields: z.array(actionField),
      }),
    ),
    choices: z.strictObject({
      types: z.array(
        z.strictObject({
          value: ticketType,
          title: z.string(),
          priorities: z.array(z.strictObject({ value: priority, title: z.string() })),
        }),
      ),
      assign: z.array(destination),
      handOver: z.array(destination),
      lines: z.array(line),
      proposals: z.array(z.strictObject({ proposalId: uuid, kind: z.string(), state: z.string() })),
      escalations: z.array(z.strictObject({ escalationId: uuid, by: z.string(), state: z.string() })),
      people: z.array(
        z.strictObject({
          personId: z.string().nullable(),
          name: z.string(),
          email: z.string().nullable(),
          phone: z.string().nullable(),
        }),
      ),
    }),
  })
  .meta({ id: "TicketActions" });
export type TicketActions = z.infer<typeof ticketActions>;

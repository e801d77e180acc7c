import { z } from "zod";
import {
  actionChannel,
  directoryCommands,
  instant,
  role,
  ticketCommands,
  ticketEvents,
  uuid,
  type CommandDefinition,
} from "@docket/domain";
import { anyInstant, logPosition, ticketRef } from "./values.ts";

/** `askCustomer` -> `ask-customer`: the name of a command in an address. */
export const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Commands that only the engine itself sends; people reach their effect in other ways. */
const engineOnly = new Set<TicketCommandKey>(["register", "joinMessage", "fireAlarm", "recomputeClocks"]);

export type TicketCommandKey = keyof typeof ticketCommands;

export const personTicketCommands = (Object.keys(ticketCommands) as TicketCommandKey[]).filter(
  (key) => !engineOnly.has(key),
);

/** Filled by the gateway when left out: new ids, the sender himself for `by` and `agreedBy`, the ticket's own product. */
const fillable: Partial<Record<TicketCommandKey, readonly string[]>> = {
  classify: ["product"],
  proposeChange: ["proposalId"],
  escalate: ["escalationId", "by"],
  approveChange: ["by"],
  refuseChange: ["by"],
  confirm: ["by"],
  withdraw: ["by"],
  extend: ["agreedBy"],
};

const occurredAt = anyInstant.optional();

/**
 * A command's body as the interface takes it: the data without the id that the address gives; what may be null may be left
 * out (not with `complete`), so may an empty list of attachments; instants with any offset; `occurredAt` says that it
 * happened earlier.
 */
function commandBody(
  definition: CommandDefinition,
  without: readonly string[],
  optional: readonly string[],
  complete = false,
): z.ZodObject<z.ZodRawShape> {
  const shape = (definition.schema as z.ZodObject<z.ZodRawShape>).shape;
  const fields = Object.entries(shape).flatMap(([name, schema]): [string, z.ZodType][] => {
    if (without.includes(name)) return [];
    if (schema === instant) return [[name, anyInstant]];
    if (schema instanceof z.ZodNullable && schema.unwrap() === instant)
      return [[name, complete ? anyInstant.nullable() : anyInstant.nullable().default(null)]];
    if (optional.includes(name)) return [[name, (schema as z.ZodType).optional()]];
    if (schema instanceof z.ZodNullable && !complete) return [[name, schema.default(null)]];
    if (name === "attachments" && schema instanceof z.ZodArray) return [[name, schema.default([])]];
    return [[name, schema as z.ZodType]];
  });
  return z.strictObject({ ...Object.fromEntries(fields), occurredAt });
}

function ticketCommandBody(key: TicketCommandKey): z.ZodObject<z.ZodRawShape> {
  if (key === "link") return commandBody(ticketCommands.link, ["ticketId"], []).extend({ toTicketId: ticketRef });
  if (key === "markDuplicate")
    return commandBody(ticketCommands.markDuplicate, ["ticketId", "ofNumber"], []).extend({ ofTicketId: ticketRef });
  return commandBody(ticketCommands[key], ["ticketId"], fillable[key] ?? []);
}

/** The body of each ticket command that a person may send, by its key in the domain. */
export const ticketCommandBodies: ReadonlyMap<TicketCommandKey, z.ZodObject<z.ZodRawShape>> = new Map(
  personTicketCommands.map((key) => [key, ticketCommandBody(key).meta({ id: `${ticketCommands[key].type}Body` })]),
);

export type DirectoryCommandKey = keyof typeof directoryCommands;
const notByPeople = new Set<DirectoryCommandKey>(["recordPlanOccurrence", "reserveTicketNumbers", "rateTicket"]);

/** A change replaces the whole entry: what was left out by oversight must not empty a field. */
const replaces = (key: DirectoryCommandKey): boolean => key.startsWith("change") && key !== "changeAvailability";

/** The body of each command on the directory: the command's data. */
export const directoryCommandBodies: ReadonlyMap<DirectoryCommandKey, z.ZodObject<z.ZodRawShape>> = new Map(
  (Object.keys(directoryCommands) as DirectoryCommandKey[])
    .filter((key) => !notByPeople.has(key))
    .map((key) => [
      key,
      commandBody(directoryCommands[key], [], [], replaces(key)).meta({ id: `${directoryCommands[key].type}Body` }),
    ]),
);

const recordedEvent = z
  .strictObject({
    eventId: z.string(),
    type: z.string(),
    revision: z.int(),
    occurredAt: instant,
    recordedAt: instant,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "RecordedEvent" });

export const commandReply = z
  .strictObject({
    stream: z.string(),
    ticketId: uuid.optional(),
    revision: z.int(),
    position: logPosition,
    /** this very command had been carried out before; its outcome is told again */
    repeated: z.boolean(),
    events: z.array(recordedEvent),
  })
  .meta({ id: "CommandReply" });
export type CommandReply = z.infer<typeof commandReply>;

/** What others did since the revision that the sender of a stale command had seen. */
export const conflictEntry = z.strictObject({
  type: z.string(),
  title: z.string(),
  revision: z.int(),
  by: z.strictObject({ id: z.string(), name: z.string().nullable(), role }),
  channel: actionChannel,
  at: instant,
});

/** The titles of all event types of tickets, for those who show a timeline. */
export const ticketEventTitles: Readonly<Record<string, { ru: string; en: string }>> = Object.fromEntries(
  Object.values(ticketEvents).map((definition) => [definition.type, definition.title]),
);

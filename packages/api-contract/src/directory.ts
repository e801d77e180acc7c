import { z } from "zod";
import { changedFields, instant } from "@docket/domain";
import { logPosition } from "./values.ts";

/** An organization, contract, calendar, member of staff, group, rule set or plan: `state` is its folded state. */
export const directoryEntry = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    organizationId: z.string().nullable(),
    active: z.boolean(),
    state: z.record(z.string(), z.unknown()),
    revision: z.int(),
    position: logPosition,
  })
  .meta({ id: "DirectoryEntry" });
export type DirectoryEntry = z.infer<typeof directoryEntry>;

/** One fact of the store as it stands in the journal. */
export const journalEntry = z
  .strictObject({
    position: logPosition,
    stream: z.string(),
    streamKind: z.string(),
    revision: z.int(),
    eventId: z.string(),
    type: z.string(),
    schemaVersion: z.int(),
    occurredAt: instant,
    recordedAt: instant,
    actorId: z.string(),
    actorRole: z.string(),
    actorName: z.string().nullable(),
    channel: z.string(),
    commandId: z.string(),
    correlationId: z.string(),
    causationId: z.string().nullable(),
    /** the ticket's number, where the stream is a ticket's */
    number: z.string().nullable(),
    /** fields of the ticket whose value after the fact is another than before */
    changed: z.array(z.enum(changedFields)),
    data: z.record(z.string(), z.unknown()),
    meta: z.record(z.string(), z.unknown()),
    prevHash: z.string().nullable(),
    hash: z.string(),
  })
  .meta({ id: "JournalEntry" });

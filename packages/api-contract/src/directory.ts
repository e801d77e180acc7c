import { z } from "zod";
import { instant } from "@docket/domain";
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
    channel: z.string(),
    commandId: z.string(),
    correlationId: z.string(),
    causationId: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
    meta: z.record(z.string(), z.unknown()),
    prevHash: z.string().nullable(),
    hash: z.string(),
  })
  .meta({ id: "JournalEntry" });

/** A stream read from the event store itself, with the verdict on its hash chain. */
export const replayReply = z
  .strictObject({
    stream: z.string(),
    events: z.array(
      z.strictObject({
        revision: z.int(),
        eventId: z.string(),
        type: z.string(),
        occurredAt: instant,
        recordedAt: instant,
        actor: z.strictObject({ id: z.string(), role: z.string(), name: z.string().nullable() }),
        channel: z.string(),
        hash: z.string().nullable(),
        prevHash: z.string().nullable(),
        data: z.record(z.string(), z.unknown()),
      }),
    ),
    chain: z.strictObject({
      verified: z.boolean(),
      /** the first revision at which the chain breaks */
      brokenAt: z.int().nullable(),
      reason: z.string().nullable(),
    }),
  })
  .meta({ id: "Replay" });

import { z } from "zod";
import { changedFields, clockKind, instant, line } from "@docket/domain";
import { ticketView } from "./ticket.ts";
import { logPosition } from "./values.ts";

const clockState = z.enum(["running", "paused", "met", "missed", "cancelled"]);

/** What a fact did to one of the ticket's clocks. */
const replayClock = z.strictObject({
  /** `resolution:2`, `ola.3:1` */
  clock: z.string(),
  kind: clockKind,
  line: line.nullable(),
  cycle: z.int(),
  effect: z.enum(["started", "went_on", "paused", "resumed", "met", "missed", "stopped", "cancelled", "moved"]),
  /** the effect in the reader's language */
  text: z.string(),
  stateBefore: clockState.nullable(),
  stateAfter: clockState,
  deadlineBefore: instant.nullable(),
  deadlineAfter: instant.nullable(),
  pausedBecause: z.string().nullable(),
  usedSeconds: z.int(),
  target: z.string(),
  policyVersion: z.int(),
  calendarVersion: z.int(),
});

const replayChange = z.strictObject({
  field: z.enum(changedFields),
  title: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  beforeText: z.string(),
  afterText: z.string(),
});

const replayMail = z.strictObject({
  id: z.string(),
  kind: z.string(),
  to: z.string(),
  subject: z.string(),
  /** waiting, sending, sent, failed; `kept`: there is no mail server, it stays in the outbox */
  status: z.string(),
  messageId: z.string(),
  createdAt: instant,
  sentAt: instant.nullable(),
});

/** One fact of a ticket's life with all that hangs on it, and the ticket as it then was. */
export const replayStep = z
  .strictObject({
    revision: z.int(),
    eventId: z.string(),
    position: logPosition,
    type: z.string(),
    title: z.string(),
    occurredAt: instant,
    recordedAt: instant,
    actor: z.strictObject({
      id: z.string(),
      role: z.string(),
      roleTitle: z.string(),
      name: z.string().nullable(),
    }),
    channel: z.string(),
    channelTitle: z.string(),
    commandId: z.string(),
    correlationId: z.string(),
    causationId: z.string().nullable(),
    /** the event behind `causationId`, where it lies in this ticket or its contacts */
    cause: z.strictObject({ eventId: z.string(), stream: z.string(), revision: z.int(), type: z.string() }).nullable(),
    /** of an imported fact: where it comes from */
    provenance: z.record(z.string(), z.unknown()).nullable(),
    changes: z.array(replayChange),
    clocks: z.array(replayClock),
    mails: z.array(replayMail),
    /** the step in words, one line each: who, what changed, what was said, clocks, mails */
    story: z.array(z.string()),
    data: z.record(z.string(), z.unknown()),
    schemaVersion: z.int(),
    prevHash: z.string().nullable(),
    hash: z.string(),
    /** the ticket after this fact; absent with `state=false` */
    state: ticketView.omit({ asOf: true }).meta({ id: "ReplayState" }).optional(),
  })
  .meta({ id: "ReplayStep" });
export type ReplayStep = z.infer<typeof replayStep>;

/** A ticket's life, a page of steps, with the verdict on the hash chain up to the last step of the page. */
export const replayReply = z
  .strictObject({
    ticketId: z.string(),
    number: z.string(),
    stream: z.string(),
    /** where the facts were read: the mirror in the database, or the event store itself */
    source: z.enum(["journal", "store"]),
    asOf: instant.nullable(),
    /** facts of the ticket known at that moment: the length of the slider */
    total: z.int(),
    items: z.array(replayStep),
    /** revision at which the next page begins */
    nextRevision: z.int().nullable(),
    chain: z.strictObject({
      verified: z.boolean(),
      /** the first revision at which the chain breaks */
      brokenAt: z.int().nullable(),
      reason: z.enum(["gap", "broken_link", "altered"]).nullable(),
      /** the last revision that was checked */
      checkedTo: z.int().nullable(),
    }),
  })
  .meta({ id: "Replay" });
export type Replay = z.infer<typeof replayReply>;

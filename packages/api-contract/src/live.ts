import { z } from "zod";
import { contactRow, contactStatus } from "./contact.ts";
import { logPosition } from "./values.ts";
import { listQuery } from "./list.ts";
import { ticketFields } from "./ticket-fields.ts";
import { ticketQueue, ticketRow, ticketView, timelineEntry } from "./ticket.ts";
import { text, uuid } from "@docket/domain";

/*
 * The socket at /api/v1/live. All frames are JSON texts.
 *
 *   server: hello{position}
 *   client: subscribe{id, view, filter, since?}   server: snapshot{id, position, items}  then delta{id, position, ...}*
 *           with `since`: deltas of what was missed, or a snapshot when that is too much
 *   client: unsubscribe{id} | ping{n}             server: unsubscribed{id} | pong{n, position}
 *   server: resync{id, position}                  the subscription has ended because the reader was too slow or its rights
 *                                                 changed: subscribe again
 *   server: error{code, id?}                      after too many faults the connection is closed
 *
 * Positions of one subscription never go back. A delta's rows are as of its position; a row that is in `removes` has left
 * the view or the reader's sight. What a frame holds is what the queries would give the same reader.
 */

export const liveProtocol = 1;
export const liveLimits = {
  subscriptions: 50,
  frameBytes: 64 * 1024,
  /** unread bytes after which a reader is too slow */
  bufferedBytes: 1024 * 1024,
  snapshotRows: 500,
  /** missed changes after which a resume is answered with a snapshot */
  resumeChanges: 2_000,
  faults: 10,
  /** messages a second from one connection, and how many may come at once */
  messagesPerSecond: 50,
  messagesAtOnce: 200,
  connectionsPerAccount: 20,
} as const;

const subscriptionId = text(100).min(1);
const {
  limit: _limit,
  page: _page,
  sort: _sort,
  count: _count,
  wait: _wait,
  ...ticketFilterShape
} = listQuery(ticketFields).shape;

export const queueFilter = z.strictObject({ queue: ticketQueue, ...ticketFilterShape, q: text(200).optional() });
export const ticketFilter = z.strictObject({ ticketId: uuid });
export const contactsFilter = z.strictObject({ status: z.array(contactStatus).min(1).optional() });

const subscribe = { type: z.literal("subscribe"), id: subscriptionId, since: logPosition.optional() };
export const clientFrame = z.discriminatedUnion("type", [
  z.discriminatedUnion("view", [
    z.strictObject({ ...subscribe, view: z.literal("queue"), filter: queueFilter }),
    z.strictObject({ ...subscribe, view: z.literal("ticket"), filter: ticketFilter }),
    z.strictObject({ ...subscribe, view: z.literal("contacts"), filter: contactsFilter }),
  ]),
  z.strictObject({ type: z.literal("unsubscribe"), id: subscriptionId }),
  z.strictObject({ type: z.literal("ping"), n: z.int().optional() }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;
export type SubscribeFrame = Extract<ClientFrame, { type: "subscribe" }>;

const rows = z.array(z.union([ticketView.omit({ asOf: true }), ticketRow, contactRow]));

export const serverFrame = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("hello"), protocol: z.literal(liveProtocol), position: logPosition }),
  z.strictObject({
    type: z.literal("snapshot"),
    id: subscriptionId,
    position: logPosition,
    items: rows,
    /** the view holds more rows than were sent; the rest is for the queries */
    truncated: z.boolean(),
    /** of a ticket's view: its timeline so far */
    timeline: z.array(timelineEntry).optional(),
  }),
  z.strictObject({
    type: z.literal("delta"),
    id: subscriptionId,
    position: logPosition,
    upserts: rows,
    removes: z.array(z.string()),
    /** of a ticket's view: the new facts */
    timeline: z.array(timelineEntry).optional(),
  }),
  z.strictObject({
    type: z.literal("resync"),
    id: subscriptionId,
    position: logPosition,
    code: z.enum(["slow_reader", "rights_changed", "too_far_behind", "read_model_unavailable"]),
  }),
  z.strictObject({ type: z.literal("unsubscribed"), id: subscriptionId }),
  z.strictObject({ type: z.literal("pong"), n: z.int().optional(), position: logPosition }),
  z.strictObject({
    type: z.literal("error"),
    code: z.string(),
    title: z.string(),
    id: z.string().optional(),
    field: z.string().optional(),
  }),
]);
export type ServerFrame = z.infer<typeof serverFrame>;

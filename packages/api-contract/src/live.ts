import { z } from "zod";
import { contactRow, contactStatus } from "./contact.ts";
import { logPosition } from "./values.ts";
import { jobProgress } from "./console/bulk.ts";
import { notification } from "./console/notifications.ts";
import { ribbon, ribbonCalendars } from "./console/ribbons.ts";
import { ticketListFilters } from "./console/views.ts";
import { queueView, ticketQueue, ticketRow, ticketView, timelineEntry } from "./ticket.ts";
import { instant, text, uuid } from "@docket/domain";

/*
 * The socket at /api/v1/live. All frames are JSON texts.
 *
 *   server: hello{position}
 *   client: subscribe{id, view, filter, since?}   server: snapshot{id, position, items}  then delta{id, position, ...}*
 *           with `since`: deltas of what was missed, or a snapshot when that is too much
 *   client: unsubscribe{id} | ping{n}             server: unsubscribed{id} | pong{n, position}
 *   client: subscribe{view: window, sort, window{offset, limit}} | window{id, offset, limit}
 *                                                 server: window{id, total, offset, ids, upserts}*   a stretch of a sorted view
 *   client: subscribe{view: counters}             server: counters{id, counters}*                    how much each view holds
 *   client: presence{ticketId, doing}             and subscribe{view: presence}: presence{id, tickets}*  who is where (staff)
 *   client: subscribe{view: notifications | job}  server: notifications{id, items}* | job{id, job}*
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
  /** rows of one window, and of a sorted view as a whole; of what is closed only the newest are kept sorted */
  windowRows: 200,
  sortedRows: 100_000,
  sortedClosed: 10_000,
  /** changes within a window are gathered for so long (ms) */
  gatherMs: 100,
  /** frames of one window that only tell of changes follow each other no sooner (ms) */
  windowMs: 250,
  /** somebody who is not heard of for so long (ms) is not there any more */
  presenceMs: 25_000,
} as const;

const subscriptionId = text(100).min(1);
const ticketFilterShape = ticketListFilters.shape;

export const queueFilter = z.strictObject({ queue: ticketQueue, ...ticketFilterShape, q: text(200).optional() });
export const ticketFilter = z.strictObject({ ticketId: uuid });
/** A sorted view of tickets, or of the contacts that wait (`intake`). */
export const windowFilter = z.strictObject({ queue: queueView, ...ticketFilterShape, q: text(200).optional() });
const windowPlace = {
  offset: z.int().min(0).max(10_000_000),
  limit: z.int().min(1).max(liveLimits.windowRows),
};
export const presenceDoing = z.enum(["looking", "writing"]);
export type PresenceDoing = z.infer<typeof presenceDoing>;
export const contactsFilter = z.strictObject({ status: z.array(contactStatus).min(1).optional() });

const subscribe = { type: z.literal("subscribe"), id: subscriptionId, since: logPosition.optional() };
export const clientFrame = z.discriminatedUnion("type", [
  z.discriminatedUnion("view", [
    z.strictObject({ ...subscribe, view: z.literal("queue"), filter: queueFilter }),
    z.strictObject({ ...subscribe, view: z.literal("ticket"), filter: ticketFilter }),
    z.strictObject({ ...subscribe, view: z.literal("contacts"), filter: contactsFilter }),
    z.strictObject({
      ...subscribe,
      view: z.literal("window"),
      filter: windowFilter,
      sort: text(50).optional(),
      window: z.strictObject(windowPlace).default({ offset: 0, limit: 50 }),
      /** send the clocks of the rows with them */
      ribbons: z.boolean().default(false),
    }),
    z.strictObject({
      ...subscribe,
      view: z.literal("counters"),
      filter: z.strictObject({ views: z.array(uuid).max(50).default([]) }),
    }),
    z.strictObject({ ...subscribe, view: z.literal("presence"), filter: z.strictObject({}) }),
    z.strictObject({ ...subscribe, view: z.literal("notifications"), filter: z.strictObject({}) }),
    z.strictObject({ ...subscribe, view: z.literal("job"), filter: z.strictObject({ jobId: uuid }) }),
  ]),
  z.strictObject({ type: z.literal("window"), id: subscriptionId, ...windowPlace }),
  z.strictObject({
    type: z.literal("presence"),
    ticketId: uuid,
    doing: z.enum([...presenceDoing.options, "gone"]),
  }),
  z.strictObject({ type: z.literal("unsubscribe"), id: subscriptionId }),
  z.strictObject({ type: z.literal("ping"), n: z.int().optional() }),
]);
export type ClientFrame = z.infer<typeof clientFrame>;
export type SubscribeFrame = Extract<ClientFrame, { type: "subscribe" }>;

const presentPerson = z.strictObject({
  accountId: z.string(),
  name: z.string(),
  role: z.string(),
  doing: presenceDoing,
  since: instant,
});
export type PresentPerson = z.infer<typeof presentPerson>;

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
    code: z.enum(["slow_reader", "rights_changed", "data_erased", "too_far_behind", "read_model_unavailable"]),
  }),
  z.strictObject({
    type: z.literal("window"),
    id: subscriptionId,
    position: logPosition,
    /** rows of the whole view; `capped`: it holds more than are kept sorted */
    total: z.int(),
    capped: z.boolean(),
    offset: z.int(),
    /** the window's rows, in order */
    ids: z.array(z.string()),
    /** those of them that are new to the window or have changed */
    upserts: z.array(z.union([ticketRow, contactRow])),
    ribbons: z.array(ribbon).optional(),
    /** of the calendars that the ribbons name: working intervals from now on; told again when they change */
    calendars: ribbonCalendars.optional(),
    at: instant.optional(),
  }),
  z.strictObject({
    type: z.literal("counters"),
    id: subscriptionId,
    position: logPosition,
    /** all of them; otherwise only those that changed */
    whole: z.boolean(),
    counters: z.array(z.strictObject({ view: z.string(), count: z.int(), capped: z.boolean() })),
  }),
  z.strictObject({
    type: z.literal("presence"),
    id: subscriptionId,
    whole: z.boolean(),
    /** of the tickets named: everybody who is there now */
    tickets: z.array(z.strictObject({ ticketId: uuid, people: z.array(presentPerson) })),
  }),
  z.strictObject({
    type: z.literal("notifications"),
    id: subscriptionId,
    whole: z.boolean(),
    unread: z.int(),
    items: z.array(notification),
  }),
  z.strictObject({ type: z.literal("job"), id: subscriptionId, job: jobProgress }),
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

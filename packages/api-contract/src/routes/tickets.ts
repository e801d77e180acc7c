import { z } from "zod";
import { directoryCommands, language, sha256, ticketCommands } from "@docket/domain";
import { commandReply, kebab, personTicketCommands, ticketCommandBodies, type TicketCommandKey } from "../command.ts";
import { asOfParam, listQuery, listReply, pastErrors, searchText, waitParam } from "../list.ts";
import { replayReply } from "../replay.ts";
import { defineRoute, type RouteDefinition } from "../route.ts";
import { ticketFields } from "../ticket-fields.ts";
import {
  queueCounters,
  routingReply,
  ticketClocksReply,
  ticketQueue,
  ticketRow,
  ticketView,
  timelineReply,
} from "../ticket.ts";
import { flag, ticketRef } from "../values.ts";

const tag = "tickets";
const one = z.strictObject({ ticket: ticketRef });
const moment = z.strictObject({ ...asOfParam, ...waitParam });
const get = { method: "GET", tag, params: one, errors: ["ticket_not_found", "as_of_in_future"] } as const;

export const ticketRoutes = {
  list: defineRoute({
    id: "tickets.list",
    method: "GET",
    path: "/api/v1/tickets",
    tag,
    summary: { ru: "Заявки", en: "Tickets" },
    query: listQuery(ticketFields, { q: searchText.optional(), ...asOfParam }),
    reply: listReply(ticketRow, "TicketList"),
    errors: pastErrors,
  }),
  get: defineRoute({
    ...get,
    id: "tickets.get",
    path: "/api/v1/tickets/{ticket}",
    summary: { ru: "Заявка", en: "One ticket" },
    query: moment,
    reply: ticketView,
  }),
  timeline: defineRoute({
    ...get,
    id: "tickets.timeline",
    path: "/api/v1/tickets/{ticket}/timeline",
    summary: { ru: "Хронология заявки", en: "A ticket's timeline" },
    query: z.strictObject({
      ...moment.shape,
      from: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(500),
    }),
    reply: timelineReply,
  }),
  clocks: defineRoute({
    ...get,
    id: "tickets.clocks",
    path: "/api/v1/tickets/{ticket}/clocks",
    summary: { ru: "Сроки заявки с объяснением", en: "A ticket's clocks, explained" },
    query: moment,
    reply: ticketClocksReply,
  }),
  routing: defineRoute({
    ...get,
    id: "tickets.routing",
    path: "/api/v1/tickets/{ticket}/routing",
    summary: { ru: "Куда направили бы правила", en: "Where the rules would send it" },
    query: z.strictObject(waitParam),
    reply: routingReply,
    errors: ["ticket_not_found"],
  }),
  replay: defineRoute({
    ...get,
    id: "tickets.replay",
    path: "/api/v1/tickets/{ticket}/replay",
    tag: "audit",
    summary: {
      ru: "Жизнь заявки по шагам, с проверкой цепочки (аудитор)",
      en: "A ticket's life step by step, chain verified (auditor)",
    },
    query: z.strictObject({
      ...moment.shape,
      /** revision of the first step */
      from: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      fromStore: flag.optional(),
      /** `false` leaves the ticket after each step out */
      state: flag.optional(),
      lang: language.optional(),
      zone: z.string().max(64).optional(),
    }),
    reply: replayReply,
    errors: ["ticket_not_found", "store_unavailable"],
  }),
  rate: defineRoute({
    id: "tickets.rate",
    method: "POST",
    path: "/api/v1/tickets/{ticket}/rating",
    tag,
    summary: directoryCommands.rateTicket.title,
    params: one,
    body: directoryCommands.rateTicket.schema
      .omit({ ticketId: true })
      .extend({ comment: directoryCommands.rateTicket.schema.shape.comment.default(null) }),
    reply: commandReply,
    errors: ["ticket_not_found", "not_yet_resolved"],
  }),
  attachment: defineRoute({
    ...get,
    id: "tickets.attachment",
    path: "/api/v1/tickets/{ticket}/attachments/{sha256}",
    summary: { ru: "Файл заявки", en: "A ticket's file" },
    query: moment,
    params: z.strictObject({ ticket: ticketRef, sha256 }),
    reply: null,
    replyMedia: "application/octet-stream",
    errors: ["ticket_not_found", "not_found", "as_of_in_future"],
  }),
  queues: defineRoute({
    id: "queues.counters",
    method: "GET",
    path: "/api/v1/queues",
    tag: "queues",
    summary: { ru: "Счётчики очередей", en: "Counters of the queues" },
    query: moment,
    reply: queueCounters,
    errors: ["as_of_in_future", "position_in_future"],
  }),
  queue: defineRoute({
    id: "queues.list",
    method: "GET",
    path: "/api/v1/queues/{view}",
    tag: "queues",
    summary: { ru: "Очередь", en: "A queue" },
    params: z.strictObject({ view: ticketQueue }),
    query: listQuery(ticketFields, { q: searchText.optional(), ...asOfParam }),
    reply: listReply(ticketRow, "QueuePage"),
    errors: pastErrors,
  }),
} as const;

function commandRoute(key: TicketCommandKey): RouteDefinition {
  return defineRoute({
    id: `tickets.${key}`,
    method: "POST",
    path: `/api/v1/tickets/{ticket}/commands/${kebab(key)}`,
    tag: "ticket commands",
    summary: ticketCommands[key].title,
    params: one,
    body: ticketCommandBodies.get(key) as z.ZodObject<z.ZodRawShape>,
    reply: commandReply,
    errors: ["ticket_not_found", "stale_revision", "idempotency_key_reused", "store_unavailable"],
  });
}

/** POST /api/v1/tickets/{ticket}/commands/{name}, one per command that a person may send. */
export const ticketCommandRoutes: ReadonlyMap<TicketCommandKey, RouteDefinition> = new Map(
  personTicketCommands.map((key) => [key, commandRoute(key)]),
);

import { z } from "zod";
import { text } from "@docket/domain";
import { ticketActions } from "../console/actions.ts";
import { ribbonsReply } from "../console/ribbons.ts";
import { asOfParam, waitParam } from "../list.ts";
import { defineRoute } from "../route.ts";
import { ticketRef } from "../values.ts";

const oneTicket = z.strictObject({ ticket: ticketRef });

/** What the web console asks beyond lists, tickets and commands; a script may ask it, too. */
export const consoleRoutes = {
  actions: defineRoute({
    id: "tickets.actions",
    method: "GET",
    path: "/api/v1/tickets/{ticket}/actions",
    tag: "tickets",
    summary: {
      ru: "Что можно сделать с заявкой и почему нельзя остального",
      en: "What may be done to a ticket, and why not the rest",
    },
    params: oneTicket,
    query: z.strictObject(waitParam),
    reply: ticketActions,
    errors: ["ticket_not_found"],
  }),
  ribbons: defineRoute({
    id: "sla.ribbons",
    method: "GET",
    path: "/api/v1/sla/ribbons",
    tag: "sla",
    summary: { ru: "Сроки заявок полосами, с ходом времени", en: "Clocks of tickets as bars that tick by themselves" },
    query: z.strictObject({
      /** ids of tickets, repeated or separated by commas */
      tickets: z.union([text(20_000).min(1), z.array(text(20_000).min(1)).max(200)]),
      ...asOfParam,
      ...waitParam,
    }),
    reply: ribbonsReply,
    errors: ["as_of_in_future"],
  }),
} as const;

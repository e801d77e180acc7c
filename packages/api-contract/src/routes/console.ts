import { z } from "zod";
import { ticketActions } from "../console/actions.ts";
import { waitParam } from "../list.ts";
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
} as const;

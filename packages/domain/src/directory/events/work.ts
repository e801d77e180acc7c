import { z } from "zod";
import { defineEvent } from "../../event.ts";
import { routingRule } from "../shapes.ts";
import { filledText, id, instant, limits, personal, text, uuid, zone } from "../../values.ts";

/** How work comes and goes: routing rules, numbers, plans, ratings. */
export const workEvents = {
  routingRulesPublished: defineEvent(
    "routing-rules",
    "RoutingRulesPublished",
    { ru: "Правила маршрутизации опубликованы", en: "Routing rules published" },
    {
      version: z.int().min(1),
      rules: z.array(routingRule).max(limits.routingRules),
      /** where tickets go that no rule takes */
      fallbackGroupId: id,
    },
  ),
  ticketNumbersReserved: defineEvent(
    "ticket-numbers",
    "TicketNumbersReserved",
    { ru: "Выделен блок номеров", en: "Block of numbers reserved" },
    {
      from: z.int().min(1),
      to: z.int().min(1),
    },
  ),
  planDefined: defineEvent(
    "plan",
    "PlanDefined",
    { ru: "План регламентных работ", en: "Plan of scheduled work" },
    {
      planId: id,
      contractId: id,
      /** iCalendar RRULE (RFC 5545) without DTSTART */
      rrule: filledText(500),
      /** local start, 2024-04-01T10:00, in `zone` */
      start: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/),
      zone,
      subject: filledText(limits.subject),
      description: text(limits.text),
      product: text(limits.product).nullable(),
      requesterPersonId: id.nullable(),
      nextAt: instant.nullable(),
    },
  ),
  planOccurred: defineEvent(
    "plan",
    "PlanOccurred",
    { ru: "Заявка по плану зарегистрирована", en: "Planned ticket registered" },
    {
      at: instant,
      ticketId: uuid,
      nextAt: instant.nullable(),
    },
  ),
  planStopped: defineEvent(
    "plan",
    "PlanStopped",
    { ru: "План остановлен", en: "Plan stopped" },
    { reason: text(limits.reason).nullable() },
  ),
  ticketRated: defineEvent(
    "survey",
    "TicketRated",
    { ru: "Работа оценена", en: "Work rated" },
    {
      ticketId: uuid,
      score: z.int().min(1).max(5),
      comment: personal(text(limits.text)).nullable(),
    },
  ),
} as const;

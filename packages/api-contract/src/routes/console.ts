import { z } from "zod";
import { text, uuid } from "@docket/domain";
import { ticketActions } from "../console/actions.ts";
import { ribbonsReply } from "../console/ribbons.ts";
import { markSeen, preferences, preferencesChange, seenMarks } from "../console/preferences.ts";
import { filledTemplate, fillTemplate, newTemplate, replyTemplate, templateChange } from "../console/templates.ts";
import { newView, savedView, viewChange } from "../console/views.ts";
import { asOfParam, listReply, pageLimit, pastErrors, waitParam } from "../list.ts";
import { ticketRow } from "../ticket.ts";
import { defineRoute } from "../route.ts";
import { flag, ticketRef } from "../values.ts";

const oneView = z.strictObject({ viewId: uuid });
const oneTemplate = z.strictObject({ templateId: uuid });
/** ids of tickets, repeated or separated by commas */
const ids = z.union([text(20_000).min(1), z.array(text(20_000).min(1)).max(200)]);
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
      tickets: ids,
      ...asOfParam,
      ...waitParam,
    }),
    reply: ribbonsReply,
    errors: ["as_of_in_future"],
  }),
  views: defineRoute({
    id: "views.list",
    method: "GET",
    path: "/api/v1/views",
    tag: "own settings",
    summary: { ru: "Сохранённые виды, свои и общие", en: "Saved views, own and shared" },
    reply: z.strictObject({ items: z.array(savedView) }),
  }),
  createView: defineRoute({
    id: "views.create",
    method: "POST",
    path: "/api/v1/views",
    tag: "own settings",
    summary: { ru: "Сохранить вид", en: "Save a view" },
    body: newView,
    reply: savedView,
    status: 201,
    errors: ["too_many_views"],
  }),
  changeView: defineRoute({
    id: "views.change",
    method: "PATCH",
    path: "/api/v1/views/{viewId}",
    tag: "own settings",
    summary: { ru: "Изменить сохранённый вид", en: "Change a saved view" },
    params: oneView,
    body: viewChange,
    reply: savedView,
    errors: ["not_found", "changed_meanwhile"],
  }),
  deleteView: defineRoute({
    id: "views.delete",
    method: "DELETE",
    path: "/api/v1/views/{viewId}",
    tag: "own settings",
    summary: { ru: "Удалить сохранённый вид", en: "Delete a saved view" },
    params: oneView,
    reply: null,
    status: 204,
    errors: ["not_found"],
  }),
  viewTickets: defineRoute({
    id: "views.tickets",
    method: "GET",
    path: "/api/v1/views/{viewId}/tickets",
    tag: "own settings",
    summary: { ru: "Заявки сохранённого вида", en: "The tickets of a saved view" },
    params: oneView,
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(pageLimit.most).default(pageLimit.usual),
      page: z.string().max(2000).optional(),
      count: flag.optional(),
      ...asOfParam,
      ...waitParam,
    }),
    reply: listReply(ticketRow, "ViewPage"),
    errors: ["not_found", ...pastErrors],
  }),
  preferences: defineRoute({
    id: "preferences.get",
    method: "GET",
    path: "/api/v1/preferences",
    tag: "own settings",
    summary: { ru: "Свои настройки", en: "Own preferences" },
    reply: preferences,
  }),
  changePreferences: defineRoute({
    id: "preferences.change",
    method: "PATCH",
    path: "/api/v1/preferences",
    tag: "own settings",
    summary: { ru: "Изменить свои настройки", en: "Change own preferences" },
    body: preferencesChange,
    reply: preferences,
    errors: ["too_long"],
  }),
  marks: defineRoute({
    id: "marks.list",
    method: "GET",
    path: "/api/v1/marks",
    tag: "own settings",
    summary: { ru: "До какой ревизии просмотрены заявки", en: "Up to which revision tickets were looked at" },
    query: z.strictObject({ tickets: ids }),
    reply: seenMarks,
  }),
  markSeen: defineRoute({
    id: "marks.set",
    method: "POST",
    path: "/api/v1/marks",
    tag: "own settings",
    summary: { ru: "Отметить заявки просмотренными", en: "Mark tickets as looked at" },
    body: markSeen,
    reply: null,
    status: 204,
  }),
  templates: defineRoute({
    id: "templates.list",
    method: "GET",
    path: "/api/v1/templates",
    tag: "reply templates",
    summary: { ru: "Шаблоны ответов", en: "Reply templates" },
    query: z.strictObject({ all: flag.optional() }),
    reply: z.strictObject({ items: z.array(replyTemplate) }),
  }),
  createTemplate: defineRoute({
    id: "templates.create",
    method: "POST",
    path: "/api/v1/templates",
    tag: "reply templates",
    summary: { ru: "Завести шаблон ответа", en: "Create a reply template" },
    body: newTemplate,
    reply: replyTemplate,
    status: 201,
    errors: ["template_field_unknown"],
  }),
  changeTemplate: defineRoute({
    id: "templates.change",
    method: "PATCH",
    path: "/api/v1/templates/{templateId}",
    tag: "reply templates",
    summary: { ru: "Изменить шаблон ответа", en: "Change a reply template" },
    params: oneTemplate,
    body: templateChange,
    reply: replyTemplate,
    errors: ["not_found", "changed_meanwhile", "template_field_unknown"],
  }),
  templateHistory: defineRoute({
    id: "templates.history",
    method: "GET",
    path: "/api/v1/templates/{templateId}/history",
    tag: "reply templates",
    summary: { ru: "История шаблона ответа", en: "A reply template's history" },
    params: oneTemplate,
    reply: z.strictObject({ items: z.array(replyTemplate) }),
    errors: ["not_found"],
  }),
  fillTemplate: defineRoute({
    id: "templates.fill",
    method: "POST",
    path: "/api/v1/templates/{templateId}/fill",
    tag: "reply templates",
    summary: { ru: "Заполнить шаблон по заявке", en: "Fill a template from a ticket" },
    params: oneTemplate,
    body: fillTemplate,
    reply: filledTemplate,
    errors: ["not_found", "ticket_not_found"],
  }),
} as const;

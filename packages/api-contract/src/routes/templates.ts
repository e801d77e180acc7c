import { z } from "zod";
import { uuid } from "@docket/domain";
import {
  filledTemplate,
  fillTemplate,
  newTemplate,
  replyTemplate,
  templateChange,
  templatePreview,
} from "../console/templates.ts";
import { defineRoute } from "../route.ts";
import { flag } from "../values.ts";

const oneTemplate = z.strictObject({ templateId: uuid });

/** Texts for answers: kept in versions, filled from a ticket. */
export const templateRoutes = {
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
  previewTemplate: defineRoute({
    id: "templates.preview",
    method: "POST",
    path: "/api/v1/templates/preview",
    tag: "reply templates",
    summary: {
      ru: "Заполнить по заявке текст, который ещё не сохранён",
      en: "Fill a text that is not saved yet from a ticket",
    },
    body: templatePreview,
    reply: filledTemplate,
    errors: ["ticket_not_found", "template_field_unknown"],
  }),
};

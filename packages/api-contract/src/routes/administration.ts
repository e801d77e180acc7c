import { z } from "zod";
import { id } from "@docket/domain";
import {
  builtInCalendars,
  calendarYear,
  changePreview,
  directoryKinds,
  historyEntry,
  importCalendar,
  importedCalendar,
} from "../console/administration.ts";
import { mailFrame, mailKind, mailPreview, mailPreviewFrame, triedMail } from "../console/letters.ts";
import { waitParam } from "../list.ts";
import { defineRoute } from "../route.ts";

const tag = "administration";

/** What administrators need beyond the directory and its commands. */
export const administrationRoutes = {
  preview: defineRoute({
    id: "admin.preview",
    method: "POST",
    path: "/api/v1/admin/preview/{command}",
    tag,
    summary: { ru: "Что изменит команда справочника", en: "What a directory command would change" },
    params: z.strictObject({ command: z.string().regex(/^[a-z][a-z-]{0,60}$/) }),
    body: z.record(z.string(), z.unknown()),
    reply: changePreview,
    errors: ["command_not_found"],
  }),
  history: defineRoute({
    id: "directory.history",
    method: "GET",
    path: "/api/v1/directory/{kind}/{id}/history",
    tag,
    summary: { ru: "История записи справочника", en: "The history of a directory entry" },
    params: z.strictObject({ kind: z.enum(directoryKinds), id }),
    query: z.strictObject(waitParam),
    reply: z.strictObject({ items: z.array(historyEntry) }),
    errors: ["not_found"],
  }),
  builtInCalendars: defineRoute({
    id: "calendars.builtIn",
    method: "GET",
    path: "/api/v1/calendars/built-in",
    tag,
    summary: { ru: "Встроенные календари", en: "Built-in calendars" },
    reply: builtInCalendars,
  }),
  importCalendar: defineRoute({
    id: "calendars.import",
    method: "POST",
    path: "/api/v1/admin/calendars/built-in",
    tag,
    summary: {
      ru: "Завести или обновить календарь из встроенного",
      en: "Define or revise a calendar from a built-in one",
    },
    body: importCalendar,
    reply: importedCalendar,
  }),
  mailKinds: defineRoute({
    id: "admin.mailKinds",
    method: "GET",
    path: "/api/v1/admin/mail-kinds",
    tag,
    summary: { ru: "Виды писем и их тексты", en: "The kinds of letters and their words" },
    query: z.strictObject(waitParam),
    reply: z.strictObject({ items: z.array(mailKind), frames: z.array(mailFrame) }),
  }),
  mailPreview: defineRoute({
    id: "admin.mailPreview",
    method: "POST",
    path: "/api/v1/admin/mail-preview",
    tag,
    summary: {
      ru: "Письмо с данными настоящей заявки, без отправки",
      en: "A letter with a real ticket's facts, not sent",
    },
    body: mailPreview,
    reply: triedMail,
    errors: [
      "ticket_not_found",
      "letter_placeholder_unknown",
      "letter_braces_open",
      "letter_number_missing",
      "letter_one_line",
    ],
  }),
  mailPreviewFrame: defineRoute({
    id: "admin.mailPreviewFrame",
    method: "GET",
    path: "/api/v1/admin/mail-preview/frame",
    tag,
    summary: { ru: "Такое письмо страницей для встроенного окна", en: "Such a letter as a page for a frame" },
    query: mailPreviewFrame,
    reply: null,
    replyMedia: "text/html",
    errors: [
      "ticket_not_found",
      "letter_placeholder_unknown",
      "letter_braces_open",
      "letter_number_missing",
      "letter_one_line",
    ],
  }),
  calendarYear: defineRoute({
    id: "calendars.year",
    method: "GET",
    path: "/api/v1/calendars/{id}/year/{year}",
    tag,
    summary: { ru: "Год календаря по дням", en: "A calendar's year, day by day" },
    params: z.strictObject({ id, year: z.coerce.number().int().min(1971).max(2199) }),
    query: z.strictObject(waitParam),
    reply: calendarYear,
    errors: ["not_found"],
  }),
} as const;

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

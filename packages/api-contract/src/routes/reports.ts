import { z } from "zod";
import { defineRoute } from "../route.ts";
import {
  reportCorrections,
  reportCorrectionsQuery,
  reportMenu,
  reportQuery,
  reportReply,
  reportRowsQuery,
  reportTicketsQuery,
  reportTicketsReply,
} from "../reports/schemas.ts";

const tag = "reports";
const params = z.strictObject({ report: z.string().min(1).max(60) });
const errors = [
  "report_not_found",
  "unknown_measure",
  "unknown_dimension",
  "too_many_dimensions",
  "too_many_groups",
  "report_too_slow",
  "period_reversed",
  "period_too_long",
  "as_of_in_future",
  "position_in_future",
  "zone_unknown",
  "unknown_calendar",
];

/** What analysts and service managers ask of the past. */
export const reportRoutes = {
  menu: defineRoute({
    id: "reports.menu",
    method: "GET",
    path: "/api/v1/reports",
    tag,
    summary: { ru: "Какие есть отчёты, показатели и измерения", en: "Reports, measures and dimensions there are" },
    reply: reportMenu,
  }),
  rows: defineRoute({
    id: "reports.rows",
    method: "GET",
    path: "/api/v1/reports/rows",
    tag,
    summary: {
      ru: "Заявки периода со всеми показателями, потоком (CSV, JSON Lines, Arrow)",
      en: "Tickets of a period with all measures, streamed (CSV, JSON Lines, Arrow)",
    },
    query: reportRowsQuery,
    reply: null,
    replyMedia: "text/csv",
    errors,
  }),
  report: defineRoute({
    id: "reports.get",
    method: "GET",
    path: "/api/v1/reports/{report}",
    tag,
    summary: { ru: "Отчёт (JSON, CSV, JSON Lines, Arrow)", en: "A report (JSON, CSV, JSON Lines, Arrow)" },
    params,
    query: reportQuery,
    reply: reportReply,
    errors,
  }),
  tickets: defineRoute({
    id: "reports.tickets",
    method: "GET",
    path: "/api/v1/reports/{report}/tickets",
    tag,
    summary: { ru: "Заявки, которые сосчитало число отчёта", en: "The tickets that a report's number counts" },
    params,
    query: reportTicketsQuery,
    reply: reportTicketsReply,
    errors: [...errors, "page_token_invalid"],
  }),
  corrections: defineRoute({
    id: "reports.corrections",
    method: "GET",
    path: "/api/v1/reports/{report}/corrections",
    tag,
    summary: {
      ru: "Что изменилось в отчёте между двумя позициями журнала",
      en: "What changed in a report between two positions of the log",
    },
    params,
    query: reportCorrectionsQuery,
    reply: reportCorrections,
    errors,
  }),
} as const;

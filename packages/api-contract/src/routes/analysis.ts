import { z } from "zod";
import { uuid } from "@docket/domain";
import { forecastQuery, forecastReply } from "../analysis/forecast.ts";
import { whatIfBody, whatIfJob, whatIfTicketsQuery, whatIfTicketsReply } from "../analysis/what-if.ts";
import { pastErrors } from "../list.ts";
import { defineRoute } from "../route.ts";

const tag = "analysis";
const job = z.strictObject({ jobId: uuid });

/** What analysts and service managers ask beside reports. */
export const analysisRoutes = {
  forecast: defineRoute({
    id: "forecast",
    method: "GET",
    path: "/api/v1/forecast",
    tag,
    summary: {
      ru: "Прогноз по срокам открытых заявок (JSON, CSV, JSON Lines, Arrow)",
      en: "Forecast for the clocks of open tickets (JSON, CSV, JSON Lines, Arrow)",
    },
    query: forecastQuery,
    reply: forecastReply,
    errors: [...pastErrors, "until_not_after"],
  }),
  whatIf: defineRoute({
    id: "whatIf.start",
    method: "POST",
    path: "/api/v1/what-if",
    tag,
    summary: {
      ru: "Что было бы при другой политике или календаре",
      en: "What would have been under another policy or calendar",
    },
    body: whatIfBody,
    reply: whatIfJob,
    errors: [
      "period_empty",
      "nothing_to_compare",
      "contract_unknown",
      "policy_version_unknown",
      "calendar_unknown",
      "calendar_version_unknown",
      "as_of_in_future",
      "position_in_future",
      "too_many_jobs",
    ],
  }),
  whatIfJob: defineRoute({
    id: "whatIf.job",
    method: "GET",
    path: "/api/v1/what-if/{jobId}",
    tag,
    summary: { ru: "Ход и итоги пересчёта", en: "Progress and totals of a what-if" },
    params: job,
    reply: whatIfJob,
    errors: ["job_not_found"],
  }),
  whatIfTickets: defineRoute({
    id: "whatIf.tickets",
    method: "GET",
    path: "/api/v1/what-if/{jobId}/tickets",
    tag,
    summary: {
      ru: "Обе оценки по каждой заявке (JSON, CSV, JSON Lines, Arrow)",
      en: "Both judgements, ticket by ticket (JSON, CSV, JSON Lines, Arrow)",
    },
    params: job,
    query: whatIfTicketsQuery,
    reply: whatIfTicketsReply,
    errors: ["job_not_found", "page_token_invalid"],
  }),
  whatIfStop: defineRoute({
    id: "whatIf.stop",
    method: "DELETE",
    path: "/api/v1/what-if/{jobId}",
    tag,
    summary: { ru: "Прекратить пересчёт", en: "Stop a what-if" },
    params: job,
    reply: null,
    status: 204,
    errors: ["job_not_found"],
  }),
} as const;

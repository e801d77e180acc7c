import { z } from "zod";
import { uuid } from "@docket/domain";
import { newScreen, savedScreen, screenArea } from "../console/screens.ts";
import { defineRoute } from "../route.ts";

const tag = "own settings";

/** Dashboards, reports and searches that somebody keeps under a name. */
export const screenRoutes = {
  list: defineRoute({
    id: "screens.list",
    method: "GET",
    path: "/api/v1/saved-screens",
    tag,
    summary: { ru: "Сохранённые панели, отчёты и поиски, свои и общие", en: "Saved dashboards, reports and searches" },
    query: z.strictObject({ area: screenArea }),
    reply: z.strictObject({ items: z.array(savedScreen) }),
  }),
  save: defineRoute({
    id: "screens.save",
    method: "POST",
    path: "/api/v1/saved-screens",
    tag,
    summary: {
      ru: "Сохранить панель, отчёт или поиск; своё под тем же именем заменяется",
      en: "Save a dashboard, report or search; one's own of the same name is replaced",
    },
    body: newScreen,
    reply: savedScreen,
    status: 201,
    errors: ["too_many_views"],
  }),
  remove: defineRoute({
    id: "screens.delete",
    method: "DELETE",
    path: "/api/v1/saved-screens/{screenId}",
    tag,
    summary: { ru: "Удалить сохранённое", en: "Delete what was saved" },
    params: z.strictObject({ screenId: uuid }),
    reply: null,
    status: 204,
    errors: ["not_found"],
  }),
} as const;

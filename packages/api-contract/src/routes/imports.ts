import { z } from "zod";
import { uuid } from "@docket/domain";
import { importJob, importReportRow } from "../import-job.ts";
import { defineRoute } from "../route.ts";
import { flag } from "../values.ts";

const tag = "imports";
const one = z.strictObject({ importId: uuid });
/** Bytes of a mapping and of a file to import. */
export const importLimits = { mapping: 1_000_000, data: 2 * 1024 * 1024 * 1024 } as const;

export const importRoutes = {
  start: defineRoute({
    id: "imports.start",
    method: "POST",
    path: "/api/v1/admin/imports",
    tag,
    summary: {
      ru: "Перенести историю другой системы: описание и файл CSV",
      en: "Import another system's history: a mapping and a CSV file",
    },
    query: z.strictObject({ dryRun: flag.optional() }),
    reply: importJob,
    status: 202,
    upload: ["mapping", "data"],
    bodyLimit: importLimits.data + 1024 * 1024,
    errors: ["mapping_invalid", "import_file_missing", "import_file_too_large", "import_running"],
  }),
  list: defineRoute({
    id: "imports.list",
    method: "GET",
    path: "/api/v1/admin/imports",
    tag,
    summary: { ru: "Переносы", en: "Imports" },
    reply: z.strictObject({ items: z.array(importJob) }),
  }),
  one: defineRoute({
    id: "imports.one",
    method: "GET",
    path: "/api/v1/admin/imports/{importId}",
    tag,
    summary: { ru: "Ход и итог переноса", en: "An import's progress and summary" },
    params: one,
    reply: importJob,
    errors: ["import_not_found"],
  }),
  report: defineRoute({
    id: "imports.report",
    method: "GET",
    path: "/api/v1/admin/imports/{importId}/report",
    tag,
    summary: { ru: "Строки, взятые не как есть", en: "Rows that were not taken as they stand" },
    params: one,
    query: z.strictObject({
      /** csv: all of them as one file */
      format: z.enum(["json", "csv"]).default("json"),
      /** the last id of the page before */
      after: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(1_000).default(200),
    }),
    reply: z.strictObject({ items: z.array(importReportRow), next: z.int().nullable() }),
    errors: ["import_not_found"],
  }),
  resume: defineRoute({
    id: "imports.resume",
    method: "POST",
    path: "/api/v1/admin/imports/{importId}/resume",
    tag,
    summary: { ru: "Продолжить прерванный перенос", en: "Go on with an import that was broken off" },
    params: one,
    reply: importJob,
    status: 202,
    errors: ["import_not_found", "import_running"],
  }),
  remove: defineRoute({
    id: "imports.remove",
    method: "DELETE",
    path: "/api/v1/admin/imports/{importId}",
    tag,
    summary: {
      ru: "Остановить перенос и удалить его рабочие файлы (перенесённое остаётся)",
      en: "Stop an import and remove its work files (what was imported stays)",
    },
    params: one,
    reply: null,
    status: 204,
    errors: ["import_not_found"],
  }),
} as const;

import { limits } from "@docket/domain";
import { uploadedAttachment, uploadQuery } from "../attachment.ts";
import { defineRoute } from "../route.ts";

export const attachmentRoutes = {
  upload: defineRoute({
    id: "attachments.upload",
    method: "POST",
    path: "/api/v1/attachments",
    tag: "attachments",
    summary: { ru: "Загрузить файл (multipart или тело запроса)", en: "Upload a file (multipart, or as the body)" },
    query: uploadQuery,
    reply: uploadedAttachment,
    status: 201,
    upload: true,
    bodyLimit: limits.attachmentBytes + 64 * 1024,
    errors: [
      "attachment_too_large",
      "attachment_type_refused",
      "attachment_name_refused",
      "attachment_missing",
      "attachment_empty",
    ],
  }),
} as const;

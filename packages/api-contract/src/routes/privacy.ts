import { z } from "zod";
import { anyInstant } from "../values.ts";
import { limits, subjectKinds, uuid } from "@docket/domain";
import { defineRoute } from "../route.ts";

const tag = "privacy";
const kind = z.enum(subjectKinds);
const subject = z
  .string()
  .min(1)
  .max(limits.email + 10);
const label = z.strictObject({ ru: z.string(), en: z.string() });

const erasure = z.strictObject({
  erasureId: uuid,
  kind,
  subjects: z.array(uuid),
  by: z.strictObject({ id: z.string(), role: z.string() }),
  reason: z.string().nullable(),
  requestedAt: anyInstant,
  step: z.enum(["keys_destroyed", "blanked", "recorded", "done"]),
  /** how many streams held something; null until that is known */
  streams: z.int().nullable(),
});

/** Erasing the personal data of one subject, and telling him what is held. For administrators. */
export const privacyRoutes = {
  plan: defineRoute({
    id: "privacy.plan",
    method: "POST",
    path: "/api/v1/admin/privacy/plan",
    tag,
    summary: { ru: "Что затронет удаление персональных данных", en: "What an erasure of personal data would touch" },
    body: z.strictObject({ subject }),
    reply: z.strictObject({
      kind,
      subjects: z.array(uuid),
      /** addresses that somebody else goes by too: they stay */
      shared: z.array(uuid),
      streams: z.array(z.string()),
      files: z.int(),
      mails: z.int(),
      accounts: z.int(),
    }),
    errors: ["subject_unknown", "subject_ambiguous", "subject_invalid"],
  }),
  erase: defineRoute({
    id: "privacy.erase",
    method: "POST",
    path: "/api/v1/admin/privacy/erasures",
    tag,
    summary: { ru: "Удалить персональные данные безвозвратно", en: "Erase personal data for good" },
    body: z.strictObject({
      subject,
      /** kept for ever: it should name nobody */
      reason: z.string().trim().min(1).max(limits.reason).optional(),
    }),
    reply: erasure,
    status: 202,
    errors: ["subject_unknown", "subject_ambiguous", "subject_invalid"],
  }),
  erasures: defineRoute({
    id: "privacy.erasures",
    method: "GET",
    path: "/api/v1/admin/privacy/erasures",
    tag,
    summary: { ru: "Удаления персональных данных", en: "Erasures of personal data" },
    reply: z.strictObject({ items: z.array(erasure) }),
  }),
  erasure: defineRoute({
    id: "privacy.erasure",
    method: "GET",
    path: "/api/v1/admin/privacy/erasures/{erasureId}",
    tag,
    summary: { ru: "Ход удаления", en: "How far an erasure has come" },
    params: z.strictObject({ erasureId: uuid }),
    reply: erasure,
    errors: ["not_found"],
  }),
  export: defineRoute({
    id: "privacy.export",
    method: "POST",
    path: "/api/v1/admin/privacy/exports",
    tag,
    summary: { ru: "Всё, что хранится об одном человеке", en: "Everything that is held about one person" },
    body: z.strictObject({ subject, bytes: z.boolean().default(false) }),
    reply: z.strictObject({
      format: z.literal("docket-subject"),
      version: z.literal(1),
      kind,
      subjects: z.array(uuid),
      shared: z.array(uuid),
      madeAt: anyInstant,
      labels: z.record(z.string(), label),
      events: z.array(
        z.strictObject({
          stream: z.string(),
          revision: z.int(),
          eventId: uuid,
          type: z.string(),
          title: label,
          occurredAt: z.string(),
          recordedAt: z.string(),
          position: z.string(),
          texts: z.array(z.strictObject({ pointer: z.string(), label, text: z.string() })),
        }),
      ),
      files: z.array(
        z.strictObject({
          sha256: z.string(),
          size: z.int(),
          mediaType: z.string(),
          keptAt: anyInstant,
          base64: z.string().optional(),
        }),
      ),
      mails: z.array(
        z.strictObject({
          ticketId: z.string().nullable(),
          kind: z.string(),
          status: z.string(),
          createdAt: anyInstant,
          to: z.string(),
          subject: z.string(),
          text: z.string(),
        }),
      ),
      accounts: z.array(
        z.strictObject({ login: z.string(), name: z.string(), role: z.string(), createdAt: anyInstant }),
      ),
      /** true when there is more than one answer may hold: scripts/docket subject writes all of it */
      truncated: z.boolean(),
    }),
    errors: ["subject_unknown", "subject_ambiguous", "subject_invalid"],
  }),
} as const;

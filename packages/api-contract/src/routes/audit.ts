import { z } from "zod";
import { accessKinds, id, instant, language, role, sha256, uuid } from "@docket/domain";
import { asOfParam, listQuery, listReply } from "../list.ts";
import { defineRoute } from "../route.ts";
import { accessFields, ticketFields } from "../ticket-fields.ts";
import { flag, logPosition, ticketRef } from "../values.ts";

const tag = "audit";

/** An access that was recorded. */
const accessRow = z
  .strictObject({
    accessId: uuid,
    at: instant,
    accountId: z.string(),
    actorId: id,
    actorRole: role,
    kind: z.enum(accessKinds),
    ticketId: uuid.nullable(),
    query: z.string(),
    items: z.union([z.string(), z.int()]).nullable(),
    complete: z.boolean().nullable(),
    position: logPosition,
  })
  .meta({ id: "AccessEntry" });

const finding = z.strictObject({
  code: z.string(),
  text: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});

const verification = z
  .strictObject({
    id: uuid,
    askedBy: z.string(),
    askedAt: instant,
    ticketId: uuid.nullable(),
    state: z.enum(["waiting", "running", "done", "failed"]),
    progress: z.strictObject({ done: z.int(), total: z.int() }),
    finishedAt: instant.nullable(),
    error: z.string().nullable(),
    /** null until it is done */
    report: z
      .strictObject({
        events: z.int(),
        streams: z.int(),
        tickets: z.int(),
        checkpoints: z.int(),
        checkpoint: z.int().nullable(),
        afterCheckpoint: z.int(),
        found: z.int(),
        ms: z.int(),
        findings: z.array(finding),
      })
      .nullable(),
  })
  .meta({ id: "Verification" });
export type Verification = z.infer<typeof verification>;

const checkpoint = z
  .strictObject({
    number: z.int(),
    at: instant,
    position: logPosition,
    streams: z.int(),
    root: sha256,
    previous: sha256.nullable(),
    faults: z.array(z.strictObject({ stream: z.string(), revision: z.int(), fault: z.string() })),
    /** ids of the keys that signed it */
    signedBy: z.array(z.string()),
  })
  .meta({ id: "Checkpoint" });

const signingKey = z
  .strictObject({
    key: z.string(),
    publicKey: z.string(),
    /** the same as PEM */
    pem: z.string(),
    introducedAt: instant,
    endorsedBy: z.array(z.string()),
  })
  .meta({ id: "SigningKey" });

export const auditRoutes = {
  accessLog: defineRoute({
    id: "access.list",
    method: "GET",
    path: "/api/v1/access-log",
    tag,
    summary: { ru: "Кто что смотрел и выгружал (аудитор)", en: "Who looked at what, and took what out (auditor)" },
    query: listQuery(accessFields, { ticket: ticketRef.optional(), ...asOfParam }),
    reply: listReply(accessRow, "AccessList"),
    errors: ["page_token_invalid", "as_of_in_future"],
  }),
  checkpoints: defineRoute({
    id: "checkpoints.list",
    method: "GET",
    path: "/api/v1/checkpoints",
    tag,
    summary: { ru: "Контрольные точки и открытые ключи", en: "Checkpoints and public keys" },
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
    reply: z.strictObject({ items: z.array(checkpoint), keys: z.array(signingKey) }),
    errors: ["store_unavailable"],
  }),
  makeCheckpoint: defineRoute({
    id: "checkpoints.make",
    method: "POST",
    path: "/api/v1/checkpoints",
    tag,
    summary: { ru: "Подписать состояние журнала сейчас", en: "Sign the state of the log now" },
    reply: z.strictObject({ made: z.boolean(), checkpoint: checkpoint.nullable() }),
    errors: ["store_unavailable", "signing_key_missing"],
  }),
  verify: defineRoute({
    id: "verifications.start",
    method: "POST",
    path: "/api/v1/verifications",
    tag,
    summary: { ru: "Проверить записи сейчас", en: "Verify the record now" },
    body: z.strictObject({ ticket: ticketRef.nullable().default(null) }),
    reply: verification,
    status: 202,
    errors: ["ticket_not_found", "verification_running"],
  }),
  verification: defineRoute({
    id: "verifications.get",
    method: "GET",
    path: "/api/v1/verifications/{id}",
    tag,
    summary: { ru: "Ход и итог проверки", en: "Progress and outcome of a verification" },
    params: z.strictObject({ id: uuid }),
    query: z.strictObject({ lang: language.optional() }),
    reply: verification,
    errors: ["not_found"],
  }),
  verifications: defineRoute({
    id: "verifications.list",
    method: "GET",
    path: "/api/v1/verifications",
    tag,
    summary: { ru: "Последние проверки", en: "The latest verifications" },
    query: z.strictObject({ lang: language.optional() }),
    reply: z.strictObject({ items: z.array(verification) }),
  }),
  evidence: defineRoute({
    id: "evidence.export",
    method: "GET",
    path: "/api/v1/evidence",
    tag,
    summary: { ru: "Файл доказательств заявки или выборки", en: "Evidence file of a ticket or of a filter" },
    query: listQuery(ticketFields, {
      ticket: ticketRef.optional(),
      /** personal data stay sealed */
      sealed: flag.optional(),
      attachments: flag.optional(),
    }).omit({ limit: true, page: true, sort: true, count: true }),
    reply: null,
    replyMedia: "text/html",
    errors: ["ticket_not_found", "signing_key_missing", "store_unavailable"],
  }),
} as const;

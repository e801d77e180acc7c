import { z } from "zod";
import { accessKinds, id, instant, language, role, sha256, uuid } from "@docket/domain";
import { asOfParam, asOfReply, listQuery, listReply, searchText, waitParam } from "../list.ts";
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
    /** what the account is called; null for a token, and for an account that is gone */
    actorName: z.string().nullable(),
    kind: z.enum(accessKinds),
    ticketId: uuid.nullable(),
    /** the number of that ticket */
    number: z.string().nullable(),
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
    /** what that account is called; null when it is gone */
    askedByName: z.string().nullable(),
    askedAt: instant,
    /** null: the whole record */
    ticketId: uuid.nullable(),
    number: z.string().nullable(),
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

/** Whether a ticket's events are whole and who vouches for it, as found when asked. */
const ticketChain = z
  .strictObject({
    ticketId: uuid,
    stream: z.string(),
    /** when it was looked at */
    at: instant,
    events: z.int(),
    /** log position of the last of these events */
    position: logPosition,
    verified: z.boolean(),
    /** revision of the first event that does not hold */
    brokenAt: z.int().nullable(),
    reason: z.string().nullable(),
    /** the newest checkpoint, when the ticket is under it */
    checkpoint: z
      .strictObject({
        number: z.int(),
        at: instant,
        position: logPosition,
        signedBy: z.array(z.string()),
        /** how many of the ticket's events it signs */
        events: z.int(),
        /** whether its signature is good and leads to exactly these events */
        holds: z.boolean(),
      })
      .nullable(),
    /** events that are newer than the checkpoint: their chain alone covers them */
    afterCheckpoint: z.int(),
    /** the last verification that went over this ticket to its end */
    verification: z
      .strictObject({
        id: uuid,
        at: instant,
        /** of the whole record, not of this ticket alone */
        whole: z.boolean(),
        /** findings about this ticket */
        found: z.int(),
      })
      .nullable(),
    ...asOfReply,
  })
  .meta({ id: "TicketChain" });
export type TicketChain = z.infer<typeof ticketChain>;

export const evidenceChecks = [
  "seal",
  "form",
  "signatures",
  "chains",
  "tree",
  "page",
  "disclosures",
  "attachments",
] as const;

/** What became of an evidence file that somebody brought. */
const evidenceCheck = z
  .strictObject({
    good: z.boolean(),
    checks: z.array(
      z.strictObject({
        name: z.enum(evidenceChecks),
        /** what is checked, in words */
        title: z.string(),
        /** nothing: the file could not be read so far, or has nothing of the kind */
        result: z.enum(["passed", "failed", "nothing"]),
        reasons: z.array(finding),
      }),
    ),
    streams: z.int(),
    tickets: z.int(),
    events: z.int(),
    /** events that the file's checkpoint signs; the others are covered by the file's own signature */
    signed: z.int(),
    /** files whose bytes are in it */
    files: z.int(),
    checkpoint: z.strictObject({ number: z.int(), at: instant, root: z.string(), streams: z.int() }).nullable(),
    exportedAt: instant.nullable(),
    /** what was asked for when it was made */
    scope: z.string().nullable(),
    signedBy: z.array(z.string()),
    /** id of the key that the signatures were held against */
    key: z.string(),
    /** whether that is this Docket's own first key */
    ownKey: z.boolean(),
  })
  .meta({ id: "EvidenceCheck" });
export type EvidenceCheck = z.infer<typeof evidenceCheck>;

/** Bytes of an evidence file that may be brought. */
export const evidenceLimit = 1024 * 1024 * 1024;

export const auditRoutes = {
  accessLog: defineRoute({
    id: "access.list",
    method: "GET",
    path: "/api/v1/access-log",
    tag,
    summary: { ru: "Кто что смотрел и выгружал (аудитор)", en: "Who looked at what, and took what out (auditor)" },
    query: listQuery(accessFields, {
      ticket: ticketRef.optional(),
      /** words of a name or of an address */
      q: searchText.optional(),
      format: z.enum(["json", "csv", "ndjson"]).optional(),
      ...asOfParam,
    }),
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
  checkEvidence: defineRoute({
    id: "evidence.check",
    method: "POST",
    path: "/api/v1/evidence/checks",
    tag,
    summary: { ru: "Проверить файл доказательств", en: "Check an evidence file" },
    query: z.strictObject({
      /** public key to hold the signatures against, 64 hex digits; usually this Docket's own first one */
      key: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
      lang: language.optional(),
    }),
    reply: evidenceCheck,
    upload: true,
    bodyLimit: evidenceLimit,
    errors: ["attachment_missing", "signing_key_missing", "store_unavailable"],
  }),
  ticketChain: defineRoute({
    id: "tickets.chain",
    method: "GET",
    path: "/api/v1/tickets/{ticket}/chain",
    tag,
    summary: {
      ru: "Цела ли цепочка заявки и какая контрольная точка её подписывает",
      en: "Whether a ticket's chain holds, and which checkpoint signs it",
    },
    params: z.strictObject({ ticket: ticketRef }),
    query: z.strictObject({ ...asOfParam, ...waitParam }),
    reply: ticketChain,
    errors: ["ticket_not_found", "as_of_in_future", "store_unavailable"],
  }),
} as const;

import { z } from "zod";
import { accessKinds, id, instant, language, role, sha256, uuid } from "@docket/domain";
import { asOfParam, listQuery, listReply, searchText, waitParam } from "../list.ts";
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
    /** what his account says now; null: a token, or a verb on the machine itself */
    actorName: z.string().nullable(),
    actorRole: role,
    kind: z.enum(accessKinds),
    ticketId: uuid.nullable(),
    /** the ticket's number */
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
    /** id of the account */
    askedBy: z.string(),
    askedByName: z.string().nullable(),
    askedAt: instant,
    ticketId: uuid.nullable(),
    number: z.string().nullable(),
    state: z.enum(["waiting", "running", "done", "stopped", "failed"]),
    /** `log`: events against chains, mirror and signatures; `read_models`: streams folded anew and compared. `total` 0: not known */
    progress: z.strictObject({ phase: z.enum(["log", "read_models"]), done: z.int(), total: z.int() }),
    finishedAt: instant.nullable(),
    /** why it failed, in words */
    error: z.string().nullable(),
    /** null until it is done */
    report: z
      .strictObject({
        events: z.int(),
        streams: z.int(),
        tickets: z.int(),
        /** streams of all kinds whose rows in the read models were compared */
        compared: z.int(),
        /** place in the log of the last event that was looked at */
        position: logPosition,
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

/** What proves one ticket's chain: how far it is signed, and how far it was verified. Events are counted; revisions begin at 0. */
const chainState = z
  .strictObject({
    ticketId: uuid,
    number: z.string(),
    stream: z.string(),
    events: z.int(),
    head: z.strictObject({ revision: z.int(), hash: sha256, recordedAt: instant, position: logPosition }),
    /** the last checkpoint that covers something of it; null: none yet */
    signed: z
      .strictObject({
        checkpoint: z.int(),
        at: instant,
        position: logPosition,
        /** the last event that is under its signature, and how many there are */
        revision: z.int(),
        events: z.int(),
      })
      .nullable(),
    /** events that no checkpoint covers yet: they are told by their chain and their mirror alone */
    unsigned: z.int(),
    /** the last verification that looked at it; null: none was done yet */
    verified: z
      .strictObject({
        verificationId: uuid,
        scope: z.enum(["ticket", "all"]),
        at: instant,
        /** how far: place in the log, and how many of the ticket's events */
        position: logPosition,
        events: z.int(),
        /** findings about this ticket; 0: everything was as it should be */
        found: z.int(),
        findings: z.array(finding),
      })
      .nullable(),
  })
  .meta({ id: "ChainState" });
export type ChainState = z.infer<typeof chainState>;

/** What a check of an evidence file came to. */
const evidenceCheck = z
  .strictObject({
    ok: z.boolean(),
    refusals: z.array(finding),
    /** the public key that the signatures were held against, and whose it is: Docket's first one, or the one that was given */
    key: z.strictObject({ publicKey: z.string(), given: z.boolean() }),
    /** Docket's own checkpoint of that number is the one in the file; null: the file has none, or it has none such */
    checkpointKnown: z.boolean().nullable(),
    streams: z.int(),
    tickets: z.int(),
    events: z.int(),
    /** events under the checkpoint's signature; the others are under the file's alone */
    signed: z.int(),
    attachments: z.strictObject({ named: z.int(), enclosed: z.int() }),
    /** personal fields: how many are in clear, and how many were erased before the file was made */
    fields: z.strictObject({ disclosed: z.int(), erased: z.int() }),
    checkpoint: z.strictObject({ number: z.int(), at: instant, root: sha256, streams: z.int() }).nullable(),
    exportedAt: z.string().nullable(),
    scope: z.string().nullable(),
    signedBy: z.array(z.string()),
    bytes: z.int(),
    sha256,
  })
  .meta({ id: "EvidenceCheck" });
export type EvidenceCheck = z.infer<typeof evidenceCheck>;

/** The largest evidence file that is checked over the interface; `scripts/docket check` takes any. */
export const mostEvidenceBytes = 1024 * 1024 * 1024;

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
    query: listQuery(accessFields, {
      ticket: ticketRef.optional(),
      /** words of a name or of an address */
      q: searchText.optional(),
      format: z.enum(["json", "csv", "ndjson", "arrow"]).optional(),
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
  stopVerification: defineRoute({
    id: "verifications.stop",
    method: "POST",
    path: "/api/v1/verifications/{id}/stop",
    tag,
    summary: { ru: "Прервать проверку", en: "Break a verification off" },
    params: z.strictObject({ id: uuid }),
    reply: verification,
    errors: ["not_found"],
  }),
  chain: defineRoute({
    id: "tickets.chain",
    method: "GET",
    path: "/api/v1/tickets/{ticket}/chain",
    tag,
    summary: {
      ru: "Цепочка заявки: докуда подписана и проверена (аудитор)",
      en: "A ticket's chain: how far it is signed and verified (auditor)",
    },
    params: z.strictObject({ ticket: ticketRef }),
    query: z.strictObject({ lang: language.optional(), ...waitParam }),
    reply: chainState,
    errors: ["ticket_not_found", "store_unavailable"],
  }),
  checkEvidence: defineRoute({
    id: "evidence.check",
    method: "POST",
    path: "/api/v1/evidence/checks",
    tag,
    summary: {
      ru: "Проверить файл доказательств (multipart или тело запроса)",
      en: "Check an evidence file (multipart, or as the body)",
    },
    query: z.strictObject({
      /** 64 hex digits; Docket's own first key otherwise */
      key: z
        .string()
        .regex(/^[0-9a-f]{64}$/u)
        .optional(),
      lang: language.optional(),
    }),
    reply: evidenceCheck,
    upload: true,
    bodyLimit: mostEvidenceBytes,
    errors: ["evidence_too_large", "attachment_missing", "signing_key_missing"],
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

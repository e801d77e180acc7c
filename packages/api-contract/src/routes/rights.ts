import { z } from "zod";
import { id, instant, uuid } from "@docket/domain";
import { accountRole } from "../account.ts";
import { historyEntry } from "../console/administration.ts";
import { asOfParam, pastErrors, waitParam } from "../list.ts";
import { defineRoute } from "../route.ts";
import { logPosition } from "../values.ts";

const tag = "audit";

const rights = z
  .strictObject({
    /** the account's id, or the token's */
    accountId: uuid,
    kind: z.enum(["account", "token"]),
    /** what it is called now */
    name: z.string().nullable(),
    login: z.string().nullable(),
    role: accountRole,
    organizationId: id.nullable(),
    personId: id.nullable(),
    staffId: id.nullable(),
    scopes: z.array(z.string()).nullable(),
    expiresAt: instant.nullable(),
    /** false: closed, or revoked */
    active: z.boolean(),
    since: instant,
    changedAt: instant,
    /** the directory's id of who changed it last */
    changedBy: z.string(),
  })
  .meta({ id: "Rights" });

/** Who may what (auditors and administrators). */
export const rightsRoutes = {
  rights: defineRoute({
    id: "rights.list",
    method: "GET",
    path: "/api/v1/rights",
    tag,
    summary: {
      ru: "Кто какие права имеет: учётные записи и ключи, сейчас или на прошлый момент",
      en: "Who has which rights: accounts and tokens, now or at a past moment",
    },
    query: z.strictObject({ ...asOfParam, ...waitParam }),
    reply: z.strictObject({ items: z.array(rights), asOf: instant.nullable(), position: logPosition }),
    errors: [...pastErrors],
  }),
  history: defineRoute({
    id: "rights.history",
    method: "GET",
    path: "/api/v1/rights/{accountId}/history",
    tag,
    summary: { ru: "История прав учётной записи или ключа", en: "The history of an account's or a token's rights" },
    params: z.strictObject({ accountId: uuid }),
    query: z.strictObject(waitParam),
    reply: z.strictObject({ items: z.array(historyEntry) }),
    errors: ["not_found"],
  }),
} as const;

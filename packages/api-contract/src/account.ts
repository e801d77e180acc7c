import { z } from "zod";
import { id, instant, language, limits, role, text, uuid } from "@docket/domain";
import { plainName } from "./values.ts";

/** What a token may be used for. A session of a person has them all; his role still decides. */
export const scope = z.enum(["read", "command", "intake", "admin", "audit"]);
export type Scope = z.infer<typeof scope>;

export const loginName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,99}$/u);
export const password = text(1000);
export const passwordMinimum = 8;

export const accountRole = role.exclude(["system"]);
export type AccountRole = z.infer<typeof accountRole>;

export const account = z
  .strictObject({
    accountId: uuid,
    /** null for a machine's token */
    login: z.string().nullable(),
    name: z.string(),
    role: accountRole,
    organizationId: id.nullable(),
    /** the customer's person behind the account */
    personId: id.nullable(),
    /** the member of staff behind the account */
    staffId: id.nullable(),
    language,
  })
  .meta({ id: "Account" });
export type Account = z.infer<typeof account>;

export const loginBody = z.strictObject({ login: text(100), password });
export const sessionReply = z
  .strictObject({ account, csrfToken: z.string(), expiresAt: instant })
  .meta({ id: "Session" });
export const meReply = z
  .strictObject({ account, scopes: z.array(scope), csrfToken: z.string().nullable(), expiresAt: instant.nullable() })
  .meta({ id: "Me" });

/** What the sign-in page offers while the demo data is loaded; empty otherwise. */
export const demoLoginsReply = z
  .strictObject({
    logins: z.array(z.strictObject({ login: z.string(), name: z.string(), role: accountRole, password: z.string() })),
  })
  .meta({ id: "DemoLogins" });

/** An account as its administrator sees it. */
export const adminAccount = z
  .strictObject({ ...account.shape, login: z.string(), disabled: z.boolean(), createdAt: instant })
  .meta({ id: "AdminAccount" });

export const newAccount = z.strictObject({
  login: loginName,
  password: password.min(passwordMinimum),
  name: plainName(limits.name),
  role: accountRole,
  organizationId: id.nullable().default(null),
  personId: id.nullable().default(null),
  staffId: id.nullable().default(null),
  language: language.default("ru"),
});

export const accountChange = z.strictObject({
  password: password.min(passwordMinimum).optional(),
  name: plainName(limits.name).optional(),
  role: accountRole.optional(),
  language: language.optional(),
  disabled: z.boolean().optional(),
});

export const newToken = z.strictObject({
  name: plainName(limits.name),
  role: accountRole,
  organizationId: id.nullable().default(null),
  scopes: z.array(scope).min(1),
  expiresAt: instant.nullable().default(null),
});

export const apiToken = z
  .strictObject({
    tokenId: uuid,
    name: z.string(),
    role: accountRole,
    organizationId: id.nullable(),
    scopes: z.array(scope),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .meta({ id: "ApiToken" });
/** `token` is shown once; only its hash is kept. */
export const createdToken = z.strictObject({ ...apiToken.shape, token: z.string() }).meta({ id: "CreatedToken" });

import { sql } from "kysely";
import type { AccountRole, Scope } from "@docket/api-contract";
import type { Language } from "@docket/domain";
import { derivedId } from "@docket/event-store";
import type { Db } from "@docket/postgres";
import { hashOf, newSecret, tokenPrefix } from "./credentials.ts";
import { hashPassword, passwordFits } from "./passwords.ts";

export interface AccountSeed {
  readonly login: string;
  readonly password: string;
  readonly name: string;
  readonly role: AccountRole;
  /** the customer, for a requester */
  readonly organizationId?: string | null;
  /** the directory's id of the customer's person, for a requester */
  readonly personId?: string | null;
  /** the directory's id of the member of staff, for the others */
  readonly staffId?: string | null;
  readonly language?: Language;
}

/**
 * Sees to it that an account is as described; the same call again changes nothing. Gives the account's id, which
 * follows from the login. For demo data and the administrator's command line; people use the admin addresses.
 */
export async function ensureAccount(db: Db, seed: AccountSeed): Promise<string> {
  const existing = await db
    .selectFrom("app.accounts")
    .select(["id", "password_hash"])
    .where(sql`lower(login)`, "=", seed.login.toLowerCase())
    .executeTakeFirst();
  const keep = existing !== undefined && (await passwordFits(existing.password_hash, seed.password));
  const values = {
    login: seed.login,
    password_hash: keep ? existing.password_hash : await hashPassword(seed.password),
    role: seed.role,
    person_id: (seed.role === "requester" ? seed.personId : seed.staffId) ?? null,
    organization_id: seed.organizationId ?? null,
    display_name: seed.name,
    language: seed.language ?? "ru",
  };
  const id = existing?.id ?? derivedId("account", seed.login.toLowerCase());
  await db
    .insertInto("app.accounts")
    .values({ id, ...values })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(values))
    .execute();
  return id;
}

export interface TokenSeed {
  readonly name: string;
  readonly role: AccountRole;
  readonly scopes: readonly Scope[];
  readonly organizationId?: string | null;
  readonly expiresAt?: string | null;
  /** a token of the caller's choosing (demo data, tests); a random one by default */
  readonly token?: string;
}

/** Makes an API token; only its hash is kept, so the answer is the one time that it can be read. */
export async function ensureToken(db: Db, seed: TokenSeed): Promise<{ tokenId: string; token: string }> {
  const token = seed.token ?? tokenPrefix + newSecret();
  const tokenId = derivedId("token", token);
  const values = {
    name: seed.name,
    role: seed.role,
    organization_id: seed.organizationId ?? null,
    scopes: [...seed.scopes],
    expires_at: seed.expiresAt == null ? null : new Date(seed.expiresAt),
    revoked_at: null,
  };
  await db
    .insertInto("app.api_tokens")
    .values({ token_hash: hashOf(token), id: tokenId, ...values })
    .onConflict((conflict) => conflict.column("token_hash").doUpdateSet(values))
    .execute();
  return { tokenId, token };
}

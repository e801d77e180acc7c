import type { AccountRole, Scope } from "@docket/api-contract";
import type { Language } from "@docket/domain";
import type { Db } from "@docket/postgres";
import type { Clock } from "@docket/service-kit";
import { hashOf, newSecret } from "./credentials.ts";
import { allScopes, type Principal } from "./principal.ts";

/** How long a gateway may go on believing what it read of a session or token; a revocation elsewhere takes that long. */
const believedMs = 2_000;
const remembered = 20_000;

/** Who stands behind a cookie or a token. */
export interface Sessions {
  /** A new session of an account; the cookie's value is told once. */
  open(accountId: string, hours: number): Promise<{ cookie: string; csrfToken: string; expiresAt: Date }>;
  close(credential: string): Promise<void>;
  /** The caller behind a cookie, or nobody. */
  bySession(cookie: string): Promise<Principal | undefined>;
  /** The caller behind a token, or nobody. */
  byToken(token: string): Promise<Principal | undefined>;
  /** Looks again at a caller who was proved before: himself as he now is, or nobody. */
  again(principal: Principal): Promise<Principal | undefined>;
  /** Forgets what was believed of an account or token: it has been changed here. */
  forget(accountId: string): void;
  /** Forgets what was believed of everybody: somebody's personal data were erased. */
  forgetAll(): void;
  /** Is told the credential of every session that ends here by a sign-out. */
  onEnded(listener: (credential: string) => void): void;
}

/**
 * Sessions and tokens in Postgres, with a small memory. An entry of the memory is *believed* for two seconds, then asked
 * for again; `forget` and `close` drop it at once. Expiry is judged by the Clock at every use, and so is whether the
 * directory still knows the person (`isCurrent`).
 */
export function openSessions(db: Db, clock: Clock, isCurrent: (principal: Principal) => boolean): Sessions {
  const endListeners: ((credential: string) => void)[] = [];
  let era = 0;
  const memory = new Map<string, { principal: Principal | undefined; until: number }>();

  async function recall(key: string, load: () => Promise<Principal | undefined>): Promise<Principal | undefined> {
    const known = memory.get(key);
    if (known !== undefined && known.until > performance.now()) return alive(known.principal);
    const begun = era;
    const principal = await load();
    // read while somebody was erased: it may be he
    if (begun !== era) return recall(key, load);
    memory.delete(key);
    memory.set(key, { principal, until: performance.now() + believedMs });
    if (memory.size > remembered) memory.delete(memory.keys().next().value as string);
    return alive(principal);
  }

  function alive(principal: Principal | undefined): Principal | undefined {
    if (principal === undefined || !isCurrent(principal)) return undefined;
    return principal.expiresAt !== null && principal.expiresAt.getTime() <= clock.now().getTime()
      ? undefined
      : principal;
  }

  const sessionOf = (hash: Buffer): Promise<Principal | undefined> =>
    recall(`s${hash.toString("hex")}`, () => loadSession(db, hash));
  const tokenOf = (hash: Buffer): Promise<Principal | undefined> =>
    recall(`t${hash.toString("hex")}`, () => loadToken(db, hash));

  return {
    async open(accountId, hours) {
      const cookie = newSecret();
      const csrfToken = newSecret();
      const now = clock.now();
      const expiresAt = new Date(now.getTime() + Math.round(hours * 3_600_000));
      await db
        .insertInto("app.sessions")
        .values({
          token_hash: hashOf(cookie),
          account_id: accountId,
          csrf_token: csrfToken,
          created_at: now,
          expires_at: expiresAt,
        })
        .execute();
      return { cookie, csrfToken, expiresAt };
    },
    async close(credential) {
      const hash = Buffer.from(credential, "hex");
      memory.delete(`s${credential}`);
      await db.deleteFrom("app.sessions").where("token_hash", "=", hash).execute();
      memory.delete(`s${credential}`);
      for (const listener of endListeners) listener(credential);
    },
    bySession: (cookie) => sessionOf(hashOf(cookie)),
    byToken: (token) => tokenOf(hashOf(token)),
    again: ({ kind, credential }) => (kind === "session" ? sessionOf : tokenOf)(Buffer.from(credential, "hex")),
    forget(accountId) {
      for (const [key, { principal }] of memory) if (principal?.accountId === accountId) memory.delete(key);
    },
    forgetAll() {
      era++;
      memory.clear();
    },
    onEnded: (listener) => void endListeners.push(listener),
  };
}

async function loadSession(db: Db, hash: Buffer): Promise<Principal | undefined> {
  const row = await db
    .selectFrom("app.sessions as s")
    .innerJoin("app.accounts as a", "a.id", "s.account_id")
    .select([
      "a.id",
      "a.login",
      "a.display_name",
      "a.role",
      "a.organization_id",
      "a.person_id",
      "a.language",
      "s.csrf_token",
      "s.expires_at",
    ])
    .where("s.token_hash", "=", hash)
    .where("a.disabled", "=", false)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const role = row.role as AccountRole;
  return {
    kind: "session",
    accountId: row.id,
    login: row.login,
    name: row.display_name,
    role,
    organizationId: row.organization_id,
    personId: role === "requester" ? row.person_id : null,
    staffId: role === "requester" ? null : row.person_id,
    language: row.language as Language,
    scopes: allScopes,
    credential: hash.toString("hex"),
    csrfToken: row.csrf_token,
    expiresAt: row.expires_at,
  };
}

async function loadToken(db: Db, hash: Buffer): Promise<Principal | undefined> {
  const row = await db
    .selectFrom("app.api_tokens")
    .select(["id", "name", "role", "organization_id", "scopes", "expires_at"])
    .where("token_hash", "=", hash)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    kind: "token",
    accountId: row.id,
    login: null,
    name: row.name,
    role: row.role as AccountRole,
    organizationId: row.organization_id,
    personId: null,
    staffId: null,
    language: "ru",
    scopes: row.scopes as Scope[],
    credential: hash.toString("hex"),
    csrfToken: null,
    expiresAt: row.expires_at,
  };
}

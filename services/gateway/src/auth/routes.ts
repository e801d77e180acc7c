import "@fastify/cookie";
import { sql } from "kysely";
import type { FastifyInstance, FastifyReply } from "fastify";
import { sessionRoutes, type Account } from "@docket/api-contract";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { csrfCookieName, sessionCookieName } from "./authenticate.ts";
import { countAttempt, forgive } from "./lockout.ts";
import { passwordFits } from "./passwords.ts";
import type { Principal } from "./principal.ts";

export const accountOf = (principal: Principal): Account => ({
  accountId: principal.accountId,
  login: principal.login,
  name: principal.name,
  role: principal.role,
  organizationId: principal.organizationId,
  personId: principal.personId,
  staffId: principal.staffId,
  language: principal.language,
});

/** Signing in and out, and "who am I". */
export function serveSessions(app: FastifyInstance, serving: Serving): void {
  const { deps, sessions, secure } = serving;
  const { db, clock, settings } = deps;
  const cookieName = sessionCookieName(secure);
  const cookieOptions = { path: "/", sameSite: "strict", secure } as const;

  serving.serve(
    app,
    sessionRoutes.login,
    { rateLimit: settings.GATEWAY_LOGINS_PER_MINUTE, anonymous: true },
    async ({ body, reply }) => {
      await countAttempt(db, body.login, clock.now());
      const account = await db
        .selectFrom("app.accounts")
        .select(["id", "password_hash"])
        .where(sql`lower(login)`, "=", body.login.toLowerCase())
        .where("disabled", "=", false)
        .executeTakeFirst();
      if (!(await passwordFits(account?.password_hash, body.password)) || account === undefined)
        throw new Refusal("login_failed");
      await forgive(db, body.login);
      const { cookie, csrfToken, expiresAt } = await sessions.open(account.id, settings.GATEWAY_SESSION_HOURS);
      const principal = await sessions.bySession(cookie);
      if (principal === undefined) throw new Refusal("login_failed");
      reply.setCookie(cookieName, cookie, { ...cookieOptions, httpOnly: true, expires: expiresAt });
      // Read by our own page, which sends it back in a header; no other site's page can.
      reply.setCookie(csrfCookieName, csrfToken, { ...cookieOptions, httpOnly: false, expires: expiresAt });
      return { account: accountOf(principal), csrfToken, expiresAt: expiresAt.toISOString() };
    },
  );

  serving.serve(app, sessionRoutes.logout, { secret: true }, async ({ caller, reply }) => {
    if (caller.kind === "session") await sessions.close(caller.credential);
    dropCookies(reply, cookieName);
    return undefined;
  });

  serving.serve(app, sessionRoutes.me, {}, async ({ caller }) => ({
    account: accountOf(caller),
    scopes: [...caller.scopes],
    csrfToken: caller.csrfToken,
    expiresAt: caller.expiresAt?.toISOString() ?? null,
  }));
}

function dropCookies(reply: FastifyReply, cookieName: string): void {
  reply.clearCookie(cookieName, { path: "/" });
  reply.clearCookie(csrfCookieName, { path: "/" });
}

import "@fastify/cookie";
import type { FastifyRequest } from "fastify";
import type { Access } from "@docket/api-contract";
import { Refusal } from "../http/refusal.ts";
import { sameText } from "./credentials.ts";
import type { Principal } from "./principal.ts";
import type { Sessions } from "./sessions.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** who asks, or nobody (public addresses only) */
    principal: Principal | null;
  }
}

/** With https the browser itself enforces that the cookie is ours alone: `__Host-`. */
export const sessionCookieName = (secure: boolean): string => (secure ? "__Host-docket_session" : "docket_session");
export const csrfCookieName = "docket_csrf";
export const csrfHeader = "x-csrf-token";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Finds out who asks: a bearer token, else the session cookie. A wrong or expired credential is refused even where none is
 * needed, so that nobody acts as nobody by mistake. A cookie proves itself with the CSRF token in a header when something
 * is to be changed.
 */
export async function authenticate(
  request: FastifyRequest,
  sessions: Sessions,
  access: Access,
  cookieName: string,
): Promise<Principal | null> {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const token = /^Bearer ([\w.~+/=-]{10,200})$/.exec(header)?.[1];
    const principal = token === undefined ? undefined : await sessions.byToken(token);
    if (principal === undefined) throw new Refusal("not_authenticated", { headers: { "www-authenticate": "Bearer" } });
    return principal;
  }
  const cookie = request.cookies[cookieName];
  const principal = cookie === undefined || cookie.length > 200 ? undefined : await sessions.bySession(cookie);
  if (principal === undefined) {
    if (access === "public") return null;
    throw new Refusal("not_authenticated", { headers: { "www-authenticate": "Bearer" } });
  }
  if (!safe.has(request.method)) checkCsrf(request, principal);
  return principal;
}

function checkCsrf(request: FastifyRequest, principal: Principal): void {
  const given = request.headers[csrfHeader];
  if (typeof given !== "string" || principal.csrfToken === null || !sameText(given, principal.csrfToken))
    throw new Refusal("csrf_failed");
}

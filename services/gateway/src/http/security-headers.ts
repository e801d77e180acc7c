import type { FastifyInstance } from "fastify";

/** Nothing may be loaded by what is not a page, and nobody may frame us. */
const answersPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Our own pages: everything from here, nothing inline, forms and sockets only to us. */
export const pagesPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Headers of every answer; a route that sets one of its own keeps it. */
export function addSecurityHeaders(app: FastifyInstance, secure: boolean): void {
  const always: Record<string, string> = {
    "content-security-policy": answersPolicy,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
    ...(secure ? { "strict-transport-security": "max-age=31536000; includeSubDomains" } : {}),
  };
  app.addHook("onRequest", async (_request, reply) => {
    reply.headers(always);
  });
}

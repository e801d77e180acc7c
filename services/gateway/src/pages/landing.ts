import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { pagesPolicy } from "../http/security-headers.ts";

const files = [
  ["/", "landing.html", "text/html; charset=utf-8"],
  ["/tickets/:number", "landing.html", "text/html; charset=utf-8"],
  ["/landing.css", "landing.css", "text/css; charset=utf-8"],
  ["/landing.js", "landing.js", "text/javascript; charset=utf-8"],
  ["/ticket.js", "ticket.js", "text/javascript; charset=utf-8"],
  ["/words.js", "words.js", "text/javascript; charset=utf-8"],
] as const;

/** Small pages until the console is there: to sign in, to find the description, and to open the ticket that a mail links to. */
export async function serveLanding(app: FastifyInstance): Promise<void> {
  for (const [path, file, type] of files) {
    const body = await readFile(new URL(`./static/${file}`, import.meta.url));
    app.get(path, async (_request, reply) =>
      reply
        .headers({ "content-type": type, "content-security-policy": pagesPolicy, "cache-control": "no-cache" })
        .send(body),
    );
  }
}

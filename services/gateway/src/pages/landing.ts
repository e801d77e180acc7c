import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { pagesPolicy } from "../http/security-headers.ts";

const files = [
  ["/", "landing.html", "text/html; charset=utf-8"],
  ["/landing.css", "landing.css", "text/css; charset=utf-8"],
  ["/landing.js", "landing.js", "text/javascript; charset=utf-8"],
] as const;

/** A small page to sign in by and to find the description from, until the console is there. */
export async function serveLanding(app: FastifyInstance): Promise<void> {
  for (const [path, file, type] of files) {
    const body = await readFile(new URL(`./static/${file}`, import.meta.url));
    app.get(path, async (_request, reply) => reply.headers({ "content-type": type, "content-security-policy": pagesPolicy, "cache-control": "no-cache" }).send(body));
  }
}

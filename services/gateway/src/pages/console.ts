import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { pagesPolicy } from "../http/security-headers.ts";
import { Refusal } from "../http/refusal.ts";

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  woff2: "font/woff2",
  json: "application/json; charset=utf-8",
};

/** What belongs to programs; a browser that goes there wants that, not the console. */
const ofPrograms = /^\/(?:api|health|metrics|docs|openapi\.json|assets)(?:\/|$|\?)/u;

/** Shown for the few seconds of the very first start, until the console is built; it asks again by itself. */
const notYet = `<!doctype html><html lang="ru"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Docket</title>
<p>Консоль собирается, страница откроется сама. <span lang="en">The console is being built; this page opens by itself.</span></p></html>`;

export interface ConsolePages {
  /** Answers a browser that goes to an address of the console; undefined when it is no such request. */
  navigation(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined;
}

/**
 * The console's files, out of the folder of its build. Names under /assets carry the hash of what they hold and never change; the
 * page that names them is always asked for anew. Any other address that a browser navigates to is the console's own, so
 * that a link from a mail opens the right screen.
 */
export function serveConsolePages(app: FastifyInstance, folder: string | undefined): ConsolePages {
  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    name: string,
    cache: string,
  ): Promise<FastifyReply> => {
    const type = types[name.slice(name.lastIndexOf(".") + 1)];
    if (folder === undefined || type === undefined || !/^[\w.-]+(?:\/[\w.-]+)?$/u.test(name) || name.includes(".."))
      throw new Refusal("route_not_found");
    const accepted = request.headers["accept-encoding"] ?? "";
    const packed = [
      { encoding: "br", ending: ".br" },
      { encoding: "gzip", ending: ".gz" },
    ].filter(({ encoding }) => new RegExp(`\\b${encoding}\\b`, "u").test(accepted));
    for (const { encoding, ending } of [...packed, { encoding: undefined, ending: "" }]) {
      const path = join(folder, `${name}${ending}`);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || !found.isFile()) continue;
      return reply
        .headers({
          "content-type": type,
          "content-length": found.size,
          "cache-control": cache,
          vary: "accept-encoding",
          ...(encoding === undefined ? {} : { "content-encoding": encoding }),
        })
        .send(createReadStream(path));
    }
    throw new Refusal("route_not_found");
  };

  app.get<{ Params: { file: string } }>("/assets/:file", (request, reply) =>
    send(request, reply, `assets/${request.params.file}`, "public, max-age=31536000, immutable"),
  );
  app.get("/icon.svg", (request, reply) => send(request, reply, "icon.svg", "public, max-age=86400"));
  app.get("/", (_request, reply) => page(reply));

  const page = (reply: FastifyReply): FastifyReply => {
    const headers = {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": pagesPolicy,
      "cache-control": "no-store",
    };
    void readFile(join(folder ?? "", "index.html"), "utf8").then(
      (html) => reply.headers(headers).send(html),
      () =>
        reply
          .headers({ ...headers, "retry-after": "2" })
          .status(503)
          .send(notYet),
    );
    return reply;
  };

  return {
    navigation(request, reply) {
      const wantsPage =
        (request.method === "GET" || request.method === "HEAD") &&
        !ofPrograms.test(request.url) &&
        (request.headers["sec-fetch-mode"] ?? "navigate") === "navigate" &&
        /\btext\/html\b/u.test(request.headers.accept ?? "");
      return wantsPage ? page(reply) : undefined;
    },
  };
}

import type { Readable } from "node:stream";
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { attachmentRoutes, contactRoutes, ticketRoutes } from "@docket/api-contract";
import { limits, type Attachment } from "@docket/domain";
import type { Serving } from "../http/serve.ts";
import { Refusal } from "../http/refusal.ts";
import { demand } from "../policy/enforce.ts";
import type { TicketFinder } from "../tickets/find.ts";
import { contactFile, rawOfContact } from "./of-contact.ts";
import { mediaTypeOf, servedType } from "./content-type.ts";
import { contentDisposition, fileNameOf } from "./file-name.ts";
import { limited, peek, tooLarge } from "./limited.ts";
import { type ReferredFile, ticketFile } from "./of-ticket.ts";
import { recordUpload, uploaderName } from "./uploads.ts";

/** A form around the file takes some bytes too. */
const formOverhead = 16 * 1024;

/** Files: in by one address, out only by way of the ticket or contact that refers to them. */
export function serveAttachments(app: FastifyInstance, serving: Serving, finder: TicketFinder): void {
  const { deps, serve } = serving;
  const { db, clock, privacy, whose } = deps;

  void app.register(async (uploads) => {
    await uploads.register(multipart, {
      limits: { fileSize: limits.attachmentBytes, files: 1, fields: 5, fieldSize: 10_000, parts: 6 },
    });
    uploads.addContentTypeParser("*", (_request, payload, done) => done(null, payload));

    serve(uploads, attachmentRoutes.upload, {}, async ({ caller, query, request }) => {
      demand(caller, { do: "upload" });
      if (Number(request.headers["content-length"] ?? 0) > limits.attachmentBytes + formOverhead) throw tooLarge();
      const { source, givenName, drop } = await fileOf(request, query.name);
      const bytes = limited(source);
      try {
        const name = fileNameOf(givenName);
        const { head, whole } = await peek(bytes);
        if (head.length === 0) throw new Refusal("attachment_empty", { field: "file" });
        const mediaType = await mediaTypeOf(name, head);
        const uploader = await whose.named(uploaderName(caller));
        const { sha256, size } = await privacy.files.put(uploader, whole, mediaType, { staged: true });
        const file: Attachment = { sha256, name, size, mediaType };
        await recordUpload(db, caller.accountId, file, clock.now());
        return file;
      } finally {
        // First let go of the stream: as long as somebody means to read it, it does not run out by itself.
        await bytes.return(undefined);
        drop();
      }
    });
  });

  serve(app, ticketRoutes.attachment, {}, async ({ caller, params, query, reply }) => {
    demand(caller, { do: "see", what: "ticket" });
    const { ticketId } = await finder.resolve(caller, params.ticket);
    return send(reply, await ticketFile(deps, caller, ticketId, params.sha256, await serving.moment(query, reply)));
  });

  serve(app, contactRoutes.attachment, {}, async ({ caller, params, query, reply }) => {
    demand(caller, { do: "see", what: "contact" });
    const moment = await serving.moment(query, reply);
    return send(reply, await contactFile(deps, caller, params.contactId, params.sha256, moment));
  });

  serve(app, contactRoutes.raw, {}, async ({ caller, params, query, reply }) => {
    demand(caller, { do: "seeRaw" });
    return send(reply, await rawOfContact(deps, caller, params.contactId, await serving.moment(query, reply)));
  });

  async function send(reply: FastifyReply, file: ReferredFile | undefined): Promise<FastifyReply> {
    const blob = file === undefined ? undefined : await privacy.files.find(file.sha256, file.subjects);
    if (file === undefined || blob === undefined) throw new Refusal("not_found");
    const etag = `"${file.sha256}"`;
    reply.headers({
      etag,
      "content-type": servedType(blob.mediaType),
      "content-disposition": contentDisposition(file.name),
      "content-length": String(blob.size),
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
      // asked for again each time, since the right to it may have gone
      "cache-control": "private, no-cache",
    });
    if (reply.request.headers["if-none-match"] === etag) return reply.removeHeader("content-length").status(304).send();
    return reply.send(blob.read());
  }
}

interface Incoming {
  readonly source: AsyncIterable<Uint8Array>;
  readonly givenName: string;
  /** lets the rest of a refused file run out, so that its sender gets to hear the answer */
  drop(): void;
}

/** The one file of an upload, whichever way it comes. */
async function fileOf(request: FastifyRequest, queryName: string | undefined): Promise<Incoming> {
  if (!request.isMultipart()) {
    if (request.body === undefined || request.body === null) throw new Refusal("attachment_missing", { field: "file" });
    if (queryName === undefined) throw new Refusal("attachment_name_refused", { field: "name" });
    return { source: bytesOf(request.raw), givenName: queryName, drop: () => request.raw.resume() };
  }
  const part = await request.file();
  if (part === undefined) throw new Refusal("attachment_missing", { field: "file" });
  // The form's reader cuts a long file off without a word, one byte after the limit; it must not pass for whole.
  const { file, filename } = part;
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield* bytesOf(file);
    if (file.truncated) throw tooLarge();
  }
  return { source: whole(), givenName: queryName ?? filename, drop: () => file.resume() };
}

/** A stream's bytes; who stops reading does not destroy it, since an answer has still to go out by the same connection. */
const bytesOf = (stream: Readable): AsyncIterable<Uint8Array> =>
  stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;

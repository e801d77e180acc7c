import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { auditRoutes, mostEvidenceBytes } from "@docket/api-contract";
import { checkpoints, keyStatements } from "@docket/audit";
import { checkEvidence, refusalText } from "@docket/evidence";
import { languageFor } from "../http/language.ts";
import { Refusal } from "../http/refusal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";

/** A form around the file takes some bytes too. */
const formOverhead = 16 * 1024;

/**
 * Checks evidence files that somebody sends, as the verb does off-line: nothing of them is kept. Memory holds a line of the file at a time,
 * whatever its length.
 */
export function serveChecking(app: FastifyInstance, { deps, serve }: Serving): void {
  const { store } = deps;
  void app.register(async (uploads) => {
    await uploads.register(multipart, {
      limits: { fileSize: mostEvidenceBytes, files: 1, fields: 0, parts: 1 },
    });
    uploads.addContentTypeParser("*", (_request, payload, done) => done(null, payload));

    serve(uploads, auditRoutes.checkEvidence, {}, async ({ caller, query, request }) => {
      demand(caller, { do: "audit" });
      if (Number(request.headers["content-length"] ?? 0) > mostEvidenceBytes + formOverhead) throw tooLarge();
      const language = query.lang ?? languageFor(request, caller);
      const publicKey = query.key ?? (await keyStatements(store))[0]?.data.publicKey;
      if (publicKey === undefined) throw new Refusal("signing_key_missing");
      const digest = createHash("sha256");
      let bytes = 0;
      async function* measured(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        for await (const chunk of source) {
          bytes += chunk.length;
          if (bytes > mostEvidenceBytes) throw tooLarge();
          digest.update(chunk);
          yield chunk;
        }
      }
      const source = await sourceOf(request);
      try {
        const {
          refusals,
          pinned: _pinned,
          checkpoint,
          ...found
        } = await checkEvidence(measured(source), { publicKey });
        if (bytes === 0) throw new Refusal("attachment_missing", { field: "file" });
        const own =
          checkpoint === null
            ? undefined
            : (await checkpoints(store)).find(({ data }) => data.number === checkpoint.number);
        return {
          ...found,
          ok: found.ok,
          refusals: refusals.map((one) => ({ ...one, text: refusalText(one, language) })),
          key: { publicKey, given: query.key !== undefined },
          checkpoint,
          checkpointKnown: checkpoint === null ? null : own?.data.root === checkpoint.root,
          bytes,
          sha256: digest.digest("hex"),
          signedBy: [...found.signedBy],
        };
      } finally {
        // the rest of a refused file runs out, so that its sender gets to hear the answer
        source.resume();
      }
    });
  });
}

/** The one file of a request, whichever way it comes. */
async function sourceOf(request: FastifyRequest): Promise<Readable> {
  if (request.isMultipart()) {
    const part = await request.file();
    if (part === undefined) throw new Refusal("attachment_missing", { field: "file" });
    return part.file;
  }
  if (request.body === undefined || request.body === null) throw new Refusal("attachment_missing", { field: "file" });
  return request.raw;
}

const tooLarge = (): Refusal =>
  new Refusal("evidence_too_large", { field: "file", params: { limit: mostEvidenceBytes } });

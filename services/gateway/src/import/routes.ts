import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import multipart from "@fastify/multipart";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { importLimits, importRoutes } from "@docket/api-contract";
import { Refusal } from "../http/refusal.ts";
import type { Serving } from "../http/serve.ts";
import { demand } from "../policy/enforce.ts";
import { createImportJobs, dataName, mappingName } from "./jobs.ts";

/** Another system's history, brought in by an administrator: sent as a form of two files, worked off as a job. */
export function serveImports(app: FastifyInstance, serving: Serving): void {
  const { deps, serve } = serving;
  const { settings, clock, logger } = deps;
  const { DATABASE_URL, DOCKET_DATA, DOCKET_MASTER_KEY, EVENTSTORE_URL } = settings;
  const jobs = createImportJobs({
    folder: join(DOCKET_DATA, "imports"),
    order: { eventStoreUrl: EVENTSTORE_URL, privacy: { DATABASE_URL, DOCKET_DATA, DOCKET_MASTER_KEY } },
    clock,
    logger,
  });
  app.addHook("onClose", () => jobs.close());

  void app.register(async (uploads) => {
    await uploads.register(multipart, { limits: { fileSize: importLimits.data, files: 2, fields: 0, parts: 2 } });
    serve(uploads, importRoutes.start, {}, async ({ caller, query, request, idFor }) => {
      demand(caller, { do: "administer" });
      if (jobs.isBusy()) throw new Refusal("import_running");
      const importId = idFor("import");
      const folder = jobs.folderOf(importId);
      await mkdir(folder, { recursive: true });
      try {
        const name = await takeFiles(request, folder);
        await checkMapping(await readFile(join(folder, mappingName), "utf8"));
        // Another one may have come while the files were read.
        if (jobs.isBusy()) throw new Refusal("import_running");
        const dryRun = query.dryRun === "true";
        return await jobs.start({ importId, dryRun, accountId: caller.accountId, dataName: name });
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    });
  });

  serve(app, importRoutes.list, {}, async ({ caller }) => {
    demand(caller, { do: "administer" });
    return { items: await jobs.list() };
  });

  serve(app, importRoutes.one, {}, async ({ caller, params }) => {
    demand(caller, { do: "administer" });
    return found(await jobs.one(params.importId));
  });

  serve(app, importRoutes.report, {}, async ({ caller, params, query, reply }) => {
    demand(caller, { do: "administer" });
    const job = found(await jobs.one(params.importId));
    if (query.format === "csv") {
      const [file, { csvReport }] = await Promise.all([jobs.open(job.importId), import("@docket/import")]);
      const text = Readable.from(csvReport(file?.reportByRow() ?? []));
      text.once("close", () => file?.close());
      return reply
        .headers({ "content-disposition": `attachment; filename="import-${job.importId}.csv"` })
        .type("text/csv; charset=utf-8; header=present")
        .send(text);
    }
    const file = await jobs.open(job.importId);
    try {
      const rows = file?.report({ after: query.after, limit: query.limit + 1 }) ?? [];
      const items = rows.slice(0, query.limit);
      return { items, next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
    } finally {
      file?.close();
    }
  });

  serve(app, importRoutes.resume, {}, async ({ caller, params }) => {
    demand(caller, { do: "administer" });
    if (jobs.isBusy()) throw new Refusal("import_running");
    return found(await jobs.resume(params.importId));
  });

  serve(app, importRoutes.remove, {}, async ({ caller, params }) => {
    demand(caller, { do: "administer" });
    if (!(await jobs.remove(params.importId))) throw new Refusal("import_not_found");
    return undefined;
  });
}

function found<T>(job: T | undefined): T {
  if (job === undefined) throw new Refusal("import_not_found");
  return job;
}

/** Puts the form's two files into the folder, whatever their order; gives the name that the data had. */
async function takeFiles(request: FastifyRequest, folder: string): Promise<string> {
  const taken = new Map<string, string>();
  if (request.isMultipart())
    for await (const part of request.files()) {
      const { fieldname, filename, file } = part;
      const limit = fieldname === "mapping" ? importLimits.mapping : importLimits.data;
      if (fieldname !== "mapping" && fieldname !== "data") {
        file.resume();
        continue;
      }
      await pipeline(file, createWriteStream(join(folder, fieldname === "mapping" ? mappingName : dataName)));
      if (file.truncated || file.bytesRead > limit)
        throw new Refusal("import_file_too_large", { field: fieldname, params: { limit } });
      taken.set(fieldname, filename.slice(0, 200));
    }
  for (const name of ["mapping", "data"])
    if (!taken.has(name)) throw new Refusal("import_file_missing", { field: name, params: { name } });
  return taken.get("data") ?? "";
}

/** A mistake in the mapping is told at once, with its line and column. */
async function checkMapping(text: string): Promise<void> {
  // Loaded with the first import: few gateways ever see one, and its reader of YAML is large.
  const { MappingInvalid, readMapping } = await import("@docket/import");
  try {
    readMapping(text);
  } catch (error) {
    if (!(error instanceof MappingInvalid)) throw error;
    const errors = error.faults.map(({ path, line, column, code, message }) => ({
      field: path === "" ? "mapping" : `mapping.${path}`,
      code: "mapping_invalid",
      params: { line, column, fault: `${code}: ${message}` },
    }));
    throw new Refusal("mapping_invalid", { errors, ...(errors[0] ? { params: errors[0].params } : {}) });
  }
}

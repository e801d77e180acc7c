import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { allRoutes, openApiDocument } from "@docket/api-contract";

const docsPolicy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The description of the interface, for programs at /openapi.json and for people at /docs (all of it from here: it works offline). */
export async function serveDocs(app: FastifyInstance, publicUrl: string): Promise<void> {
  const document = openApiDocument(allRoutes, { version: "1.0.0", serverUrl: publicUrl });
  const text = JSON.stringify(document);
  app.get("/openapi.json", async (_request, reply) => reply.headers({ "content-type": "application/json; charset=utf-8", "cache-control": "no-cache" }).send(text));
  await app.register(swagger, { mode: "static", specification: { document: document as never } });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: docsPolicy,
    uiConfig: { docExpansion: "none", deepLinking: true, displayRequestDuration: true },
    theme: { title: "Docket API" },
  });
}

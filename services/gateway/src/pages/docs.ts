import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { allRoutes, openApiDocument } from "@docket/api-contract";

const docsPolicy =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The description of the interface, for programs at /openapi.json and for people at /docs (all of it from here: it works offline). */
export async function serveDocs(app: FastifyInstance, publicUrl: string): Promise<void> {
  // Made when it is first asked for: it takes a tenth of a second, and most gateways are never asked.
  let made: ReturnType<typeof openApiDocument> | undefined;
  const document = () => (made ??= openApiDocument(allRoutes, { version: "1.0.0", serverUrl: publicUrl }));
  let text: string | undefined;
  app.get("/openapi.json", async (_request, reply) =>
    reply
      .headers({ "content-type": "application/json; charset=utf-8", "cache-control": "no-cache" })
      .send((text ??= JSON.stringify(document()))),
  );
  // The page's own copies of it are written out by whatever writes JSON or YAML, and both ask for this.
  await app.register(swagger, { mode: "static", specification: { document: { toJSON: document } as never } });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: docsPolicy,
    uiConfig: { docExpansion: "none", deepLinking: true, displayRequestDuration: true },
    theme: { title: "Docket API" },
  });
}

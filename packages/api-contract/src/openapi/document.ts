import { z } from "zod";
import { errorCatalogue } from "../errors/catalogue.ts";
import { problemDocument } from "../errors/problem.ts";
import type { RouteDefinition } from "../route.ts";

type Json = Record<string, unknown>;

/** Any address may answer these beside its own. */
const common = {
  read: ["not_authenticated", "forbidden", "validation_failed", "read_model_unavailable", "read_model_behind"],
  write: ["not_authenticated", "forbidden", "validation_failed", "csrf_failed", "store_unavailable"],
};

/**
 * The OpenAPI 3.1 description of the given addresses, made from the schemas that check them. Named schemas
 * (`.meta({ id })`) become components.
 */
export function openApiDocument(
  routes: readonly RouteDefinition[],
  info: { version: string; serverUrl?: string },
): Json {
  const components: Json = {};
  const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => hoist(schema, io, components);
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = (paths[route.path] ??= {});
    path[route.method.toLowerCase()] = operation(route, schemaOf);
  }
  schemaOf(problemDocument, "output");
  return {
    openapi: "3.1.0",
    info: {
      title: "Docket",
      version: info.version,
      description: "Event-sourced ticket engine for service desks",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: info.serverUrl ?? "/" }],
    security: [{ session: [] }, { token: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: "docket_session",
          description: "POST, PATCH and DELETE also need the header X-CSRF-Token",
        },
        token: { type: "http", scheme: "bearer" },
      },
    },
  };
}

type SchemaOf = (schema: z.ZodType, io: "input" | "output") => Json;

function operation(route: RouteDefinition, schemaOf: SchemaOf): Json {
  const write = route.method !== "GET";
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: `${route.summary.en} / ${route.summary.ru}`,
    ...(route.access === "public" ? { security: [{}, { session: [] }, { token: [] }] } : {}),
    parameters: [
      ...parameters(route.params, "path", schemaOf),
      ...parameters(route.query, "query", schemaOf),
      ...headers(route),
    ],
    ...requestBody(route, schemaOf),
    responses: {
      [route.status]: success(route, schemaOf),
      ...failures([...route.errors, ...(write ? common.write : common.read)]),
    },
  };
}

function parameters(schema: z.ZodType | undefined, where: "path" | "query", schemaOf: SchemaOf): Json[] {
  if (schema === undefined) return [];
  const json = schemaOf(schema, "input") as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: where === "path" || (json.required ?? []).includes(name),
    schema: property,
  }));
}

function headers(route: RouteDefinition): Json[] {
  const header = (name: string, description: string): Json => ({
    name,
    in: "header",
    required: false,
    description,
    schema: { type: "string" },
  });
  if (route.method === "GET")
    return [header("Docket-Wait-Position", "wait until the read side has come so far (read your own write)")];
  return [
    header("Idempotency-Key", "the same key with the same request gives the stored answer"),
    ...(route.path.includes("/commands/")
      ? [header("If-Match", "the revision that you have seen, in quotes; another one is a conflict")]
      : []),
  ];
}

function requestBody(route: RouteDefinition, schemaOf: SchemaOf): Json {
  if (route.upload) {
    const binary = { type: "string", format: "binary" };
    if (route.upload !== true) {
      const properties = Object.fromEntries(route.upload.map((name) => [name, binary]));
      const schema = { type: "object", properties, required: route.upload };
      return { requestBody: { required: true, content: { "multipart/form-data": { schema } } } };
    }
    return {
      requestBody: {
        required: true,
        content: {
          "multipart/form-data": { schema: { type: "object", properties: { file: binary }, required: ["file"] } },
          "application/octet-stream": { schema: binary },
        },
      },
    };
  }
  if (route.body === undefined) return {};
  return {
    requestBody: {
      required: !route.body.safeParse(undefined).success,
      content: { "application/json": { schema: schemaOf(route.body, "input") } },
    },
  };
}

function success(route: RouteDefinition, schemaOf: SchemaOf): Json {
  const description = route.summary.en;
  if (route.replyMedia !== undefined)
    return { description, content: { [route.replyMedia]: { schema: { type: "string", format: "binary" } } } };
  if (route.reply === null) return { description };
  return { description, content: { "application/json": { schema: schemaOf(route.reply, "output") } } };
}

function failures(codes: readonly string[]): Json {
  const byStatus = new Map<number, string[]>();
  for (const code of new Set(codes)) {
    const status = errorCatalogue[code]?.status ?? 500;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, list]) => [
        status,
        {
          description: list.join(", "),
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      ]),
  );
}

/** JSON Schema of one zod schema, with its named parts moved to the components. */
function hoist(schema: z.ZodType, io: "input" | "output", components: Json): Json {
  const {
    $schema: _,
    $defs = {},
    ...json
  } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json & { $defs?: Record<string, Json> };
  for (const [name, definition] of Object.entries($defs)) components[name] ??= relink(definition);
  const linked = relink(json) as Json;
  const name = linked["id"];
  if (typeof name !== "string") return linked;
  components[name] ??= linked;
  return { $ref: `#/components/schemas/${name}` };
}

function relink(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relink);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === "$ref" && typeof inner === "string"
        ? [key, inner.replace("#/$defs/", "#/components/schemas/")]
        : [key, relink(inner)],
    ),
  );
}

import { z } from "zod";

/** The part of JSON Schema that our schemas use. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly personal?: boolean;
  readonly [other: string]: unknown;
}

/** A zod schema as JSON Schema; what that cannot say (refinements) is left out. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { unrepresentable: "any" });
  return rest as JsonSchema;
}

/** How large things may be; a change of a limit leaves the shape as it is. */
const limitKeys: ReadonlySet<string> = new Set(["maxLength", "minLength", "maximum", "minimum", "maxItems", "minItems", "personal"]);

/** The shape alone, with keys in one order: what two versions of a schema must not share when data of one is not data of the other. */
export function shapeOf(schema: JsonSchema): string {
  return JSON.stringify(canonical(schema));
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !limitKeys.has(key));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, canonical(inner)]));
}

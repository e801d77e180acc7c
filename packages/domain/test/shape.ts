import { createHash } from "node:crypto";
import { z } from "zod";

/** How large things may be: a change of a limit leaves the shape as it is. */
const limitKeys: ReadonlySet<string> = new Set([
  "maxLength",
  "minLength",
  "maximum",
  "minimum",
  "maxItems",
  "minItems",
  "personal",
]);

/**
 * A fingerprint of a schema's shape: names, kinds, what may be left out, allowed values and forms of texts. Two versions of
 * an event that share it read each other's data.
 */
export function fingerprintOf(schema: z.ZodType): string {
  const shape = JSON.stringify(canonical(z.toJSONSchema(schema, { unrepresentable: "any" })));
  return createHash("sha256").update(shape).digest("hex").slice(0, 16);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !limitKeys.has(key));
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, canonical(inner)]),
  );
}

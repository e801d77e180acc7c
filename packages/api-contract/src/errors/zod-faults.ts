import type { z } from "zod";
import type { ErrorParams } from "./definition.ts";
import { errorCatalogue } from "./catalogue.ts";

/** One fault of one field, in the codes of the catalogue. */
export interface Fault {
  readonly field: string;
  readonly code: string;
  readonly params?: ErrorParams;
}

const listed = 50;

/** Parses a value from outside: the parsed value, or the faults. `prefix` is put before every field's path. */
export function parseInput<S extends z.ZodType>(
  schema: S,
  value: unknown,
  prefix = "",
): { ok: true; value: z.output<S> } | { ok: false; faults: Fault[] } {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? { ok: true, value: result.data } : { ok: false, faults: faultsOf(result.error, prefix) };
}

/**
 * Turns zod's issues into faults with stable codes. Refinements name their code as message (`nul_character`).
 * Of a union the branch that came nearest speaks. No more than 50 faults are listed.
 */
function faultsOf(error: z.ZodError, prefix = ""): Fault[] {
  const faults: Fault[] = [];
  for (const issue of error.issues) collect(issue, prefix, faults);
  return faults.slice(0, listed);
}

function collect(issue: z.core.$ZodIssue, prefix: string, faults: Fault[]): void {
  const field = [...(prefix ? [prefix] : []), ...issue.path.map(String)].join(".").slice(0, 200);
  switch (issue.code) {
    case "unrecognized_keys":
      for (const key of issue.keys) {
        const name = key.slice(0, 100);
        faults.push({ field: field ? `${field}.${name}` : name, code: "unknown_field", params: { name } });
      }
      return;
    case "invalid_type":
      faults.push({ field, code: isMissing(issue) ? "required" : "wrong_type" });
      return;
    case "too_big":
      faults.push({
        field,
        code: ofSize(issue.origin) ? "too_long" : "out_of_range",
        params: { limit: Number(issue.maximum) },
      });
      return;
    case "too_small":
      faults.push({
        field,
        code: ofSize(issue.origin) ? "too_short" : "out_of_range",
        params: { limit: Number(issue.minimum) },
      });
      return;
    case "invalid_format":
      faults.push({ field, code: "bad_format" });
      return;
    case "invalid_value":
      faults.push({ field, code: isMissing(issue) ? "required" : "not_allowed" });
      return;
    case "invalid_union": {
      const nearest = issue.errors.toSorted((a, b) => a.length - b.length || depth(b) - depth(a))[0];
      if (nearest === undefined || nearest.length === 0) faults.push({ field, code: "not_allowed" });
      else for (const inner of nearest) collect(inner, field, faults);
      return;
    }
    case "custom":
      faults.push({ field, code: issue.message in errorCatalogue ? issue.message : "bad_format" });
      return;
    default:
      faults.push({ field, code: "bad_format" });
  }
}

const ofSize = (origin: string): boolean =>
  origin === "string" || origin === "array" || origin === "set" || origin === "map";
const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.max(0, ...issues.map((issue) => issue.path.length));

const isMissing = (issue: z.core.$ZodIssue): boolean => "input" in issue && issue.input === undefined;

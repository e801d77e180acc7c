import { CodedError } from "@docket/service-kit";
import { isMap, isScalar, LineCounter, type Node, parseDocument, type Document } from "yaml";
import type { z } from "zod";
import { type Mapping, mappingSchema } from "./mapping-schema.ts";
import { statusOfMoments, withMoments } from "./moments.ts";

/** One mistake in a mapping: where it stands (line and column from 1), which key, and what is wrong with it. */
export interface MappingFault {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** A mapping that cannot be used; `faults` has every mistake found, the first in the message. */
export class MappingInvalid extends CodedError {
  readonly faults: readonly MappingFault[];
  constructor(faults: readonly MappingFault[]) {
    super("mapping_invalid", faults.map(faultText).join("\n"));
    this.faults = faults;
  }
}

export function faultText({ line, column, path, code, message }: MappingFault): string {
  return `line ${line}, column ${column}${path === "" ? "" : `, ${path}`}: ${code}: ${message}`;
}

/** A mapping that was read, with the way back to its text for mistakes that only the file shows (a column that is not there). */
export interface ReadMapping {
  readonly mapping: Mapping;
  /** A fault at a key of the mapping. */
  faultAt(path: readonly (string | number)[], code: string, message: string): MappingFault;
}

const MAX_BYTES = 1_000_000;

/** Reads a mapping's YAML. Throws MappingInvalid with the line and column of every mistake. */
export function readMapping(text: string): ReadMapping {
  const counter = new LineCounter();
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = counter.linePos(Math.min(offset, text.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (text.length > MAX_BYTES)
    throw new MappingInvalid([
      { line: 1, column: 1, path: "", code: "too_long", message: `more than ${MAX_BYTES} characters` },
    ]);
  // A byte order mark belongs to the file and not to the mapping.
  const document = parseDocument(text.replace(/^\uFEFF/, ""), {
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: true,
    merge: false,
  });
  if (document.errors.length > 0)
    throw new MappingInvalid(
      document.errors.map((error) => ({
        ...at(error.pos[0]),
        path: "",
        code: "yaml_invalid",
        message: error.message.split("\n")[0] ?? "",
      })),
    );
  const place = (path: readonly (string | number)[], key?: string): { line: number; column: number } =>
    at(offsetOf(document, path, key));
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    throw new MappingInvalid([{ line: 1, column: 1, path: "", code: "yaml_invalid", message: String(error) }]);
  }
  const parsed = mappingSchema.safeParse(withMoments(value));
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap((issue) => faultsOf(issue, [], place));
    throw new MappingInvalid(faults.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, 50));
  }
  const { data } = parsed;
  return {
    mapping: data.moments === undefined ? data : { ...data, status: statusOfMoments(data.moments) },
    faultAt: (path, code, message) => ({ ...place(path), path: path.join("."), code, message }),
  };
}

/** Where a key, or the value at a path, begins; the nearest part above it that is there when it is not. */
function offsetOf(document: Document, path: readonly (string | number)[], key?: string): number {
  for (let length = path.length; length >= 0; length--) {
    const node = (length === 0 ? document.contents : document.getIn(path.slice(0, length), true)) as
      Node | undefined | null;
    if (node?.range == null) continue;
    if (key !== undefined && length === path.length && isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      const range = isScalar(pair?.key) ? pair.key.range : undefined;
      if (range) return range[0];
    }
    return node.range[0];
  }
  return 0;
}

type Place = (path: readonly (string | number)[], key?: string) => { line: number; column: number };

/** One zod issue as faults; of several ways to write a value, the mistakes of the one that came nearest. */
function faultsOf(issue: z.core.$ZodIssue, above: readonly (string | number)[], place: Place): MappingFault[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  const fault = (code: string, message: string, at = place(path), name = path): MappingFault => ({
    ...at,
    path: name.join("."),
    code,
    message,
  });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) =>
        fault("key_unknown", `there is no key "${key}" here`, place(path, key), [...path, key]),
      );
    case "invalid_union": {
      const ways = issue.errors.filter((way) => way.length > 0);
      const nearest = ways.toSorted((a, b) => distance(a) - distance(b))[0];
      if (nearest === undefined) return [fault("value_invalid", issue.message)];
      return nearest.flatMap((inner) => faultsOf(inner, path, place));
    }
    case "invalid_type": {
      const missing = issue.input === undefined && issue.message.includes("undefined");
      return [fault(missing ? "key_missing" : "value_invalid", missing ? "this key is needed" : issue.message)];
    }
    case "custom": {
      const [code = "value_invalid", ...rest] = issue.message.split(": ");
      return [
        fault(/^[a-z_]+$/.test(code) ? code : "value_invalid", rest.join(": ") || (customTexts[code] ?? issue.message)),
      ];
    }
    default:
      return [fault("value_invalid", issue.message)];
  }
}

/** How far a value is from one way of writing it: a wrong kind altogether is farthest. */
function distance(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce(
    (sum, issue) =>
      sum +
      (issue.code === "invalid_type" && issue.path.length === 0 ? 100 : issue.code === "unrecognized_keys" ? 10 : 1),
    0,
  );
}

const customTexts: Readonly<Record<string, string>> = {
  zone_unknown: "not an IANA zone such as Europe/Moscow or UTC",
  time_format_unknown: "neither iso, epoch-seconds, epoch-milliseconds, excel nor a pattern with year, month and day",
  encoding_unknown: "there is no such encoding",
  columns_needed: "without a header the columns' names are needed (file.columns)",
  column_needed: 'the column is needed, or a text of several: {text: "{status}/{sub status}"}',
  column_or_text: "either a column or a text, not both",
  organization_of_contract: "tickets under an existing contract belong to its organization",
  organization_needed: "either contract.organization.name or ticket.organization is needed",
  priority_not_allowed: "this type does not have this priority",
  classification_not_in_contract: "it must be one of the targets",
  moments_alone: "a mapping with moments has neither changes, nor status, nor ticket.rowTime",
  column_twice: "this column is a moment already",
  chain_group_not_possible: "a step of an imported contract cannot move to a group",
};

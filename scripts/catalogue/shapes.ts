import { id, instant, localDate, sha256, target, uuid } from "@docket/domain";
import { z } from "zod";

/** A JSON schema as zod writes it; only what a catalogue shows of it. */
export interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly maximum?: number;
  readonly minimum?: number;
  readonly items?: Shape;
  readonly prefixItems?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly personal?: boolean;
}

/** The JSON schema of a zod schema. */
export function shapeOf(schema: z.ZodType): Shape {
  return z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as Shape;
}

const wellKnown = new Map(
  Object.entries({ id, uuid, instant, sha256, target, date: localDate }).map(([name, schema]) => [
    shapeOf(schema).pattern,
    name,
  ]),
);

/** Names for objects that occur in several places, by their JSON text. */
export type SharedShapes = ReadonlyMap<string, { readonly name: string; readonly shape: Shape }>;

/** Finds the objects of at least three fields that occur more than once; named after the field that first holds one. */
export function findSharedShapes(shapes: readonly Shape[]): SharedShapes {
  const seen = new Map<string, { name: string; shape: Shape; count: number }>();
  const visit = (shape: Shape, field: string): void => {
    for (const [name, inner] of Object.entries(shape.properties ?? {})) visit(inner, name);
    for (const inner of [...(shape.anyOf ?? []), ...(shape.oneOf ?? []), ...(shape.items ? [shape.items] : [])])
      visit(inner, field);
    if (Object.keys(shape.properties ?? {}).length < 3 || field === "") return;
    const key = JSON.stringify(shape);
    const known = seen.get(key) ?? { name: singular(field), shape, count: 0 };
    known.count++;
    seen.set(key, known);
  };
  for (const shape of shapes) visit(shape, "");
  const names = new Set<string>();
  const shared = [...seen].filter(([, { count }]) => count > 1);
  return new Map(
    shared.map(([key, { name, shape }]) => {
      let unique = name;
      for (let n = 2; names.has(unique); n++) unique = `${name}${n}`;
      names.add(unique);
      return [key, { name: unique, shape }];
    }),
  );
}

/** A field's form in a few words: `uuid`, `text ≤ 300`, `one of a, b`, `list of {name, size}`, `instant or null`. */
export function inWords(shape: Shape, shared: SharedShapes): string {
  const named = shared.get(JSON.stringify(shape));
  if (named !== undefined) return `*${named.name}*`;
  const union = shape.anyOf ?? shape.oneOf;
  if (union !== undefined) {
    const parts = union.map((part) => inWords(part, shared));
    return [...new Set(parts)].join(" or ");
  }
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum !== undefined) return `one of ${shape.enum.map(String).join(", ")}`;
  if (shape.prefixItems !== undefined) return `[${shape.prefixItems.map((part) => inWords(part, shared)).join(", ")}]`;
  if (shape.type === "array") return `list of ${shape.items === undefined ? "anything" : inWords(shape.items, shared)}`;
  if (shape.type === "object") return objectInWords(shape, shared);
  if (shape.type === "string") return textInWords(shape);
  if (shape.type === "integer") return "whole number";
  return shape.type ?? "anything";
}

/** Whether the value, or a part of it, is marked as personal data. */
export function holdsPersonalData(shape: Shape): boolean {
  const parts = [
    ...(shape.anyOf ?? []),
    ...(shape.oneOf ?? []),
    ...Object.values(shape.properties ?? {}),
    ...(shape.items ? [shape.items] : []),
  ];
  return shape.personal === true || parts.some(holdsPersonalData);
}

function objectInWords(shape: Shape, shared: SharedShapes): string {
  if (shape.properties === undefined || Object.keys(shape.properties).length === 0) {
    return typeof shape.additionalProperties === "object"
      ? `names to ${inWords(shape.additionalProperties, shared)}`
      : "object";
  }
  const fields = Object.entries(shape.properties).map(([name, inner]) => {
    const optional = shape.required?.includes(name) ? "" : "?";
    return `${name}${optional}: ${inWords(inner, shared)}`;
  });
  return `{ ${fields.join("; ")} }`;
}

function textInWords({ pattern, format, maxLength }: Shape): string {
  const name = wellKnown.get(pattern);
  if (name !== undefined) return name;
  if (format !== undefined) return format;
  return maxLength === undefined ? "text" : `text ≤ ${maxLength}`;
}

function singular(name: string): string {
  return name.endsWith("ies") ? `${name.slice(0, -3)}y` : name.endsWith("s") ? name.slice(0, -1) : name;
}

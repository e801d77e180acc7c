import { calendarSchema } from "@docket/sla";
import type { z } from "zod";
import { contactClaims } from "../contact/events.ts";
import { chainStep, contractServices, person, routingRule, slaPolicy } from "../directory/events.ts";
import { alarm, clockSnapshot, requester } from "../ticket/events.ts";
import { attachment, id, instant, localDate, sha256, target, uuid } from "../values.ts";
import { jsonSchemaOf, shapeOf, type JsonSchema } from "./json-schema.ts";

/** Shapes that stand in many places: shown once, by name. */
export const sharedShapes: Readonly<Record<string, z.ZodType>> = {
  ClockSnapshot: clockSnapshot,
  Alarm: alarm,
  Requester: requester,
  Attachment: attachment,
  ContactClaims: contactClaims,
  Person: person,
  SlaPolicy: slaPolicy,
  ChainStep: chainStep,
  ContractServices: contractServices,
  RoutingRule: routingRule,
  Calendar: calendarSchema,
};

const named = new Map(Object.entries(sharedShapes).map(([name, schema]) => [shapeOf(jsonSchemaOf(schema)), name]));

const patterns = new Map<string | undefined, string>(
  Object.entries({ instant, id, uuid, sha256, date: localDate, target }).map(([name, schema]) => [jsonSchemaOf(schema).pattern, name]),
);

/** One line of a table of fields: where, what, and whether it is personal data. */
export interface FieldLine {
  readonly field: string;
  readonly form: string;
  readonly personal: boolean;
}

/** The fields of an object's schema, nested ones as paths (`requester.email`, `members[]`). */
export function fieldsOf(schema: JsonSchema, prefix = ""): FieldLine[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}${required.has(name) ? "" : "?"}`;
    const line = { field: path, form: formOf(field), personal: isPersonal(field) };
    const nested = nestedObject(field);
    return nested ? [line, ...fieldsOf(nested.schema, `${path}${nested.list ? "[]" : ""}.`)] : [line];
  });
}

const isShared = (schema: JsonSchema): boolean => named.has(shapeOf(schema));

/** The object whose own fields are worth lines of their own; not one that has a name. */
function nestedObject(schema: JsonSchema): { schema: JsonSchema; list: boolean } | null {
  const { bare } = withoutNull(schema);
  if (isShared(bare)) return null;
  if (bare.type === "object" && bare.properties) return { schema: bare, list: false };
  if (bare.type === "array" && bare.items?.type === "object" && !isShared(bare.items)) return { schema: bare.items, list: true };
  return null;
}

function withoutNull(schema: JsonSchema): { bare: JsonSchema; nullable: boolean } {
  const branches = schema.anyOf ?? schema.oneOf;
  const rest = branches?.filter((branch) => branch.type !== "null");
  if (!branches || !rest || rest.length === branches.length) return { bare: schema, nullable: false };
  return { bare: rest.length === 1 ? rest[0]! : { ...schema, anyOf: rest }, nullable: true };
}

function isPersonal(schema: JsonSchema): boolean {
  const { bare } = withoutNull(schema);
  return schema.personal === true || bare.personal === true || bare.items?.personal === true;
}

function formOf(schema: JsonSchema): string {
  const { bare, nullable } = withoutNull(schema);
  const form = formOfBare(bare);
  return nullable ? `${form} or null` : form;
}

function formOfBare(schema: JsonSchema): string {
  const name = named.get(shapeOf(schema));
  if (name) return name;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return branches.map(formOf).join(" or ");
  if (schema.prefixItems) return `[${schema.prefixItems.map(formOf).join(", ")}]`;
  if (schema.type === "array") return schema.items ? `list of ${formOf(schema.items)}` : "list";
  if (schema.type === "object") return "object";
  if (schema.type === "string") return textForm(schema);
  if (schema.type === "integer" || schema.type === "number") return numberForm(schema);
  return schema.type ?? "any";
}

function textForm(schema: JsonSchema): string {
  if (schema.format === "email") return "e-mail";
  const pattern = patterns.get(schema.pattern);
  if (pattern) return pattern;
  if (schema.format) return schema.format;
  if (schema.pattern) return "text of a form";
  return schema.maxLength === undefined ? "text" : `text up to ${schema.maxLength}`;
}

function numberForm({ minimum, maximum, type }: JsonSchema): string {
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? ` from ${minimum}` : "";
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : "";
  return `${type === "integer" ? "whole number" : "number"}${low}${high}`;
}

import { z } from "zod";
import { ticketCommandBodies, type ActionField, type TicketCommandKey } from "@docket/api-contract";
import { terms, type Language, type TicketState } from "@docket/domain";
import { isCustomer, type Principal } from "../../auth/principal.ts";
import { fieldTitles, optionTitles } from "./titles.ts";

type Words = Readonly<Record<string, { readonly ru: string; readonly en: string }>>;

/** Filled in by the gateway; no form asks for them. */
const filledIn: Partial<Record<TicketCommandKey, readonly string[]>> = {
  proposeChange: ["proposalId"],
  escalate: ["escalationId"],
  answerCustomer: ["contactId"],
  returnToWork: ["contactId"],
};
/** What a customer's person never says: he acts himself, in the open, and now. */
const notByCustomers: ReadonlySet<string> = new Set(["by", "agreedBy", "visibility", "occurredAt"]);

const longTexts: ReadonlySet<string> = new Set([
  "question",
  "answer",
  "text",
  "scope",
  "message",
  "summary",
  "workaround",
  "findings",
  "actions",
  "outcome",
  "solution",
]);
const people: ReadonlySet<string> = new Set(["by", "agreedBy"]);

const sources: Readonly<Record<string, NonNullable<ActionField["from"]>>> = {
  groupId: "groups",
  engineerId: "engineers",
  type: "types",
  priority: "priorities",
  proposalId: "proposals",
  escalationId: "escalations",
};

const wordsOf: Readonly<Record<string, Words>> = {
  type: terms.ticketType,
  priority: terms.priority,
  toLine: terms.line,
};

/** What a command wants to be told, for a form: its body's schema, field by field, in the reader's language. */
export function fieldsOf(
  key: TicketCommandKey,
  caller: Principal,
  state: Pick<TicketState, "classified">,
  language: Language,
): ActionField[] {
  const body = ticketCommandBodies.get(key);
  const left = new Set([...(filledIn[key] ?? []), ...(isCustomer(caller) ? notByCustomers : [])]);
  return Object.entries(body?.shape ?? {}).flatMap(([name, schema]) => {
    // who escalates is a word; who approves, confirms or agrees is a person
    if (left.has(name)) return [];
    return [fieldOf(key, name, schema as z.ZodType, state, language)];
  });
}

function fieldOf(
  key: TicketCommandKey,
  name: string,
  schema: z.ZodType,
  state: Pick<TicketState, "classified">,
  language: Language,
): ActionField {
  const inner = unwrapped(schema);
  const isPerson = people.has(name) && inner instanceof z.ZodObject;
  // a ticket that was classified before takes another classification only with a reason
  const required =
    isPerson || !schema.safeParse(undefined).success || (key === "classify" && name === "reason" && state.classified);
  const options = isPerson ? null : optionsOf(name, inner, language);
  return {
    name,
    title: (fieldTitles[name] ?? { ru: name, en: name })[language],
    kind: kindOf(name, inner, isPerson),
    required,
    max: inner instanceof z.ZodString ? (inner.maxLength ?? null) : null,
    options,
    from: isPerson ? "people" : (sources[name] ?? null),
  };
}

function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrapped(schema.unwrap() as z.ZodType);
  return schema;
}

function kindOf(name: string, schema: z.ZodType, isPerson: boolean): ActionField["kind"] {
  if (isPerson) return "person";
  if (name === "attachments") return "files";
  if (name === "attachment") return "file";
  if (name === "toTicketId" || name === "ofTicketId") return "ticket";
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodUnion) return "enum";
  if (schema instanceof z.ZodBoolean) return "flag";
  if (schema instanceof z.ZodNumber) return "integer";
  if (name.endsWith("Id")) return "id";
  if (name === "from" || name === "to" || name.endsWith("At") || name === "newDeadline") return "instant";
  return longTexts.has(name) ? "long_text" : "text";
}

function optionsOf(name: string, schema: z.ZodType, language: Language): ActionField["options"] {
  const values =
    schema instanceof z.ZodEnum
      ? schema.options.map(String)
      : schema instanceof z.ZodUnion
        ? schema.options.flatMap((one) => (one instanceof z.ZodLiteral ? [...one.values].map(String) : []))
        : [];
  if (values.length === 0) return null;
  const words = wordsOf[name] ?? optionTitles;
  return values.map((value) => ({ value, title: words[value]?.[language] ?? value }));
}

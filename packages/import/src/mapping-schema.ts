import {
  allowedPriorities,
  contactChannel,
  filledText,
  id,
  isAllowedPair,
  language,
  limits,
  priority,
  slaPolicy,
  text,
  ticketType,
} from "@docket/domain";
import { calendarSchema, isKnownZone } from "@docket/sla";
import { z } from "zod";
import { isKnownEncoding } from "./decode.ts";
import { isTimeForm } from "./times.ts";

/** The language in which a mapping says what a file's columns mean. docs/import.md tells every key; keep both the same. */

const column = z.string().min(1).max(200);
const zone = z.string().refine(isKnownZone, { message: "zone_unknown" });
const form = z.string().min(1).max(100).refine(isTimeForm, { message: "time_format_unknown" });
const forms = z.union([form.transform((one) => [one]), z.array(form).min(1).max(20)]);
const character = z.string().length(1);

/** A word of the source as YAML may have read it: `true` and `1` are words, too. */
const word = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** A table from the source's words to ours (tables.ts); keys are compared as the file has them, without surrounding space. */
const table = <T extends z.ZodType>(to: T) => z.record(z.string(), to);

const columnRule = z.strictObject({
  column,
  values: table(word.nullable()).optional(),
  /** for words that the table does not have; without it they stand for themselves */
  otherwise: word.nullable().optional(),
});
const valueRule = z.strictObject({ value: word });
const template = z.string().min(1).max(limits.text);
const textRule = z.strictObject({
  text: template,
  values: columnRule.shape.values,
  otherwise: columnRule.shape.otherwise,
});

/** Where a text comes from: a column's name, one and the same value, or a text with {columns} in it; columns and texts with a table, too. */
export const rule = z.union([column, columnRule, valueRule, textRule]);
export type Rule = z.infer<typeof rule>;

/** Where a word of the source stands that a table turns into one of ours: in a column, or in several put together. */
const wordSource = { column: column.optional(), text: template.optional() };

/** The same for words of ours: the table, `otherwise` and `value` name them. */
const wordRule = <T extends z.ZodType<string>>(ours: T) =>
  z.union([
    z.strictObject({ ...wordSource, values: table(ours), otherwise: ours.optional() }),
    z.strictObject({ value: ours }),
  ]);

const timeRule = z.union([
  column.transform((name) => ({ column: name, formats: undefined, zone: undefined })),
  z.strictObject({ column, formats: forms.optional(), zone: zone.optional() }),
]);
export type TimeRule = z.infer<typeof timeRule>;

/** What a state of the source means here. `ignore`: the row says nothing of the state. */
export const meanings = [
  "new",
  "in_work",
  "waiting_customer",
  "waiting_approval",
  "resolved",
  "closed",
  "auto_closed",
  "withdrawn",
  "ignore",
] as const;
export const meaning = z.enum(meanings);
export type Meaning = z.infer<typeof meaning>;

/** One state or several; `any` is every one. */
const states = z.union([word.transform((one) => [one]), z.array(word).min(1)]);

const contractTerms = {
  calendar: z.union([z.literal("24x7"), calendarSchema]),
  targets: slaPolicy.shape.targets,
  ola: slaPolicy.shape.ola.default([]),
  pauses: slaPolicy.shape.pauses.default({ customer: true, approval: true }),
  chain: slaPolicy.shape.chain.default([]),
  confirmation: slaPolicy.shape.confirmation.default({ workingDays: 5, reminders: [2, 4] }),
  defaultClassification: slaPolicy.shape.defaultClassification.optional(),
};

export const lineNumber = z.union([z.literal(1), z.literal(2), z.literal(3)]);

export const mappingSchema = z
  .strictObject({
    version: z.literal(1),
    source: id.max(30),
    language: language.default("en"),
    file: z
      .strictObject({
        encoding: z.string().refine(isKnownEncoding, { message: "encoding_unknown" }).default("utf-8"),
        fallbackEncoding: z.string().refine(isKnownEncoding, { message: "encoding_unknown" }).optional(),
        delimiter: z.union([z.literal("tab").transform(() => "\t"), character]).default(","),
        quote: z.union([z.literal("none").transform(() => ""), character]).default('"'),
        header: z.boolean().default(true),
        columns: z.array(column).min(1).max(1_000).optional(),
        skipLines: z.int().min(0).max(1_000).default(0),
        missing: z.array(word).max(50).default([""]),
        maxCellBytes: z.int().min(1_000).max(16_000_000).default(1_000_000),
      })
      .prefault({}),
    time: z.strictObject({ formats: forms.default(["iso"]), zone: zone.default("UTC") }).prefault({}),
    ticket: z.strictObject({
      key: rule,
      number: z.enum(["keep", "new"]).default("keep"),
      rowTime: timeRule,
      openedAt: timeRule.optional(),
      order: z
        .union([z.enum(["file", "time"]), z.strictObject({ column, as: z.enum(["number", "text"]).default("number") })])
        .default("file"),
      subject: rule,
      description: rule.optional(),
      type: wordRule(ticketType).default({ value: "incident" }),
      priority: wordRule(priority).default({ value: "medium" }),
      channel: wordRule(z.enum([...contactChannel.options, "import"])).default({ value: "import" }),
      product: rule.optional(),
      region: rule.optional(),
      organization: rule.optional(),
      requester: z
        .strictObject({
          key: rule.optional(),
          name: rule.optional(),
          email: rule.optional(),
          phone: rule.optional(),
        })
        .default({}),
      group: rule.optional(),
      line: z
        .union([
          z.strictObject({ value: lineNumber }),
          z.strictObject({ column, values: table(lineNumber), otherwise: lineNumber.default(2) }),
          z.strictObject({ groups: table(lineNumber), otherwise: lineNumber.default(2) }),
        ])
        .default({ value: 2 }),
      person: rule.optional(),
      personEmail: rule.optional(),
    }),
    status: z.strictObject({
      ...wordSource,
      values: table(meaning),
      otherwise: meaning.optional(),
      transitions: z
        .array(z.strictObject({ from: states, to: states, as: meaning }))
        .max(200)
        .default([]),
    }),
    changes: z
      .strictObject({
        field: column,
        from: column.optional(),
        to: column,
        names: table(z.enum(["status", "priority", "type", "group", "person", "product"])),
      })
      .optional(),
    moments: z
      .array(
        z.strictObject({
          column,
          as: z.union([meaning, z.strictObject({ ...wordSource, values: table(meaning), otherwise: meaning })]),
        }),
      )
      .min(1)
      .max(20)
      .optional(),
    keep: z.array(column).max(100).default([]),
    keepTexts: z.array(column).max(20).default([]),
    judgement: z
      .strictObject({
        column,
        met: z.array(word).min(1),
        missed: z.array(word).min(1),
        compare: z.enum(["resolution", "reaction", "both"]).default("both"),
      })
      .optional(),
    texts: z
      .strictObject({
        solution: text(limits.text).optional(),
        question: text(limits.text).optional(),
        answer: text(limits.text).optional(),
        returned: text(limits.reason).optional(),
        reclassified: text(limits.reason).optional(),
        handedOver: text(limits.reason).optional(),
        withdrawn: text(limits.reason).optional(),
        unknownGroup: filledText(limits.name).optional(),
        unknownPerson: filledText(limits.name).optional(),
      })
      .default({}),
    contract: z.union([
      z.strictObject({ existing: z.string().min(1).max(100) }),
      z.strictObject({
        organization: z.strictObject({ name: filledText(limits.name).optional(), zone: zone.optional() }).default({}),
        ...contractTerms,
      }),
    ]),
  })
  .superRefine((mapping, context) => {
    const refuse = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    if (!mapping.file.header && mapping.file.columns === undefined) refuse(["file"], "columns_needed");
    const { priority: ranks, type, channel } = mapping.ticket;
    for (const [path, field] of [
      [["status"], mapping.status],
      [["ticket", "priority"], ranks],
      [["ticket", "type"], type],
      [["ticket", "channel"], channel],
    ] as const) {
      if (!("values" in field)) continue;
      const given = [field.column, field.text].filter((one) => one !== undefined).length;
      const told = mapping.changes !== undefined || (field === mapping.status && mapping.moments !== undefined);
      if (given === 0 && !told) refuse([...path], "column_needed");
      if (given === 2) refuse([...path, "text"], "column_or_text");
    }
    const { contract, moments } = mapping;
    if (moments !== undefined && (mapping.changes !== undefined || Object.keys(mapping.status.values).length > 0))
      refuse(["moments"], "moments_alone");
    for (const [i, { column: name, as }] of (moments ?? []).entries()) {
      if (moments?.findIndex((other) => other.column === name) !== i) refuse(["moments", i], "column_twice");
      if (typeof as === "object" && as.column === undefined && as.text === undefined)
        refuse(["moments", i, "as"], "column_needed");
    }
    if ("existing" in contract) {
      if (mapping.ticket.organization !== undefined) refuse(["ticket", "organization"], "organization_of_contract");
      return;
    }
    if (mapping.ticket.organization === undefined && contract.organization.name === undefined)
      refuse(["contract", "organization"], "organization_needed");
    for (const [i, entry] of contract.targets.entries())
      if (!isAllowedPair(entry.type, entry.priority))
        refuse(["contract", "targets", i, "priority"], "priority_not_allowed");
    const fallback = contract.defaultClassification ?? contract.targets[0];
    if (
      fallback &&
      !contract.targets.some((entry) => entry.type === fallback.type && entry.priority === fallback.priority)
    )
      refuse(["contract", "defaultClassification"], "classification_not_in_contract");
    for (const type of wordsOf(mapping.ticket.type))
      for (const one of wordsOf(mapping.ticket.priority))
        if (
          allowedPriorities[type].includes(one) &&
          !contract.targets.some((entry) => entry.type === type && entry.priority === one)
        )
          refuse(["contract", "targets"], `target_missing: ${type} ${one}`);
    for (const [i, step] of contract.chain.entries())
      if (step.groupId !== null) refuse(["contract", "chain", i, "groupId"], "chain_group_not_possible");
  });

/** The words that a rule can give. */
export function wordsOf<T extends string>(
  field: { readonly value: T } | { readonly values: Readonly<Record<string, T>>; readonly otherwise?: T | undefined },
): T[] {
  if ("value" in field) return [field.value];
  const words = Object.values(field.values);
  return [...new Set(field.otherwise === undefined ? words : [...words, field.otherwise])];
}

export type Mapping = z.output<typeof mappingSchema>;

import { z } from "zod";
import { filledText, instant, language, limits, uuid } from "@docket/domain";
import { ticketRef } from "../values.ts";

/** What a template may ask the ticket for; `{{ask:...}}` is left to who uses it. */
export const templateFields = [
  "ticket.number",
  "ticket.subject",
  "ticket.product",
  "requester.name",
  "engineer.name",
  "organization.name",
  "deadline",
  "me.name",
] as const;
export type TemplateField = (typeof templateFields)[number];

const kind = z.enum(["reply", "note", "question", "solution"]);
const body = filledText(limits.text).superRefine((value, context) => {
  for (const [, name = ""] of value.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g))
    if (!(templateFields as readonly string[]).includes(name) && !/^ask:.{1,100}$/u.test(name))
      context.addIssue({ code: "custom", message: "template_field_unknown" });
});

export const newTemplate = z.strictObject({ name: filledText(100), language, kind, body });
export const templateChange = z.strictObject({
  ...newTemplate.partial().shape,
  active: z.boolean().optional(),
  revision: z.int().min(0),
});

export const replyTemplate = z
  .strictObject({
    templateId: uuid,
    name: z.string(),
    language,
    kind,
    body: z.string(),
    /** the fields that the body names */
    fields: z.array(z.string()),
    active: z.boolean(),
    revision: z.int(),
    changedBy: z.strictObject({ id: z.string(), name: z.string() }),
    changedAt: instant,
  })
  .meta({ id: "ReplyTemplate" });
export type ReplyTemplate = z.infer<typeof replyTemplate>;

export const fillTemplate = z.strictObject({ ticket: ticketRef });
/** a text that is still being written */
export const templatePreview = z.strictObject({ language, body, ticket: ticketRef });
export const filledTemplate = z
  .strictObject({
    text: z.string(),
    /** fields that the ticket has no value for; they stand in the text as they are */
    missing: z.array(z.string()),
    /** what is left to be filled by hand */
    asks: z.array(z.string()),
  })
  .meta({ id: "FilledTemplate" });
export type FilledTemplate = z.infer<typeof filledTemplate>;

import { z } from "zod";

/** Marks a field as personal data: the codec of the event store door encrypts such fields per data subject when told to. */
export function personal<T extends z.ZodType>(schema: T): T {
  return schema.meta({ personal: true });
}

/** Every limit on what a person or machine may send, in one place; docs/errors.md prints them. */
export const limits = {
  subject: 300,
  text: 50_000,
  name: 200,
  email: 254,
  phone: 40,
  product: 200,
  reason: 4_000,
  fileName: 200,
  attachmentBytes: 25 * 1024 * 1024,
  attachmentsPerMessage: 50,
  routingRules: 1_000,
  groupMembers: 1_000,
  contractPeople: 5_000,
} as const;

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Text that can be stored, hashed and shown: no NUL, no lone surrogates. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => !value.includes("\0"), { message: "nul_character" })
    .refine((value) => !loneSurrogate.test(value), { message: "lone_surrogate" });

/** Text that must say something. */
export const filledText = (max: number) => text(max).refine((value) => value.trim() !== "", { message: "empty" });

/** An instant: ISO 8601 in UTC with milliseconds, e.g. 2024-04-26T12:00:00.000Z. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
  .refine((value) => !Number.isNaN(Date.parse(value)), { message: "not_an_instant" });
/** A date of the calendar without a zone: 2024-04-26. */
export const localDate = z.iso.date();
export const zone = z.string().min(1).max(64);
export const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/);
export const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const language = z.enum(["ru", "en"]);
export type Language = z.infer<typeof language>;

/** R §3.3 */
export const ticketType = z.enum(["incident", "change", "consultation", "scheduled_work"]);
export type TicketType = z.infer<typeof ticketType>;
export const priority = z.enum(["high", "medium", "low"]);
export type Priority = z.infer<typeof priority>;

/** R §2: the three lines of support. */
export const line = z.union([z.literal(1), z.literal(2), z.literal(3)]);
export type Line = z.infer<typeof line>;

/** The ways in which a contact arrives (R §3.1, §3.2, A). */
export const contactChannel = z.enum(["email", "phone", "portal", "monitoring", "manager", "chat"]);
export type ContactChannel = z.infer<typeof contactChannel>;
/** The ways in which a ticket comes about: also by a plan, or from another system's history. */
export const ticketChannel = z.enum([...contactChannel.options, "plan", "import"]);
/** The ways in which an action reaches the engine. */
export const actionChannel = z.enum([...contactChannel.options, "console", "api", "plan", "system", "import"]);
export type ActionChannel = z.infer<typeof actionChannel>;

export const role = z.enum([
  "requester",
  "operator",
  "engineer",
  "expert",
  "service_manager",
  "auditor",
  "analyst",
  "admin",
  "machine",
  "system",
]);
export type Role = z.infer<typeof role>;

/** Who acts: a person of a customer, a member of staff, a machine, or the engine itself (`system`). */
export const actor = z.strictObject({ id, role, name: personal(text(limits.name)).optional() });
export type Actor = z.infer<typeof actor>;

/** A target: working time ("4h", "30m", "1h30m") or a number of working days ("3d"). */
export const target = z
  .string()
  .regex(/^(?:\d{1,4}d|(?:\d{1,5}h)?(?:\d{1,6}m)?)$/)
  .refine((v) => v !== "", { message: "empty" });

/** A file kept by its content's hash; the bytes are in the blob store. */
export const attachment = z.strictObject({
  sha256,
  name: personal(filledText(limits.fileName)),
  size: z.int().min(0).max(limits.attachmentBytes),
  mediaType: z.string().max(200),
});
export type Attachment = z.infer<typeof attachment>;

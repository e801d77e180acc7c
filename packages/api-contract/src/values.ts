import { z } from "zod";
import { filledText, text } from "@docket/domain";

/** A position in the store's log, as a decimal text: numbers of this size do not survive JavaScript everywhere. */
export const logPosition = z.string().regex(/^\d{1,20}$/);

/** An instant as people and programs send it: ISO 8601 with any offset; becomes UTC with milliseconds. */
export const anyInstant = z.iso
  .datetime({ offset: true })
  // runs on faulty values, too
  .overwrite((value) => (Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString()));

/** Characters that change the direction of what follows: harmless in a text that is shown isolated, a disguise in a name. */
const bidiControl = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** The name of a person, a company, a file: one line, says something, and does not change the direction of writing. */
export const plainName = (max: number) =>
  filledText(max)
    .refine((value) => !bidiControl.test(value), { message: "bidi_control" })
    .refine((value) => !/[\p{Cc}\u2028\u2029]/u.test(value), { message: "bad_format" });

export const hasBidiControl = (value: string): boolean => bidiControl.test(value);

/** A ticket in an address: its id, or the number that people know (SC-000123, or that of another system: INC0000045). */
export const ticketRef = z
  .string()
  .regex(/^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|(?=[^\d]*\d)[A-Za-z0-9][A-Za-z0-9._-]{0,19})$/);

export const flag = z.enum(["true", "false"]);

/** What the sender may say of the contract that he relies on. */
export const proofFields = {
  supportKey: text(100).optional(),
  contractNumber: text(100).optional(),
} as const;

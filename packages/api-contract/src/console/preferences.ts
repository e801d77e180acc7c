import { z } from "zod";
import { instant, language, uuid } from "@docket/domain";

export const preferenceLimits = { otherBytes: 16 * 1024, views: 100, marks: 500 } as const;

const column = z.string().regex(/^[A-Za-z]{1,40}$/);
const choices = {
  language,
  scheme: z.enum(["light", "dark", "system"]),
  density: z.enum(["compact", "normal", "roomy"]),
};
const columns = z.record(z.string().max(60), z.array(column).max(60));

export const preferences = z
  .strictObject({
    ...choices,
    /** by view: which columns, in which order */
    columns,
    /** whatever else a client wants to find again */
    other: z.record(z.string(), z.unknown()),
    revision: z.int(),
  })
  .meta({ id: "Preferences" });
export type Preferences = z.infer<typeof preferences>;

/** What is named is replaced; of `columns` and `other` each entry for itself, and null takes one away. */
export const preferencesChange = z.strictObject({
  language: choices.language.optional(),
  scheme: choices.scheme.optional(),
  density: choices.density.optional(),
  columns: z.record(z.string().max(60), z.array(column).max(60).nullable()).optional(),
  other: z.record(z.string().max(60), z.unknown()).optional(),
});

/** The revision at which the reader last looked at a ticket. */
export const seenMarks = z
  .strictObject({ items: z.array(z.strictObject({ ticketId: uuid, revision: z.int(), at: instant })) })
  .meta({ id: "SeenMarks" });
export const markSeen = z.strictObject({
  items: z
    .array(z.strictObject({ ticketId: uuid, revision: z.int().min(0).max(1_000_000) }))
    .min(1)
    .max(preferenceLimits.marks),
});

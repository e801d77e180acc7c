import { z } from "zod";
import { actionChannel, actor, id, instant, uuid, type ActionChannel, type Actor } from "./values.ts";

/**
 * Where an imported fact comes from: the source's name, the file (SHA-256 of its bytes) and the row in it (the line's number
 * in a text editor, the header being 1), and when the import ran that brought it in.
 */
export const provenance = z.strictObject({ source: id, file: z.string().max(300), row: z.int(), importedAt: instant });
export type Provenance = z.infer<typeof provenance>;

/** What is known of every fact beside its own data; stored as the event's metadata. */
export const eventMeta = z.strictObject({
  commandId: uuid,
  correlationId: uuid,
  causationId: uuid.nullable(),
  actor,
  channel: actionChannel,
  /** when it happened */
  occurredAt: instant,
  /** when the engine learnt of it; never goes back within a stream. "As of T" means: recorded at or before T. */
  recordedAt: instant,
  schemaVersion: z.int().min(1),
  /** where an imported fact comes from */
  provenance: provenance.optional(),
});
export type EventMeta = z.infer<typeof eventMeta>;

/** The kinds of streams; a stream's name is `<kind>-<id>`, but for the two single ones. */
export const streamKinds = [
  "ticket",
  "contact",
  "organization",
  "contract",
  "calendar",
  "staff",
  "group",
  "routing-rules",
  "ticket-numbers",
  "plan",
  "letter",
  "survey",
  "erasure",
  "checkpoint",
  "access",
  "rights",
] as const;
export type StreamKind = (typeof streamKinds)[number];

/** One type of event: its schema, where it is written, and its meaning in both languages. */
export interface EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly version: number;
  readonly stream: StreamKind;
  readonly schema: Schema;
  readonly title: { readonly ru: string; readonly en: string };
}

export function defineEvent<const Type extends string, Shape extends z.core.$ZodLooseShape>(
  stream: StreamKind,
  type: Type,
  title: { ru: string; en: string },
  shape: Shape,
  version = 1,
): EventDefinition<Type, z.ZodObject<Shape, z.core.$strict>> {
  return { type, version, stream, schema: z.strictObject(shape), title };
}

/** The event union of a record of definitions: `{ type, data }`. */
export type EventOf<Definitions extends Record<string, EventDefinition>> = {
  [Key in keyof Definitions]: { type: Definitions[Key]["type"]; data: z.infer<Definitions[Key]["schema"]> };
}[keyof Definitions];

/**
 * A fact as deciders give it: what happened and when; the rest of the metadata is the command's. `by` stands where the
 * engine itself states the fact while it carries out somebody's command (a deadline that had passed before): then it is
 * recorded as the engine's and not as that person's.
 */
export type NewFact<E> = E & {
  readonly occurredAt: string;
  readonly by?: { readonly actor: Actor; readonly channel: ActionChannel };
};

/** A fact as read back from a stream. `revision` is 0-based; `position` orders all facts of the store. */
export type Fact<E> = E & {
  readonly meta: EventMeta;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
};

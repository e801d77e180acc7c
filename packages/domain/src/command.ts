import { z } from "zod";
import { provenance } from "./event.ts";
import { actionChannel, actor, instant, uuid } from "./values.ts";

/** Who sends a command, by which way, and what it follows from. */
export const commandMeta = z.strictObject({
  commandId: uuid,
  correlationId: uuid,
  causationId: uuid.nullable(),
  actor,
  channel: actionChannel,
  /** when it happened, if earlier than now (a call entered later) */
  occurredAt: instant.optional(),
  /** the stream's revision that the sender has seen; another one is a conflict */
  ifRevision: z.int().min(0).optional(),
  /** an imported fact: where it comes from */
  provenance: provenance.optional(),
});
export type CommandMeta = z.infer<typeof commandMeta>;

/** Whether a command tells an imported history: then nobody acts, and living people's duties are not checked. */
export function isImport(meta: Pick<CommandMeta, "actor" | "channel">): boolean {
  return meta.actor.role === "system" && meta.channel === "import";
}

export interface CommandDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> {
  readonly type: Type;
  readonly schema: Schema;
  readonly title: { readonly ru: string; readonly en: string };
}

export function defineCommand<const Type extends string, Shape extends z.core.$ZodLooseShape>(
  type: Type,
  title: { ru: string; en: string },
  shape: Shape,
): CommandDefinition<Type, z.ZodObject<Shape, z.core.$strict>> {
  return { type, schema: z.strictObject(shape), title };
}

export type CommandOf<Definitions extends Record<string, CommandDefinition>> = {
  [Key in keyof Definitions]: { type: Definitions[Key]["type"]; data: z.infer<Definitions[Key]["schema"]> };
}[keyof Definitions];

import { allCommands, type AnyCommand, type CommandMeta, commandMeta, type DomainError } from "@docket/domain";
import type { z } from "zod";

export type Validated =
  | { readonly ok: true; readonly command: AnyCommand; readonly meta: CommandMeta }
  | { readonly ok: false; readonly error: DomainError };

/**
 * Checks a command and its metadata against their schemas. The error is `validation_failed` (or `unknown_command`), its
 * field the path of the first part at fault ("data.priority", "meta.actor.role"), its `fault` what is wrong with it.
 */
export function validate(command: AnyCommand, meta: CommandMeta): Validated {
  const type: string = command.type;
  const definition = allCommands.get(type);
  if (definition === undefined)
    return { ok: false, error: { code: "unknown_command", field: "type", params: { type: type.slice(0, 100) } } };
  const data = definition.schema.safeParse(command.data);
  if (!data.success) return invalid("data", data.error);
  const parsed = commandMeta.safeParse(meta);
  if (!parsed.success) return invalid("meta", parsed.error);
  return { ok: true, command: { type: command.type, data: data.data } as AnyCommand, meta: parsed.data };
}

function invalid(part: string, error: z.ZodError): Validated {
  const issue = error.issues[0];
  const field = [part, ...(issue?.path ?? []).map(String)].join(".").slice(0, 200);
  return {
    ok: false,
    error: { code: "validation_failed", field, params: { fault: (issue?.message ?? "").slice(0, 200) } },
  };
}

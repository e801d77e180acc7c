import type { Actor, CommandMeta } from "@docket/domain";
import { actionChannelOf, actorOf, type Principal } from "../auth/principal.ts";

export interface MetaOptions {
  readonly commandId: string;
  readonly occurredAt?: string | undefined;
  readonly ifRevision?: number | undefined;
  /** the command that this one belongs to; itself by default */
  readonly correlationId?: string;
  readonly causationId?: string | null;
}

/** A command's metadata for a caller of this interface. */
export function metaFor(caller: Principal, options: MetaOptions): CommandMeta {
  return { ...common(options), actor: actorOf(caller), channel: actionChannelOf(caller) };
}

export const engine: Actor = { id: "docket", role: "system" };

/** The metadata of what the engine itself does in consequence of something. */
export function engineMeta(options: MetaOptions): CommandMeta {
  return { ...common(options), actor: engine, channel: "system" };
}

const common = ({ commandId, occurredAt, ifRevision, correlationId, causationId }: MetaOptions) => ({
  commandId,
  correlationId: correlationId ?? commandId,
  causationId: causationId ?? null,
  ...(occurredAt === undefined ? {} : { occurredAt }),
  ...(ifRevision === undefined ? {} : { ifRevision }),
});

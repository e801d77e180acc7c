import type { FastifyReply } from "fastify";
import { ticketEventTitles, type CommandReply } from "@docket/api-contract";
import type { CommandResult } from "@docket/command-handling";
import type { AnyEvent, Fact, Language } from "@docket/domain";
import { Refusal } from "../http/refusal.ts";

type Refused = Extract<CommandResult, { ok: false }>;
export type Accepted = Extract<CommandResult, { ok: true }>;

/** The outcome of a command that was accepted; throws what refused it. `fieldOf` renames the domain's fields to the body's. */
export function accepted(result: CommandResult, language: Language = "ru"): Accepted {
  if (result.ok) return result;
  throw refusalOf(result, language);
}

/** A refusal of the domain in the form of this interface. */
export function refusalOf({ error, conflict }: Refused, language: Language): Refusal {
  const field = error.code === "stale_revision" ? "If-Match" : error.field?.replace(/^data\./, "");
  const params = {
    ...error.params,
    ...(conflict === undefined
      ? {}
      : {
          currentRevision: conflict.currentRevision,
          since: conflict.since.map((fact) => whatChanged(fact, language)),
        }),
  };
  return new Refusal(error.code, {
    ...(field === undefined || field === "" ? {} : { field }),
    params,
    ...(conflict === undefined ? {} : { headers: { etag: `"${conflict.currentRevision}"` } }),
  });
}

/** One line of a conflict: what was done meanwhile, by whom, by which way, when. */
function whatChanged(fact: Fact<AnyEvent>, language: Language): Record<string, unknown> {
  return {
    type: fact.type,
    title: ticketEventTitles[fact.type]?.[language] ?? fact.type,
    revision: fact.revision,
    by: { id: fact.meta.actor.id, name: fact.meta.actor.name ?? null, role: fact.meta.actor.role },
    channel: fact.meta.channel,
    at: fact.meta.occurredAt,
  };
}

/** An accepted command as the interface tells it, with the headers by which its author can read his own write. */
export function replyTo(reply: FastifyReply, result: Accepted, ticketId?: string): CommandReply {
  reply.header("etag", `"${result.revision}"`).header("docket-position", result.position);
  return {
    stream: result.stream,
    ...(ticketId === undefined ? {} : { ticketId }),
    revision: result.revision,
    position: result.position,
    repeated: result.repeated,
    events: result.events.map((fact) => ({
      eventId: fact.eventId,
      type: fact.type,
      revision: fact.revision,
      occurredAt: fact.meta.occurredAt,
      recordedAt: fact.meta.recordedAt,
      data: fact.data,
    })),
  };
}

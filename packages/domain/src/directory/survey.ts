import type { CommandMeta } from "../command.ts";
import { refuse, type Decision } from "../errors.ts";
import type { Fact, NewFact } from "../event.ts";
import { mayRole } from "../permissions.ts";
import { rememberedCommands, type RememberedCommand } from "../remembered.ts";
import type { TicketState } from "../ticket/state.ts";
import type { DirectoryCommand } from "./commands.ts";
import type { DirectoryEvent } from "./events.ts";
import { findPerson } from "./lookup.ts";
import type { Directory } from "./state.ts";

/** A ticket's rating; the last one counts. It lives outside the ticket's stream, as a closed ticket takes nothing (rule 1). */
export interface SurveyState {
  readonly ticketId: string;
  readonly score: number;
  readonly commands: readonly RememberedCommand[];
  readonly revision: number;
}

export function evolveSurvey(state: SurveyState | null, fact: Fact<DirectoryEvent>): SurveyState | null {
  if (fact.type !== "TicketRated" || (state && fact.revision <= state.revision)) return state;
  const { ticketId, score } = fact.data;
  return { ticketId, score, commands: rememberedCommands(state?.commands ?? [], fact), revision: fact.revision };
}

/** The customer rates what was solved for him (R §3.2.1). `ticket` is the rated ticket's state; null: no such ticket. */
export function decideSurvey(
  command: Extract<DirectoryCommand, { type: "RateTicket" }>,
  meta: CommandMeta,
  state: SurveyState | null,
  context: { readonly now: number; readonly directory: Directory; readonly ticket: TicketState | null },
): Decision<NewFact<DirectoryEvent>> {
  if (state?.commands.some((known) => known.commandId === meta.commandId)) return { ok: true, events: [] };
  const { actor } = meta;
  if (!mayRole(actor.role, command.type))
    return refuse("not_permitted", "actor", { role: actor.role, command: command.type });
  const { ticket } = context;
  if (!ticket) return refuse("ticket_unknown", "data.ticketId", { ticketId: command.data.ticketId });
  const party =
    actor.id === ticket.requester.personId ||
    findPerson(context.directory, actor.id)?.organizationId === ticket.organizationId;
  if (!party) return refuse("not_a_party", "actor", { number: ticket.number });
  if (ticket.status !== "closed" && ticket.status !== "result_confirmation")
    return refuse("not_yet_resolved", "data.ticketId", { number: ticket.number });
  return {
    ok: true,
    events: [{ type: "TicketRated", data: command.data, occurredAt: new Date(context.now).toISOString() }],
  };
}

import type { ClockInput } from "@docket/sla";
import type { CommandMeta } from "../command.ts";
import type { Directory } from "../directory/state.ts";
import type { NewFact } from "../event.ts";
import type { Refusal } from "../errors.ts";
import { snapshotOf } from "./clocks.ts";
import type { TicketCommand } from "./commands.ts";
import type { ClockSnapshot } from "./event-parts.ts";
import type { TicketEvent } from "./events.ts";
import { applyTicketEvent } from "./evolve.ts";
import type { TicketState } from "./state.ts";

/** How far the clocks of two machines may lie apart (milliseconds). */
export const clockSkew = 60_000;

/** What a decision may look at beside the ticket: the time (milliseconds), the directory, and who has how much to do. */
export interface TicketContext {
  readonly now: number;
  readonly directory: Directory;
  readonly load?: (staffId: string) => number;
}

/**
 * A decision in the making. It opens with the ticket as it is; `emit` adds a fact and moves `state` on, so that what comes
 * next is decided on what came before. It ends when the decider hands its facts out; nothing outside it is changed.
 */
export interface Work {
  state: TicketState;
  readonly events: NewFact<TicketEvent>[];
  /** when what the command says happened (milliseconds) */
  readonly at: number;
  readonly meta: CommandMeta;
  readonly context: TicketContext;
  /**
   * For a ticket with an imported past: when it was imported (milliseconds). Warnings, steps of the chain, reminders and the
   * close whose time was before are over: they were another system's business. Null for a ticket of our own.
   */
  readonly quietUntil: number | null;
}

/** One command's rules: emits facts, or refuses. Emitting nothing means that there is nothing to do. */
export type Handler<Type extends TicketCommand["type"]> = (
  work: Work,
  data: Extract<TicketCommand, { type: Type }>["data"],
) => Refusal | undefined;

export function emit(work: Work, event: TicketEvent, at: number = work.at, by?: NewFact<TicketEvent>["by"]): void {
  const next = applyTicketEvent(work.state, event, at);
  if (next) work.state = next;
  work.events.push({ ...event, occurredAt: new Date(at).toISOString(), ...(by ? { by } : {}) });
}

/** A changed clock as the fact that changes it carries it. */
export function snap(work: Work, input: ClockInput, targetText: string, at: number = work.at): ClockSnapshot {
  return snapshotOf(input, targetText, at, work.context.directory, work.state.fired, work.quietUntil);
}

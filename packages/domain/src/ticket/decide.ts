import type { CommandMeta } from "../command.ts";
import { refuse, type Decision, type Refusal } from "../errors.ts";
import type { NewFact } from "../event.ts";
import { mayRole } from "../permissions.ts";
import { catchUp, fireAlarm } from "./alarms.ts";
import { accept, assign, handOver } from "./assignment.ts";
import { announceDowntime, approveChange, proposeChange, recordUpdate, refuseChange, startChange } from "./changes.ts";
import { confirm, markDuplicate, resolve, returnToWork, withdraw } from "./closing.ts";
import type { TicketCommand } from "./commands.ts";
import { askCustomer, joinMessage, recordAnswer } from "./dialogue.ts";
import { completeActions, decideActions, escalate, releaseEscalation, studyEscalation } from "./escalation.ts";
import type { TicketEvent } from "./events.ts";
import { recordAutoClose, recordSource } from "./imported.ts";
import { recompute } from "./recompute.ts";
import { classify, register } from "./registration.ts";
import { isOpen, type TicketState } from "./state.ts";
import { addAttachment, comment, extend, giveWorkaround, link, logCall } from "./work.ts";
import { clockSkew, type Handler, type TicketContext, type Work } from "./work-in-hand.ts";

const handlers: { readonly [Type in Exclude<TicketCommand["type"], "RegisterTicket">]: Handler<Type> } = {
  ClassifyTicket: classify,
  AssignTicket: assign,
  AcceptTicket: accept,
  HandOverTicket: handOver,
  AskCustomer: askCustomer,
  RecordCustomerAnswer: recordAnswer,
  JoinMessage: joinMessage,
  ProposeChange: proposeChange,
  ApproveChange: approveChange,
  RefuseChange: refuseChange,
  StartChange: startChange,
  AnnounceDowntime: announceDowntime,
  RecordUpdateInstalled: recordUpdate,
  CommentTicket: comment,
  LogCall: logCall,
  AddAttachment: addAttachment,
  LinkTicket: link,
  GiveWorkaround: giveWorkaround,
  ExtendTerm: extend,
  EscalateTicket: escalate,
  StudyEscalation: studyEscalation,
  DecideEscalationActions: decideActions,
  CompleteEscalationActions: completeActions,
  ReleaseEscalation: releaseEscalation,
  ResolveTicket: resolve,
  ReturnTicket: returnToWork,
  ConfirmResult: confirm,
  WithdrawTicket: withdraw,
  MarkDuplicate: markDuplicate,
  FireAlarm: fireAlarm,
  RecomputeClocks: recompute,
  RecordSource: recordSource,
  RecordAutoClose: recordAutoClose,
};

/** Commands that move the life cycle or a clock: they cannot have happened before the last one that did. */
const steps: ReadonlySet<TicketCommand["type"]> = new Set<TicketCommand["type"]>([
  "ClassifyTicket",
  "AssignTicket",
  "AcceptTicket",
  "HandOverTicket",
  "AskCustomer",
  "RecordCustomerAnswer",
  "ProposeChange",
  "ApproveChange",
  "RefuseChange",
  "ExtendTerm",
  "ResolveTicket",
  "ReturnTicket",
  "ConfirmResult",
  "WithdrawTicket",
  "MarkDuplicate",
  "RecordAutoClose",
]);

/** Done at the deadline's very instant is in time. */
const inTimeAtTheInstant: ReadonlySet<TicketCommand["type"]> = new Set<TicketCommand["type"]>([
  "AcceptTicket",
  "ResolveTicket",
]);

const aboutTime: ReadonlySet<TicketCommand["type"]> = new Set<TicketCommand["type"]>(["FireAlarm", "RecomputeClocks"]);

/**
 * Decides a command on a ticket. Takes the command (already valid by its schema), its metadata, the ticket's state (null: no
 * such ticket yet) and what may be looked at; gives the facts, each with when it happened, or a coded refusal. Pure: the same
 * arguments give the same facts. A command that the state remembers gives no facts again.
 *
 * Throws DirectoryBehind when the directory is older than what the ticket was decided on before.
 *
 * What time owed before the command (a deadline that had passed) is stated first, in order, so that the facts do not depend
 * on how prompt the clockwork is.
 */
export function decideTicket(
  command: TicketCommand,
  meta: CommandMeta,
  state: TicketState | null,
  context: TicketContext,
): Decision<NewFact<TicketEvent>> {
  if (state?.commands.some((known) => known.commandId === meta.commandId)) return nothing;
  if (!mayRole(meta.actor.role, command.type))
    return refuse("not_permitted", "actor", { role: meta.actor.role, command: command.type });
  if (command.type === "RegisterTicket") return decideRegistration(command, meta, state, context);
  if (!state) return refuse("ticket_unknown", "data.ticketId", { ticketId: command.data.ticketId });
  if (!isOpen(state)) return onClosed(command, state);

  const at = occurredAt(command, meta, state, context.now);
  if (typeof at !== "number") return at;
  const work: Work = { state, events: [], at, meta, context, quietUntil: quietUntil(state, meta) };
  if (command.type === "FireAlarm") return outcome(work, 0, fireAlarm(work, command.data));

  catchUp(work, at, !inTimeAtTheInstant.has(command.type));
  if (!isOpen(work.state)) return onClosed(command, state);
  // A fact of time that was stated just now may be the last step.
  if (steps.has(command.type) && at < work.state.stepAt)
    return refuse("occurred_before_last_step", "occurredAt", { at: iso(at), last: iso(work.state.stepAt) });
  const stated = work.events.length;
  const handler = handlers[command.type] as Handler<typeof command.type>;
  const refused = handler(work, command.data);
  if (!refused && work.events.length > stated && isOpen(work.state)) catchUp(work, at, true);
  return outcome(work, stated, refused);
}

const nothing = { ok: true, events: [] } as const;
const iso = (at: number): string => new Date(at).toISOString();

/** Rule 1 (R §4.2): a closed ticket takes nothing; for the engine's own commands about time there is nothing left to do. */
function onClosed(command: TicketCommand, state: TicketState): Decision<NewFact<TicketEvent>> {
  return aboutTime.has(command.type) ? nothing : refuse("ticket_closed", undefined, { number: state.number });
}

/** Until when time asks nothing of anybody for this ticket: the import that last told of it, or tells of it now. */
function quietUntil(state: TicketState | null, meta: CommandMeta): number | null {
  const now = meta.provenance === undefined ? null : Date.parse(meta.provenance.importedAt);
  return now ?? state?.importedAt ?? null;
}

function outcome(work: Work, stated: number, refused: Refusal | undefined): Decision<NewFact<TicketEvent>> {
  if (refused) return refused;
  return work.events.length > stated ? { ok: true, events: work.events } : nothing;
}

function decideRegistration(
  command: Extract<TicketCommand, { type: "RegisterTicket" }>,
  meta: CommandMeta,
  state: TicketState | null,
  context: TicketContext,
): Decision<NewFact<TicketEvent>> {
  if (state) return refuse("ticket_exists", "data.ticketId", { number: state.number });
  const at =
    meta.occurredAt === undefined
      ? Math.max(context.now, Date.parse(command.data.receivedAt))
      : Date.parse(meta.occurredAt);
  if (at > context.now + clockSkew) {
    const field = meta.occurredAt === undefined ? "data.receivedAt" : "occurredAt";
    return refuse("occurred_in_future", field, { at: iso(at) });
  }
  const event = register(command.data, context.directory, at, quietUntil(null, meta));
  if ("ok" in event) return event;
  return { ok: true, events: [{ ...event, occurredAt: iso(at) }] };
}

/** When the command's deed happened: now, or as it says, within bounds (domain.md, Decisions). */
function occurredAt(command: TicketCommand, meta: CommandMeta, state: TicketState, now: number): number | Refusal {
  if (meta.occurredAt === undefined) return Math.max(now, state.stepAt);
  const at = Date.parse(meta.occurredAt);
  if (at > now + clockSkew) return refuse("occurred_in_future", "occurredAt", { at: meta.occurredAt });
  if (at < state.registeredAt)
    return command.type === "JoinMessage"
      ? state.registeredAt
      : refuse("occurred_before_registration", "occurredAt", { at: meta.occurredAt });
  if (steps.has(command.type) && at < state.stepAt)
    return refuse("occurred_before_last_step", "occurredAt", { at: meta.occurredAt, last: iso(state.stepAt) });
  return at;
}

import { refuse } from "../errors.ts";
import { splitPause } from "./clock-fold.ts";
import { deadlineIfTicking, openClock } from "./clocks.ts";
import { actorIsParty, speaksForCustomer } from "./parties.ts";
import { emit, snap, type Handler } from "./work-in-hand.ts";

/** What is written on a ticket without moving it, the workaround and the agreed extension (R §4.1.2 - .4). */

export const comment: Handler<"CommentTicket"> = (work, { text, visibility, attachments }) => {
  const refused = actorIsParty(work);
  if (refused) return refused;
  const { role } = work.meta.actor;
  if (visibility === "internal" && (role === "requester" || role === "machine"))
    return refuse("internal_not_for_customers", "data.visibility");
  emit(work, { type: "TicketCommented", data: { text, visibility, attachments } });
  return undefined;
};

export const logCall: Handler<"LogCall"> = (work, { direction, with: person, summary, seconds }) => {
  emit(work, { type: "TicketCallLogged", data: { direction, with: person, summary, seconds } });
  return undefined;
};

export const addAttachment: Handler<"AddAttachment"> = (work, { attachment }) => {
  const refused = actorIsParty(work);
  if (refused) return refused;
  emit(work, { type: "TicketAttachmentAdded", data: { attachment } });
  return undefined;
};

export const link: Handler<"LinkTicket"> = (work, { toTicketId, kind }) => {
  if (toTicketId === work.state.ticketId) return refuse("linked_to_itself", "data.toTicketId");
  if (work.state.links.includes(`${kind}:${toTicketId}`)) return refuse("already_linked", "data.toTicketId");
  emit(work, { type: "TicketLinked", data: { toTicketId, kind } });
  return undefined;
};

export const giveWorkaround: Handler<"GiveWorkaround"> = (work, { workaround }) => {
  const { status, assignment } = work.state;
  if (!assignment || status === "result_confirmation") return refuse("wrong_status", undefined, { status });
  emit(work, { type: "TicketWorkaroundGiven", data: { workaround } });
  return undefined;
};

/** R §4.1.3: the time may be extended by agreement; the old deadline is kept, and what was missed stays missed. */
export const extend: Handler<"ExtendTerm"> = (work, { agreedBy, agreedAt, newDeadline, reason }) => {
  const { state, context, at } = work;
  const refused = speaksForCustomer(work, agreedBy, "data.agreedBy");
  if (refused) return refused;
  const clock = openClock(state, "resolution");
  if (!clock) return refuse("no_open_resolution", undefined, { status: state.status });
  if (Date.parse(agreedAt) > at) return refuse("occurred_in_future", "data.agreedAt", { at: agreedAt });
  if (Date.parse(agreedAt) < state.registeredAt)
    return refuse("occurred_before_registration", "data.agreedAt", { at: agreedAt });
  const to = Date.parse(newDeadline);
  if (to <= at) return refuse("deadline_in_past", "data.newDeadline", { deadline: newDeadline });
  const old = deadlineIfTicking(clock.input, at, context.directory);
  const oldDeadline = old === null ? null : new Date(old).toISOString();
  if (old === null || to <= old) return refuse("deadline_not_later", "data.newDeadline", { deadline: oldDeadline });
  const clocks = [
    snap(work, { ...clock.input, pauses: splitPause(clock.input.pauses, at), override: to }, clock.snapshot.target),
  ];
  emit(work, { type: "TicketExtended", data: { agreedBy, agreedAt, reason, oldDeadline, newDeadline, clocks } });
  return undefined;
};

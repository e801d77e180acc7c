import { refuse, type Refusal } from "../errors.ts";
import { confirmationAlarms } from "./alarms.ts";
import { openClock, returnClock, stopClock, termsAt } from "./clocks.ts";
import type { ClockSnapshot } from "./event-parts.ts";
import { actorIsParty, speaksForCustomer } from "./parties.ts";
import { emit, snap, type Handler, type Work } from "./work-in-hand.ts";

/** The solution, its confirmation or return, and the ends of a ticket (R §4.1.11, §4.2). */

export const resolve: Handler<"ResolveTicket"> = (work, { solution }) => {
  const { state, context, at } = work;
  if (state.status !== "in_work") return refuse("wrong_status", undefined, { status: state.status });
  if (!state.classified) return refuse("not_classified");
  const agreed = state.proposals.some((proposal) => proposal.state === "approved" || proposal.state === "started");
  if (state.type === "change" && !agreed) return refuse("change_not_approved");
  const resolution = openClock(state, "resolution");
  const clocks = resolution ? [snap(work, stopClock(resolution.input, "done", at), resolution.snapshot.target)] : [];
  const { policy, calendar } = termsAt(context.directory, state.contractId, at);
  const closesAtOnce = state.type === "scheduled_work" && policy.closeScheduledWorkOnResolution;
  const confirmation = closesAtOnce
    ? { alarms: [], autoCloseAt: null }
    : confirmationAlarms(policy, calendar, state, at, at, work.quietUntil);
  const autoCloseAt = confirmation.autoCloseAt === null ? null : new Date(confirmation.autoCloseAt).toISOString();
  emit(work, {
    type: "TicketResolved",
    data: { solution, cycle: state.cycle, alarms: confirmation.alarms, autoCloseAt, clocks },
  });
  if (closesAtOnce) {
    emit(work, {
      type: "TicketAutoClosed",
      data: { because: "policy", resolvedAt: new Date(at).toISOString(), workingDays: 0, clocks: [] },
    });
  }
  return undefined;
};

/** R §4.2: the requester gives the ticket back; the same resolution clock goes on as a new cycle (Decisions). */
export const returnToWork: Handler<"ReturnTicket"> = (work, { reason, contactId }) => {
  const { state, context, at } = work;
  const refused = actorIsParty(work);
  if (refused) return refused;
  if (state.status !== "result_confirmation") return refuse("wrong_status", undefined, { status: state.status });
  const cycle = state.cycle + 1;
  const last = state.clocks.findLast((clock) => clock.snapshot.kind === "resolution");
  const clocks = last ? [snap(work, returnClock(last.input, at, context.directory), last.snapshot.target)] : [];
  emit(work, { type: "TicketReturned", data: { reason, contactId, cycle, clocks } });
  return undefined;
};

export const confirm: Handler<"ConfirmResult"> = (work, { by }) => {
  const refused = speaksForCustomer(work, by, "data.by");
  if (refused) return refused;
  if (work.state.status !== "result_confirmation")
    return refuse("wrong_status", undefined, { status: work.state.status });
  emit(work, { type: "TicketConfirmed", data: { by, clocks: cancelAll(work) } });
  return undefined;
};

function beforeResult(work: Work): Refusal | undefined {
  return work.state.status === "result_confirmation"
    ? refuse("wrong_status", undefined, { status: work.state.status })
    : undefined;
}

function cancelAll(work: Work): ClockSnapshot[] {
  return work.state.clocks
    .filter((clock) => clock.snapshot.stoppedAt === null)
    .map((clock) => snap(work, stopClock(clock.input, "cancelled", work.at), clock.snapshot.target));
}

export const withdraw: Handler<"WithdrawTicket"> = (work, { by, reason }) => {
  const refused = speaksForCustomer(work, by, "data.by") ?? beforeResult(work);
  if (refused) return refused;
  emit(work, { type: "TicketWithdrawn", data: { by, reason, clocks: cancelAll(work) } });
  return undefined;
};

export const markDuplicate: Handler<"MarkDuplicate"> = (work, { ofTicketId, ofNumber }) => {
  const refused = beforeResult(work);
  if (refused) return refused;
  if (ofTicketId === work.state.ticketId) return refuse("linked_to_itself", "data.ofTicketId");
  emit(work, { type: "TicketMarkedDuplicate", data: { ofTicketId, ofNumber, clocks: cancelAll(work) } });
  return undefined;
};

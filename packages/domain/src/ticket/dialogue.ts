import { refuse } from "../errors.ts";
import { openClock, pauseClock, resumeClock, termsOfVersion } from "./clocks.ts";
import type { ClockSnapshot } from "./event-parts.ts";
import { actorIsParty, speaksForCustomer } from "./parties.ts";
import { emit, snap, type Handler, type Work } from "./work-in-hand.ts";

/** The resolution clock stands still while the customer is waited for, unless its policy says otherwise (Decisions). */
export function pauseResolution(work: Work, reason: "customer" | "approval"): ClockSnapshot[] {
  const clock = openClock(work.state, "resolution");
  if (!clock) return [];
  const { policy } = termsOfVersion(work.context.directory, clock.input.contractId, clock.input.policyVersion);
  return policy.pauses[reason] ? [snap(work, pauseClock(clock.input, reason, work.at), clock.snapshot.target)] : [];
}

export function resumeResolution(work: Work): ClockSnapshot[] {
  const clock = openClock(work.state, "resolution");
  if (!clock || clock.snapshot.ticking) return [];
  return [snap(work, resumeClock(clock.input, work.at, work.context.directory), clock.snapshot.target)];
}

export const askCustomer: Handler<"AskCustomer"> = (work, data) => {
  if (work.state.status !== "in_work") return refuse("wrong_status", undefined, { status: work.state.status });
  emit(work, {
    type: "TicketCustomerAsked",
    data: { question: data.question, clocks: pauseResolution(work, "customer") },
  });
  return undefined;
};

export const recordAnswer: Handler<"RecordCustomerAnswer"> = (work, data) => {
  const refused = actorIsParty(work);
  if (refused) return refused;
  if (work.state.status !== "waiting_customer")
    return refuse("no_open_question", undefined, { status: work.state.status });
  const { contactId, answer, attachments } = data;
  emit(work, {
    type: "TicketCustomerAnswered",
    data: { contactId, answer, attachments, clocks: resumeResolution(work) },
  });
  return undefined;
};

/**
 * A further message of a party. It answers an open question; one that was written before the question was asked does not,
 * and is kept as a plain message, as at any other time. A contact joins once.
 */
export const joinMessage: Handler<"JoinMessage"> = (work, data) => {
  const refused =
    actorIsParty(work) ??
    (work.meta.actor.role === "requester" ? undefined : speaksForCustomer(work, data.from, "data.from"));
  if (refused) return refused;
  const { state } = work;
  if (state.contactIds.includes(data.contactId)) return undefined;
  const { contactId, from, text, attachments } = data;
  if (state.status === "waiting_customer" && work.at >= state.stepAt) {
    emit(work, {
      type: "TicketCustomerAnswered",
      data: { contactId, answer: text, attachments, clocks: resumeResolution(work) },
    });
  } else {
    emit(work, { type: "TicketMessageJoined", data: { contactId, from, text, attachments } });
  }
  return undefined;
};
